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

/** Someone who was met there. */
function at(...addresses: readonly string[]): Pick<HandsetRecord, 'ways' | 'metAt'> {
  const ways = addresses.map((address) => ({ address, kind: 'tcp', confidence: 'strong', lastSeen: '' }) as const);
  return { ways, metAt: addresses[0] };
}

function looks(reach?: Reach, covers?: (address: string) => boolean) {
  const told = new Map<string, string>();
  const turns = new KeyedLock();
  const look = new PresenceLook({
    turns,
    tell: (address, { presence, reason }) =>
      void told.set(address, reason === undefined ? presence : `${presence} ${reason}`),
    ...(reach === undefined ? {} : { reach }),
    ...(covers === undefined ? {} : { covers }),
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
    await look.lookAt([at(there.address), at(left.address), at()], signal);
    expect(told).toEqual(
      new Map([
        [there.address, 'attached'],
        [left.address, 'away'],
      ]),
    );
  });

  it('finds a serial port that is there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pc-agent-look-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, 'ttyACM0');
    writeFileSync(path, '');
    const { look, told } = looks();
    await look.lookAt([at(`serial:${path}@9600`), at(`serial:${path}1`)], signal);
    expect(told).toEqual(
      new Map([
        [`serial:${path}@9600`, 'attached'],
        [`serial:${path}1`, 'away'],
      ]),
    );
  });

  it('says nothing of links that it cannot look at', async () => {
    const { look, told } = looks();
    const records = ['usb:0421:0001', 'bluetooth:00:11:22:33:44:55', 'http://h:1/dm', 'nonsense:'].map((address) =>
      at(address),
    );
    await look.lookAt(records, signal);
    expect(told.size).toBe(0);
  });

  it('visits each place once, all of one handset, and none that somebody else looks at', async () => {
    const visited: string[] = [];
    const { look, told } = looks(
      async ({ text }) => {
        visited.push(text);
        return { presence: 'attached' };
      },
      (address) => address.startsWith('serial:'),
    );
    await look.lookAt([at('tcp:h:1', 'serial:/dev/ttyUSB0', 'tcp:h:2'), at('tcp:h:1')], signal);
    expect(visited).toEqual(['tcp:h:1', 'tcp:h:2']);
    expect([...told.keys()]).toEqual(visited);
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
    const looking = look.lookAt([at('tcp:h:1'), at('tcp:h:2')], signal);
    await reached.promise;
    expect(seen).toEqual(['tcp:h:2']);
    expect(look.inSession('tcp:h:2')).toBe(false);
    const session = turns.take('tcp:h:2').then(() => void seen.push('session'));
    answer.resolve();
    await Promise.all([looking, session]);
    expect(seen).toEqual(['tcp:h:2', 'session']);
    expect(told).toEqual(new Map([['tcp:h:2', 'attached']]));
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
    const records = Array.from({ length: 30 }, (_, index) => at(`tcp:h:${index + 1}`));
    const looking = look.lookAt(records, stop.signal);
    await full.promise;
    stop.abort();
    await looking;
    expect(most).toBe(8);
    expect(told.size).toBe(0);
  });
});
