import { expect, it } from 'vitest';
import { fromBase64 } from '../../../src-main/base/base64.ts';
import type { ManagementTree } from '../../../src-main/dm/tree/management-tree.ts';
import { URI_LIMITS } from '../../../src-main/dm/tree/uri.ts';
import { free, got, leaf, NODE, property, text, treeOf } from './server-tree.ts';

const START = Date.UTC(2001, 6, 11, 16, 38, 17);

function tree(): { readonly on: ManagementTree; readonly tick: () => void } {
  let now = START;
  const on = treeOf(
    {
      children: {
        a: leaf('äöü', { type: 'text/x' }),
        n: free({ type: 'urn:oma:mo:x:1.0', children: { b: leaf('1'), c: leaf('2') } }),
        fixed: leaf('1', { permanent: true }),
        m: free({ children: { run: { format: 'null', access: ['Exec'], exec: () => 202 } } }),
      },
    },
    { now: () => now },
  );
  return { on, tick: () => (now += 1000) };
}

it('[TREE-3-09] [TREE-3-10] a property is asked for by ?prop= and comes as text', () => {
  const { on } = tree();
  expect(got(on, './a?prop=Size')).toEqual([['./a?prop=Size', 'chr', 'text/plain', '6']]);
  expect(got(on, './a?prop=Owner')).toBe(406);
  expect(got(on, './n?prop=Size')).toBe(406);
  expect(on.replaceProperty('./a', 'Owner', 'x', 'srv')).toBe(406);
  expect(on.replaceProperty('./n', 'Size', '1', 'srv')).toBe(406);
  for (const name of ['Format', 'Type', 'Size', 'TStamp', 'VerNo']) {
    expect([name, on.replaceProperty('./a', name, '1', 'srv')]).toEqual([name, 405]);
  }
  expect([on.replaceProperty('./no', 'Title', 'x', 'srv'), on.replaceProperty('/a', 'ACL', '', 'srv')]).toEqual([
    404, 404,
  ]);
});

it('[TREE-3-02] [TREE-3-04] Format and Type tell what a node is', () => {
  const { on } = tree();
  expect(
    ['./a', './n', './fixed', './m', './m/run'].map((uri) => [property(on, uri, 'Format'), property(on, uri, 'Type')]),
  ).toEqual([
    ['chr', 'text/x'],
    ['node', 'urn:oma:mo:x:1.0'],
    ['chr', 'text/plain'],
    ['node', ''],
    ['null', 'text/plain'],
  ]);
  for (const format of ['bin', 'xml', 'CHR']) {
    expect(on.add(`./${format}`, text('x', format), 'srv')).toBe(200);
    expect(property(on, `./${format}`, 'Format')).toBe(format.toLowerCase());
  }
  expect(on.add('./y', text('x', 'frob'), 'srv')).toBe(415);
});

it('[TREE-3-03] Name is changed by a rename, which keeps what is below', () => {
  const { on } = tree();
  on.replaceProperty('./n', 'ACL', 'Get=*&Replace=*', 'srv');
  expect(on.replaceProperty('./n', 'Name', 'n2', 'srv')).toBe(200);
  expect([on.find('./n'), on.text('./n2/b'), property(on, './n2', 'Name'), property(on, './n2', 'ACL')]).toEqual([
    404,
    '1',
    'n2',
    'Get=*&Replace=*',
  ]);
  expect(on.replaceProperty('./n2/b', 'Name', 'c', 'srv')).toBe(418);
  expect(on.replaceProperty('./n2/b', 'Name', 'b', 'srv')).toBe(200);
  expect(on.replaceProperty('./fixed', 'Name', 'x', 'srv')).toBe(405);
  expect(on.replaceProperty('.', 'Name', 'x', 'srv')).toBe(405);
  expect(on.replaceProperty('./n2/b', 'Name', 'never', 'srv')).toBe(405);
  expect(on.replaceProperty('./n2/b', 'Name', 'x'.repeat(URI_LIMITS.maxSegmentLength + 1), 'srv')).toBe(414);
  for (const wrong of ['', 'x/y', '..']) expect(on.replaceProperty('./n2/b', 'Name', wrong, 'srv')).toBe(400);
  expect(on.replaceProperty('./a', 'Name', 'A', 'srv')).toBe(200);
  expect([on.find('./a'), on.text('./A')]).toEqual([404, 'äöü']);
});

it('[TREE-3-03] a renamed node behaves as its new name does', () => {
  const called: string[] = [];
  const on = treeOf({
    children: {
      box: free({
        allowed: (name) =>
          free({ children: { run: { format: 'null', access: ['Exec'], exec: () => called.push(name) && 200 } } }),
      }),
    },
  });
  on.add('./box/old', NODE, 'srv');
  expect(on.replaceProperty('./box/old', 'Name', 'new', 'srv')).toBe(200);
  expect(on.exec('./box/new/run', undefined, undefined, 'srv')).toBe(200);
  expect(called).toEqual(['new']);
});

it('[TREE-3-05] [TREE-3-13] Size counts the octets of the raw value', () => {
  const { on } = tree();
  expect(on.add('./bin', { format: 'b64', type: undefined, value: fromBase64('AAECAwQ=') }, 'srv')).toBe(200);
  expect([property(on, './bin', 'Size'), property(on, './bin', 'Format'), property(on, './m/run', 'Size')]).toEqual([
    '5',
    'bin',
    '0',
  ]);
});

it('[TREE-3-06] Title takes 255 octets and no more', () => {
  const { on } = tree();
  expect(property(on, './a', 'Title')).toBe('');
  expect(on.replaceProperty('./a', 'Title', `${'ä'.repeat(127)}x`, 'srv')).toBe(200);
  expect(property(on, './a', 'Title')).toBe(`${'ä'.repeat(127)}x`);
  expect(on.replaceProperty('./a', 'Title', 'ä'.repeat(128), 'srv')).toBe(413);
  expect(on.replaceProperty('./fixed', 'title', 'x', 'srv')).toBe(200);
});

it('[TREE-3-07] TStamp is the time of the last change', () => {
  const { on, tick } = tree();
  expect(property(on, './a', 'TStamp')).toBe('20010711T163817Z');
  tick();
  on.replace('./a', text('x'), 'srv');
  expect([property(on, './a', 'TStamp'), property(on, './n', 'TStamp')]).toEqual([
    '20010711T163818Z',
    '20010711T163817Z',
  ]);
});

it('[TREE-3-08] VerNo goes up by one with each change and round after FFFF', () => {
  const { on } = tree();
  const version = (uri: string) => property(on, uri, 'VerNo');
  expect(version('./a')).toBe('0');
  on.replace('./a', text('x'), 'srv');
  expect(version('./a')).toBe('1');
  on.replaceProperty('./a', 'Title', 'x', 'srv');
  on.replaceProperty('./a', 'ACL', 'Get=*&Replace=*', 'srv');
  on.set('./a', 'y');
  expect(version('./a')).toBe('4');
  // A child list is a value.
  on.add('./n/d', text('x'), 'srv');
  on.delete('./n/b', 'srv');
  on.replaceProperty('./n/d', 'Name', 'e', 'srv');
  expect([version('./n'), version('./n/e'), version('.')]).toEqual(['3', '1', '0']);
  on.replace('./no', text('x'), 'srv');
  for (let count = 4; count < 0x10000; count += 1) on.set('./a', 'z');
  expect(version('./a')).toBe('0');
});

it('[TREE-3-11] a new node has its properties', () => {
  const { on, tick } = tree();
  tick();
  on.add('./x', text('x', 'chr', 'a/b'), 'srv');
  const names = ['ACL', 'Format', 'Name', 'Size', 'Title', 'TStamp', 'Type', 'VerNo'];
  expect(names.map((name) => property(on, './x', name))).toEqual([
    '',
    'chr',
    'x',
    '1',
    '',
    '20010711T163818Z',
    'a/b',
    '0',
  ]);
});

it('[TREE-3-12] Replace of a value may change Type and Format, and leaves them when it gives none', () => {
  const { on } = tree();
  expect(on.replace('./a', text('12', 'int', 'a/b'), 'srv')).toBe(200);
  expect(on.replace('./a', { format: undefined, type: undefined, value: new Uint8Array([0x33]) }, 'srv')).toBe(200);
  expect([property(on, './a', 'Format'), property(on, './a', 'Type'), on.text('./a')]).toEqual(['int', 'a/b', '3']);
  expect(on.replace('./a', { format: undefined, type: undefined, value: new Uint8Array([0x61]) }, 'srv')).toBe(415);
  expect(on.replace('./a', text('x', 'node'), 'srv')).toBe(415);
});
