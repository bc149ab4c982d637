import type { Fact } from '../fact.ts';

/** Sheet dm-tree, section 4: ACL. */
export const facts: readonly Fact[] = [
  { id: 'TREE-4-01', text: 'an ACL is entries joined by &, each a command, =, and identifiers joined by + or *' },
  { id: 'TREE-4-02', text: 'the subject is the identifier of the authenticated server' },
  {
    id: 'TREE-4-03',
    text: "an empty ACL takes the nearest ancestor's whole value; nothing is merged, not even by command",
  },
  {
    id: 'TREE-4-04',
    text: 'the root always has a value, Add=*&Get=* by default; its Add stays *, another is refused by 405',
  },
  { id: 'TREE-4-05', text: 'Get of an empty ACL gives an empty value and not the inherited one' },
  { id: 'TREE-4-06', text: "an interior node's ACL is changed with Replace on it or on its parent" },
  {
    id: 'TREE-4-07',
    text: "a leaf's ACL is changed with Replace on the parent; Replace on the leaf is for its value and other properties",
  },
  { id: 'TREE-4-08', text: 'Replace of an ACL replaces all of it: 200, 425 without the right, 420 without memory' },
  {
    id: 'TREE-4-09',
    text: 'who adds an interior node without Replace on the parent gets Add, Delete and Replace on it; else a new ACL is empty',
  },
  { id: 'TREE-4-10', text: 'Copy needs the rights of the Get and the Add or Replace that it stands for' },
  { id: 'TREE-4-11', text: '* beats any identifier of its entry' },
  {
    id: 'TREE-4-12',
    text: "an account that is deleted leaves every ACL; a command left to nobody vanishes, the root falls back to the factory's",
  },
  { id: 'TREE-4-13', text: 'rename needs Replace, Exec needs Exec, every command its own right, else 425' },
];
