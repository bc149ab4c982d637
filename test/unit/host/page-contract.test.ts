import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Host } from '../../../src-main/host/host.ts';
import { HELLO, testHome } from './home.ts';

const home = testHome();
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'page-'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html>');
});
afterAll(() => rmSync(folder, { recursive: true }));

interface PageFace {
  readonly host: Host;
  readonly socket: WebSocket;
  /** The frame that comes next. */
  next(): Promise<unknown>;
  say(frame: object | string): void;
  closed(): Promise<number>;
}

async function open(withCookie = true, origin?: string): Promise<PageFace> {
  const host = await home.host(home.places());
  const server = await host.openPage({ folder, port: 0 });
  const own = `http://127.0.0.1:${server.port}`;
  const token = server.newAddress().split('#token=')[1];
  const signedIn = await fetch(`${own}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: own },
    body: JSON.stringify({ token }),
  });
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/contract`, {
    headers: { origin: origin ?? own, ...(withCookie ? { cookie } : {}) },
  });
  const frames: unknown[] = [];
  let wake: () => void = () => undefined;
  socket.on('message', (data: Buffer) => {
    frames.push(JSON.parse(data.toString('utf8')));
    wake();
  });
  const closed = new Promise<number>((resolve, reject) => {
    socket.on('close', (code) => resolve(code));
    socket.on('error', reject);
  });
  closed.catch(() => undefined);
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return {
    host,
    socket,
    async next() {
      while (frames.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return frames.shift();
    },
    say: (frame) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    closed: () => closed,
  };
}

describe('the contract over a WebSocket', () => {
  it('is the same as over the socket, but for files of the machine', async () => {
    const page = await open();
    page.say(HELLO);
    expect(await page.next()).toMatchObject({ kind: 'welcome', pid: process.pid });
    page.say({ kind: 'request', id: 1, name: 'dms.list', params: {} });
    expect(await page.next()).toEqual({ kind: 'response', id: 1, result: { profiles: [] } });
    page.say({ kind: 'request', id: 2, name: 'packages.add', params: { files: [{ file: '/etc/passwd' }] } });
    expect(await page.next()).toMatchObject({ kind: 'error', id: 2, error: { code: 'host/unknown-request' } });
    page.say({ kind: 'follow' });
    expect(await page.next()).toMatchObject({ kind: 'snapshot', state: { offline: false } });
  });

  it.each([
    ['nonsense', 'nonsense', 1008],
    ['too much', 'x'.repeat(2 * 1024 * 1024), 1009],
  ])('ends when the page says %s', async (_what, said, code) => {
    const page = await open();
    page.say(HELLO);
    await page.next();
    page.say(said);
    expect(await page.closed()).toBe(code);
  });

  it('ends with a goodbye when the host ends as it should', async () => {
    const page = await open();
    page.say(HELLO);
    await page.next();
    await page.host.close();
    expect(await page.next()).toEqual({ kind: 'bye' });
    await page.closed();
  });

  it('takes nobody without a session, and no other site', async () => {
    await expect(open(false)).rejects.toThrow('401');
    await expect(open(true, 'http://evil.example')).rejects.toThrow('403');
  });
});
