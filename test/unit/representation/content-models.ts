import type { Message } from '../../../src-main/syncml/model.ts';

/**
 * Every element of SyncML that DM uses, with its children in the order of the DTD (DM Representation 1.2). Written by
 * hand: the XML and the message that it says know nothing of each other, nor of our writer.
 */
export interface ContentModel {
  readonly fact: string;
  readonly element: string;
  /** What stands around the children, `@` in their place. */
  readonly around: string;
  /** Children in the order of the DTD; those that repeat are one entry. */
  readonly children: readonly string[];
  readonly says: Message;
}

const NS = ' xmlns="syncml:metinf"';
const ROOT = '<SyncML xmlns="SYNCML:SYNCML1.2">';
const HEADER_CHILDREN = [
  '<VerDTD>1.2</VerDTD>',
  '<VerProto>DM/1.2</VerProto>',
  '<SessionID>5</SessionID>',
  '<MsgID>3</MsgID>',
  '<Target><LocURI>T</LocURI></Target>',
  '<Source><LocURI>S</LocURI></Source>',
] as const;
export const PLAIN_HEADER: Message['header'] = {
  verDtd: '1.2',
  verProto: 'DM/1.2',
  sessionId: '5',
  msgId: 3,
  target: { uri: 'T' },
  source: { uri: 'S' },
};
const HEADER = `<SyncHdr>${HEADER_CHILDREN.join('')}</SyncHdr>`;
const inBody = (inner: string) => `${ROOT}${HEADER}<SyncBody>${inner}</SyncBody></SyncML>`;
const command = (name: string) => inBody(`<${name}>@</${name}>`);
const message = (...commands: Message['commands']): Message => ({ header: PLAIN_HEADER, commands, final: false });

const META = `<Meta><Format${NS}>chr</Format><Type${NS}>text/plain</Type></Meta>`;
const META_SAYS = { format: 'chr', type: 'text/plain' };
const ITEM = '<Item><Target><LocURI>./a</LocURI></Target><Data>v</Data></Item>';
const ITEM_SAYS = { target: { uri: './a' }, data: 'v' };
const ID = '<CmdID>7</CmdID>';
const QUIET = '<NoResp/>';
const DATA_COMMAND = [ID, QUIET, META, ITEM + ITEM];
const DATA_COMMAND_SAYS = { cmdId: '7', noResp: true, meta: META_SAYS, items: [ITEM_SAYS, ITEM_SAYS] };

const HEADER_MODELS: readonly ContentModel[] = [
  {
    fact: 'REP-2-01',
    element: 'SyncML',
    around: `${ROOT}@</SyncML>`,
    children: [HEADER, '<SyncBody><Final/></SyncBody>'],
    says: { header: PLAIN_HEADER, commands: [], final: true },
  },
  {
    fact: 'REP-2-02',
    element: 'SyncHdr',
    around: `${ROOT}<SyncHdr>@</SyncHdr><SyncBody/></SyncML>`,
    children: [
      ...HEADER_CHILDREN,
      '<RespURI>http://r/?a=1&amp;b=2</RespURI>',
      QUIET,
      `<Cred><Meta><Type${NS}>syncml:auth-basic</Type></Meta><Data>YTpi</Data></Cred>`,
      `<Meta><MaxMsgSize${NS}>5000</MaxMsgSize></Meta>`,
    ],
    says: {
      header: {
        ...PLAIN_HEADER,
        respUri: 'http://r/?a=1&b=2',
        noResp: true,
        cred: { meta: { type: 'syncml:auth-basic' }, data: 'YTpi' },
        meta: { maxMsgSize: 5000 },
      },
      commands: [],
      final: false,
    },
  },
  {
    fact: 'REP-2-03',
    element: 'SyncBody',
    around: inBody('@'),
    children: [
      `<Status>${ID}<MsgRef>1</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd><Data>212</Data></Status>`,
      '<Final/>',
    ],
    says: {
      header: PLAIN_HEADER,
      commands: [
        {
          kind: 'Status',
          cmdId: '7',
          msgRef: 1,
          cmdRef: '0',
          cmd: 'SyncHdr',
          targetRefs: [],
          sourceRefs: [],
          code: 212,
          items: [],
        },
      ],
      final: true,
    },
  },
  {
    fact: 'REP-2-04',
    element: 'Target',
    around: inBody(`<Get>${ID}<Item><Target>@</Target></Item></Get>`),
    children: ['<LocURI>./a</LocURI>', '<LocName>name</LocName>'],
    says: message({ kind: 'Get', cmdId: '7', items: [{ target: { uri: './a', name: 'name' } }] }),
  },
  {
    fact: 'REP-2-05',
    element: 'Source',
    around: inBody(`<Get>${ID}<Item><Source>@</Source></Item></Get>`),
    children: ['<LocURI>./a</LocURI>', '<LocName>name</LocName>'],
    says: message({ kind: 'Get', cmdId: '7', items: [{ source: { uri: './a', name: 'name' } }] }),
  },
  {
    fact: 'REP-2-06',
    element: 'Cred',
    around: `${ROOT}<SyncHdr>${HEADER_CHILDREN.join('')}<Cred>@</Cred></SyncHdr><SyncBody/></SyncML>`,
    children: [
      `<Meta><Format${NS}>b64</Format><Type${NS}>syncml:auth-md5</Type></Meta>`,
      '<Data>Zz6EivR3yeaaENcRN6lpAQ==</Data>',
    ],
    says: {
      header: {
        ...PLAIN_HEADER,
        cred: { meta: { format: 'b64', type: 'syncml:auth-md5' }, data: 'Zz6EivR3yeaaENcRN6lpAQ==' },
      },
      commands: [],
      final: false,
    },
  },
];

const COMMAND_MODELS: readonly ContentModel[] = [
  {
    fact: 'REP-2-08',
    element: 'Alert',
    around: command('Alert'),
    children: [ID, QUIET, '<Data>1226</Data>', '<Correlator>c 1</Correlator>', ITEM + ITEM],
    says: message({
      kind: 'Alert',
      cmdId: '7',
      noResp: true,
      code: 1226,
      correlator: 'c 1',
      items: [ITEM_SAYS, ITEM_SAYS],
    }),
  },
  ...(['Add', 'Replace', 'Copy', 'Delete', 'Get'] as const).map((kind, index) => ({
    fact: `REP-2-${String([9, 9, 10, 11, 12][index]).padStart(2, '0')}`,
    element: kind,
    around: command(kind),
    children: DATA_COMMAND,
    says: message({ kind, ...DATA_COMMAND_SAYS }),
  })),
  {
    fact: 'REP-2-13',
    element: 'Exec',
    around: command('Exec'),
    children: [ID, QUIET, META, '<Correlator>c</Correlator>', ITEM + ITEM],
    says: message({ kind: 'Exec', correlator: 'c', ...DATA_COMMAND_SAYS }),
  },
  ...(['Atomic', 'Sequence'] as const).map((kind) => ({
    fact: 'REP-2-14',
    element: kind,
    around: command(kind),
    children: [
      ID,
      QUIET,
      META,
      `<Delete><CmdID>8</CmdID>${ITEM}</Delete><Sequence><CmdID>9</CmdID><Get><CmdID>10</CmdID></Get></Sequence>`,
    ],
    says: message({
      kind,
      cmdId: '7',
      noResp: true,
      meta: META_SAYS,
      commands: [
        { kind: 'Delete', cmdId: '8', items: [ITEM_SAYS] },
        { kind: 'Sequence', cmdId: '9', commands: [{ kind: 'Get', cmdId: '10', items: [] }] },
      ],
    }),
  })),
];

const ANSWER_MODELS: readonly ContentModel[] = [
  {
    fact: 'REP-2-07',
    element: 'Chal',
    around: inBody(
      `<Status>${ID}<MsgRef>1</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd><Chal>@</Chal><Data>401</Data></Status>`,
    ),
    children: [
      `<Meta><Format${NS}>b64</Format><Type${NS}>syncml:auth-MAC</Type><NextNonce${NS}>bm9uY2U=</NextNonce></Meta>`,
    ],
    says: message({
      kind: 'Status',
      cmdId: '7',
      msgRef: 1,
      cmdRef: '0',
      cmd: 'SyncHdr',
      targetRefs: [],
      sourceRefs: [],
      chal: { format: 'b64', type: 'syncml:auth-MAC', nextNonce: 'bm9uY2U=' },
      code: 401,
      items: [],
    }),
  },
  {
    fact: 'REP-2-15',
    element: 'Status',
    around: command('Status'),
    children: [
      ID,
      '<MsgRef>2</MsgRef>',
      '<CmdRef>4</CmdRef>',
      '<Cmd>Replace</Cmd>',
      '<TargetRef>./a</TargetRef><TargetRef>./b</TargetRef>',
      '<SourceRef>./c</SourceRef><SourceRef>./d</SourceRef>',
      `<Chal><Meta><Type${NS}>syncml:auth-basic</Type></Meta></Chal>`,
      '<Data>425</Data>',
      ITEM + ITEM,
    ],
    says: message({
      kind: 'Status',
      cmdId: '7',
      msgRef: 2,
      cmdRef: '4',
      cmd: 'Replace',
      targetRefs: ['./a', './b'],
      sourceRefs: ['./c', './d'],
      chal: { type: 'syncml:auth-basic' },
      code: 425,
      items: [ITEM_SAYS, ITEM_SAYS],
    }),
  },
  {
    fact: 'REP-2-16',
    element: 'Results',
    around: command('Results'),
    children: [
      ID,
      '<MsgRef>2</MsgRef>',
      '<CmdRef>4</CmdRef>',
      META,
      '<TargetRef>./a</TargetRef>',
      '<SourceRef>./b</SourceRef>',
      ITEM + ITEM,
    ],
    says: message({
      kind: 'Results',
      cmdId: '7',
      msgRef: 2,
      cmdRef: '4',
      meta: META_SAYS,
      targetRef: './a',
      sourceRef: './b',
      items: [ITEM_SAYS, ITEM_SAYS],
    }),
  },
  {
    fact: 'REP-2-17',
    element: 'Item',
    around: inBody(`<Add>${ID}<Item>@</Item></Add>`),
    children: [
      '<Target><LocURI>./a</LocURI></Target>',
      '<Source><LocURI>./b</LocURI></Source>',
      META,
      '<Data> v </Data>',
      '<MoreData/>',
    ],
    says: message({
      kind: 'Add',
      cmdId: '7',
      items: [{ target: { uri: './a' }, source: { uri: './b' }, meta: META_SAYS, data: ' v ', moreData: true }],
    }),
  },
  {
    fact: 'REP-2-19',
    element: 'Meta',
    around: inBody(`<Get>${ID}<Meta>@</Meta></Get>`),
    children: [
      `<Format${NS}>b64</Format>`,
      `<Type${NS}>text/plain</Type>`,
      `<Mark${NS}>critical</Mark>`,
      `<Size${NS}>12</Size>`,
      `<Version${NS}>v</Version>`,
      `<NextNonce${NS}>bm9uY2U=</NextNonce>`,
      `<MaxMsgSize${NS}>5000</MaxMsgSize>`,
      `<MaxObjSize${NS}>6000</MaxObjSize>`,
      `<EMI${NS}>x-a</EMI><EMI${NS}>x-b</EMI>`,
    ],
    says: message({
      kind: 'Get',
      cmdId: '7',
      meta: {
        format: 'b64',
        type: 'text/plain',
        mark: 'critical',
        size: 12,
        version: 'v',
        nextNonce: 'bm9uY2U=',
        maxMsgSize: 5000,
        maxObjSize: 6000,
        emi: ['x-a', 'x-b'],
      },
      items: [],
    }),
  },
];

export const CONTENT_MODELS: readonly ContentModel[] = [...HEADER_MODELS, ...COMMAND_MODELS, ...ANSWER_MODELS];

/** The document with these children. */
export function documentOf(model: ContentModel, children: readonly string[]): string {
  const [before = '', after = ''] = model.around.split('@');
  return before + children.join('') + after;
}

/** Every order of up to five children; of more, every rotation of the order and of its reverse. */
export function ordersOf<T>(children: readonly T[]): readonly (readonly T[])[] {
  if (children.length <= 5) return permutations(children);
  const reversed = [...children].reverse();
  return [children, reversed].flatMap((list) => list.map((_child, at) => [...list.slice(at), ...list.slice(0, at)]));
}

function permutations<T>(list: readonly T[]): readonly (readonly T[])[] {
  if (list.length <= 1) return [list];
  return list.flatMap((first, at) =>
    permutations(list.filter((_one, index) => index !== at)).map((rest) => [first, ...rest]),
  );
}
