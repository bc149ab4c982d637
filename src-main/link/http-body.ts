import type { IncomingMessage, ServerResponse } from 'node:http';
import { concatBytes } from '../base/bytes.ts';

/**
 * The whole body of a request, with or without Content-Length; sends `100 Continue` when it is waited for, but not
 * before the announced length was found acceptable.
 * @returns `too-large` as soon as the limit is passed; `incomplete` when the connection broke before the end.
 */
export async function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  limit: number,
): Promise<Uint8Array | 'too-large' | 'incomplete'> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return 'too-large';
  if (request.headers.expect?.toLowerCase() === '100-continue') response.writeContinue();
  const chunks: Uint8Array[] = [];
  let length = 0;
  return new Promise((resolve) => {
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > limit) {
        chunks.length = 0;
        request.removeAllListeners('data');
        request.resume();
        resolve('too-large');
        return;
      }
      chunks.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length));
    });
    request.on('end', () => resolve(concatBytes(chunks)));
    request.on('error', () => resolve('incomplete'));
    request.on('close', () => resolve('incomplete'));
  });
}
