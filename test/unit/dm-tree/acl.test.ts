import { describe, expect, it } from 'vitest';
import { aclText, parseAcl } from '../../../src-main/dm/tree/acl.ts';
import { ManagementTree } from '../../../src-main/dm/tree/management-tree.ts';
import { EVERYBODY, free, got, leaf, NODE, property, text, treeOf } from './server-tree.ts';

const PUBLISHED = 'Add=www.sonera.fi-8765&Delete=www.sonera.fi-8765&Replace=www.sonera.fi-8765+321_ibm.com&Get=*';

describe('the text of an ACL', () => {
  it('[TREE-4-01] the published example is read entry by entry and written as it was', () => {
    const acl = parseAcl(PUBLISHED);
    expect(acl?.get('Replace')).toEqual(['www.sonera.fi-8765', '321_ibm.com']);
    expect(acl?.get('Get')).toEqual(['*']);
    expect(acl?.get('Exec')).toBeUndefined();
    expect(aclText(acl ?? new Map())).toBe(PUBLISHED);
  });

  it.each([
    'Add',
    'Add=',
    'Add=a+',
    'Add=a&',
    '&Add=a',
    'Copy=a',
    'add=a',
    'Add=a b',
    'Add=a=b',
    'Add=a*',
    'Add=a\u0007',
    'Add=a\tb',
  ])('[TREE-4-01] %j is no ACL', (wrong) => {
    expect(parseAcl(wrong)).toBeUndefined();
    expect(treeOf({ children: { a: free() } }).replaceProperty('./a', 'ACL', wrong, 'srv')).toBe(400);
  });

  it('[TREE-4-11] * beats the identifiers beside it', () => {
    expect(aclText(parseAcl('Get=a+*+b&Add=a&Add=b') ?? new Map())).toBe('Get=*&Add=a+b');
    const tree = treeOf({ children: { a: leaf('1', { acl: 'Get=other+*' }) } });
    expect(tree.find('./a')).toBeTypeOf('object');
    expect(got(tree, './a')).toEqual([['./a', 'chr', 'text/plain', '1']]);
  });
});

describe('who may do what', () => {
  const tree = () =>
    treeOf({
      children: {
        mine: free({
          acl: 'Add=srv&Delete=srv&Exec=srv&Get=srv&Replace=srv',
          children: {
            a: leaf('1'),
            run: { format: 'null', access: ['Exec'], exec: () => 202 },
            inner: free({ acl: 'Get=other', children: { deep: leaf('2') } }),
          },
        }),
      },
    });

  it('[TREE-4-02] [TREE-4-13] each command needs its own right, and the subject is the server of the session', () => {
    const on = tree();
    const all = (authority: string) => [
      got(on, './mine/a', authority),
      on.replace('./mine/a', text('x'), authority),
      on.replaceProperty('./mine/a', 'Title', 't', authority),
      on.replaceProperty('./mine/a', 'Name', 'b', authority),
      on.exec('./mine/run', undefined, undefined, authority),
      on.add('./mine/c', text('x'), authority),
      on.delete('./mine/inner', authority),
    ];
    expect(all('other')).toEqual([425, 425, 425, 425, 425, 425, 425]);
    // The inner node's own ACL gives srv nothing, though all that is above does.
    expect(all('srv')).toEqual([[['./mine/a', 'chr', 'text/plain', '1']], 200, 200, 200, 202, 200, 425]);
    expect(on.text('./mine/b')).toBe('x');
  });

  it.each([
    ['Add', 'Add=srv', [200, 425, 425, 425, 425]],
    ['Delete', 'Delete=srv', [425, 200, 425, 425, 425]],
    ['Exec', 'Exec=srv', [425, 425, 202, 425, 425]],
    ['Get', 'Get=srv', [425, 425, 425, 200, 425]],
    ['Replace', 'Replace=srv', [425, 425, 425, 425, 200]],
  ])('[TREE-4-13] the right to %s is a right to nothing else', (_right, acl, codes) => {
    const on = treeOf({
      children: {
        n: free({
          acl,
          children: { a: leaf('1'), b: leaf('2'), r: { format: 'null', access: ['Exec'], exec: () => 202 } },
        }),
      },
    });
    const read = got(on, './n/a');
    expect([
      on.add('./n/c', text('x'), 'srv'),
      on.delete('./n/b', 'srv'),
      on.exec('./n/r', undefined, undefined, 'srv'),
      typeof read === 'number' ? read : 200,
      on.replace('./n/a', text('x'), 'srv'),
    ]).toEqual(codes);
  });

  it("[TREE-4-03] an empty ACL takes the nearest ancestor's whole value and nothing of those above", () => {
    const on = tree();
    expect(got(on, './mine/inner/deep', 'other')).toEqual([['./mine/inner/deep', 'chr', 'text/plain', '2']]);
    expect(got(on, './mine/inner/deep', 'srv')).toBe(425);
    // Replace is in the ancestor's ACL, and the nearer one names Get only.
    expect(on.replace('./mine/inner/deep', text('x'), 'srv')).toBe(425);
    expect(on.replaceProperty('./mine/inner', 'ACL', '', 'srv')).toBe(200);
    expect(on.replace('./mine/inner/deep', text('x'), 'srv')).toBe(200);
    expect(got(on, './mine/inner/deep', 'other')).toBe(425);
  });

  it("[TREE-4-04] the root has Add=*&Get=* from the factory, and its Add stays everybody's", () => {
    const on = new ManagementTree({ format: 'node', children: { a: leaf('1') } });
    expect(property(on, '.', 'ACL')).toBe('Add=*&Get=*');
    expect(got(on, './a')).toEqual([['./a', 'chr', 'text/plain', '1']]);
    expect([on.replace('./a', text('x'), 'srv'), on.delete('./a', 'srv')]).toEqual([425, 425]);
    expect(on.replaceProperty('.', 'ACL', 'Add=*', 'srv')).toBe(425);
    const given = treeOf({});
    for (const wrong of ['', 'Add=srv&Get=*', 'Get=*&Replace=*']) {
      expect(given.replaceProperty('.', 'ACL', wrong, 'srv')).toBe(405);
    }
    expect(given.replaceProperty('.', 'ACL', 'Add=*&Get=*&Replace=srv', 'srv')).toBe(200);
    expect(property(given, '.', 'ACL')).toBe('Add=*&Get=*&Replace=srv');
  });

  it('[TREE-4-05] Get of an empty ACL gives an empty value and not the inherited one', () => {
    expect(got(tree(), './mine/a?prop=ACL')).toEqual([['./mine/a?prop=ACL', 'chr', 'text/plain', '']]);
  });

  it("[TREE-4-06] an interior node's ACL is changed with Replace on it or on its parent", () => {
    const on = treeOf({
      acl: 'Add=*&Get=*',
      children: {
        own: free({ acl: 'Get=*&Replace=srv' }),
        above: free({ acl: 'Get=*&Replace=srv', children: { n: free({ acl: 'Get=other' }) } }),
        none: free({ acl: 'Get=*&Replace=other' }),
      },
    });
    expect(on.replaceProperty('./own', 'ACL', 'Get=srv', 'srv')).toBe(200);
    expect(on.replaceProperty('./above/n', 'ACL', 'Get=srv', 'srv')).toBe(200);
    expect(on.replaceProperty('./none', 'ACL', 'Get=srv', 'srv')).toBe(425);
    expect(on.replaceProperty('./own', 'ACL', 'Get=srv', 'srv')).toBe(425);
  });

  it("[TREE-4-07] a leaf's ACL is changed with Replace on its parent only", () => {
    const on = treeOf({
      acl: 'Add=*&Get=*',
      children: {
        a: leaf('1', { acl: 'Get=*&Replace=srv' }),
        n: free({ acl: 'Replace=srv', children: { b: leaf('2', { acl: 'Get=x' }) } }),
      },
    });
    expect(on.replaceProperty('./a', 'ACL', 'Get=srv', 'srv')).toBe(425);
    expect(on.replace('./a', text('x'), 'srv')).toBe(200);
    expect(on.replaceProperty('./a', 'Title', 'x', 'srv')).toBe(200);
    expect(on.replaceProperty('./n/b', 'ACL', 'Get=srv', 'srv')).toBe(200);
    expect(on.replace('./n/b', text('x'), 'srv')).toBe(425);
  });

  it('[TREE-4-08] [TREE-3-01] Replace of an ACL replaces all of it; too long a one finds no memory', () => {
    const on = treeOf({ children: { n: free({ acl: PUBLISHED }) } });
    expect(on.replaceProperty('./n', 'ACL', 'Get=srv', 'srv')).toBe(200);
    expect(property(on, './n', 'ACL')).toBe('Get=srv');
    expect(on.replaceProperty('./n', 'ACL', `Get=${'s'.repeat(9000)}`, 'srv')).toBe(420);
    expect(on.replaceProperty('./n', 'ACL', 'Get=srv', 'other')).toBe(200);
  });
});

describe('rights of who makes a node', () => {
  const root = (acl: string) => treeOf({ acl });

  it('[TREE-4-09] a server without Replace on the parent gets Add, Delete and Replace on the node that it adds', () => {
    const on = root('Add=*&Get=*');
    expect(on.add('./n1', NODE, 'srv')).toBe(200);
    expect(property(on, './n1', 'ACL')).toBe('Add=*&Get=*&Delete=srv&Replace=srv');
    expect(on.add('./n1/a', text('x'), 'srv')).toBe(200);
    expect(on.replace('./n1/a', text('y'), 'other')).toBe(425);
    expect(on.replace('./n1/a', text('y'), 'srv')).toBe(200);
    expect(on.delete('./n1', 'other')).toBe(425);
    expect(on.delete('./n1', 'srv')).toBe(200);
  });

  it('[TREE-4-09] [TREE-3-11] with Replace on the parent, and on a leaf always, a new ACL is empty', () => {
    const on = root(EVERYBODY);
    on.add('./n1', NODE, 'srv');
    expect(property(on, './n1', 'ACL')).toBe('');
    const poor = root('Add=*&Get=*');
    poor.add('./a', text('x'), 'srv');
    expect(property(poor, './a', 'ACL')).toBe('');
  });

  it("[TREE-4-09] [TREE-2-11] parents that an Add makes are its maker's too", () => {
    const on = root('Add=*&Get=*');
    expect(on.add('./n1/n2/a', text('x'), 'srv')).toBe(200);
    expect(property(on, './n1', 'ACL')).toBe('Add=*&Get=*&Delete=srv&Replace=srv');
    expect(property(on, './n1/n2', 'ACL')).toBe('');
    expect(on.text('./n1/n2/a')).toBe('x');
  });

  it('[TREE-4-10] Copy needs Get on the source and Add or Replace on the target', () => {
    const on = treeOf({
      acl: 'Add=*',
      children: {
        from: free({ acl: 'Get=srv', children: { a: leaf('1') } }),
        to: free({ acl: 'Add=srv', children: { b: leaf('2'), c: leaf('3', { acl: 'Replace=srv' }) } }),
        closed: free({ acl: 'Get=*' }),
      },
    });
    expect(on.copy('./from/a', './to/x1', 'srv')).toBe(200);
    expect(on.copy('./from/a', './to/c', 'srv')).toBe(200);
    expect([on.text('./to/x1'), on.text('./to/c')]).toEqual(['1', '1']);
    expect(on.copy('./from/a', './to/b', 'srv')).toBe(425);
    expect(on.copy('./from/a', './closed/x', 'srv')).toBe(425);
    expect(on.copy('./to/b', './to/x', 'srv')).toBe(425);
    expect(on.copy('./from/a', './to/y', 'other')).toBe(425);
  });

  it("[TREE-4-12] an account that is gone leaves every ACL; the root falls back to the factory's", () => {
    const on = treeOf({
      acl: 'Add=*&Replace=srv&Get=*',
      children: { n: free({ acl: 'Get=srv+other&Delete=srv', children: { a: leaf('1', { acl: 'Get=srv' }) } }) },
    });
    on.forgetServer('srv');
    expect(property(on, '.', 'ACL', 'x')).toBe('Add=*&Get=*');
    expect(property(on, './n', 'ACL', 'other')).toBe('Get=other');
    // Nothing is left of the leaf's own: its parent's holds.
    expect(property(on, './n/a', 'ACL', 'other')).toBe('');
    const bare = treeOf({ acl: 'Replace=srv' });
    bare.forgetServer('srv');
    expect(property(bare, '.', 'ACL', 'x')).toBe('Add=*&Get=*');
  });
});
