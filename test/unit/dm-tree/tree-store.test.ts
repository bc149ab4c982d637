import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { type ByteSource, octetsOf } from '../../../src-main/base/byte-source.ts';
import { utf8 } from '../../../src-main/base/bytes.ts';
import { isPcAgentError } from '../../../src-main/base/errors.ts';
import type { ManagementTree } from '../../../src-main/dm/tree/management-tree.ts';
import { readRecords } from '../../../src-main/virtual/handset/tree-journal.ts';
import { TreeStore } from '../../../src-main/virtual/handset/tree-store.ts';
import { CONTINUOUS, LONG } from '../../support/thoroughness.ts';
import { keptTree, picture, pictureAfter, step } from '../../support/tree-writer.ts';
import { EVERYBODY, free, got, leaf, NODE, property, text, treeOf } from './server-tree.ts';

const folders: string[] = [];
afterAll(() => {
  for (const place of folders) rmSync(place, { recursive: true, force: true });
});

function folder(): string {
  const place = mkdtempSync(join(tmpdir(), 'pc-agent-tree-'));
  folders.push(place);
  return place;
}

function opened(place: string): { readonly tree: ManagementTree; readonly store: TreeStore } {
  const store = new TreeStore(place);
  const tree = keptTree();
  store.load(tree);
  return { tree, store };
}

function after(place: string): readonly string[] {
  const { tree, store } = opened(place);
  store.close();
  return picture(tree);
}

/** Every node with value, ACL and Title, in any order. */
function shapeOf(on: ManagementTree): readonly string[] {
  const all = got(on, '.?list=StructData');
  if (typeof all === 'number') throw new Error(`code ${all}`);
  return all
    .map((item) => [...item, property(on, String(item[0]), 'ACL'), property(on, String(item[0]), 'Title')].join(' '))
    .sort();
}

/** A folder with so many steps, each flushed, and the length of the journal after each. */
function written(steps: number): { readonly place: string; readonly ends: readonly number[] } {
  const place = folder();
  const { tree, store } = opened(place);
  const ends: number[] = [];
  for (let number = 1; number <= steps; number += 1) {
    step(tree, number);
    store.flush();
    ends.push(readFileSync(join(place, 'tree-0.journal')).length);
  }
  store.close();
  return { place, ends };
}

it('keeps nodes, values, ACLs, titles, versions and deletions from one start to the next', () => {
  const { place } = written(12);
  const pictured = after(place);
  expect(pictured).toEqual(pictureAfter(12));
  expect(pictured.some((line) => line.startsWith('./Bag/n12/Data  chr text/plain  20010909T014640Z 0 data 12'))).toBe(
    true,
  );
  expect(pictured.filter((line) => /^\.\/Bag\/n\d+ /.test(line))).toHaveLength(3);
  const { tree, store } = opened(place);
  expect(tree.replaceProperty('./Bag/n12', 'Title', 'x', 'stranger')).toBe(425);
  // Its spec came back with it: what may be added below it is what could be before.
  expect(tree.add('./Bag/n12/_x', { format: 'chr', type: undefined, value: undefined }, undefined)).toBe(405);
  store.close();
});

it('keeps nothing that was not flushed, and lays nothing over what the device makes anew', () => {
  const place = folder();
  const first = opened(place);
  expect(first.tree.delete('./Loose', 'dms')).toBe(200);
  first.store.flush();
  step(first.tree, 1);
  first.store.close();
  const second = opened(place);
  expect(second.tree.find('./Loose')).toBe(404);
  expect(second.tree.text('./Count')).toBe('0');
  expect(second.tree.text('./Fixed')).toBe('factory');
  second.tree.put('.', 'Loose', { format: 'chr', value: 'again' });
  second.store.flush();
  second.store.close();
  const third = opened(place);
  expect(third.tree.text('./Loose')).toBe('factory');
  third.store.close();
});

it('keeps what a roll back leaves, and not what it took back', () => {
  const place = folder();
  const { tree, store } = opened(place);
  step(tree, 1);
  store.flush();
  const before = picture(tree);
  const log = tree.startUndo();
  for (const number of [2, 3, 4, 5]) step(tree, number);
  tree.delete('./Loose', 'dms');
  expect(log.undoTo(0)).toBe(true);
  log.end();
  store.flush();
  store.close();
  expect(picture(tree)).toEqual(before);
  expect(after(place)).toEqual(before);
});

it('keeps nothing of an Atomic that waits for a person, whoever else asks for it to be kept', () => {
  const place = folder();
  const { tree, store } = opened(place);
  step(tree, 1);
  store.flush();
  const before = picture(tree);
  const log = tree.startUndo();
  step(tree, 2);
  log.pause();
  store.flush();
  expect(after(place)).toEqual(before);
  log.resume();
  log.end();
  store.flush();
  store.close();
  expect(picture(tree)).not.toEqual(before);
  expect(after(place)).toEqual(picture(tree));
});

it('keeps what a server makes anew in the place of a node of the device', () => {
  const made = () => treeOf({ children: { n: free({ children: { own: leaf('1') } }) } });
  const store = new TreeStore(folder());
  const before = made();
  store.load(before);
  expect([before.delete('./n', 'srv'), before.add('./n', NODE, 'srv'), before.find('./n/own')]).toEqual([
    200, 200, 404,
  ]);
  const again = made();
  store.load(again);
  expect(again.find('./n/own')).toBe(404);
  store.close();
});

it('keeps any history of changes, roll backs, spellings of a name and starts', () => {
  const made = () =>
    treeOf({ children: { nfix: free({ permanent: true, children: { a: leaf('1') } }), b: leaf('2') } });
  let random = 1;
  const pick = <T>(of: readonly T[]): T => {
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    return of[(random >>> 8) % of.length] as T;
  };
  const names = ['na', 'nA', 'n%41', 'nfix', 'a', 'b', '%61'];
  const uri = () => `./${Array.from({ length: pick([1, 2, 3]) }, () => pick(names)).join('/')}`;
  const change = (on: ManagementTree) => {
    const at = uri();
    pick([
      () => on.add(at, at.includes('/n', at.lastIndexOf('/')) ? NODE : text(pick(names)), 'srv'),
      () => on.add(at, NODE, 'srv'),
      () => on.delete(at, 'srv'),
      () => on.replace(at, text(pick(names)), 'srv'),
      () => on.replaceProperty(at, 'Name', pick(names), 'srv'),
      () => on.replaceProperty(at, pick(['Title', 'ACL']), EVERYBODY, 'srv'),
    ])();
  };
  for (let history = 0; history < 15; history += 1) {
    const place = folder();
    let store = new TreeStore(place);
    let on = made();
    store.load(on);
    for (let count = 0; count < 60; count += 1) {
      const log = pick([true, false, false]) ? on.startUndo() : undefined;
      for (let each = 0; each < 3; each += 1) change(on);
      if (pick([true, false])) log?.undoTo(0);
      log?.end();
      if (pick([true, false])) store.flush();
      if (!pick([true, ...Array.from({ length: 9 }, () => false)])) continue;
      store.flush();
      store.close();
      const wanted = shapeOf(on);
      store = new TreeStore(place);
      on = made();
      store.load(on);
      expect(shapeOf(on)).toEqual(wanted);
    }
    store.close();
  }
});

it('keeps large values in files of their own, reads them in pieces, and removes them when they are not needed', () => {
  const place = folder();
  const { tree, store } = opened(place);
  const large: ByteSource = {
    length: 300_000,
    subarray: (from, to) => new Uint8Array(Math.min(to, 300_000) - from).fill(7),
  };
  expect(tree.add('./Bag/n1/Data', { format: 'bin', type: undefined, value: large }, 'dms')).toBe(200);
  store.flush();
  const files = () => readdirSync(join(place, 'values')).length;
  expect(files()).toBe(1);
  store.close();
  const again = opened(place);
  const node = again.tree.find('./Bag/n1/Data');
  const value = typeof node === 'number' ? undefined : node.value;
  expect(value?.length).toBe(300_000);
  expect(value?.subarray(299_998, 400_000)).toEqual(Uint8Array.of(7, 7));
  expect(again.tree.replaceProperty('./Bag/n1/Data', 'Title', 'big', 'dms')).toBe(200);
  again.store.flush();
  expect(files()).toBe(1);
  again.tree.delete('./Bag/n1', 'dms');
  again.store.flush();
  expect(octetsOf(value ?? new Uint8Array(0)).every((octet) => octet === 7)).toBe(true);
  again.store.sweep();
  expect(files()).toBe(0);
  again.store.close();
  // The journal still tells of the value that is no more.
  const third = opened(place);
  expect(third.tree.find('./Bag/n1')).toBe(404);
  expect(third.tree.add('./Bag/n2/Data', { format: 'bin', type: undefined, value: large }, 'dms')).toBe(200);
  third.store.flush();
  third.store.close();
  for (const name of readdirSync(join(place, 'values'))) writeFileSync(join(place, 'values', name), 'short');
  expect(() => new TreeStore(place)).toThrow(expect.objectContaining({ code: 'handset/tree-damaged' }));
});

it('makes a long journal into a snapshot, and goes on from it', () => {
  const place = folder();
  const { tree, store } = opened(place);
  const value = utf8('x'.repeat(60_000));
  for (let number = 1; number <= 40; number += 1) {
    expect(tree.add(`./Bag/n${number}/Data`, { format: 'chr', type: undefined, value }, 'dms')).toBe(200);
    store.flush();
  }
  expect(tree.delete('./Bag/n7', 'dms')).toBe(200);
  store.flush();
  store.close();
  expect(readdirSync(place).filter((name) => name.startsWith('tree'))).toEqual(['tree-1.journal', 'tree.snapshot']);
  expect(after(place)).toEqual(picture(tree));
});

it('a snapshot that was cut short changes nothing, and one that is there ends the journal before it', () => {
  const { place } = written(4);
  // The next journal is there, and the snapshot is not.
  writeFileSync(join(place, 'tree-1.journal'), 'left over');
  writeFileSync(join(place, 'tree.snapshot.77.tmp'), 'half');
  expect(after(place)).toEqual(pictureAfter(4));
  const old = readFileSync(join(place, 'tree-0.journal'));
  const { tree, store } = opened(place);
  for (let number = 5; readdirSync(place).includes('tree-0.journal'); number += 1) {
    step(tree, number);
    store.flush();
  }
  store.close();
  // The snapshot is there, and the journal that it stands for still is.
  writeFileSync(join(place, 'tree-0.journal'), old);
  expect(after(place)).toEqual(pictureAfter(Number(tree.text('./Count'))));
  expect(readdirSync(place).includes('tree-0.journal')).toBe(false);
});

it('what the disk refuses is an error with a code, and is kept for the next time', () => {
  const place = folder();
  const { tree, store } = opened(place);
  step(tree, 1);
  store.close();
  for (let count = 0; count < 2; count += 1) {
    expect(() => store.flush()).toThrow(expect.objectContaining({ code: 'handset/tree-unwritable' }));
  }
});

it('a journal that ends after any octet gives what was flushed last before it', () => {
  const { place, ends } = written(5);
  const journal = join(place, 'tree-0.journal');
  const whole = readFileSync(journal);
  const pictures = [0, 1, 2, 3, 4, 5].map((steps) => pictureAfter(steps));
  for (let length = whole.length; length >= 0; length -= 1) {
    const steps = ends.filter((end) => end <= length).length;
    const content = readRecords(whole.subarray(0, length), journal);
    expect([content.records.length, content.end]).toEqual([steps, ends[steps - 1] ?? 0]);
    if (length % 199 !== 0 && !ends.includes(length)) continue;
    writeFileSync(journal, whole.subarray(0, length));
    expect(after(place)).toEqual(pictures[steps]);
    // Opening has cut the torn record off.
    expect(readFileSync(journal).length).toBe(ends[steps - 1] ?? 0);
  }
});

it('a torn record whose octets never reached the disk is cut off, and the next one counts', () => {
  const { place, ends } = written(2);
  const journal = join(place, 'tree-0.journal');
  const whole = readFileSync(journal);
  const [first = 0] = ends;
  for (const keep of [first, first + 3, first + 16, whole.length - 1]) {
    writeFileSync(journal, Buffer.concat([whole.subarray(0, keep), Buffer.alloc(whole.length - keep)]));
    const { tree, store } = opened(place);
    expect(picture(tree)).toEqual(pictureAfter(1));
    step(tree, 2);
    store.flush();
    store.close();
    expect(after(place)).toEqual(pictureAfter(2));
  }
});

it('a damaged file is an error with a code and never another tree', () => {
  const { place, ends } = written(3);
  const journal = join(place, 'tree-0.journal');
  const whole = readFileSync(journal);
  const seen = new Set<string>();
  for (let at = 0; at < whole.length; at += 1) {
    const broken = Buffer.from(whole);
    broken[at] = (broken[at] ?? 0) ^ 0x21;
    try {
      // What is read is what was acknowledged before the damage.
      expect(readRecords(broken, journal).end).toBe(ends.filter((end) => end <= at).at(-1) ?? 0);
      seen.add('torn');
    } catch (error) {
      if (!isPcAgentError(error)) throw error;
      seen.add(error.code);
    }
    if (at % 301 === 0) {
      writeFileSync(journal, broken);
      expect(() => new TreeStore(place)).toThrow(expect.objectContaining({ code: 'handset/tree-damaged' }));
    }
  }
  expect(seen).toContain('handset/tree-damaged');
  expect([...seen].filter((code) => code !== 'torn' && code !== 'handset/tree-damaged')).toEqual([]);
  writeFileSync(journal, whole);
  writeFileSync(join(place, 'tree.snapshot'), 'abc\n{}');
  expect(() => new TreeStore(place)).toThrow(expect.objectContaining({ code: 'handset/tree-damaged' }));
  writeFileSync(join(place, 'not-a-folder'), '');
  expect(() => new TreeStore(join(place, 'not-a-folder'))).toThrow(
    expect.objectContaining({ code: 'handset/tree-unwritable' }),
  );
});

/** Number of kills; each costs a process. */
const KILLS = LONG ? 100 : CONTINUOUS ? 10 : 3;

it(`a device killed at any of ${KILLS} moments has all that it acknowledged, and no half of what it did not`, async () => {
  let place = folder();
  const writer = join(import.meta.dirname, '../../support/tree-writer.ts');
  for (let kill = 0; kill < KILLS; kill += 1) {
    // The tree goes on where it was killed, but not until it takes long to work out what it must be.
    if (kill % 10 === 0) place = folder();
    let told = '';
    const child = spawn(process.execPath, ['--no-warnings', writer, place], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.stdout.setEncoding('utf8');
    // One of them goes on until the journal was made into a snapshot.
    const lines = kill % 10 === 1 ? 90 : 1 + ((kill * 7) % 13);
    child.stdout.on('data', (text: string) => {
      told += text;
      // A moment of the next steps, and not always the one just after a flush.
      if (told.split('\n').length > lines) setTimeout(() => child.kill('SIGKILL'), (kill * 3) % 7);
    });
    await ended;
    const acknowledged = Number(told.trim().split('\n').at(-1));
    const copy = folder();
    cpSync(place, copy, { recursive: true });
    const { tree, store } = opened(copy);
    store.close();
    const count = Number(tree.text('./Count'));
    expect([acknowledged, acknowledged + 1]).toContain(count);
    expect(picture(tree)).toEqual(pictureAfter(count));
  }
}, 300_000);
