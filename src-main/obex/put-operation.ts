import type { OpenConnection } from './connection-table.ts';
import { type Header, HeaderId, headersLength } from './header.ts';
import { ResponseCode } from './packet.ts';
import type { ObexSink } from './service.ts';

/** Most octets of headers (without bodies) that one request may bring in all its packets. */
export const MAX_REQUEST_HEADERS = 0x10000;

/** A PUT whose packets are coming in. */
export interface PutOperation {
  readonly kind: 'put';
  readonly headers: Header[];
  /** What came and is not with the sink; the whole body where there is none. */
  readonly chunks: Uint8Array[];
  readonly connection: OpenConnection;
  sink?: ObexSink;
  /** The sink's last write, which goes on while the next packet comes in. */
  written?: Promise<void>;
  length: number;
  accepted: boolean;
  hasBody: boolean;
}

export function putOperation(connection: OpenConnection): PutOperation {
  return { kind: 'put', headers: [], chunks: [], connection, length: 0, accepted: false, hasBody: false };
}

/** Gathers a packet's headers; a code refuses the operation. */
export function addToPut(operation: PutOperation, headers: readonly Header[]): number | undefined {
  const { service } = operation.connection;
  for (const header of headers) {
    if (header.kind === 'bytes' && (header.id === HeaderId.Body || header.id === HeaderId.EndOfBody)) {
      operation.hasBody = true;
      operation.length += header.value.length;
      operation.chunks.push(header.value);
    } else {
      if (header.id === HeaderId.Length && header.kind === 'word' && header.value > service.maxObject) {
        return ResponseCode.EntityTooLarge;
      }
      operation.headers.push(header);
    }
  }
  if (operation.length > service.maxObject) return ResponseCode.EntityTooLarge;
  if (headersLength(operation.headers) > MAX_REQUEST_HEADERS) return ResponseCode.EntityTooLarge;
  if (operation.accepted || !operation.hasBody) return undefined;
  operation.accepted = true;
  const accepted = service.acceptPut?.(operation.headers);
  if (typeof accepted === 'number' || accepted === undefined) return accepted;
  operation.sink = accepted;
  return undefined;
}

/** Hands what came to the sink, which is at most one packet behind. @throws whatever the sink says */
export async function writeOn(operation: PutOperation): Promise<void> {
  const { sink, chunks } = operation;
  if (sink === undefined) return;
  await operation.written;
  if (chunks.length === 0) return;
  operation.written = writeAll(sink, chunks.splice(0));
  // Who waits for it next gets the error; until then it is nobody's.
  operation.written.catch(() => undefined);
}

async function writeAll(sink: ObexSink, chunks: readonly Uint8Array[]): Promise<void> {
  for (const chunk of chunks) if (chunk.length > 0) await sink.write(chunk);
}
