import { bareAlertType, type GenericAlert } from '../dm/generic-alert.ts';
import { itemText } from '../syncml/item-data.ts';
import type { AlertCommand } from '../syncml/model.ts';
import { ALERT_PREFIX, type FirmwareOperation, type FirmwareRequester, OPERATION_NODE } from './names.ts';
import { isSuccessfulUpdate } from './result-codes.ts';

/** A completion alert's content (spec sheet fumo, section 4). */
export interface FirmwareComplete {
  readonly operation: FirmwareOperation;
  readonly resultCode: number;
  /** The update object. Some handsets name the operation's node below it: that is taken off. */
  readonly object: string;
  readonly correlator?: string;
}

/** A handset that asks for an update. */
export interface FirmwareRequest {
  readonly requester: FirmwareRequester;
  /** The update object, where it was named. */
  readonly object?: string;
}

/** Most characters of an alert's data that are looked at. */
const MAX_DATA = 256;
/** The type as the text has it, and as an identifier of the later scheme: accepted, never sent. */
const TYPE = /^(?:org\.openmobilealliance\.dm\.firmwareupdate\.|urn:oma:at:fumo:1\.0:)([a-z]+)$/i;
const OPERATION_END = /\/(?:Download|Update|DownloadAndUpdate)$/i;

type NewAlert = Omit<GenericAlert, 'id'>;

/** What the device says at the end of an operation; the Correlator is that of its Exec, and absent without one. */
export function completionAlert(
  object: string,
  operation: FirmwareOperation,
  resultCode: number,
  correlator: string | undefined,
): NewAlert {
  return {
    source: object,
    type: `${ALERT_PREFIX}${operation}`,
    format: 'int',
    mark: isSuccessfulUpdate(resultCode) ? 'informational' : 'critical',
    ...(correlator === undefined ? {} : { correlator }),
    data: String(resultCode),
  };
}

/** Data is required, and may be empty. */
export function requestAlert(object: string, requester: FirmwareRequester): NewAlert {
  return {
    source: object,
    type: `${ALERT_PREFIX}${requester}request`,
    format: 'chr',
    mark: 'informational',
    data: '',
  };
}

/** The completion alerts in a generic alert, one an item; empty when it is an alert of another kind. */
export function readFirmwareComplete(alert: AlertCommand): readonly FirmwareComplete[] {
  const found: FirmwareComplete[] = [];
  for (const item of alert.items) {
    const operation = operationNamed(typeName(item.meta?.type ?? alert.meta?.type));
    if (operation === undefined) continue;
    const text = (itemText(item, alert.meta) ?? '').slice(0, MAX_DATA);
    // A bare number as the text says; in an element as SCOMO writes it, as drafts did.
    const resultCode = Number(/^\s*(?:<ResultCode>)?\s*(\d{1,5})\s*(?:<|$)/.exec(text)?.[1] ?? Number.NaN);
    if (Number.isNaN(resultCode)) continue;
    found.push({
      operation,
      resultCode,
      object: (item.source?.uri ?? '').replace(OPERATION_END, ''),
      ...(alert.correlator === undefined ? {} : { correlator: alert.correlator }),
    });
  }
  return found;
}

/** The wish for an update in a generic alert. */
export function readFirmwareRequest(alert: AlertCommand): FirmwareRequest | undefined {
  for (const item of alert.items) {
    const name = typeName(item.meta?.type ?? alert.meta?.type);
    const requester = name === 'userrequest' ? 'user' : name === 'devicerequest' ? 'device' : undefined;
    if (requester === undefined) continue;
    return { requester, ...(item.source === undefined ? {} : { object: item.source.uri }) };
  }
  return undefined;
}

function typeName(type: string | undefined): string | undefined {
  return TYPE.exec(bareAlertType(type ?? ''))?.[1]?.toLowerCase();
}

function operationNamed(name: string | undefined): FirmwareOperation | undefined {
  return name !== undefined && Object.hasOwn(OPERATION_NODE, name) ? (name as FirmwareOperation) : undefined;
}
