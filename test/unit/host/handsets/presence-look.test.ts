import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { KeyedLock } from '../../../../src-main/cache/keyed-lock.ts';
import type { HandsetRecord } from '../../../../src-main/handset/registry.ts';
import { PresenceLook, type Reach } from '../../../../src-main/host/handsets/presence-look.ts';

const { signal } = new AbortController();

function recordOf(device: string, address: string | undefined): HandsetRecord {
  const seen = '2026-11-21T10:00:00Z';
  const unsaid = { alias: undefined, manufacturer: undefined, model: undefined };
  return { device, address, ...unsaid, firstSeen: seen, lastSeen: seen, virtual: false };
}

function looks(reach?: Reach) {
  const told = new Map<string, string>();
  const turns = new KeyedLock();
  const look = new PresenceLook({
    turns,
    tell: (device, { presence, reason }) =>
      void told.set(device, reason === undefined ? presence : `${presence} ${reason}`),
    ...(reach === undefined ? {} : { reach }),
  });
  return { look, turns, told };
}

async function listening(): Promise<{ readonly server: Server; readonly address: string }> {
  const server = createServer((socket) => socket.resume().on('error', () => undefined));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const bound = server.address();
  return { server, address: `tcp:127.0.0.1:${typeof bound === 'object' ? bound?.port : 0}` };
}

describe('a look at known handsets', () => {
  it('finds those that answer, and misses those that do not', async () => {
    const there = await listening();
    const left = await listening();
    left.server.close();
    await once(left.server, 'close');
    const { look, told } = looks();
    await look.lookAt([recordOf('a', there.address), recordOf('b', left.address), recordOf('c', undefined)], signal);
    expect([...told]).toEqual(
      expect.arrayContaining([
        ['a', 'attached'],
        ['b', 'away'],
      ]),
    );
    expect(told.has('c')).toBe(false);
  });

  it('finds a serial port that is there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pc-agent-look-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, 'ttyACM0');
    writeFileSync(path, '');
    const { look, told } = looks();
    await look.lookAt([recordOf('a', `serial:${path}@9600`), recordOf('b', `serial:${path}1`)], signal);
    expect(told).toEqual(
      new Map([
        ['a', 'attached'],
        ['b', 'away'],
      ]),
    );
  });

  it('says nothing of links that it cannot look at', async () => {
    const { look, told } = looks();
    const records = ['usb:0421:0001', 'bluetooth:00:11:22:33:44:55', 'http://h:1/dm', 'nonsense:'].map((address) =>
      recordOf(address, address),
    );
    await look.lookAt(records, signal);
    expect(told.size).toBe(0);
  });

  it('takes an address for that of the handset which was seen there last', async () => {
    const { look, told } = looks(async () => ({ presence: 'attached' }));
    await look.lookAt([recordOf('new', 'tcp:h:1'), recordOf('old', 'tcp:h:1')], signal);
    expect(told).toEqual(
      new Map([
        ['new', 'attached'],
        ['old', 'away'],
      ]),
    );
  });

  it('leaves an address alone while a session has it, and a session waits until the look is over', async () => {
    const seen: string[] = [];
    const reached = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    const { look, turns, told } = looks(async ({ text }) => {
      seen.push(text);
      reached.resolve();
      await answer.promise;
      return { presence: 'attached' };
    });
    const end = await turns.take('tcp:h:1');
    expect(look.inSession('tcp:h:1')).toBe(true);
    const looking = look.lookAt([recordOf('a', 'tcp:h:1'), recordOf('b', 'tcp:h:2')], signal);
    await reached.promise;
    expect(seen).toEqual(['tcp:h:2']);
    expect(look.inSession('tcp:h:2')).toBe(false);
    const session = turns.take('tcp:h:2').then(() => void seen.push('session'));
    answer.resolve();
    await Promise.all([looking, session]);
    expect(seen).toEqual(['tcp:h:2', 'session']);
    expect(told).toEqual(new Map([['b', 'attached']]));
    end();
  });

  it('has at most eight under way at a time, and ends at once when it is broken off', async () => {
    let open = 0;
    let most = 0;
    const stop = new AbortController();
    const full = Promise.withResolvers<void>();
    const { look, told } = looks(
      (_address, stopped) =>
        new Promise((_resolve, reject) => {
          open += 1;
          most = Math.max(most, open);
          if (open === 8) full.resolve();
          stopped.addEventListener('abort', () => reject(stopped.reason));
        }),
    );
    const records = Array.from({ length: 30 }, (_, index) => recordOf(`d${index}`, `tcp:h:${index + 1}`));
    const looking = look.lookAt(records, stop.signal);
    await full.promise;
    stop.abort();
    await looking;
    expect(most).toBe(8);
    expect(told.size).toBe(0);
  });
});
