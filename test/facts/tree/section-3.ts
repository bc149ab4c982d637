import type { Fact } from '../fact.ts';

/** Sheet dm-tree, section 3: properties. */
export const facts: readonly Fact[] = [
  { id: 'TREE-3-01', text: 'ACL can be asked for and replaced' },
  { id: 'TREE-3-02', text: 'Format can be asked for only; it is one of the eleven' },
  {
    id: 'TREE-3-03',
    text: 'Name can be asked for and replaced: a rename, 405 on a permanent node, 418 when a sibling has the name, MaxSegLen holds',
  },
  {
    id: 'TREE-3-04',
    text: 'Type can be asked for only: MIME type of a leaf, identifier of a management object or nothing for an interior node',
  },
  { id: 'TREE-3-05', text: 'Size is for leaves, counts octets of the raw value and can be asked for only' },
  { id: 'TREE-3-06', text: 'Title can be asked for and replaced and has 255 octets at most' },
  { id: 'TREE-3-07', text: 'TStamp is the time of the last change in UTC, basic format, and can be asked for only' },
  { id: 'TREE-3-08', text: 'VerNo has 16 bits, goes up by one with each change, and begins again at 0 after FFFF' },
  {
    id: 'TREE-3-09',
    text: '<URI>?prop=<Name>: 406 for a property that is not supported, 405 for a command that is not for it',
  },
  { id: 'TREE-3-10', text: 'values of properties are UTF-8 text, numbers decimal' },
  { id: 'TREE-3-11', text: 'a new node has its properties at once; its ACL is empty' },
  { id: 'TREE-3-12', text: 'Replace of a value may change Type and Format by its Meta' },
  { id: 'TREE-3-13', text: 'Size counts octets without base64' },
];
