/**
 * A SyncML 1.2 message as DM 1.2 uses it, the same for WBXML and XML. Order of children is fixed on writing and free
 * on reading. Source: DM Representation Protocol 1.2 (spec sheet syncml-representation, section 2).
 */
import type { Element } from '../base/element.ts';

/** Character data: a string, or raw octets (WBXML opaque; a view of the message it came from). */
export type Data = string | Uint8Array;

export interface Location {
  readonly uri: string;
  readonly name?: string;
}

/** MetInf children. Numbers are decimal text on the wire. */
export interface Meta {
  readonly format?: string;
  readonly type?: string;
  readonly mark?: string;
  /** Bytes of the whole object as carried (base64 text length when Format is b64); first chunk only. */
  readonly size?: number;
  /** Base64 text as carried, or raw octets when the peer sent them opaque. */
  readonly nextNonce?: Data;
  readonly maxMsgSize?: number;
  readonly maxObjSize?: number;
  readonly version?: string;
  readonly emi?: readonly string[];
}

export interface Cred {
  readonly meta?: Meta;
  readonly data: Data;
}

export interface Item {
  readonly target?: Location;
  readonly source?: Location;
  readonly meta?: Meta;
  /** `undefined`: no Data element (no value). `''`: an empty one (empty value). */
  readonly data?: Data;
  /** Structured content of Data (an inline MgmtTree), when there is any; then `data` is undefined. */
  readonly markup?: readonly Element[];
  readonly moreData?: boolean;
}

interface CommandBase {
  readonly cmdId: string;
  readonly meta?: Meta;
  readonly noResp?: boolean;
}

export interface ItemsCommand extends CommandBase {
  readonly kind: 'Add' | 'Replace' | 'Delete' | 'Copy' | 'Get';
  readonly items: readonly Item[];
}

export interface ExecCommand extends CommandBase {
  readonly kind: 'Exec';
  readonly correlator?: string;
  readonly items: readonly Item[];
}

export interface AlertCommand extends CommandBase {
  readonly kind: 'Alert';
  /** Alert code; NaN when the text is not a number, 0 when there is no Data. */
  readonly code: number;
  readonly correlator?: string;
  readonly items: readonly Item[];
}

export interface GroupCommand extends CommandBase {
  readonly kind: 'Atomic' | 'Sequence';
  readonly commands: readonly Command[];
}

export interface StatusCommand extends CommandBase {
  readonly kind: 'Status';
  readonly msgRef: number;
  /** '0' for SyncHdr, also where it is missing there; empty for a command that had no CmdID. */
  readonly cmdRef: string;
  /** Name of the answered command. */
  readonly cmd: string;
  readonly targetRefs: readonly string[];
  readonly sourceRefs: readonly string[];
  readonly chal?: Meta;
  readonly code: number;
  readonly items: readonly Item[];
}

export interface ResultsCommand extends CommandBase {
  readonly kind: 'Results';
  /** 1 when missing. */
  readonly msgRef: number;
  readonly cmdRef: string;
  readonly targetRef?: string;
  readonly sourceRef?: string;
  readonly items: readonly Item[];
}

/** A command below SyncBody that DM does not know; answered by 400 (or 406 for data sync's own). */
export interface UnknownCommand extends CommandBase {
  readonly kind: 'Unknown';
  readonly name: string;
}

export type Command =
  | ItemsCommand
  | ExecCommand
  | AlertCommand
  | GroupCommand
  | StatusCommand
  | ResultsCommand
  | UnknownCommand;

export interface Header {
  readonly verDtd: string;
  readonly verProto: string;
  readonly sessionId: string;
  readonly msgId: number;
  readonly target: Location;
  readonly source: Location;
  readonly respUri?: string;
  readonly noResp?: boolean;
  readonly cred?: Cred;
  readonly meta?: Meta;
}

export interface Message {
  readonly header: Header;
  readonly commands: readonly Command[];
  readonly final: boolean;
}

export type Encoding = 'wbxml' | 'xml';
