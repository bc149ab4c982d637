import type { Fact } from '../fact.ts';

/** Sheet dm-tree, section 7: serialized trees. */
export const facts: readonly Fact[] = [
  {
    id: 'TREE-7-01',
    text: 'the root is MgmtTree in namespace syncml:dmddf1.2, with a MIME type for XML and one for WBXML',
  },
  { id: 'TREE-7-02', text: 'MgmtTree holds VerDTD 1.2, perhaps Man and Mod, and nodes' },
  {
    id: 'TREE-7-03',
    text: "an empty NodeName is the target's last segment; a missing one leaves the place to the Type, as in the Inbox",
  },
  { id: 'TREE-7-04', text: 'Path names the parent of a topmost node from the target' },
  { id: 'TREE-7-05', text: 'RTProperties are always written, and may be absent on reading' },
  { id: 'TREE-7-06', text: "Format holds exactly one empty element with the format's name" },
  { id: 'TREE-7-07', text: 'Type holds MIME for a leaf and DDFName for an interior node, which may be empty' },
  { id: 'TREE-7-08', text: 'an absent Value is no value and not an empty one; values keep to their Format' },
  {
    id: 'TREE-7-09',
    text: 'what must be decoded is: nodes, names, Path, Value, Type, ACL and Format; Title, TStamp and VerNo may be there',
  },
  { id: 'TREE-7-10', text: 'Add makes the whole subtree or nothing, with one Status' },
  { id: 'TREE-7-11', text: 'Replace deletes what is missing and makes what is new, all or nothing' },
  { id: 'TREE-7-12', text: 'Get gives the subtree, in XML and in WBXML' },
  { id: 'TREE-7-13', text: 'what is no serialized tree is refused by 415 or, as a list, 406' },
  {
    id: 'TREE-7-14',
    text: 'octets are base64 with Format b64 in XML, and such a node is bin; base64 with Format bin is read too',
  },
  { id: 'TREE-7-15', text: 'children of RTProperties come in any order' },
  { id: 'TREE-7-16', text: 'elements of a device description are skipped' },
  { id: 'TREE-7-17', text: 'the published kind of document is read and gives the nodes that it says' },
];
