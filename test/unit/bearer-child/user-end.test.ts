import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openUserEnd } from '../../../src-main/bearer/child/user-end.ts';
import type { TcpStream } from '../../../src-main/bearer/tcp/tcp-stream.ts';

const never = new AbortController().signal;
const SENT = Buffer.from(
  Uint32Array.from({ length: 256 * 1024 }, (_, index) => Math.imul(index + 1, 0x9e3779b1)).buffer,
);

async function rig(): Promise<{ readonly end: TcpStream; readonly user: Socket }> {
  const folder = mkdtempSync(join(tmpdir(), 'pc-agent-user-end-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = process.platform === 'win32' ? `\\\\.\\pipe\\${folder.replaceAll('\\', '-')}` : join(folder, 's');
  const server = createServer({ allowHalfOpen: true }).listen(path);
  onTestFinished(() => void server.close());
  const come = once(server, 'connection');
  const end = await openUserEnd(path, 'hello\n');
  onTestFinished(() => end.close());
  const [user] = (await come) as [Socket];
  user.on('error', () => undefined).resume();
  onTestFinished(() => void user.destroy());
  return { end, user };
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
}

it('lends octets until the next read, whether the reader is before them or late', async () => {
  const { end, user } = await rig();
  user.end(SENT);
  // Both of its buffers are full when somebody reads for the first time.
  await turns(20);
  let at = 0;
  for (let round = 0; ; round += 1) {
    const lent = await end.lend(never);
    if (lent === undefined) break;
    await turns(round < 6 ? 10 : round % 3);
    expect(Buffer.compare(lent, SENT.subarray(at, at + lent.length))).toBe(0);
    // What is kept of it, is a copy.
    expect(lent.slice().buffer).not.toBe(lent.buffer);
    at += lent.length;
  }
  expect(at).toBe(SENT.length);
});

it('holds the user back with two buffers, and reads nothing away when a read is aborted', async () => {
  const { end, user } = await rig();
  const breakOff = new AbortController();
  const waiting = end.lend(breakOff.signal);
  breakOff.abort();
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  for (let index = 0; index < 16; index += 1) user.write(SENT);
  await turns(50);
  expect(user.writableLength).toBeGreaterThan(12 * SENT.length);
  const first = await end.lend(never);
  expect(first?.length).toBeGreaterThan(0);
  expect(Buffer.compare(first ?? SENT, SENT.subarray(0, first?.length))).toBe(0);
});

it('says that the user has gone, to who reads and to who writes', async () => {
  const { end, user } = await rig();
  // The greeting has been read: octets left unread would make a reset of the end.
  await turns(5);
  user.destroy();
  expect(await end.lend(never)).toBeUndefined();
  const flood = (async () => {
    for (;;) await end.write(SENT, never);
  })();
  await expect(flood).rejects.toMatchObject({ code: 'bearer/lost' });
});
