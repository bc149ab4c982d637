import type { ByteStream } from '../base/byte-stream.ts';
import { connectObex } from '../obex/client.ts';
import { HeaderId, textHeader, typeHeader, wordHeader } from '../obex/header.ts';

export interface InboxObject {
  readonly name: string;
  /** With its parameters; its NUL is added. */
  readonly contentType: string;
  readonly body: Uint8Array;
}

/**
 * Puts one object into the peer's default inbox: CONNECT without Target, PUT, DISCONNECT. The stream is closed in any
 * case. OBEX success says that the object was received, nothing else.
 * @throws PcAgentError `obex/response`, `obex/timeout`, `bearer/lost`; AbortError.
 */
export async function putInInbox(
  stream: ByteStream,
  { name, contentType, body, signal }: InboxObject & { readonly signal: AbortSignal },
): Promise<void> {
  try {
    const client = await connectObex(stream, { signal });
    try {
      const headers = [
        textHeader(HeaderId.Name, name),
        typeHeader(contentType),
        wordHeader(HeaderId.Length, body.length),
      ];
      await client.put({ headers, body }, signal);
    } finally {
      await client.close();
    }
  } finally {
    await stream.close();
  }
}
