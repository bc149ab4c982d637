import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { decodeMessage } from '../../../src-main/syncml/codec.ts';
import type { Message } from '../../../src-main/syncml/model.ts';
import type { MessageRecord } from '../../support/message-record.ts';
import { seededRandom } from '../../support/mutate.ts';
import { peerTest } from '../../support/peers.ts';
import type { Program, ProgramEvent, Stage } from '../../support/processes.ts';

/** What the programs of `test/peers` are made with and need. */
const PEER_TOOLS = ['python3', 'wbxml2xml', 'xml2wbxml'] as const;

/** Three processes a session, on machines that may be busy with other tests; an idle one needs two or three seconds. */
const SESSION_LIMIT = 60_000;

export function strangersTest(name: string, body: () => Promise<void>): void {
  peerTest(name, PEER_TOOLS, body, SESSION_LIMIT);
}

export const ENCODINGS = ['wbxml', 'xml'] as const;

/** A package of its own for a test: octets that no compressor and no text encoding could get through by chance. */
export interface TestPackage {
  readonly file: string;
  readonly sha256: string;
}

export async function testPackage(stage: Stage, size: number, seed: number): Promise<TestPackage> {
  const random = seededRandom(seed);
  const bytes = Uint8Array.from({ length: size }, () => Math.floor(random() * 256));
  const file = join(stage.folder, 'package.bin');
  await writeFile(file, bytes);
  return { file, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** Digests of what one end saw in one direction, in its order, without package 0. */
export function digestsOf(end: Pick<Program, 'of'>, direction: 'to-dms' | 'to-handset'): readonly unknown[] {
  return end.of('message').flatMap((event) => (event.direction === direction ? [event.sha256] : []));
}

/** Message by message both ends saw the same bytes, in both directions. */
export function expectSameMessages(handset: Pick<Program, 'of'>, dms: Pick<Program, 'of'>): void {
  for (const direction of ['to-dms', 'to-handset'] as const) {
    const seen = digestsOf(dms, direction);
    expect(seen.length, `messages ${direction}`).toBeGreaterThan(0);
    expect(digestsOf(handset, direction), direction).toEqual(seen);
  }
}

/** The flag that makes a peer keep its messages. */
export function dumpFlag(stage: Stage, name: string): readonly string[] {
  return ['--dump', join(stage.folder, 'dumps', name)];
}

export async function keepDump(stage: Stage, name: string, record: MessageRecord, origin: string): Promise<void> {
  await record.addDump(join(stage.folder, 'dumps', name), origin);
}

/** The messages that a peer kept, as our codec reads them. */
export async function readDump(stage: Stage, name: string): Promise<readonly Message[]> {
  const folder = join(stage.folder, 'dumps', name);
  const names = (await readdir(folder)).sort();
  return Promise.all(
    names.map(async (file) => {
      const body = new Uint8Array(await readFile(join(folder, file)));
      return decodeMessage(body, file.endsWith('.xml') ? 'xml' : 'wbxml').message;
    }),
  );
}

/** `HOST:PORT` of an address. */
export function hostAndPort(address: string): string {
  return address.replace(/^[a-z]+:(\/\/)?/, '').replace(/\/.*$/, '');
}

export interface InstalledComponent {
  readonly id: string;
  readonly sha256: string;
}

/** What a Python handset says that was installed in it. */
export function installedIn(result: ProgramEvent): readonly InstalledComponent[] {
  return result.installed as readonly InstalledComponent[];
}
