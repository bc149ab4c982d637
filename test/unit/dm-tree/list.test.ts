import { expect, it } from 'vitest';
import { queryTree } from '../../../src-main/dm/tree/query.ts';
import { byHand, DEVICE, readEnvelope, SERVER, serverOf, statusXml } from '../../support/dm-pair.ts';
import { free, got, leaf, treeOf } from './server-tree.ts';

const tree = () =>
  treeOf(
    {
      children: {
        n: free({
          type: 'urn:n',
          title: 'A title',
          children: {
            a: leaf('1', { format: 'int' }),
            secret: leaf('2', { access: ['Replace'] }),
            closed: free({ acl: 'Get=other', children: { b: leaf('3'), open: leaf('4', { acl: 'Get=*' }) } }),
            none: leaf('', { acl: 'Get=srv&Replace=srv' }),
          },
        }),
      },
    },
    { now: () => 0 },
  );

it('[TREE-5-01] [TREE-5-06] Struct gives every node that the server may read, without data', () => {
  expect(got(tree(), './n?list=Struct')).toEqual([
    ['./n', 'node', 'urn:n', undefined],
    ['./n/a', 'int', undefined, undefined],
    ['./n/closed/open', 'chr', undefined, undefined],
    ['./n/none', 'chr', undefined, undefined],
  ]);
  expect(got(tree(), './n/closed?list=Struct')).toBe(425);
  expect(got(tree(), './n/secret?list=Struct')).toBe(405);
});

it('[TREE-5-02] StructData gives the values of leaves too, the empty one as empty', () => {
  expect(got(tree(), 'n?list=structdata', 'other')).toEqual([
    ['n', 'node', 'urn:n', undefined],
    ['n/a', 'int', undefined, '1'],
    ['n/closed', 'node', undefined, undefined],
    ['n/closed/b', 'chr', undefined, '3'],
    ['n/closed/open', 'chr', undefined, '4'],
  ]);
  expect(got(tree(), './n/none?list=StructData')).toEqual([['./n/none', 'chr', undefined, '']]);
});

const HEAD = '<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD>';

it('[TREE-5-03] [TREE-7-05] TNDS gives one item with all that the server may read, its properties beside it', () => {
  const answer = got(tree(), './n?list=TNDS');
  expect(answer).toEqual([
    [
      './n',
      'xml',
      'application/vnd.syncml.dmtnds+xml',
      `${HEAD}<Node><NodeName>n</NodeName><RTProperties><Format><node/></Format><Name>n</Name><Title>A title</Title><TStamp>19700101T000000Z</TStamp><Type><DDFName>urn:n</DDFName></Type><VerNo>0</VerNo></RTProperties><Node><NodeName>a</NodeName><RTProperties><Format><int/></Format><Name>a</Name><Size>1</Size><TStamp>19700101T000000Z</TStamp><Type><MIME>text/plain</MIME></Type><VerNo>0</VerNo></RTProperties><Value>1</Value></Node><Node><NodeName>none</NodeName><RTProperties><ACL>Get=srv&amp;Replace=srv</ACL><Format><chr/></Format><Name>none</Name><Size>0</Size><TStamp>19700101T000000Z</TStamp><Type><MIME>text/plain</MIME></Type><VerNo>0</VerNo></RTProperties><Value/></Node></Node></MgmtTree>`,
    ],
  ]);
});

it.each([
  ['TNDS+Value', '<RTProperties/><Value>1</Value>'],
  ['TNDS+Format+Type', '<RTProperties><Format><int/></Format><Type><MIME>text/plain</MIME></Type></RTProperties>'],
  ['tnds+size+verno', '<RTProperties><Size>1</Size><VerNo>0</VerNo></RTProperties>'],
  [
    'TNDS-TStamp-Name-Value-Size',
    '<RTProperties><Format><int/></Format><Type><MIME>text/plain</MIME></Type><VerNo>0</VerNo></RTProperties>',
  ],
])('[TREE-5-04] [TREE-5-05] %s gives these parts', (list, inside) => {
  expect(got(tree(), `./n/a?list=${list}`)).toEqual([
    [
      './n/a',
      'xml',
      'application/vnd.syncml.dmtnds+xml',
      `${HEAD}<Node><NodeName>a</NodeName>${inside}</Node></MgmtTree>`,
    ],
  ]);
});

it.each(['TNDS+Value-Size', 'TNDS-Size+Value', 'TNDS+Owner', 'TNDS+', 'TNDSValue', 'All', 'Struct+Value', ''])(
  '[TREE-5-05] [TREE-5-07] [TREE-7-13] ?list=%s is refused by 406',
  (list) => {
    expect(got(tree(), `./n?list=${list}`)).toBe(406);
  },
);

it('[TREE-5-08] [TREE-2-08] items in several Results are read as one answer', () => {
  const { session, reports } = serverOf([[{ kind: 'Get', items: [{ target: { uri: './n?list=Struct' } }] }]]);
  const said = (body: string, msgId: number) =>
    session.receive(byHand(body, { msgId, source: DEVICE, target: SERVER })).send;
  const first = said(
    '<Alert><CmdID>1</CmdID><Data>1201</Data></Alert><Replace><CmdID>2</CmdID><Item><Source><LocURI>./DevInfo/DevId</LocURI></Source><Data>x</Data></Item></Replace>',
    1,
  );
  const asked = Number(readEnvelope(first).commands.find(({ kind }) => kind === 'Get')?.cmdId);
  const results = (id: number, item: string) =>
    `<Results><CmdID>${id}</CmdID><MsgRef>1</MsgRef><CmdRef>${asked}</CmdRef><Item>${item}</Item></Results>`;
  const source = (uri: string) => `<Source><LocURI>${uri}</LocURI></Source>`;
  const statuses = statusXml(1, 1, 0, 'SyncHdr', 200) + statusXml(2, 1, asked, 'Get', 200);
  said(statuses + results(3, source('./n')) + results(4, `${source('./n/a')}<Data>1</Data>`) + results(5, ''), 2);
  expect(reports[0]?.reports[0]?.results.map((item) => item.source?.uri)).toEqual(['./n', './n/a', './n?list=Struct']);
});

it('100,000 nodes are listed without deep recursion and in bounded time', () => {
  const on = treeOf({}, { maxNodes: 200_000 });
  for (let box = 0; box < 100; box += 1) {
    on.put(
      '.',
      `n${box}`,
      free({ children: Object.fromEntries(Array.from({ length: 999 }, (_, at) => [`l${at}`, leaf('v')])) }),
    );
  }
  const started = performance.now();
  const answer = queryTree(on, '.?list=StructData', 'srv', 'wbxml');
  expect(answer.kind === 'found' && answer.items.length).toBe(100_001);
  expect(performance.now() - started).toBeLessThan(5000);
  let deep = on.put('.', 'ndeep', free());
  for (let depth = 0; depth < 10_000; depth += 1) {
    const child = { ...deep, name: 'd', parent: deep, children: new Map() };
    deep.children.set('d', child);
    deep = child;
  }
  expect(got(on, './ndeep?list=Struct')).toHaveLength(10_001);
});
