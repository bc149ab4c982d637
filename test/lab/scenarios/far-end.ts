/** The handset's end of a gadget for `bench lab`: takes OBEX objects into nothing, or answers plain packets. */
import type { ByteStream } from '../../../src-main/base/byte-stream.ts';
import { ownProcessBearers } from '../../../src-main/bearer/bearers.ts';
import { ResponseCode } from '../../../src-main/obex/packet.ts';
import { serveObex } from '../../../src-main/obex/server.ts';
import type { ObexService } from '../../../src-main/obex/service.ts';
import { say } from './guest.ts';

/** Octets of a packet without OBEX: as many as an OBEX packet has at most. */
export const PLAIN_PACKET = 65_535;
/** Octets of the answer to each: as many as an OBEX response has at least. */
export const PLAIN_ANSWER = 3;
/** An OBEX conversation begins with CONNECT; plain packets begin otherwise. */
const CONNECT = 0x80;

const never = new AbortController().signal;

/** Serves a tty until the process is ended. @param path of the tty */
export async function serveFarEnd(path: string): Promise<void> {
  const bearer = ownProcessBearers().for('serial');
  await bearer.listen(bearer.parse(`serial:${path}`), {
    signal: never,
    onStream: (stream) => void serve(stream).catch(() => stream.close()),
  });
  say({ type: 'listening' });
}

async function serve(stream: ByteStream): Promise<void> {
  const first = await stream.read(never);
  if (first === undefined) return;
  if (first[0] === CONNECT) {
    await serveObex(withFirst(stream, first), { services: [intoNothing], signal: never });
    return;
  }
  for (let left = PLAIN_PACKET - first.length; ; left += PLAIN_PACKET) {
    while (left > 0) left -= (await stream.read(never))?.length ?? 0;
    await stream.write(new Uint8Array(PLAIN_ANSWER), never);
  }
}

/** The stream with what was read of it already. */
function withFirst(stream: ByteStream, first: Uint8Array): ByteStream {
  let early: Uint8Array | undefined = first;
  return {
    read: async (signal) => {
      const octets = early;
      early = undefined;
      return octets ?? stream.read(signal);
    },
    write: (bytes, signal) => stream.write(bytes, signal),
    close: () => stream.close(),
  };
}

const intoNothing: ObexService = {
  serves: () => true,
  connect: () => ({
    maxObject: 0xffff_ffff,
    acceptPut: () => ({
      write: () => undefined,
      finish: async () => ({ code: ResponseCode.Success }),
      discard: async () => undefined,
    }),
    put: async () => ({ code: ResponseCode.InternalServerError }),
    get: async () => ({ code: ResponseCode.NotFound }),
    aborted: () => undefined,
    ended: () => undefined,
  }),
};
