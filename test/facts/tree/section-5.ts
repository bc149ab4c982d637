import type { Fact } from '../fact.ts';

/** Sheet dm-tree, section 5: lists. */
export const facts: readonly Fact[] = [
  { id: 'TREE-5-01', text: '?list=Struct gives an item a node of the subtree, with Format and Type and no data' },
  { id: 'TREE-5-02', text: "?list=StructData gives the leaves' data too" },
  {
    id: 'TREE-5-03',
    text: '?list=TNDS gives one item, the start as Source, with Type and Format of a serialized tree',
  },
  { id: 'TREE-5-04', text: '?list=TNDS+A+B gives these parts only' },
  { id: 'TREE-5-05', text: '?list=TNDS-A gives all parts but these; + and - are not mixed' },
  { id: 'TREE-5-06', text: 'only nodes that the server may read are given' },
  { id: 'TREE-5-07', text: 'a list that is not known is refused by 406' },
  { id: 'TREE-5-08', text: 'items may come in several Results: all of them are read' },
];
