import type { Fact } from '../fact.ts';

export const facts: readonly Fact[] = [
  { id: 'REP-2.1-01', text: 'Ours are UTF-8 without a byte order mark.' },
  { id: 'REP-2.1-02', text: 'A byte order mark and UTF-16 are read.' },
  {
    id: 'REP-2.1-03',
    text: "Charset: the mark first, then the transport's parameter, then the declaration, then UTF-8.",
  },
  { id: 'REP-2.1-04', text: 'Elements are known by local name; a namespace may be missing or wrong.' },
  { id: 'REP-2.1-05', text: 'The namespace of MetInf may stand on each child, on Meta, or behind a prefix.' },
  { id: 'REP-2.1-06', text: 'A child of Meta without namespace is MetInf.' },
  { id: 'REP-2.1-07', text: 'Attributes are passed over.' },
  { id: 'REP-2.1-08', text: 'An unknown command below SyncBody or in a group is answered by 400.' },
  { id: 'REP-2.1-09', text: 'An unknown element inside a known one is passed over.' },
  {
    id: 'REP-2.1-10',
    text: 'White space and NUL around numbers, codes, URIs, names, types and Meta values mean nothing.',
  },
  { id: 'REP-2.1-11', text: 'The data of an Item is never trimmed; white space between elements is nothing.' },
  { id: 'REP-2.1-12', text: 'CDATA and entities equal text; neighbours are joined.' },
  { id: 'REP-2.1-13', text: 'Mark-up in a value is written so that it stays a value.' },
  {
    id: 'REP-2.1-14',
    text: 'A DOCTYPE is passed over, also with the processing instruction of the official one, and nothing is fetched.',
  },
  { id: 'REP-2.1-15', text: 'Entity declarations are refused.' },
  { id: 'REP-2.1-16', text: 'An empty Data is an empty value; no Data is no value.' },
  { id: 'REP-2.1-17', text: 'WBXML says an empty value in four ways: 0F, 4F 01, 4F 03 00 01, 4F C3 00 01.' },
  { id: 'REP-2.1-18', text: 'Codes are decimal text: trimmed and compared as numbers.' },
  { id: 'REP-2.1-19', text: 'A code that nobody knows counts as the first of its class.' },
  { id: 'REP-2.1-20', text: 'Children are written in the order of the DTD and read in any.' },
];
