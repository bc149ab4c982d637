import { toBase64 } from '../../src-main/base/base64.ts';
import { utf8 } from '../../src-main/base/bytes.ts';
import { type Element, NO_CHILDREN } from '../../src-main/base/element.ts';
import type { Command, Encoding, Header, Item, Message, Meta } from '../../src-main/syncml/model.ts';
import { writeWbxml } from '../../src-main/wbxml/writer.ts';
import { writeXml } from '../../src-main/xml/writer.ts';

const HEADER: Header = {
  verDtd: '1.2',
  verProto: 'DM/1.2',
  sessionId: '1A2B',
  msgId: 3,
  target: { uri: 'IMEI:004999010640000' },
  source: { uri: 'http://dms.example/dm', name: 'dms' },
};
const NONCE = toBase64(utf8('nonce'));
const CHR: Meta = { format: 'chr', type: 'text/plain' };

function node(name: string, ...inside: readonly (Element | string)[]): Element {
  const children = inside.filter((child) => typeof child !== 'string');
  const content = inside.find((child) => typeof child === 'string');
  return { page: 2, name, children: children.length === 0 ? NO_CHILDREN : children, content };
}

/** A tree with every property, an interior node and leaves of several formats. */
export const RARE_TREE = node(
  'MgmtTree',
  node('VerDTD', '1.2'),
  node('Man', 'Acme'),
  node('Mod', 'M1'),
  node(
    'Node',
    node('NodeName', 'Inner'),
    node('Path', './Vendor'),
    node(
      'RTProperties',
      node('ACL', 'Get=*&Replace=a+b'),
      node('Format', node('node')),
      node('Type', node('DDFName', 'urn:example:mo:1.0')),
      node('Title', 'a title'),
    ),
    ...['chr', 'int', 'bool', 'b64', 'xml'].map((format) =>
      node(
        'Node',
        node('NodeName', `leaf-${format}`),
        node('RTProperties', node('Format', node(format)), node('Type', node('MIME', 'text/plain'))),
        node('Value', '1'),
      ),
    ),
  ),
);

const at = (uri: string, more: Partial<Item> = {}): Item => ({ target: { uri }, ...more });

function status(code: number, cmd: string, more: Partial<Extract<Command, { kind: 'Status' }>> = {}): Command {
  return {
    kind: 'Status',
    cmdId: '1',
    msgRef: 2,
    cmdRef: '4',
    cmd,
    targetRefs: [],
    sourceRefs: [],
    code,
    items: [],
    ...more,
  };
}

function question(code: number, parameters: string, ...items: readonly string[]): Command {
  const options: Item = parameters === '' ? {} : { data: parameters };
  return { kind: 'Alert', cmdId: '9', code, items: [options, ...items.map((data) => ({ data }))] };
}

/** Commands that sessions of ours seldom or never hold, one message each, with what they are for failures. */
export function rareMessages(encoding: Encoding): readonly (readonly [string, Message])[] {
  const message = (...commands: readonly Command[]): Message => ({ header: HEADER, commands, final: true });
  const text = writeXml(RARE_TREE).replace(/^<\?.*?\?>/, '');
  const xmlType: Meta = { format: 'xml', type: 'application/vnd.syncml.dmtnds+xml' };
  const commands: readonly (readonly [string, Command])[] = [
    [
      'Atomic',
      {
        kind: 'Atomic',
        cmdId: '1',
        meta: CHR,
        commands: [
          { kind: 'Add', cmdId: '2', meta: CHR, items: [at('./a', { data: 'v' })] },
          {
            kind: 'Sequence',
            cmdId: '3',
            commands: [{ kind: 'Copy', cmdId: '4', items: [at('./b', { source: { uri: './a' } })] }],
          },
          { kind: 'Delete', cmdId: '5', items: [at('./c')] },
        ],
      },
    ],
    [
      'Copy',
      {
        kind: 'Copy',
        cmdId: '1',
        items: [at('./b', { source: { uri: './a' } }), at('./d', { source: { uri: './c' } })],
      },
    ],
    ['a tree inline', { kind: 'Add', cmdId: '1', meta: xmlType, items: [at('./x', { markup: [RARE_TREE] })] }],
    ['a tree as text', { kind: 'Replace', cmdId: '1', items: [at('./x', { meta: xmlType, data: text })] }],
    [
      'a tree in Results',
      {
        kind: 'Results',
        cmdId: '1',
        msgRef: 2,
        cmdRef: '3',
        items: [{ source: { uri: './x?list=TNDS' }, meta: xmlType, data: text }],
      },
    ],
    ['alert 1100', question(1100, 'MINDT=10&MAXDT=20', 'Good day')],
    ['alert 1101', question(1101, 'DR=1', 'Install?')],
    ['alert 1102', question(1102, 'DR=a+b&MAXLEN=20&IT=A&ET=P', 'Your name?')],
    ['alert 1103', question(1103, 'DR=2', 'Which?', 'one', 'two')],
    ['alert 1104', question(1104, '', 'Which?', 'one', 'two', 'three')],
    [
      'Correlator',
      {
        kind: 'Sequence',
        cmdId: '1',
        commands: [
          { kind: 'Exec', cmdId: '2', correlator: 'c-17', items: [at('./e', { data: '<a>&amp;</a>' })] },
          {
            kind: 'Alert',
            cmdId: '3',
            code: 1226,
            correlator: 'c-17',
            items: [{ source: { uri: './e' }, meta: { ...CHR, mark: 'critical' }, data: '1200' }],
          },
        ],
      },
    ],
    [
      'a first chunk',
      {
        kind: 'Add',
        cmdId: '1',
        items: [at('./l', { meta: { ...CHR, size: 4000 }, data: 'x'.repeat(1500), moreData: true })],
      },
    ],
    ['a later chunk', { kind: 'Add', cmdId: '1', items: [at('./l', { data: 'x'.repeat(2500) })] }],
    ['a broken object', { kind: 'Alert', cmdId: '1', code: 1225, items: [at('./l')] }],
    ['425', status(425, 'Replace', { targetRefs: ['./a', './b'], sourceRefs: ['./c'] })],
    ['an answer with choices', status(200, 'Alert', { items: [{ data: '1' }, { data: '3' }] })],
    ['empty values', { kind: 'Replace', cmdId: '1', meta: CHR, items: [at('./a', { data: '' }), at('./n')] }],
    ...(['basic', 'md5', 'MAC'] as const).map((type): readonly [string, Command] => [
      `a challenge of ${type}`,
      status(401, 'SyncHdr', {
        cmdRef: '0',
        chal: { format: 'b64', type: `syncml:auth-${type}`, ...(type === 'basic' ? {} : { nextNonce: NONCE }) },
      }),
    ]),
  ];
  const embedded: readonly (readonly [string, Command])[] =
    encoding === 'xml'
      ? []
      : [
          [
            'a tree as a document of its own',
            {
              kind: 'Add',
              cmdId: '1',
              meta: { format: 'bin', type: 'application/vnd.syncml.dmtnds+wbxml' },
              items: [at('./x', { data: writeWbxml(RARE_TREE) })],
            },
          ],
        ];
  const credentials = ['basic', 'md5'].map((type): readonly [string, Message] => [
    `a credential of ${type}`,
    {
      header: {
        ...HEADER,
        respUri: 'http://dms.example/dm?a=1&b=2',
        cred: { meta: { format: 'b64', type: `syncml:auth-${type}` }, data: 'Zz6EivR3yeaaENcRN6lpAQ==' },
      },
      commands: [],
      final: true,
    },
  ]);
  return [
    ...[...commands, ...embedded].map(([origin, command]) => [origin, message(command)] as const),
    ...credentials,
  ];
}
