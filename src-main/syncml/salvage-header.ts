import type { Element } from '../base/element.ts';
import { isPcAgentError } from '../base/errors.ts';
import { readWbxml } from '../wbxml/reader.ts';
import { readXml } from '../xml/reader.ts';
import type { Encoding, Location } from './model.ts';
import { childOf, childText, decimal, readLocation } from './read-elements.ts';

/** What can be told of a message that is not usable: enough to answer its header. */
export interface SalvagedHeader {
  readonly sessionId: string;
  /** `undefined` when it is missing or no number. */
  readonly msgId: number | undefined;
  readonly source: Location;
  readonly target: Location | undefined;
  /** A part that every header has is missing or has no value: an incomplete command (412). */
  readonly incomplete: boolean;
}

/** The header of a message that `decodeMessage` refuses; `undefined` when not even a session can be told. */
export function salvageHeader(
  body: Uint8Array,
  encoding: Encoding,
  options: { readonly charset?: string } = {},
): SalvagedHeader | undefined {
  const root = documentOf(body, encoding, options);
  const header = root?.name === 'SyncML' ? childOf(root, 'SyncHdr') : undefined;
  if (header === undefined) return undefined;
  const sessionId = childText(header, 'SessionID');
  const source = locationOf(header, 'Source');
  if (sessionId === undefined || sessionId === '' || source === undefined) return undefined;
  const number = decimal(childText(header, 'MsgID') ?? '');
  const msgId = Number.isNaN(number) ? undefined : number;
  const target = locationOf(header, 'Target');
  const versions = childText(header, 'VerDTD') !== undefined && childText(header, 'VerProto') !== undefined;
  return { sessionId, msgId, source, target, incomplete: msgId === undefined || target === undefined || !versions };
}

/** A size in the header that is there and is no number (412 as well). */
export function badSizes(root: Element): boolean {
  const header = childOf(root, 'SyncHdr');
  const meta = header === undefined ? undefined : childOf(header, 'Meta');
  if (meta === undefined) return false;
  const inner = childOf(meta, 'MetInf') ?? meta;
  return ['MaxMsgSize', 'MaxObjSize'].some((name) => {
    const text = childText(inner, name);
    return text !== undefined && Number.isNaN(decimal(text));
  });
}

function documentOf(body: Uint8Array, encoding: Encoding, options: { readonly charset?: string }): Element | undefined {
  try {
    return encoding === 'xml' ? readXml(body, options) : readWbxml(body, options).root;
  } catch (error) {
    if (isPcAgentError(error)) return undefined;
    throw error;
  }
}

function locationOf(header: Element, name: string): Location | undefined {
  const element = childOf(header, name);
  const location = element === undefined ? undefined : readLocation(element);
  return location === undefined || location.uri === '' ? undefined : location;
}
