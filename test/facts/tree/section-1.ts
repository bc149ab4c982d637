import type { Fact } from '../fact.ts';

/** Sheet dm-tree, section 1: URIs of nodes. */
export const facts: readonly Fact[] = [
  { id: 'TREE-1-01', text: 'a URI is relative to the root: with and without ./ it names the same node' },
  { id: 'TREE-1-02', text: 'the root is . alone; a URI that begins or ends with / names nothing: 404' },
  { id: 'TREE-1-03', text: '.. stands nowhere and . only at the start' },
  { id: 'TREE-1-04', text: 'names are UTF-8, case counts, and a dynamic name keeps the case that it was given' },
  { id: 'TREE-1-05', text: 'no name holds a /' },
  { id: 'TREE-1-06', text: 'more than MaxDepth, MaxTotLen or MaxSegLen of ./DevDetail/URI is answered by 414' },
  { id: 'TREE-1-07', text: 'percent-escapes follow RFC 2396: escaped and plain spelling are one name' },
];
