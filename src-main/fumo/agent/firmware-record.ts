import type { GenericAlert } from '../../dm/generic-alert.ts';
import type { FirmwareOperation } from '../names.ts';

/** An operation that was accepted and whose report is due. */
export interface PendingOperation {
  readonly operation: FirmwareOperation;
  /** Of its Exec. */
  readonly correlator?: string;
  /** ServerID of the server that ordered it; absent when the handset began it itself. */
  readonly server?: string;
  /** Where the package is, of an operation that downloads. */
  readonly url?: string;
  /** It is not begun; the result code that says why. */
  readonly refused?: number;
}

/** What of an update object survives a restart besides the values of its nodes. */
export interface FirmwareRecord {
  readonly state: number;
  readonly pending?: PendingOperation;
  /** Alerts that no server has acknowledged yet, oldest first. */
  readonly alerts: readonly GenericAlert[];
}
