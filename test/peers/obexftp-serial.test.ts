import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect } from 'vitest';
import { openPtyPair, type PtyPair } from '../../src-main/bearer/pty/pty-pair.ts';
import { Lines } from '../support/lines.ts';
import { peerTest } from '../support/peers.ts';
import { openSocatPair } from '../support/socat-pair.ts';

const LAUNCHER = fileURLToPath(new URL('../../src-main/launch/pc-agent.mjs', import.meta.url));
/** It begins with ATZ, AT+GMI and AT+CPROT=0, each with waits of its own. */
const LIMIT = 30_000;

/** Runs it to its end; its exit code is 255 even when everything went well, so only the bytes count. */
async function obexftp(cwd: string, path: string, ...args: readonly string[]): Promise<void> {
  const child = spawn('obexftp', ['-t', path, ...args], { cwd, timeout: LIMIT, stdio: 'ignore' });
  await once(child, 'close');
}

async function virtualHandset(path: string, inbox: string): Promise<ChildProcess> {
  const args = ['virtual-handset', '--listen', `serial:${path}`, '--inbox', inbox, '--json'];
  const child = spawn(process.execPath, [LAUNCHER, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  await new Lines(child.stdout).matching(/"type":"listening"/);
  return child;
}

async function bothWays(pair: PtyPair, flags: readonly string[]): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'obexftp-serial-'));
  const inbox = join(work, 'inbox');
  const handset = await virtualHandset(pair.far, inbox);
  try {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 13 + (index >> 8)) & 0xff);
    const file = join(work, 'object.bin');
    await writeFile(file, bytes);
    await obexftp(work, pair.near, ...flags, '-p', 'object.bin');
    expect(Buffer.compare(await readFile(join(inbox, 'object.bin')), bytes)).toBe(0);
    await rm(file);
    await obexftp(work, pair.near, ...flags, '-g', 'object.bin');
    expect(Buffer.compare(await readFile(file), bytes)).toBe(0);
  } finally {
    const gone = once(handset, 'exit');
    handset.kill();
    await gone;
    await pair.close();
    await rm(work, { recursive: true });
  }
}

describe('virtual-handset --listen serial:PATH and obexftp -t PATH', () => {
  peerTest(
    'put and get 70,000 octets over two script processes',
    ['obexftp', 'script'],
    async ({ signal }) => bothWays(await openPtyPair(signal), []),
    LIMIT,
  );

  peerTest(
    'put and get 70,000 octets over socat, without Target',
    ['obexftp', 'socat'],
    async () => bothWays(await openSocatPair(), ['-U', 'none', '-S']),
    LIMIT,
  );
});
