import { expect, it } from 'vitest';
import type { ByteStream } from '../../../src-main/base/byte-stream.ts';
import type { FromChild } from '../../../src-main/bearer/child/protocol.ts';
import { ServedStream, type UserEnd } from '../../../src-main/bearer/child/served-stream.ts';

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const tell = (): void => reject(signal.reason);
    if (signal.aborted) tell();
    else signal.addEventListener('abort', tell, { once: true });
  });
}

it('a stream that its user closes is closed when the bearer has taken what was written before', async () => {
  const pieces = [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)];
  const taken: number[] = [];
  const room: PromiseWithResolvers<void>[] = pieces.map(() => Promise.withResolvers());
  const writing = pieces.map(() => Promise.withResolvers<void>());
  const sent: FromChild['kind'][] = [];
  const bearerEnd: ByteStream = {
    read: rejectedBy,
    async write(bytes, signal) {
      const at = taken.length;
      writing[at]?.resolve();
      await Promise.race([room[at]?.promise, rejectedBy(signal)]);
      taken.push(...bytes);
    },
    close: async () => void taken.push(-1),
  };
  const userEnd: UserEnd = {
    read: async () => pieces.shift(),
    write: async () => undefined,
    end: () => undefined,
    close: async () => undefined,
  };
  const stream = new ServedStream(1, bearerEnd, userEnd, ({ kind }) => sent.push(kind));
  const over = stream.run();
  for (const [index, { resolve }] of room.entries()) {
    await writing[index]?.promise;
    if (index === 0) stream.close();
    // Whatever follows from the close has its turn before there is room.
    await new Promise((later) => setImmediate(later));
    resolve();
  }
  await over;
  expect(taken).toEqual([1, 2, 3, -1]);
  expect(sent).toEqual(['closed']);
});

it('the user of a line that is prepared first is told when its first octets are taken, once', async () => {
  const pieces = [Uint8Array.of(1), Uint8Array.of(2)];
  const prepared = Promise.withResolvers<void>();
  const events: string[] = [];
  const bearerEnd: ByteStream = {
    prepares: true,
    read: rejectedBy,
    async write([octet]) {
      if (octet === 1) await prepared.promise;
      events.push(`wrote ${octet}`);
    },
    close: async () => undefined,
  };
  const userEnd: UserEnd = {
    read: async () => pieces.shift(),
    write: async () => undefined,
    end: () => undefined,
    close: async () => undefined,
  };
  const over = new ServedStream(1, bearerEnd, userEnd, ({ kind }) => events.push(kind)).run();
  await new Promise((later) => setImmediate(later));
  expect(events).toEqual([]);
  prepared.resolve();
  await over;
  expect(events).toEqual(['wrote 1', 'taken', 'wrote 2', 'closed']);
});
