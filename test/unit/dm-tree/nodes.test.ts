import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src-main/base/bytes.ts';
import { isValueOf } from '../../../src-main/dm/tree/format.ts';
import { segmentsOf, URI_LIMITS } from '../../../src-main/dm/tree/uri.ts';
import { childNames } from '../../../src-main/scomo/procedure/commands.ts';
import { free, got, leaf, NODE, property, text, treeOf } from './server-tree.ts';

const LONG_NAME = 'n'.repeat(URI_LIMITS.maxSegmentLength);

describe('URIs', () => {
  it('[TREE-1-01] a URI names the same node with ./ and without', () => {
    const tree = treeOf({ children: { a: leaf('1') } });
    expect(tree.find('./a')).toBe(tree.find('a'));
    expect(tree.delete('a', 'srv')).toBe(200);
    expect(tree.find('./a')).toBe(404);
  });

  it.each(['/a', './a/', './', '', '/'])('[TREE-1-02] %j names nothing', (uri) => {
    const tree = treeOf({ children: { a: leaf('1') } });
    expect([got(tree, uri), tree.add(`${uri}`, text('x'), 'srv'), tree.delete(uri, 'srv')]).toEqual([404, 404, 404]);
    expect(tree.find('.')).toBe(tree.root);
  });

  it.each(['../a', './../a', './a/..', './a/./b', './a//b', '././a', './%2e%2e/a', './%2E'])(
    '[TREE-1-03] [TREE-1-05] %s is no URI of a node',
    (uri) => {
      expect(segmentsOf(uri)).toBe(404);
    },
  );

  it('[TREE-1-04] names are UTF-8, case counts, and a name keeps the case that it was given', () => {
    const tree = treeOf({});
    expect(tree.add('./nÄpfel', NODE, 'srv')).toBe(200);
    expect([tree.add('./näpfel', NODE, 'srv'), tree.add('./Näpfel', text('x'), 'srv')]).toEqual([200, 200]);
    expect(got(tree, '.')).toEqual([['.', 'node', 'text/plain', 'nÄpfel/näpfel/Näpfel']]);
  });

  it('[TREE-1-06] lengths count octets, not characters', () => {
    expect(segmentsOf(`./${'ä'.repeat(63)}`)).toEqual(['ä'.repeat(63)]);
    expect(segmentsOf(`./${'ä'.repeat(64)}`)).toBe(414);
    expect(segmentsOf(`./${'ä/'.repeat(17)}a`)).toBe(414);
    expect(segmentsOf(`./${`${'€'.repeat(40)}/`.repeat(9)}a`)).toBe(414);
    const tree = treeOf({});
    for (const uri of [`./${LONG_NAME}x`, './a'.repeat(600)]) {
      expect([got(tree, uri), tree.add(uri, text('x'), 'srv'), tree.exec(uri, undefined, undefined, 'srv')]).toEqual([
        414, 414, 414,
      ]);
    }
  });

  it('[TREE-1-07] [TREE-2-07] escaped and plain spelling are one name, listed as it was made', () => {
    const tree = treeOf({});
    expect(tree.add('./http%3A%2F%2Fa', text('x'), 'srv')).toBe(200);
    expect(tree.add('./%62', text('y'), 'srv')).toBe(200);
    expect(tree.add('./b', text('z'), 'srv')).toBe(418);
    expect([tree.text('./http:%2f%2Fa'), tree.text('./b'), tree.text('./%zz')]).toEqual(['x', 'y', undefined]);
    expect(got(tree, '.')).toEqual([['.', 'node', 'text/plain', 'http%3A%2F%2Fa/%62']]);
  });
});

describe('nodes', () => {
  it('[TREE-2-01] an interior node takes no data and shows its children', () => {
    const tree = treeOf({});
    expect(tree.add('./n', { format: 'node', type: undefined, value: utf8('x') }, 'srv')).toBe(415);
    expect(tree.add('./n', { format: 'node', type: undefined, value: utf8('') }, 'srv')).toBe(200);
    expect(property(tree, './n', 'Format')).toBe('node');
    expect(tree.replace('./n', text('x'), 'srv')).toBe(405);
  });

  it('[TREE-2-02] a leaf may have null for its value', () => {
    const tree = treeOf({});
    expect(tree.add('./a', { format: 'null', type: undefined, value: undefined }, 'srv')).toBe(200);
    expect(got(tree, './a')).toEqual([['./a', 'null', 'text/plain', undefined]]);
    expect(tree.add('./b', text('x', 'null'), 'srv')).toBe(415);
  });

  it('[TREE-2-03] a permanent node is not deleted or renamed, and keeps Type and Format', () => {
    const tree = treeOf({
      children: { a: leaf('1', { permanent: true }), b: leaf('1', { permanent: true, format: 'bin' }) },
    });
    expect(tree.delete('./a', 'srv')).toBe(405);
    expect(tree.replaceProperty('./a', 'Name', 'c', 'srv')).toBe(405);
    expect(tree.add('./a', text('x'), 'srv')).toBe(418);
    expect(tree.replace('./a', text('x', 'int'), 'srv')).toBe(415);
    expect(tree.replace('./a', text('x', 'chr', 'a/b'), 'srv')).toBe(415);
    expect(tree.replace('./a', text('x', 'chr', 'text/plain'), 'srv')).toBe(200);
    expect(tree.replace('./b', text('x', 'b64'), 'srv')).toBe(200);
    expect([tree.text('./a'), property(tree, './a', 'Format'), property(tree, './b', 'Format')]).toEqual([
      'x',
      'chr',
      'bin',
    ]);
  });

  it('[TREE-2-04] a dynamic node comes and goes by a server and by the device', () => {
    const tree = treeOf({});
    expect([tree.add('./a', text('1'), 'srv'), tree.delete('./a', 'srv'), tree.find('./a')]).toEqual([200, 200, 404]);
    tree.put('.', 'a', leaf('2'));
    expect(tree.text('./a')).toBe('2');
    tree.drop('./a');
    expect(tree.find('./a')).toBe(404);
    tree.put('.', 'b', leaf('3'));
    // The root stays, whoever asks.
    for (const uri of ['.', './nothing']) tree.drop(uri);
    expect(tree.text('./b')).toBe('3');
  });

  it('[TREE-2-05] a node without Delete goes only with its parent', () => {
    const tree = treeOf({ children: { n: free({ children: { a: leaf('1', { access: ['Get'] }) } }) } });
    expect(tree.delete('./n/a', 'srv')).toBe(405);
    expect(tree.delete('./n', 'srv')).toBe(200);
    expect(tree.find('./n/a')).toBe(404);
  });

  it('[TREE-2-06] Get on an interior node gives the names, and an empty value without children', () => {
    const tree = treeOf({ children: { n: free({ type: 'urn:x' }), a: leaf('1') } });
    expect(got(tree, '.')).toEqual([['.', 'node', 'text/plain', 'n/a']]);
    expect(got(tree, './n')).toEqual([['./n', 'node', 'text/plain', '']]);
  });

  it('[TREE-2-08] a list of names is read with Source and without', () => {
    const item = { data: 'a/b', meta: { format: 'node' } };
    expect(childNames([{ ...item, source: { uri: './n' } }])).toEqual(['a', 'b']);
    expect(childNames([item])).toEqual(['a', 'b']);
  });

  it('[TREE-2-09] Add of an interior node takes its name from the URI and the Type as it is given', () => {
    const tree = treeOf({});
    expect(tree.add('./n1', { format: 'node', type: 'urn:oma:mo:x:1.0', value: undefined }, 'srv')).toBe(200);
    expect([property(tree, './n1', 'Name'), property(tree, './n1', 'Type'), property(tree, './n1', 'Format')]).toEqual([
      'n1',
      'urn:oma:mo:x:1.0',
      'node',
    ]);
  });

  it('[TREE-2-10] of several faults the first in the order of checks is answered', () => {
    const tree = treeOf(
      {
        acl: 'Add=*&Get=*',
        children: {
          ro: leaf('1', { access: ['Get'] }),
          rw: leaf('1'),
          closed: free({ acl: 'Get=*', children: { a: leaf('1') } }),
        },
      },
      { maxValue: 4 },
    );
    const bad = text('longer than four', 'frob');
    expect([
      tree.replace(`./${LONG_NAME}x`, bad, 'srv'),
      tree.replace('./no', bad, 'srv'),
      tree.replace('./ro', bad, 'srv'),
      tree.replace('./rw', bad, 'srv'),
      tree.add('./rw', bad, 'srv'),
      tree.add('./closed/never', bad, 'srv'),
      tree.add('./closed/x', bad, 'srv'),
      tree.add('./x', bad, 'srv'),
      tree.add('./x', text('longer than four'), 'srv'),
      tree.add('./x', text('four'), 'srv'),
    ]).toEqual([414, 404, 405, 425, 418, 405, 425, 415, 420, 200]);
  });

  it('[TREE-2-11] an Add makes the parents that may be made, and tells the one that may not', () => {
    const tree = treeOf({ children: { n: free({ allowed: () => undefined }) } });
    expect(tree.add('./n1/n2/a', text('x'), 'srv')).toBe(200);
    expect(tree.failingParent('./n1/n3/a')).toBeUndefined();
    expect(tree.add('./n/n2/a', text('x'), 'srv')).toBe(404);
    expect(tree.failingParent('./n/n2/a')).toBe('./n/n2');
    expect(tree.add('./n1/leaf/a', text('x'), 'srv')).toBe(404);
    expect(tree.failingParent('./n1/leaf/a')).toBe('./n1/leaf');
    expect(tree.find('./n1/leaf')).toBe(404);
    expect(tree.add('./n4/a', text('x', 'frob'), 'srv')).toBe(415);
    expect(tree.find('./n4')).toBe(404);
  });

  it('takes no more nodes than it may have', () => {
    const tree = treeOf({}, { maxNodes: 3 });
    expect([tree.add('./n/a', text('x'), 'srv'), tree.add('./b', text('x'), 'srv')]).toEqual([200, 420]);
    tree.delete('./n', 'srv');
    expect([
      tree.add('./b', text('x'), 'srv'),
      tree.add('./n/c', text('x'), 'srv'),
      tree.add('./c', text('x'), 'srv'),
    ]).toEqual([200, 420, 200]);
  });
});

it.each([
  ['bool', ['true', 'FALSE', '1', '0', ' true '], ['yes', '', '2']],
  ['int', ['0', '-7', '+12', '4294967295'], ['', '1.5', 'x', '0x10', '1'.repeat(80)]],
  ['float', ['1', '-1.5', '.5', '3.', '1e9', '-2.5E-3', 'INF', '-INF', 'NaN'], ['', '1e', 'Infinity', '1,5', '.']],
  ['date', ['2026-11-21', '20261121'], ['2026-13-01', '21.11.2026', '2026-1121', '2026-11-32', '']],
  ['time', ['06:09:54', '060954', '23:59:60Z', '01:02:03.5+02:00'], ['25:00:00', '6:9:54', '06:0954', '']],
  ['null', [''], ['x']],
  ['chr', ['', 'x'], []],
  ['xml', ['<a/>'], []],
] as const)('[REP-4-19] values of %s are checked: 415 for what is none', (format, good, bad) => {
  for (const value of good) expect([value, isValueOf(format, utf8(value))]).toEqual([value, true]);
  for (const value of bad) expect([value, isValueOf(format, utf8(value))]).toEqual([value, false]);
  const [wrong] = bad;
  if (wrong !== undefined) expect(treeOf({}).add('./a', text(wrong, format), 'srv')).toBe(415);
});

describe('Copy', () => {
  const tree = () =>
    treeOf({
      children: { a: leaf('1', { type: 'a/b' }), b: leaf('2'), n: free(), hidden: leaf('3', { access: ['Replace'] }) },
    });

  it('gives a leaf the value of another, and both go their own ways', () => {
    const on = tree();
    expect([on.copy('./a', './b', 'srv'), on.copy('./a', './n/c', 'srv')]).toEqual([200, 200]);
    on.replace('./a', text('x'), 'srv');
    expect([on.text('./b'), on.text('./n/c'), property(on, './b', 'Type')]).toEqual(['1', '1', 'a/b']);
  });

  it.each([
    ['./no', './b', 404],
    ['./n', './b', 403],
    ['./a', './n', 403],
    ['./a', './x/b', 404],
    ['./hidden', './b', 405],
    ['./a', '/b', 404],
    ['./a', './never', 405],
    [`./${LONG_NAME}x`, './b', 414],
  ])('of %s to %s is refused by %i', (source, target, code) => {
    expect(tree().copy(source, target, 'srv')).toBe(code);
  });
});

describe('a roll back', () => {
  it('takes back every kind of change, to the order of names and the versions', () => {
    const on = treeOf(
      { children: { a: leaf('1'), b: leaf('2'), n: free({ children: { c: leaf('3') } }), d: leaf('4') } },
      { now: () => 0 },
    );
    const before = got(on, '.?list=TNDS');
    const log = on.startUndo();
    on.replace('./a', text('x', 'xml', 'a/b'), 'srv');
    on.delete('./b', 'srv');
    const mark = log.mark();
    on.add('./n9/n8/e', text('x'), 'srv');
    on.replaceProperty('./n', 'Name', 'nn', 'srv');
    on.replaceProperty('./nn', 'ACL', 'Get=srv', 'srv');
    on.replaceProperty('./d', 'Title', 't', 'srv');
    on.copy('./a', './d', 'srv');
    on.put('.', 'a', leaf('put'));
    on.set('./d', 'set');
    expect(log.undoTo(mark)).toBe(true);
    expect([on.text('./a'), on.text('./d'), on.text('./n/c'), on.find('./n9'), on.find('./b')]).toEqual([
      'x',
      '4',
      '3',
      404,
      404,
    ]);
    expect(log.undoTo(0)).toBe(true);
    log.end();
    expect(got(on, '.?list=TNDS')).toEqual(before);
    on.replace('./a', text('y'), 'srv');
    expect(on.text('./a')).toBe('y');
  });

  it('says that what was executed cannot be taken back', () => {
    const on = treeOf({ children: { a: leaf('1'), run: { format: 'null', access: ['Exec'], exec: () => 200 } } });
    const log = on.startUndo();
    on.replace('./a', text('x'), 'srv');
    on.exec('./run', undefined, undefined, 'srv');
    expect(log.undoTo(0)).toBe(false);
    expect(on.text('./a')).toBe('1');
  });
});
