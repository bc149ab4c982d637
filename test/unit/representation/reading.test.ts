import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src-main/base/bytes.ts';
import { PcAgentError } from '../../../src-main/base/errors.ts';
import { decodeMessage, encodeMessage } from '../../../src-main/syncml/codec.ts';
import type { Command, Item, Message } from '../../../src-main/syncml/model.ts';
import { knownStatus, Status } from '../../../src-main/syncml/status.ts';
import { byHand, clientOf, gist, readEnvelope, serverOf, statusXml, TestDevice } from '../../support/dm-pair.ts';
import { record, type Scene } from '../../support/dm-scenes.ts';
import { PLAIN_HEADER } from './content-models.ts';

const HEAD =
  '<SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>5</SessionID><MsgID>3</MsgID>' +
  '<Target><LocURI>T</LocURI></Target><Source><LocURI>S</LocURI></Source></SyncHdr>';
const xml = (body: string) => `<SyncML>${HEAD}<SyncBody>${body}</SyncBody></SyncML>`;
const read = (body: string) => decodeMessage(utf8(xml(body)), 'xml').message;
const command = (body: string): Command | undefined => read(body).commands[0];
const itemOf = (inner: string): Item | undefined => {
  const found = command(`<Add><CmdID>1</CmdID><Item>${inner}</Item></Add>`);
  return found?.kind === 'Add' ? found.items[0] : undefined;
};
const says = (...commands: readonly Command[]): Message => ({ header: PLAIN_HEADER, commands, final: false });

function units(text: string, littleEndian: boolean): Uint8Array {
  return Uint8Array.from(
    Array.from(text, (character) => character.charCodeAt(0)).flatMap((unit) =>
      littleEndian ? [unit & 255, unit >> 8] : [unit >> 8, unit & 255],
    ),
  );
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof PcAgentError) return error.code;
    throw error;
  }
  return 'none';
}

describe('encodings', () => {
  const BODY = '<Get><CmdID>1</CmdID><Item><Target><LocURI>./gr\u00fcn</LocURI></Target></Item></Get>';
  const SAYS = says({ kind: 'Get', cmdId: '1', items: [{ target: { uri: './gr\u00fcn' } }] });
  const declared = (charset: string) => `<?xml version="1.0" encoding="${charset}"?>${xml(BODY)}`;
  const latin = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));

  it('[REP-2.1-01] ours are UTF-8 without a mark, and say so', () => {
    const octets = encodeMessage(SAYS, 'xml');
    expect(Buffer.from(octets).toString('utf8')).toMatch(
      /^<\?xml version="1\.0" encoding="UTF-8"\?><SyncML .*\.\/gr\u00fcn</,
    );
  });

  it.each([
    ['a mark of UTF-8', Uint8Array.from([0xef, 0xbb, 0xbf, ...utf8(declared('UTF-8'))])],
    ['UTF-16, little end first, with a mark', units(`\ufeff${declared('UTF-16')}`, true)],
    ['UTF-16, big end first, with a mark', units(`\ufeff${declared('UTF-16')}`, false)],
    ['UTF-16, big end first, without a mark', units(declared('UTF-16'), false)],
  ])('[REP-2.1-02] %s is read', (_name, octets) => {
    expect(decodeMessage(octets, 'xml').message).toEqual(SAYS);
  });

  it('[REP-2.1-03] the mark beats the transport, the transport the declaration, the declaration UTF-8', () => {
    const marked = Uint8Array.from([0xef, 0xbb, 0xbf, ...utf8(declared('ISO-8859-1'))]);
    expect(decodeMessage(marked, 'xml', { charset: 'ISO-8859-1' }).message).toEqual(SAYS);
    expect(decodeMessage(utf8(declared('ISO-8859-1')), 'xml', { charset: 'UTF-8' }).message).toEqual(SAYS);
    expect(decodeMessage(latin(declared('UTF-8')), 'xml', { charset: 'ISO-8859-1' }).message).toEqual(SAYS);
    expect(decodeMessage(latin(declared('ISO-8859-1')), 'xml').message).toEqual(SAYS);
    expect(decodeMessage(utf8(xml(BODY)), 'xml').message).toEqual(SAYS);
    expect(codeOf(() => decodeMessage(latin(xml(BODY)), 'xml'))).toBe('xml/bad-text');
  });
});

describe('namespaces', () => {
  const plain = '<Get><CmdID>1</CmdID><Meta><Format>b64</Format><Type>a/b</Type></Meta></Get>';
  const expected = says({ kind: 'Get', cmdId: '1', meta: { format: 'b64', type: 'a/b' }, items: [] });

  it.each([
    ['missing', xml(plain)],
    ['wrong', xml(plain).replace('<SyncML>', '<SyncML xmlns="urn:wrong">')],
    ['of another version', xml(plain).replace('<SyncML>', '<SyncML xmlns="SYNCML:SYNCML1.1">')],
    ['on an element inside', xml(plain).replace('<SyncBody>', '<SyncBody xmlns="SYNCML:SYNCML1.2">')],
    [
      'as a prefix',
      xml(plain)
        .replace('<SyncML>', '<s:SyncML xmlns:s="SYNCML:SYNCML1.2">')
        .replaceAll(/<(\/?)(SyncHdr|SyncBody|Get|CmdID)>/g, '<$1s:$2>')
        .replace('</SyncML>', '</s:SyncML>'),
    ],
  ])('[REP-2.1-04] names count, whether the namespace is %s', (_name, text) => {
    expect(decodeMessage(utf8(text), 'xml').message).toEqual(expected);
  });

  it.each([
    ['on each child', plain.replaceAll(/<(Format|Type)>/g, '<$1 xmlns="syncml:metinf">')],
    ['on Meta', plain.replace('<Meta>', '<Meta xmlns="syncml:metinf">')],
    [
      'as a prefix',
      plain.replaceAll(/<(\/?)(Format|Type)>/g, '<$1m:$2>').replace('<Meta>', '<Meta xmlns:m="syncml:metinf">'),
    ],
    ['wrong', plain.replaceAll(/<(Format|Type)>/g, '<$1 xmlns="SYNCML:SYNCML1.2">')],
  ])('[REP-2.1-05] MetInf may be declared %s', (_name, body) => {
    const { message, root } = decodeMessage(utf8(xml(body)), 'xml');
    expect(message).toEqual(expected);
    const meta = root.children[1]?.children[0]?.children[1];
    expect(meta?.children.map(({ page, name }) => `${page}:${name}`)).toEqual(['1:Format', '1:Type']);
  });

  it('[REP-2.1-06] a child of Meta without a namespace is MetInf, also when the message goes on as WBXML', () => {
    expect(read(plain)).toEqual(expected);
    expect(decodeMessage(encodeMessage(read(plain), 'wbxml'), 'wbxml').message).toEqual(expected);
  });

  it('[REP-2.1-07] attributes say nothing', () => {
    const odd =
      '<SyncBody xmlns:msft="http://schemas.microsoft.com/MobileDevice/MDM"><Status><CmdID n="2">1</CmdID><MsgRef>1</MsgRef>' +
      '<CmdRef>2</CmdRef><Cmd>Get</Cmd><Data msft:originalerror="0x80004005">500</Data></Status></SyncBody>';
    const { commands } = decodeMessage(utf8(`<SyncML>${HEAD}${odd}</SyncML>`), 'xml').message;
    expect(commands).toEqual(
      read(
        odd
          .replace(/^<SyncBody[^>]*>/, '')
          .replace('</SyncBody>', '')
          .replaceAll(/ (n|msft:\w+)="\w+"/g, ''),
      ).commands,
    );
    expect(commands[0]).toMatchObject({ kind: 'Status', cmdId: '1', code: 500 });
  });
});

describe('what is unknown', () => {
  it('[REP-2.1-08] a command that nobody knows is answered by 400, below SyncBody and in a group, and the others are executed', () => {
    const device = new TestDevice();
    const client = clientOf(device);
    client.start();
    const before = [
      statusXml(1, 1, 0, 'SyncHdr', 212),
      statusXml(2, 1, 1, 'Alert', 200),
      statusXml(3, 1, 2, 'Replace', 200),
    ];
    const exec = (id: number) =>
      `<Exec><CmdID>${id}</CmdID><Item><Target><LocURI>./now</LocURI></Target></Item></Exec>`;
    const body = `<Invent><CmdID>4</CmdID><Item/></Invent>${exec(5)}<Sequence><CmdID>6</CmdID><Devise><CmdID>7</CmdID></Devise>${exec(8)}</Sequence>`;
    const lines = gist(client.receive(byHand(before.join('') + body)).send);
    for (const line of ['1/4 Invent 400', '1/5 Exec 200', '1/6 Sequence 200', '1/7 Devise 400', '1/8 Exec 200']) {
      expect(lines).toContain(`Status ${line}`);
    }
    expect(device.executed).toEqual(['now', 'now']);
    expect(command('<Atomic><CmdID>1</CmdID><Put><CmdID>2</CmdID></Put></Atomic>')).toMatchObject({
      commands: [{ kind: 'Unknown', name: 'Put', cmdId: '2' }],
    });
    const { send } = serverOf([]).session.receive(
      byHand('<Alert><CmdID>1</CmdID><Data>1201</Data></Alert><Invent><CmdID>2</CmdID></Invent>'),
    );
    expect(gist(send)).toContain('Status 1/2 Invent 400');
  });

  it.each([
    [
      400,
      ['<Status><CmdID>9</CmdID><MsgRef>1</MsgRef><CmdRef>1</CmdRef><Cmd>Alert</Cmd><Data>499</Data></Status>', 499],
    ],
    [
      200,
      ['<Status><CmdID>9</CmdID><MsgRef>1</MsgRef><CmdRef>1</CmdRef><Cmd>Alert</Cmd><Data> 299\n</Data></Status>', 299],
    ],
    [
      500,
      ['<Status><CmdID>9</CmdID><MsgRef>1</MsgRef><CmdRef>1</CmdRef><Cmd>Alert</Cmd><Data>0515</Data></Status>', 515],
    ],
  ] as const)('[REP-2.1-19] an unknown code counts as %d', (known, [body, code]) => {
    const status = command(body);
    expect(status).toMatchObject({ kind: 'Status', code });
    expect(knownStatus(code)).toBe(known);
  });

  it('[REP-2.1-19] a header that is answered by an unknown 2xx was taken, by an unknown 4xx was not', () => {
    const answered = (code: number) => {
      const client = clientOf(new TestDevice());
      client.start();
      const statuses = [
        statusXml(1, 1, 0, 'SyncHdr', code),
        statusXml(2, 1, 1, 'Alert', 200),
        statusXml(3, 1, 2, 'Replace', 200),
      ];
      return client.receive(byHand(statuses.join(''))).outcome;
    };
    expect(answered(299)).toMatchObject({ ok: true });
    expect(answered(499)).toMatchObject({ ok: false, code: 'dm/status' });
  });
});

describe('white space', () => {
  const around = (text: string) => ` \n\t${text}\r\n `;

  it('[REP-2.1-10] around numbers, codes, URIs, names, types and Meta values means nothing, nor does NUL', () => {
    const padded =
      `<Status><CmdID>${around('1')}</CmdID><MsgRef>${around('2')}</MsgRef><CmdRef>${around('3')}</CmdRef><Cmd>${around('Get')}</Cmd>` +
      `<TargetRef>${around('./a')}</TargetRef><Chal><Meta><Format>${around('b64')}</Format><Type>${around('syncml:auth-md5')}</Type>` +
      `<NextNonce>${around('bm9uY2U=')}</NextNonce></Meta></Chal><Data>${around('401')}</Data></Status>`;
    expect(command(padded)).toEqual(command(padded.replaceAll(/\s/g, '')));
    const nul = encodeMessage(
      says({
        kind: 'Get',
        cmdId: '7\0',
        meta: { format: 'chr\0', type: '\0text/plain ' },
        items: [{ target: { uri: './a\0' } }],
      }),
      'wbxml',
    );
    expect(decodeMessage(nul, 'wbxml').message).toEqual(
      says({
        kind: 'Get',
        cmdId: '7',
        meta: { format: 'chr', type: 'text/plain' },
        items: [{ target: { uri: './a' } }],
      }),
    );
  });

  it('[REP-2.1-11] in the data of an Item is the value, in both encodings; between elements it is nothing', () => {
    for (const value of [' v ', '\t', ' ', '\n\nv\n']) {
      expect(itemOf(`\n <Data>${value}</Data>\n `)).toEqual({ data: value });
      for (const encoding of ['xml', 'wbxml'] as const) {
        const written = encodeMessage(says({ kind: 'Add', cmdId: '1', items: [{ data: value }] }), encoding);
        expect(decodeMessage(written, encoding).message.commands[0]).toMatchObject({ items: [{ data: value }] });
      }
    }
    const spread = xml('<Add><CmdID>1</CmdID><Item><Data>v</Data></Item></Add>').replaceAll('><', '>\r\n\t<');
    expect(decodeMessage(utf8(spread), 'xml').message).toEqual(
      says({ kind: 'Add', cmdId: '1', items: [{ data: 'v' }] }),
    );
  });
});

describe('text', () => {
  it.each([
    ['a&amp;b&lt;c&gt;', 'a&b<c>'],
    ['<![CDATA[a&b<c>]]>', 'a&b<c>'],
    ['a<![CDATA[&]]>b<![CDATA[<]]>c&gt;', 'a&b<c>'],
    ['&#97;&#x26;b<![CDATA[<c]]><!-- and -->&gt;', 'a&b<c>'],
    ['<![CDATA[]]]]><![CDATA[>]]>', ']]>'],
  ])('[REP-2.1-12] %s is one value', (written, value) => {
    expect(itemOf(`<Data>${written}</Data>`)).toEqual({ data: value });
  });

  it('[REP-2.1-13, REP-3-19] mark-up in a value is written so that it stays a value', () => {
    const data = '<MgmtTree xmlns="syncml:dmddf1.2">&amp; ]]></MgmtTree>';
    const octets = encodeMessage(says({ kind: 'Add', cmdId: '1', items: [{ data }] }), 'xml');
    const text = Buffer.from(octets).toString('utf8');
    expect(text).toContain('<Data>&lt;MgmtTree ');
    expect(text).not.toContain('<MgmtTree');
    expect(decodeMessage(octets, 'xml').message.commands[0]).toMatchObject({ items: [{ data }] });
  });

  it('[REP-2.1-14] the official DOCTYPE with its instruction is passed over', () => {
    const doctype =
      '<!DOCTYPE SyncML PUBLIC "-//OMA//DTD SYNCML 1.2//EN" "http://127.0.0.1:1/OMA-SyncML-RepPro-DTD-V1_2.dtd" ' +
      '[<?oma-syncml-ver supported-versions="1.2"?>]>';
    expect(decodeMessage(utf8(doctype + xml('<Final/>')), 'xml').message.final).toBe(true);
  });

  it.each([
    '<!DOCTYPE SyncML [<!ENTITY a "aaaa">]>',
    '<!DOCTYPE SyncML [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
    '<!DOCTYPE SyncML [<!ENTITY % p SYSTEM "http://127.0.0.1:1/p"> %p;]>',
    '<!DOCTYPE SyncML PUBLIC "-//SYNCML//DTD SyncML 1.2//EN" "d" [<?x?>\n<!ENTITY x SYSTEM "file:///etc/passwd">]>',
  ])('[REP-2.1-15] an entity declaration is refused: %s', (doctype) => {
    expect(codeOf(() => decodeMessage(utf8(doctype + xml('')), 'xml'))).toBe('xml/entity-declaration');
  });
});

describe('empty Data and none', () => {
  const opened = () => {
    const device = new TestDevice();
    const client = clientOf(device);
    client.start();
    return { device, client };
  };
  const before = [
    statusXml(1, 1, 0, 'SyncHdr', 212),
    statusXml(2, 1, 1, 'Alert', 200),
    statusXml(3, 1, 2, 'Replace', 200),
  ].join('');

  it.each(['<Data/>', '<Data></Data>', '<Data><![CDATA[]]></Data>', '<Data><!-- nothing --></Data>'])(
    '[REP-2.1-16] %s is an empty value, all the way into the tree and out of it',
    (data) => {
      expect(itemOf(data)).toEqual({ data: '' });
      const { client } = opened();
      const put = `<Replace><CmdID>4</CmdID><Item><Target><LocURI>./a</LocURI></Target>${data}</Item></Replace>`;
      const get = '<Get><CmdID>5</CmdID><Item><Target><LocURI>./a</LocURI></Target></Item></Get>';
      const { send } = client.receive(byHand(before + put + get));
      expect(gist(send)).toContain('Status 1/4 Replace 200');
      const results = readEnvelope(send).commands.find(({ kind }) => kind === 'Results');
      expect(results).toMatchObject({ items: [{ data: '' }] });
    },
  );

  it('[REP-2.1-16] no Data is no value: an argument that Exec does not get, a node without a value in Results', () => {
    expect(itemOf('')).toEqual({});
    const { client } = opened();
    const get = '<Get><CmdID>4</CmdID><Item><Target><LocURI>./now</LocURI></Target></Item></Get>';
    const { send } = client.receive(byHand(before + get));
    for (const found of readEnvelope(send).commands) {
      if (found.kind === 'Results') expect(found.items[0]).not.toHaveProperty('data');
    }
    const heard: unknown[] = [];
    const tree = new TestDevice().tree;
    tree.put('./bag', 'exec', {
      format: 'null',
      access: ['Exec'],
      exec: (call) => {
        heard.push(call.argument);
        return 200;
      },
    });
    const device = Object.assign(new TestDevice(), { tree });
    const other = clientOf(device);
    other.start();
    const exec = (id: number, data: string) =>
      `<Exec><CmdID>${id}</CmdID><Item><Target><LocURI>./bag/exec</LocURI></Target>${data}</Item></Exec>`;
    other.receive(byHand(before + exec(4, '') + exec(5, '<Data/>') + exec(6, '<Data>x</Data>')));
    expect(heard).toEqual([undefined, new Uint8Array(0), utf8('x')]);
  });

  it.each([
    ['0F', [0x0f]],
    ['4F 01', [0x4f, 0x01]],
    ['4F 03 00 01', [0x4f, 0x03, 0x00, 0x01]],
    ['4F C3 00 01', [0x4f, 0xc3, 0x00, 0x01]],
    ['4F 03 00 C3 00 01', [0x4f, 0x03, 0x00, 0xc3, 0x00, 0x01]],
  ])('[REP-2.1-17] %s of WBXML is an empty value', (_name, data) => {
    const octets = encodeMessage(says({ kind: 'Add', cmdId: '1', items: [{ moreData: true }] }), 'wbxml');
    // Item holds MoreData alone: 54 34 01.
    const at = octets.lastIndexOf(0x34);
    const spliced = Uint8Array.from([...octets.subarray(0, at), ...data, ...octets.subarray(at)]);
    expect(decodeMessage(spliced, 'wbxml').message.commands[0]).toMatchObject({
      items: [{ data: '', moreData: true }],
    });
    expect(decodeMessage(octets, 'wbxml').message.commands[0]).toEqual({
      kind: 'Add',
      cmdId: '1',
      items: [{ moreData: true }],
    });
  });
});

describe('codes', () => {
  it.each([
    ['1201', 1201],
    [' 1201\n', 1201],
    ['01201', 1201],
    ['<![CDATA[1201]]>', 1201],
    ['0x4B1', Number.NaN],
    ['1201.0', Number.NaN],
  ])('[REP-2.1-18] the alert %s is %d', (written, code) => {
    expect(command(`<Alert><CmdID>1</CmdID><Data>${written}</Data></Alert>`)).toMatchObject({ code });
  });

  it('[REP-2.1-18] a status is compared as a number', () => {
    const status =
      '<Status><CmdID>1</CmdID><MsgRef>01</MsgRef><CmdRef>1</CmdRef><Cmd>Get</Cmd><Data> 0200 </Data></Status>';
    expect(command(status)).toMatchObject({ code: Status.Ok, msgRef: 1 });
  });
});

describe('what damaged messages found', () => {
  const chr = { format: 'chr', type: 'text/pl\u0001ain' };
  const session = (packages: Scene['packages'], encoding: 'xml' | 'wbxml', device: TestDevice) =>
    record({ name: 'a find', auth: 'none', packages }, encoding, device).map((envelope) => gist(envelope).join(' | '));

  it('characters that XML cannot hold do not get into names and types, where no later session in XML could tell them', () => {
    const device = new TestDevice();
    const wbxml = session(
      [
        [
          { kind: 'Add', meta: chr, items: [{ target: { uri: './bag/x\u0001' }, data: 'v\u0001' }] },
          { kind: 'Replace', items: [{ target: { uri: './bag/x?prop=Title' }, data: 'a\u0001' }] },
          { kind: 'Replace', items: [{ target: { uri: './bag/x?prop=Name' }, data: 'y\u0002' }] },
        ],
      ],
      'wbxml',
      device,
    ).join('\n');
    expect(wbxml).toMatch(/Add 200 \| Status 1\/6 Replace 400 \| Status 1\/7 Replace 400/);
    const looks = ['./bag', './bag/x', '.?list=StructData', '.?list=TNDS', './bag/x?prop=Type'];
    const xml = session([looks.map((uri) => ({ kind: 'Get', items: [{ target: { uri } }] }))], 'xml', device).join(
      '\n',
    );
    expect(xml.match(/Get 200/g)).toHaveLength(looks.length);
    expect(xml).toContain('./bag/x=dgE=');
    expect(xml).toContain('./bag/x?prop=Type=text/plain');
  });
});
