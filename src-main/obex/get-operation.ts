import { EMPTY_BYTES } from '../base/bytes.ts';
import { BodyPacker, type PackedPacket } from './body-packer.ts';
import type { OpenConnection } from './connection-table.ts';
import { type Header, HeaderId, headersLength, keptHeader } from './header.ts';
import { ResponseCode } from './packet.ts';
import { MAX_REQUEST_HEADERS } from './put-operation.ts';
import type { ObexAnswer } from './service.ts';

/** A GET: its request comes in, then its answer goes out. */
export interface GetOperation {
  readonly kind: 'get';
  readonly headers: Header[];
  readonly connection: OpenConnection;
  /** Set while the answer goes out. */
  transfer?: GetTransfer;
}

export interface GetTransfer {
  readonly packer: BodyPacker;
  readonly answer: ObexAnswer;
  /** Packed while the one before it is under way. */
  following?: PackedPacket | undefined;
}

export function getOperation(connection: OpenConnection): GetOperation {
  return { kind: 'get', headers: [], connection };
}

/** Adds what a packet of the request brings, and keeps nothing of its memory; a code refuses the operation. */
export function addToGet({ headers }: GetOperation, more: readonly Header[], final: boolean): number | undefined {
  headers.push(...more.map(keptHeader));
  if (headersLength(headers) > MAX_REQUEST_HEADERS) return ResponseCode.EntityTooLarge;
  const named = headers.some(({ id }) => id === HeaderId.Name || id === HeaderId.Type);
  return final && !named ? ResponseCode.BadRequest : undefined;
}

/**
 * @param emptyEnd the answer ends with an empty End-of-Body in a packet of its own
 * @throws PcAgentError the headers of the answer do not fit in a packet
 */
export function getTransfer({ connection }: GetOperation, answer: ObexAnswer, emptyEnd: boolean): GetTransfer {
  const { headers = [], body = EMPTY_BYTES } = answer;
  return { packer: new BodyPacker(headers, body, connection.packetLimit, { emptyEnd }), answer };
}

export function nextOf({ packer, answer, following }: GetTransfer): PackedPacket {
  return following ?? packer.next(ResponseCode.Continue, answer.code);
}
