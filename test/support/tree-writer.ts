/** A process that changes a kept tree and says so after each flush, until it is killed. */
import { utf8 } from '../../src-main/base/bytes.ts';
import { ManagementTree } from '../../src-main/dm/tree/management-tree.ts';
import type { NodeSpec } from '../../src-main/dm/tree/node.ts';
import { nodesBelow, uriOf } from '../../src-main/dm/tree/node.ts';
import { propertyText } from '../../src-main/dm/tree/property.ts';
import { TreeStore } from '../../src-main/virtual/handset/tree-store.ts';

const ALL = 'Add=*&Delete=*&Exec=*&Get=*&Replace=*';

function itemSpec(): NodeSpec {
  return {
    format: 'node',
    access: ['Get', 'Delete'],
    children: { Status: { format: 'int', value: '0' }, Spare: { format: 'chr', access: ['Get', 'Delete'] } },
    allowed: (name) => (name.startsWith('_') ? undefined : { format: 'chr', access: ['Get', 'Replace', 'Delete'] }),
  };
}

/** The tree as the device makes it at each start. */
export function keptTree(): ManagementTree {
  return new ManagementTree(
    {
      format: 'node',
      acl: ALL,
      children: {
        Count: { format: 'int', value: '0', access: ['Get', 'Replace'] },
        Fixed: { format: 'chr', value: 'factory', permanent: true },
        Loose: { format: 'chr', value: 'factory', access: ['Get', 'Delete'] },
        Bag: { format: 'node', permanent: true, allowed: (name) => (name === 'never' ? undefined : itemSpec()) },
      },
    },
    { now: () => 1_000_000_000_000 },
  );
}

/** Step `number` of a course that never ends: what one message may do. */
export function step(tree: ManagementTree, number: number): void {
  const check = (code: number) => {
    if (code !== 200) throw new Error(`step ${number}: ${code}`);
  };
  const text = (value: string) => ({ format: 'chr', type: undefined, value: utf8(value) });
  check(tree.replace('./Count', { ...text(String(number)), format: 'int' }, 'dms'));
  // Now and then one that has a file of its own, or that makes the journal long.
  const times = number % 10 === 0 ? 10_000 : number > 5 && number % 3 === 0 ? 5000 : 1;
  check(tree.add(`./Bag/n${number}/Data`, text(`data ${number}`.repeat(times)), 'dms'));
  tree.set(`./Bag/n${number}/Status`, String(number));
  check(tree.replaceProperty(`./Bag/n${number}`, 'ACL', `Get=*&Delete=*&Replace=srv-${number}`, 'dms'));
  if (number > 3) check(tree.delete(`./Bag/n${number - 3}`, 'dms'));
  if (number % 4 === 0) check(tree.replaceProperty(`./Bag`, 'Title', `bag ${number}`, 'dms'));
  if (number % 5 === 0) check(tree.delete(`./Bag/n${number}/Spare`, 'dms'));
}

/** Everything that a server can see of a tree. */
export function picture(tree: ManagementTree): readonly string[] {
  const lines: string[] = [];
  for (const node of nodesBelow(tree.root)) {
    const told = (['ACL', 'Format', 'Type', 'Title', 'TStamp', 'VerNo'] as const).map((name) =>
      propertyText(node, name),
    );
    lines.push(`${uriOf(node)} ${told.join(' ')} ${node.format === 'node' ? '' : (tree.text(uriOf(node)) ?? 'none')}`);
  }
  return lines.sort((a, b) => (a < b ? -1 : 1));
}

/** What the tree is after so many steps. */
export function pictureAfter(steps: number): readonly string[] {
  const tree = keptTree();
  for (let number = 1; number <= steps; number += 1) step(tree, number);
  return picture(tree);
}

function write(folder: string): void {
  const store = new TreeStore(folder);
  const tree = keptTree();
  store.load(tree);
  for (let number = Number(tree.text('./Count')) + 1; ; number += 1) {
    step(tree, number);
    store.flush();
    process.stdout.write(`${number}\n`);
  }
}

if (import.meta.main) write(process.argv[2] ?? '');
