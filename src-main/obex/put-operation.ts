import type { OpenConnection } from './connection-table.ts';
import { GatheredBody } from './gathered-body.ts';
import { type Header, HeaderId, headersLength, keptHeader } from './header.ts';
import { ResponseCode } from './packet.ts';
import type { ObexSink } from './service.ts';

/** Most octets of headers (without bodies) that one request may bring in all its packets. */
export const MAX_REQUEST_HEADERS = 0x10000;

/** Octets that a sink may be behind before its peer has to wait. */
const MOST_BEHIND = 1024 * 1024;

/** A PUT whose packets are coming in. */
export interface PutOperation {
  readonly kind: 'put';
  readonly headers: Header[];
  /** What came and is not with the sink; the whole body where there is none. */
  body: GatheredBody;
  readonly connection: OpenConnection;
  sink?: ObexSink;
  /** What the sink writes. */
  withSink: GatheredBody;
  /** The sink's writes, which go on while the next packets come in. */
  written?: Promise<void>;
  writing?: boolean;
  /** What a write failed with. */
  failure?: unknown;
  length: number;
  accepted: boolean;
  hasBody: boolean;
}

export function putOperation(connection: OpenConnection): PutOperation {
  return {
    ...{ kind: 'put', headers: [], connection, length: 0, accepted: false, hasBody: false },
    ...{ body: new GatheredBody(), withSink: new GatheredBody() },
  };
}

/** Gathers a packet's headers, and keeps nothing of its memory; a code refuses the operation. */
export function addToPut(operation: PutOperation, headers: readonly Header[]): number | undefined {
  const { service } = operation.connection;
  for (const header of headers) {
    if (header.kind === 'bytes' && (header.id === HeaderId.Body || header.id === HeaderId.EndOfBody)) {
      operation.hasBody = true;
      operation.length += header.value.length;
      if (operation.length > service.maxObject) return ResponseCode.EntityTooLarge;
      operation.body.add(header.value);
    } else {
      if (header.id === HeaderId.Length && header.kind === 'word' && header.value > service.maxObject) {
        return ResponseCode.EntityTooLarge;
      }
      operation.headers.push(keptHeader(header));
    }
  }
  if (headersLength(operation.headers) > MAX_REQUEST_HEADERS) return ResponseCode.EntityTooLarge;
  if (operation.accepted || !operation.hasBody) return undefined;
  operation.accepted = true;
  const accepted = service.acceptPut?.(operation.headers);
  if (typeof accepted === 'number' || accepted === undefined) return accepted;
  operation.sink = accepted;
  return undefined;
}

/**
 * Hands what came to the sink, which writes while the next packets come in: one after the other while it keeps up, else
 * all that has come meanwhile at once. @throws whatever the sink said of an earlier one
 */
export async function writeOn(operation: PutOperation): Promise<void> {
  if (operation.sink === undefined) return;
  if (operation.writing === true && operation.body.length >= MOST_BEHIND) await operation.written;
  if (operation.failure !== undefined) throw operation.failure;
  if (operation.writing !== true) startWriting(operation, operation.sink);
}

/** Nothing of it stays, nor is written after this. */
export async function discardPut({ sink, body }: PutOperation): Promise<void> {
  body.clear();
  await sink?.discard();
}

function startWriting(operation: PutOperation, sink: ObexSink): void {
  operation.writing = true;
  operation.written = writeAll(operation, sink);
  // Who waits for it next gets the error; until then it is nobody's.
  operation.written.catch(() => undefined);
}

async function writeAll(operation: PutOperation, sink: ObexSink): Promise<void> {
  try {
    while (operation.body.length > 0) {
      [operation.body, operation.withSink] = [operation.withSink, operation.body];
      await sink.write(operation.withSink.octets);
      operation.withSink.clear();
    }
  } catch (error) {
    operation.failure = error;
    throw error;
  } finally {
    // In the same turn in which nothing was left: what comes after it begins anew.
    operation.writing = false;
  }
}
