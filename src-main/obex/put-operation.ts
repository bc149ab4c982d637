import { concatBytes } from '../base/bytes.ts';
import type { OpenConnection } from './connection-table.ts';
import { GatheredBody } from './gathered-body.ts';
import { type Header, HeaderId, headersLength, isBody, keptHeader } from './header.ts';
import { ResponseCode } from './packet.ts';
import type { ObexSink } from './service.ts';

/** Most octets of headers (without bodies) that one request may bring in all its packets. */
export const MAX_REQUEST_HEADERS = 0x10000;

/** A PUT whose packets are coming in. */
export interface PutOperation {
  readonly kind: 'put';
  readonly headers: Header[];
  /** What came, where no sink takes it. */
  readonly body: GatheredBody;
  readonly connection: OpenConnection;
  sink?: ObexSink;
  /** The sink could not take what came: the next packet is refused. */
  failed: boolean;
  length: number;
  accepted: boolean;
  hasBody: boolean;
}

export function putOperation(connection: OpenConnection): PutOperation {
  return {
    ...{ kind: 'put', headers: [], connection, length: 0, accepted: false, failed: false, hasBody: false },
    body: new GatheredBody(),
  };
}

/** Looks at what a packet brings, and keeps nothing of its memory; a code refuses the operation. */
export function addToPut(operation: PutOperation, headers: readonly Header[]): number | undefined {
  if (operation.failed) return ResponseCode.DatabaseFull;
  const refusal = addHeaders(operation, headers) ?? acceptance(operation);
  if (refusal !== undefined || operation.sink !== undefined) return refusal;
  for (const header of headers) if (isBody(header)) operation.body.add(header.value);
  return undefined;
}

/**
 * Gives the sink what a packet brought. It copies what it takes; a promise where it has no room for more yet.
 * @returns whether it took it
 */
export function giveToSink({ sink }: PutOperation, headers: readonly Header[]): Promise<boolean> | boolean {
  if (sink === undefined) return true;
  try {
    const bodies = headers.filter(isBody);
    // Mostly there is one in a packet.
    const octets = bodies.length === 1 ? bodies[0]?.value : concatBytes(bodies.map(({ value }) => value));
    if (octets === undefined || octets.length === 0) return true;
    const room = sink.write(octets);
    return room === undefined
      ? true
      : room.then(
          () => true,
          () => false,
        );
  } catch {
    return false;
  }
}

/** Nothing of it stays, nor is written after this. */
export async function discardPut({ sink, body }: PutOperation): Promise<void> {
  body.clear();
  await sink?.discard();
}

function addHeaders(operation: PutOperation, headers: readonly Header[]): number | undefined {
  const { maxObject } = operation.connection.service;
  let hasNew = false;
  for (const header of headers) {
    if (isBody(header)) {
      operation.hasBody = true;
      operation.length += header.value.length;
      if (operation.length > maxObject) return ResponseCode.EntityTooLarge;
      continue;
    }
    if (header.id === HeaderId.Length && header.kind === 'word' && header.value > maxObject) {
      return ResponseCode.EntityTooLarge;
    }
    operation.headers.push(keptHeader(header));
    hasNew = true;
  }
  return hasNew && headersLength(operation.headers) > MAX_REQUEST_HEADERS ? ResponseCode.EntityTooLarge : undefined;
}

/** The service is asked once, before the body. */
function acceptance(operation: PutOperation): number | undefined {
  if (operation.accepted || !operation.hasBody) return undefined;
  operation.accepted = true;
  const accepted = operation.connection.service.acceptPut?.(operation.headers);
  if (typeof accepted === 'number' || accepted === undefined) return accepted;
  operation.sink = accepted;
  return undefined;
}
