import { describe, expect, it } from 'vitest';
import { octetsOf } from '../../../src-main/base/byte-source.ts';
import { textOf, utf8 } from '../../../src-main/base/bytes.ts';
import { carry } from '../../../src-main/dm/carry.ts';
import { ManagementTree, segmentsOf, URI_LIMITS } from '../../../src-main/dm/tree/management-tree.ts';
import type { ExecCall } from '../../../src-main/dm/tree/node.ts';
import { queryTree } from '../../../src-main/dm/tree/query.ts';

const calls: ExecCall[] = [];

function tree(): ManagementTree {
  return new ManagementTree(
    {
      format: 'node',
      acl: 'Add=*&Delete=*&Exec=*&Get=*&Replace=*',
      children: {
        fixed: {
          format: 'node',
          type: 'urn:fixed',
          permanent: true,
          access: ['Get', 'Delete'],
          children: {
            leaf: { format: 'chr', value: 'value' },
            secret: { format: 'bin', value: utf8('xyz'), type: 'a/b', access: ['Replace'] },
            run: { format: 'null', access: ['Exec'], exec: (call) => calls.push(call) && 202 },
            none: { format: 'int' },
          },
        },
        open: {
          format: 'node',
          access: ['Get', 'Add', 'Delete'],
          children: { own: { format: 'chr', value: 'mine', access: ['Get', 'Replace', 'Delete'] } },
          allowed: (name) => {
            if (name === 'box')
              return { format: 'node', access: ['Get', 'Delete'], children: { in: { format: 'chr', value: '1' } } };
            if (name === 'bin') return { format: 'bin', access: ['Add', 'Replace'] };
            return name === 'never' ? undefined : { format: 'chr', access: ['Get', 'Add', 'Replace', 'Delete'] };
          },
        },
      },
    },
    { maxValue: 10 },
  );
}

const text = (value: string, format = 'chr', type?: string) => ({ format, type, value: utf8(value) });
const DEEP = `./${'a/'.repeat(URI_LIMITS.maxDepth)}a`;
const LONG_SEGMENT = `./${'s'.repeat(URI_LIMITS.maxSegmentLength + 1)}`;
const LONG = `./${'a'.repeat(URI_LIMITS.maxTotalLength)}`;

describe('a URI', () => {
  it.each([
    ['.', []],
    ['./a/b', ['a', 'b']],
    ['a/b', ['a', 'b']],
    ['', 404],
    ['/a', 404],
    ['./a/', 404],
    ['./', 404],
    ['a//b', 404],
    ['a/./b', 404],
    ['../a', 404],
    ['a/..', 404],
    [DEEP, 414],
    [DEEP.slice(0, -2), Array.from({ length: URI_LIMITS.maxDepth }, () => 'a')],
    [LONG_SEGMENT, 414],
    [LONG_SEGMENT.slice(0, -1), ['s'.repeat(URI_LIMITS.maxSegmentLength)]],
    [LONG, 414],
    [`${'abcdefg/'.repeat(128)}x`, 414],
  ])('%s', (uri, segments) => {
    expect(segmentsOf(uri)).toEqual(segments);
  });
});

it('limits a URI as ./DevDetail/URI says', () => {
  expect(URI_LIMITS).toEqual({ maxDepth: 16, maxTotalLength: 1024, maxSegmentLength: 127 });
});

it('a URI may be as long as the limit says and no longer', () => {
  const segments = [...Array.from({ length: 8 }, () => 's'.repeat(112)), 't'.repeat(120)];
  const uri = segments.join('/');
  expect(uri.length).toBe(URI_LIMITS.maxTotalLength);
  expect(segmentsOf(uri)).toEqual(segments);
  expect(segmentsOf(`${uri}t`)).toBe(414);
});

it.each(['b64', 'bin', 'bool', 'chr', 'int', 'null', 'xml', 'date', 'time', 'float'])(
  'a leaf may have Format %s',
  (format) => {
    const values: Record<string, string> = { null: '', date: '2026-11-21', time: '06:09:54' };
    expect(tree().add('./open/new', text(values[format] ?? '1', format), 'dms')).toBe(200);
  },
);

describe('commands on the tree', () => {
  const table: readonly (readonly [string, (on: ManagementTree) => number, number])[] = [
    ['Add of a leaf', (on) => on.add('./open/new', text('v'), 'dms'), 200],
    ['Add of a node', (on) => on.add('./open/box', { format: 'node', type: 'urn:x', value: undefined }, 'dms'), 200],
    [
      'Add without Format',
      (on) => on.add('./open/new', { format: undefined, type: undefined, value: utf8('v') }, 'dms'),
      200,
    ],
    ['Add with Format in capitals', (on) => on.add('./open/new', text('v', ' CHR '), 'dms'), 200],
    ['Add of what is there', (on) => on.add('./open/own', text('v'), 'dms'), 418],
    [
      'Add of what is there and too large and of no format',
      (on) => on.add('./open/own', text('longer than ten', 'frob'), 'dms'),
      418,
    ],
    ['Add below nothing', (on) => on.add('./nothing/new', text('v'), 'dms'), 404],
    ['Add of the root', (on) => on.add('.', text('v'), 'dms'), 405],
    ['Add where nothing may be added', (on) => on.add('./fixed/new', text('v', 'frob'), 'dms'), 405],
    ['Add below a leaf', (on) => on.add('./open/own/x', text('v'), 'dms'), 405],
    ['Add of a name that is not allowed', (on) => on.add('./open/never', text('v'), 'dms'), 405],
    ['Add of an unknown format', (on) => on.add('./open/new', text('longer than ten', 'frob'), 'dms'), 415],
    ['Add of a node where a leaf belongs', (on) => on.add('./open/new', text('', 'node'), 'dms'), 415],
    ['Add of a leaf where a node belongs', (on) => on.add('./open/box', text('v'), 'dms'), 415],
    ['Add of just enough', (on) => on.add('./open/new', text('ten octets'), 'dms'), 200],
    ['Add of too much', (on) => on.add('./open/new', text('eleven octs'), 'dms'), 420],
    ['Add of a URI too long', (on) => on.add(LONG, text('longer than ten', 'frob'), 'dms'), 414],
    ['Replace', (on) => on.replace('./open/own', text('v'), 'dms'), 200],
    [
      'Replace without Format',
      (on) => on.replace('./open/own', { format: undefined, type: 'a/b', value: utf8('v') }, 'dms'),
      200,
    ],
    ['Replace of nothing', (on) => on.replace('./open/none', text('longer than ten', 'frob'), 'dms'), 404],
    ['Replace of a node', (on) => on.replace('./open', text('v'), 'dms'), 405],
    [
      'Replace of what may not be replaced',
      (on) => on.replace('./fixed/leaf', text('longer than ten', 'frob'), 'dms'),
      405,
    ],
    ['Replace with an unknown format', (on) => on.replace('./open/own', text('longer than ten', 'frob'), 'dms'), 415],
    ['Replace of a leaf by a node', (on) => on.replace('./open/own', text('', 'node'), 'dms'), 415],
    ['Replace with too much', (on) => on.replace('./open/own', text('eleven octs'), 'dms'), 420],
    ['Replace of a URI too deep', (on) => on.replace(DEEP, text('v'), 'dms'), 414],
    ['Delete', (on) => on.delete('./open/own', 'dms'), 200],
    ['Delete of a subtree', (on) => on.delete('./open', 'dms'), 200],
    ['Delete of nothing', (on) => on.delete('./open/none', 'dms'), 404],
    ['Delete of a permanent node', (on) => on.delete('./fixed', 'dms'), 405],
    ['Delete of the root', (on) => on.delete('.', 'dms'), 405],
    ['Delete of what may not be deleted', (on) => on.delete('./fixed/leaf', 'dms'), 405],
    ['Exec', (on) => on.exec('./fixed/run', 'c', utf8('arg'), 'dms'), 202],
    ['Exec of nothing', (on) => on.exec('./fixed/walk', undefined, undefined, 'dms'), 404],
    ['Exec of a leaf', (on) => on.exec('./fixed/leaf', undefined, undefined, 'dms'), 405],
  ];
  it.each(table)('%s', (_what, run, code) => {
    expect(run(tree())).toBe(code);
  });

  it('give the call of an Exec its URI, Correlator, argument and server', () => {
    calls.length = 0;
    tree().exec('fixed/run', 'c', utf8('arg'), 'dms');
    expect(calls).toEqual([{ uri: 'fixed/run', correlator: 'c', argument: utf8('arg'), authority: 'dms' }]);
  });

  it('leave the values that they set, with Format and Type', () => {
    const on = tree();
    on.add('./open/new', text('v', 'chr', 'a/b'), 'dms');
    on.add('./open/bin', text('v', 'b64'), 'dms');
    on.add('./open/box', { format: 'node', type: 'urn:x', value: undefined }, 'dms');
    on.replace('./open/own', text('w', 'chr', 'c/d'), 'dms');
    expect(on.text('./open/new')).toBe('v');
    expect(on.text('./open/own')).toBe('w');
    expect(on.text('./open/box/in')).toBe('1');
    const kinds = ['new', 'bin', 'box', 'own'].map((name) => {
      const node = on.find(`./open/${name}`);
      return typeof node === 'number' ? node : [node.format, node.type];
    });
    expect(kinds).toEqual([
      ['chr', 'a/b'],
      ['bin', undefined],
      ['node', 'urn:x'],
      ['chr', 'c/d'],
    ]);
  });

  it('from the device itself pass the access types', () => {
    const on = tree();
    on.set('./fixed/leaf', 'set');
    on.put('./fixed', 'more', { format: 'chr', value: 'put' });
    expect([on.text('./fixed/leaf'), on.text('./fixed/more')]).toEqual(['set', 'put']);
    expect([on.text('./fixed/none'), on.text('./fixed'), on.text('./nothing')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    on.drop('./fixed');
    expect(on.find('./fixed')).toBe(404);
    expect(() => on.set('./fixed', 'x')).toThrow(TypeError);
    expect(() => on.put('./fixed', 'x', { format: 'chr' })).toThrow(TypeError);
    expect(on.text('./fixed')).toBeUndefined();
  });
});

describe('Get', () => {
  const asked = (target: string) => {
    const answer = queryTree(tree(), target, 'dms', 'xml');
    if (answer.kind === 'refused') return answer.code;
    expect(answer.kind).toBe('found');
    return answer.items.map(({ uri, format, type, value }) => [
      uri,
      format,
      type,
      value === undefined ? undefined : textOf(octetsOf(value)),
    ]);
  };

  it.each([
    ['./fixed/leaf', [['./fixed/leaf', 'chr', 'text/plain', 'value']]],
    ['fixed/leaf', [['fixed/leaf', 'chr', 'text/plain', 'value']]],
    ['./fixed/none', [['./fixed/none', 'int', 'text/plain', undefined]]],
    ['./fixed', [['./fixed', 'node', 'text/plain', 'leaf/secret/run/none']]],
    ['.', [['.', 'node', 'text/plain', 'fixed/open']]],
    ['./fixed/secret', 405],
    ['./fixed/run', 405],
    ['./nothing', 404],
    ['/fixed', 404],
    [LONG, 414],
  ])('%s', (target, answer) => {
    expect(asked(target)).toEqual(answer);
  });

  it.each([
    ['./fixed/leaf?prop=Format', 'chr'],
    ['./fixed/leaf?prop=Name', 'leaf'],
    ['./fixed/leaf?prop=Type', 'text/plain'],
    ['./fixed/secret?prop=Type', 'a/b'],
    ['./fixed?prop=Type', 'urn:fixed'],
    ['./open?prop=Type', ''],
    ['./fixed/secret?prop=Size', '3'],
    ['./fixed/none?prop=Size', '0'],
    ['./fixed/leaf?PROP=Name', 'leaf'],
  ])('%s', (target, value) => {
    expect(asked(target)).toEqual([[target.replace('PROP', 'prop'), 'chr', 'text/plain', value]]);
  });

  it.each([
    ['./fixed?prop=Size', 406],
    ['./fixed/leaf?prop=Owner', 406],
    ['./fixed/leaf?prop=', 406],
    ['./fixed/leaf?', 406],
    ['./fixed/leaf?frob=x', 406],
    ['./fixed?list=Everything', 406],
    ['./nothing?prop=Name', 404],
    ['./nothing?list=Struct', 404],
    ['./fixed/secret?list=Struct', 405],
  ])('%s is refused by %i', (target, code) => {
    expect(asked(target)).toBe(code);
  });

  it('lists a subtree with and without data, and no node that may not be read', () => {
    const struct = [
      ['./fixed', 'node', 'urn:fixed', undefined],
      ['./fixed/leaf', 'chr', undefined, undefined],
      ['./fixed/none', 'int', undefined, undefined],
    ];
    expect(asked('./fixed?list=Struct')).toEqual(struct);
    const withData = struct.map((row) => (row[0] === './fixed/leaf' ? [...row.slice(0, 3), 'value'] : row));
    expect(asked('./fixed?list=StructData')).toEqual(withData);
  });
});

describe('a value on its way', () => {
  it.each([
    ['text', utf8('é'), 'chr', 'xml', { data: 'é', format: 'chr' }],
    ['a number', utf8('1'), 'int', 'wbxml', { data: '1', format: 'int' }],
    ['octets in WBXML', utf8('AB'), 'bin', 'wbxml', { data: utf8('AB'), format: 'bin' }],
    ['octets in XML', utf8('AB'), 'bin', 'xml', { data: 'QUI=', format: 'b64' }],
    ['base64 in XML', utf8('AB'), 'b64', 'xml', { data: 'QUI=', format: 'b64' }],
    ['text that is none, in XML', Uint8Array.of(0xff), 'chr', 'xml', { data: '/w==', format: 'b64' }],
    ['text with a NUL, in WBXML', Uint8Array.of(65, 0), 'chr', 'wbxml', { data: Uint8Array.of(65, 0), format: 'bin' }],
  ] as const)('%s', (_what, value, format, encoding, carried) => {
    expect(carry(value, format, encoding)).toEqual(carried);
  });
});
