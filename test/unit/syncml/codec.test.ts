import { describe, expect, it } from 'vitest';
import { PcAgentError } from '../../../src-main/base/errors.ts';
import { commandSize, decodeMessage, encodeMessage, frameSize } from '../../../src-main/syncml/codec.ts';
import type { Command, Encoding, Message } from '../../../src-main/syncml/model.ts';
import { writeMessage } from '../../../src-main/syncml/write-message.ts';
import { seededRandom } from '../../support/mutate.ts';
import { randomMessage } from '../../support/random-message.ts';
import { PACKAGE_1, PACKAGE_1_XML } from '../../vectors/wbxml-vectors.ts';

const ENCODINGS: readonly Encoding[] = ['wbxml', 'xml'];
const octets = (text: string) => new TextEncoder().encode(text);

const HEADER_XML =
  '<SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1</SessionID><MsgID>1</MsgID>' +
  '<Target><LocURI>t</LocURI></Target><Source><LocURI>s</LocURI></Source></SyncHdr>';

function message(body: string, header = HEADER_XML): Message {
  return decodeMessage(octets(`<SyncML>${header}<SyncBody>${body}</SyncBody></SyncML>`), 'xml').message;
}

function onlyCommand(body: string): Command | undefined {
  return message(body).commands[0];
}

function refusal(work: () => unknown): { readonly code: string; readonly details: unknown } | undefined {
  try {
    work();
  } catch (error) {
    if (!(error instanceof PcAgentError)) throw error;
    return { code: error.code, details: error.details };
  }
  return undefined;
}

const PACKAGE_1_MESSAGE: Message = {
  header: {
    verDtd: '1.2',
    verProto: 'DM/1.2',
    sessionId: '1',
    msgId: 1,
    target: { uri: 'http://dms.example/dm' },
    source: { uri: 'IMEI:493005100592800', name: 'Bruce2' },
    cred: { meta: { format: 'b64', type: 'syncml:auth-md5' }, data: 'Zz6EivR3yeaaENcRN6lpAQ==' },
    meta: { maxMsgSize: 5000, maxObjSize: 1_048_576 },
  },
  commands: [
    { kind: 'Alert', cmdId: '1', code: 1201, items: [] },
    {
      kind: 'Replace',
      cmdId: '2',
      items: [
        { source: { uri: './DevInfo/DevId' }, data: 'IMEI:493005100592800' },
        { source: { uri: './DevInfo/Man' }, data: 'Acme' },
        { source: { uri: './DevInfo/Mod' }, data: 'M1' },
        { source: { uri: './DevInfo/DmV' }, data: '1.2' },
        { source: { uri: './DevInfo/Lang' }, data: 'en' },
      ],
    },
  ],
  final: true,
};

describe('package 1 of the spec sheet', () => {
  it('is understood from XML', () => {
    expect(decodeMessage(octets(PACKAGE_1_XML.trim()), 'xml').message).toEqual(PACKAGE_1_MESSAGE);
  });

  it('is written octet for octet when the values are opaque', () => {
    const [alert, replace] = PACKAGE_1_MESSAGE.commands;
    if (alert === undefined || replace?.kind !== 'Replace') throw new TypeError('the fixture changed');
    const items = replace.items.map((item) => ({ ...item, data: octets(String(item.data)) }));
    const opaque: Message = { ...PACKAGE_1_MESSAGE, commands: [alert, { ...replace, items }] };
    expect(encodeMessage(opaque, 'wbxml')).toEqual(PACKAGE_1);
    expect(decodeMessage(PACKAGE_1, 'wbxml').message).toEqual(opaque);
  });
});

describe('round trip', () => {
  it('random messages come back from both encodings', () => {
    const random = seededRandom(42);
    for (let index = 0; index < 200; index += 1) {
      const written = randomMessage(random);
      for (const encoding of ENCODINGS) {
        expect(decodeMessage(encodeMessage(written, encoding), encoding).message).toEqual(written);
      }
    }
  });

  it('random messages with octets come back from WBXML', () => {
    const random = seededRandom(43);
    for (let index = 0; index < 100; index += 1) {
      const written = randomMessage(random, { octets: true });
      expect(decodeMessage(encodeMessage(written, 'wbxml'), 'wbxml').message).toEqual(written);
    }
  });

  it('a frame and its commands are never smaller than the message, and at most two octets a command larger', () => {
    const random = seededRandom(44);
    for (let index = 0; index < 100; index += 1) {
      const written = randomMessage(random);
      for (const encoding of ENCODINGS) {
        const sizes = written.commands.map((command) => commandSize(command, encoding));
        const bound = sizes.reduce((sum, size) => sum + size, frameSize(written.header, encoding));
        const actual = encodeMessage({ ...written, final: true }, encoding).length;
        expect(bound - actual).toBeGreaterThanOrEqual(0);
        expect(bound - actual).toBeLessThanOrEqual(encoding === 'xml' ? 0 : 2 * sizes.length);
        expect(encodeMessage({ ...written, final: false }, encoding).length).toBeLessThanOrEqual(bound);
      }
    }
  });
});

describe('tolerance', () => {
  it('children may come in any order', () => {
    const status = '<CmdID>1</CmdID><MsgRef>2</MsgRef><CmdRef>3</CmdRef><Cmd>Get</Cmd><Data>200</Data>';
    const pieces = status.match(/<(\w+)>.*?<\/\1>/g) ?? [];
    expect(onlyCommand(`<Status>${[...pieces].reverse().join('')}</Status>`)).toEqual(
      onlyCommand(`<Status>${status}</Status>`),
    );
    const correlator = '<Correlator>c</Correlator>';
    expect(onlyCommand(`<Alert>${correlator}<Data>1226</Data><CmdID>1</CmdID></Alert>`)).toEqual({
      kind: 'Alert',
      cmdId: '1',
      code: 1226,
      correlator: 'c',
      items: [],
    });
  });

  it('Meta may be wrapped in MetInf', () => {
    const meta = '<Format>chr</Format><Size>12</Size>';
    expect(onlyCommand(`<Get><Meta><MetInf>${meta}</MetInf></Meta></Get>`)?.meta).toEqual({ format: 'chr', size: 12 });
    expect(onlyCommand(`<Get><Meta>${meta}</Meta></Get>`)?.meta).toEqual({ format: 'chr', size: 12 });
  });

  it('references that are missing have their defaults', () => {
    expect(onlyCommand('<Results><CmdID>1</CmdID><CmdRef>4</CmdRef></Results>')).toMatchObject({
      msgRef: 1,
      cmdRef: '4',
    });
    expect(
      onlyCommand('<Status><CmdID>1</CmdID><MsgRef>1</MsgRef><Cmd>SyncHdr</Cmd><Data>212</Data></Status>'),
    ).toMatchObject({ cmdRef: '0', cmd: 'SyncHdr', code: 212 });
    expect(onlyCommand('<Get/>')).toEqual({ kind: 'Get', cmdId: '', items: [] });
  });

  it('codes, names and URIs are trimmed and lose NUL; Item data and correlators keep their blanks', () => {
    const body =
      '<Exec><CmdID>\n 7\t</CmdID><Correlator> c </Correlator><Item><Target><LocURI> ./a </LocURI></Target>' +
      '<Meta><Type> text/plain\n</Type><Size> 12 </Size></Meta><Data> x </Data></Item></Exec>';
    expect(onlyCommand(body)).toEqual({
      kind: 'Exec',
      cmdId: '7',
      correlator: ' c ',
      items: [{ target: { uri: './a' }, meta: { type: 'text/plain', size: 12 }, data: ' x ' }],
    });
    const written = encodeMessage(
      { ...PACKAGE_1_MESSAGE, header: { ...PACKAGE_1_MESSAGE.header, sessionId: '1\0' } },
      'wbxml',
    );
    expect(decodeMessage(written, 'wbxml').message.header.sessionId).toBe('1');
  });

  it.each([
    ['1201', 1201],
    [' 1201 ', 1201],
    ['', Number.NaN],
    ['12x', Number.NaN],
    ['-1', Number.NaN],
    ['1e3', Number.NaN],
    ['9'.repeat(16), Number.NaN],
  ])('the Alert code %j is %d', (text, code) => {
    expect(onlyCommand(`<Alert><CmdID>1</CmdID><Data>${text}</Data></Alert>`)).toMatchObject({ code });
  });

  it('an Alert without Data has code 0', () => {
    expect(onlyCommand('<Alert><CmdID>1</CmdID></Alert>')).toMatchObject({ code: 0 });
  });

  it('bad sizes in Meta count as none', () => {
    expect(onlyCommand('<Get><Meta><Size>big</Size><MaxObjSize/></Meta></Get>')?.meta).toEqual({});
  });

  it('commands that DM does not know are kept by name, in groups too', () => {
    expect(message('<Sync><CmdID>1</CmdID></Sync><Atomic><CmdID>2</CmdID><Foo/><Get/></Atomic>').commands).toEqual([
      { kind: 'Unknown', name: 'Sync', cmdId: '1' },
      {
        kind: 'Atomic',
        cmdId: '2',
        commands: [
          { kind: 'Unknown', name: 'Foo', cmdId: '' },
          { kind: 'Get', cmdId: '', items: [] },
        ],
      },
    ]);
  });

  it('unknown WBXML tags become commands without a name that anyone knows, and are reported', () => {
    const body = PACKAGE_1.slice();
    body[0xba] = 0x70;
    const { message: read, unknown } = decodeMessage(body, 'wbxml');
    expect(read.commands[0]).toEqual({ kind: 'Unknown', name: '0:30', cmdId: '1' });
    expect(unknown).toEqual([{ page: 0, token: 0x30, offset: 0xba }]);
  });

  it('no Data, empty Data and inline mark-up are three things', () => {
    const items = '<Item/><Item><Data/></Item><Item><Data><MgmtTree><VerDTD>1.2</VerDTD></MgmtTree></Data></Item>';
    const replace = onlyCommand(`<Replace><CmdID>1</CmdID>${items}</Replace>`);
    if (replace?.kind !== 'Replace') throw new TypeError('not a Replace');
    expect(replace.items[0]).toEqual({});
    expect(replace.items[1]).toEqual({ data: '' });
    expect(replace.items[2]?.data).toBeUndefined();
    expect(replace.items[2]?.markup?.[0]).toMatchObject({ page: 2, name: 'MgmtTree' });
    for (const encoding of ENCODINGS) {
      const written = encodeMessage({ ...PACKAGE_1_MESSAGE, commands: [replace] }, encoding);
      expect(decodeMessage(written, encoding).message.commands).toEqual([replace]);
    }
  });
});

describe('refusals', () => {
  it.each(['VerDTD', 'VerProto', 'SessionID', 'MsgID', 'Target', 'Source'])(
    'a header without %s is refused by name',
    (name) => {
      const header = HEADER_XML.replace(new RegExp(`<${name}>.*</${name}>`), '');
      expect(refusal(() => message('', header))).toEqual({
        code: 'syncml/missing-element',
        details: { element: name, parent: 'SyncHdr' },
      });
    },
  );

  it('a message without header, body or an address in it is refused by name', () => {
    const read = (text: string) => refusal(() => decodeMessage(octets(text), 'xml'));
    expect(read('<SyncML><SyncBody/></SyncML>')?.details).toMatchObject({ element: 'SyncHdr' });
    expect(read(`<SyncML>${HEADER_XML}</SyncML>`)?.details).toMatchObject({ element: 'SyncBody' });
    const header = HEADER_XML.replace('<LocURI>s</LocURI>', '');
    expect(refusal(() => message('', header))?.details).toMatchObject({ element: 'LocURI', parent: 'Source' });
  });

  it('a MsgID that is no number is refused', () => {
    expect(refusal(() => message('', HEADER_XML.replace('<MsgID>1', '<MsgID>one')))?.code).toBe('syncml/bad-number');
  });

  it('another document is not a message', () => {
    expect(refusal(() => decodeMessage(octets('<DevInf/>'), 'xml'))?.code).toBe('syncml/not-a-message');
    expect(refusal(() => decodeMessage(octets('<html/>'), 'xml'))?.code).toBe('syncml/not-a-message');
  });

  it('octets that are not text cannot go into XML', () => {
    const command: Command = { kind: 'Add', cmdId: '1', items: [{ data: Uint8Array.of(0xff) }] };
    expect(refusal(() => encodeMessage({ ...PACKAGE_1_MESSAGE, commands: [command] }, 'xml'))?.code).toBe(
      'xml/not-text',
    );
  });
});

describe('order of children', () => {
  it('is the DTD’s, whatever the message', () => {
    const meta = {
      emi: ['e'],
      maxObjSize: 1,
      maxMsgSize: 2,
      nextNonce: 'n',
      size: 3,
      mark: 'm',
      type: 't',
      format: 'f',
    };
    const root = writeMessage({
      header: { ...PACKAGE_1_MESSAGE.header, noResp: true, respUri: 'r', meta },
      commands: [
        {
          kind: 'Status',
          cmdId: '1',
          msgRef: 1,
          cmdRef: '0',
          cmd: 'SyncHdr',
          targetRefs: ['a', 'b'],
          sourceRefs: ['c'],
          chal: meta,
          code: 401,
          items: [{ moreData: true, data: 'd', meta, source: { uri: 's' }, target: { uri: 't', name: 'n' } }],
        },
        { kind: 'Results', cmdId: '2', msgRef: 1, cmdRef: '1', meta, targetRef: 'a', sourceRef: 'b', items: [{}] },
        { kind: 'Exec', cmdId: '3', noResp: true, meta, correlator: 'c', items: [{}] },
        { kind: 'Alert', cmdId: '4', code: 1226, correlator: 'c', items: [{}] },
        { kind: 'Sequence', cmdId: '5', meta, commands: [{ kind: 'Get', cmdId: '6', items: [] }] },
      ],
      final: true,
    });
    const names = (at: readonly number[]) => {
      let element = root;
      for (const index of at) element = element.children[index] as typeof root;
      return element.children.map((child) => child.name).join(' ');
    };
    expect(names([0])).toBe('VerDTD VerProto SessionID MsgID Target Source RespURI NoResp Cred Meta');
    expect(names([0, 9])).toBe('Format Type Mark Size NextNonce MaxMsgSize MaxObjSize EMI');
    expect(names([1])).toBe('Status Results Exec Alert Sequence Final');
    expect(names([1, 0])).toBe('CmdID MsgRef CmdRef Cmd TargetRef TargetRef SourceRef Chal Data Item');
    expect(names([1, 0, 9])).toBe('Target Source Meta Data MoreData');
    expect(names([1, 1])).toBe('CmdID MsgRef CmdRef Meta TargetRef SourceRef Item');
    expect(names([1, 2])).toBe('CmdID NoResp Meta Correlator Item');
    expect(names([1, 3])).toBe('CmdID Data Correlator Item');
    expect(names([1, 4])).toBe('CmdID Meta Get');
  });
});
