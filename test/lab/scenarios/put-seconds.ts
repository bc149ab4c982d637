import type { ByteStream } from '../../../src-main/base/byte-stream.ts';
import { connectObex } from '../../../src-main/obex/client.ts';
import { HeaderId, textHeader, wordHeader } from '../../../src-main/obex/header.ts';

const never = new AbortController().signal;

/** What one object of OBEX takes over a stream, without connecting; the stream is closed then. */
export async function putSeconds(stream: ByteStream, body: Uint8Array): Promise<number> {
  const client = await connectObex(stream, { signal: never });
  const headers = [textHeader(HeaderId.Name, 'nothing'), wordHeader(HeaderId.Length, body.length)];
  const began = performance.now();
  await client.put({ headers, body }, never);
  const seconds = (performance.now() - began) / 1000;
  await client.close();
  return seconds;
}
