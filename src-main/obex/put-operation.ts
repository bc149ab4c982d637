import type { OpenConnection } from './connection-table.ts';
import { type Header, HeaderId, headersLength } from './header.ts';
import { ResponseCode } from './packet.ts';

/** Most octets of headers (without bodies) that one request may bring in all its packets. */
export const MAX_REQUEST_HEADERS = 0x10000;

/** A PUT whose packets are coming in. */
export interface PutOperation {
  readonly kind: 'put';
  readonly headers: Header[];
  readonly chunks: Uint8Array[];
  readonly connection: OpenConnection;
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
  return service.acceptPut?.(operation.headers);
}
