import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { asItIs, takenOver } from '../../../src-main/bearer/tcp/ring-socket.ts';
import { TcpStream } from '../../../src-main/bearer/tcp/tcp-stream.ts';

const never = new AbortController().signal;

/** A connection on loopback: the end that a server was given, and the other. */
async function pair(): Promise<readonly [Socket, Socket]> {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  const there = connect({ port: address.port, host: '127.0.0.1', allowHalfOpen: true });
  const [here] = (await once(server, 'connection')) as [Socket];
  onTestFinished(() => {
    there.destroy();
    here.destroy();
    server.close();
  });
  return [here, there];
}

describe.each([
  ['taken over from a server', takenOver],
  ['as it is', asItIs],
])('a socket %s', (_, made) => {
  it('lends what comes, and keeps what is only read', async () => {
    const [here, there] = await pair();
    const stream = new TcpStream(made(here));
    there.write('first');
    const kept = await stream.read(never);
    for (let round = 0; round < 5; round += 1) {
      there.write(`again ${round}`);
      expect(Buffer.from((await stream.lend(never)) ?? []).toString()).toBe(`again ${round}`);
    }
    expect(Buffer.from(kept ?? []).toString()).toBe('first');
    there.end();
    expect(await stream.read(never)).toBeUndefined();
  });

  it('holds the peer back while nobody reads, and loses nothing of it', async () => {
    const [here, there] = await pair();
    const stream = new TcpStream(made(here));
    const sent = Buffer.alloc(16 * 1024 * 1024, 'abcdefg');
    let gone = false;
    there.end(sent, () => {
      gone = true;
    });
    await stream.lend(never);
    expect(gone).toBe(false);
    let length = 0;
    for (let more = await stream.lend(never); more !== undefined; more = await stream.lend(never))
      length += more.length;
    expect(length).toBeGreaterThan(sent.length - 70_000);
  });

  it('ends cleanly for a peer that has more to say than was read', async () => {
    const [here, there] = await pair();
    const stream = new TcpStream(made(here));
    there.write(Buffer.alloc(4 * 1024 * 1024));
    await stream.lend(never);
    const closed = once(there, 'end');
    there.resume();
    await stream.close();
    await closed;
    there.end();
    await once(there, 'close');
    expect(there.errored).toBeNull();
  });
});

it('a socket of this Node is taken over: nothing stays with the one that the server made', async () => {
  const [here] = await pair();
  const { socket } = takenOver(here);
  expect(socket).not.toBe(here);
  expect(here.destroyed).toBe(true);
  expect(socket.remoteAddress).toBe('127.0.0.1');
  socket.destroy();
});

it.each([0, 5])('a socket that is taken over after its peer has ended says so, behind %d octets', async (octets) => {
  const [here, there] = await pair();
  const readable = once(here, 'readable');
  there.end(Buffer.alloc(octets));
  await readable;
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
  const stream = new TcpStream(takenOver(here));
  if (octets > 0) expect(await stream.lend(AbortSignal.timeout(60_000))).toHaveLength(octets);
  expect(await stream.lend(AbortSignal.timeout(60_000))).toBeUndefined();
});
