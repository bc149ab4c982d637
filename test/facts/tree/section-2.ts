import type { Fact } from '../fact.ts';

/** Sheet dm-tree, section 2: kinds of nodes. */
export const facts: readonly Fact[] = [
  {
    id: 'TREE-2-01',
    text: 'an interior node has Format node, its value is the list of its children, it takes no data',
  },
  { id: 'TREE-2-02', text: 'a leaf has a value, which may be null' },
  {
    id: 'TREE-2-03',
    text: 'a permanent node is neither added nor deleted nor renamed (405); its Type, Format and name are fixed',
  },
  { id: 'TREE-2-04', text: 'a dynamic node is made and deleted by a server or by the device' },
  { id: 'TREE-2-05', text: 'a dynamic node without Delete is refused by 405 and goes with its parent all the same' },
  {
    id: 'TREE-2-06',
    text: 'Get on an interior node gives its names joined by /, with Format node and Type text/plain; without children an empty value and 200',
  },
  { id: 'TREE-2-07', text: 'names come in the list as they stand in URIs' },
  {
    id: 'TREE-2-08',
    text: 'the item of a Results names the node that was asked; a list without that name is read too',
  },
  {
    id: 'TREE-2-09',
    text: 'Add of an interior node carries Format node, perhaps a Type, and no data; its name is the last segment',
  },
  { id: 'TREE-2-10', text: 'checks come in the order 414, 404 or 418, 405, 425, 415, 413 or 420' },
  { id: 'TREE-2-11', text: 'Add may make missing parents; when one cannot be made it is known which' },
];
