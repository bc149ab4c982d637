import { describe, expect, it } from 'vitest';
import { toBase64 } from '../../../src-main/base/base64.ts';
import { utf8 } from '../../../src-main/base/bytes.ts';
import { nodeDigest } from '../../../src-main/base/node/digest.ts';
import { buildNotification } from '../../../src-main/dm/notification/notification.ts';
import { maskedDetail } from '../../../src-main/dm/watcher/masked-detail.ts';
import { summarise } from '../../../src-main/dm/watcher/summarise.ts';
import type { Envelope } from '../../../src-main/link/message-link.ts';
import type { Command, Encoding, Message } from '../../../src-main/syncml/model.ts';
import { challenge, dmMessage, envelope, status, UNREADABLE } from './messages.ts';

const PASSWORD = 'hunter2-hunter2';
const CREDENTIALS = toBase64(utf8(`handset:${PASSWORD}`));
const NONCE = toBase64(utf8('very-fresh-nonce'));

/** The octets of a dump as text, blanks as blanks: what somebody could read out of it. */
function readable(hex: string): string {
  return hex
    .split('\n')
    .flatMap((row) => row.slice(10, 58).trim().split(/\s+/))
    .map((octet) => (octet === '··' ? ' ' : String.fromCharCode(Number.parseInt(octet, 16))))
    .join('');
}

function results(uri: string | undefined, data: string | Uint8Array): Command {
  const source = uri === undefined ? {} : { source: { uri } };
  return { kind: 'Results', cmdId: '2', msgRef: 1, cmdRef: '3', items: [{ ...source, data }] };
}

function handset(commands: readonly Command[]): Message {
  return dmMessage({ from: 'handset', msgId: 2, commands });
}

/** Every message that holds the secret, how many it holds, and the secret as it is carried. */
const CASES: readonly [string, Message, string][] = [
  [
    'credentials of the header',
    dmMessage({
      from: 'handset',
      msgId: 1,
      commands: [status('1', 1, '0', 'SyncHdr')],
      header: { cred: { meta: { format: 'b64', type: 'syncml:auth-basic' }, data: CREDENTIALS } },
    }),
    CREDENTIALS,
  ],
  [
    'a nonce',
    handset([{ ...challenge('1', 1), chal: { format: 'b64', type: 'syncml:auth-md5', nextNonce: NONCE } }]),
    NONCE,
  ],
  ['a password read from the tree', handset([results('./DMAcc/a/AppAuth/s/AAuthSecret', PASSWORD)]), PASSWORD],
  ['a nonce read from the tree', handset([results('./DMAcc/a/AppAuth/s/AAuthData?prop=x', PASSWORD)]), PASSWORD],
  ['a password of DM 1.1.2', handset([results('./SyncML/DMAcc/a/ClientPW', PASSWORD)]), PASSWORD],
  ['a result that does not say what it is', handset([results(undefined, PASSWORD)]), PASSWORD],
  [
    'a tree carried as text',
    handset([results('./DMAcc/a', `<Node><NodeName>AAuthSecret</NodeName><Value>${PASSWORD}</Value></Node>`)]),
    PASSWORD,
  ],
  ['what a person has typed', handset([{ ...status('1', 1, '3', 'Alert'), items: [{ data: PASSWORD }] }]), PASSWORD],
  [
    'what a person is to send unseen',
    dmMessage({
      from: 'dms',
      msgId: 2,
      commands: [{ kind: 'Alert', cmdId: '4', code: 1102, items: [{ data: `ET=P&DR=${PASSWORD}` }, { data: 'PIN?' }] }],
    }),
    PASSWORD,
  ],
  ['a bootstrap document', handset([{ ...replace('./Inbox/x', PASSWORD) }]), PASSWORD],
  ['a password in an address', handset([replace('./x/PkgURL', `https://user:${PASSWORD}@example.test/p`)]), PASSWORD],
];

function replace(uri: string, data: string): Command {
  return { kind: 'Replace', cmdId: '7', items: [{ target: { uri }, data }] };
}

describe.each<Encoding>(['wbxml', 'xml'])('what a person may see of a message in %s', (encoding) => {
  it.each(CASES)('hides %s in words, in XML and in bytes', (_name, message, secret) => {
    const detail = maskedDetail(envelope(message, encoding), 5);
    expect(detail.sequence).toBe(5);
    expect(detail.masked).toBeGreaterThan(0);
    expect(detail.xml).toContain('•••');
    expect(detail.hex).toContain('··');
    for (const text of [detail.xml, readable(detail.hex), JSON.stringify(detail.summary)]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(PASSWORD);
    }
  });

  it('shows the rest', () => {
    const detail = maskedDetail(envelope(handset([results('./DevDetail/SwV', 'version-7')]), encoding), 1);
    expect(detail.masked).toBe(0);
    expect(detail.xml).toContain('<Data>version-7</Data>');
    expect(detail.xml).toContain('\n  <SyncHdr>');
    expect(readable(detail.hex)).toContain('version-7');
    expect(detail.hex.split('\n')[0]).toMatch(/^00000000 {2}([0-9a-f]{2} ){16} /);
    expect(detail.summary.commands[0]).toMatchObject({ kind: 'Results', uri: './DevDetail/SwV', text: 'version-7' });
  });

  it('says by their reference what results without a source are of', () => {
    const bare = { kind: 'Results', cmdId: '2', msgRef: 1, cmdRef: '3', items: [{ data: '7' }] } as const;
    const ofTarget = maskedDetail(envelope(handset([{ ...bare, targetRef: './DevDetail/SwV' }]), encoding), 1);
    expect(ofTarget.summary.commands[0]).toMatchObject({ kind: 'Results', uri: './DevDetail/SwV' });
    const ofSource = maskedDetail(envelope(handset([{ ...bare, sourceRef: './DevInfo/Mod' }]), encoding), 1);
    expect(ofSource.summary.commands[0]).toMatchObject({ kind: 'Results', uri: './DevInfo/Mod' });
  });

  it('hides a password in an inline tree and keeps its neighbours', () => {
    const node = (name: string, value: string) => ({
      page: 2,
      name: 'Node',
      content: undefined,
      children: [leaf('NodeName', name), leaf('Value', value)],
    });
    const leaf = (name: string, content: string) => ({ page: 2, name, content, children: [] });
    const tree = {
      page: 2,
      name: 'MgmtTree',
      content: undefined,
      children: [leaf('VerDTD', '1.2'), node('AAuthName', 'handset'), node('AAuthSecret', PASSWORD)],
    };
    const message = handset([
      { kind: 'Results', cmdId: '2', msgRef: 1, cmdRef: '3', items: [{ source: { uri: './DMAcc' }, markup: [tree] }] },
    ]);
    const detail = maskedDetail(envelope(message, encoding), 1);
    expect(detail.masked).toBe(1);
    expect(detail.xml).toContain('handset');
    expect(detail.xml).not.toContain(PASSWORD);
    expect(readable(detail.hex)).not.toContain(PASSWORD);
  });

  it('hides a password wherever else it stands', () => {
    const message = handset([results('./a/AAuthSecret', PASSWORD), replace('./note', `it is ${PASSWORD}!`)]);
    const detail = maskedDetail(envelope(message, encoding), 1);
    expect(detail.xml).not.toContain(PASSWORD);
    expect(readable(detail.hex)).not.toContain(PASSWORD);
  });

  it('hides a password with characters that XML writes as entities', () => {
    const secret = 'a<b&c"d\'e';
    const detail = maskedDetail(envelope(handset([results('./a/AAuthSecret', secret)]), encoding), 1);
    expect(detail.masked).toBe(1);
    expect(readable(detail.hex)).not.toMatch(/a<b|a&lt;b/);
    expect(readable(detail.hex)).toContain('AAuthSecret');
  });
});

describe('what cannot be masked piece by piece', () => {
  it('shows no octet when a secret is not found again in the bytes', () => {
    const body = utf8(
      `<SyncML><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1</SessionID><MsgID>1</MsgID>
       <Target><LocURI>t</LocURI></Target><Source><LocURI>s</LocURI></Source>
       <Cred><Meta><Format xmlns="syncml:metinf">b64</Format></Meta><Data>aGFu<![CDATA[ZHNldDpw]]>dw==</Data></Cred>
       </SyncHdr><SyncBody><Final/></SyncBody></SyncML>`,
    );
    const detail = maskedDetail({ contentType: 'application/vnd.syncml.dm+xml', body }, 1);
    expect(detail.masked).toBe(1);
    expect(readable(detail.hex).trim()).toBe('');
    expect(detail.xml).not.toContain('aGFu');
  });

  it('shows no octet of a message that cannot be read', () => {
    const detail = maskedDetail(UNREADABLE, 1);
    expect(detail.summary.readable).toBe(false);
    expect(detail.xml).toBe('');
    expect(readable(detail.hex).trim()).toBe('');
    expect(detail.hex).toContain('00000000');
  });

  it('shows a notification without its digest', () => {
    const body = buildNotification(
      {
        serverId: 'virtual-dms',
        password: PASSWORD,
        nonce: new Uint8Array(4),
        sessionId: 0x1a2b,
        uiMode: 'background',
        initiator: 'server',
      },
      nodeDigest,
    );
    const detail = maskedDetail({ contentType: 'application/vnd.syncml.notification', body }, 1);
    expect(detail.summary).toMatchObject({ readable: true, package: 0, sessionId: '1A2B', source: 'virtual-dms' });
    expect(readable(detail.hex)).toContain('virtual-dms');
    expect(detail.hex.split('\n')[0]).toBe(`00000000  ${'·· '.repeat(16)} ${'·'.repeat(16)}`);
  });

  it('counts the hmac and never shows it', () => {
    const hmac = 'algorithm=MD5, username="dms", mac=XSyvwd2YM0lhmXu8JllsNg==';
    const detail = maskedDetail(envelope(handset([]), 'wbxml', hmac), 1);
    expect(detail.masked).toBe(1);
    expect(detail.summary.credentials).toBe('mac');
    expect(JSON.stringify(detail)).not.toContain('XSyvwd2YM0lhmXu8JllsNg');
  });

  it('cuts the dump of a large message', () => {
    const big: Envelope = envelope(handset([replace('./big', 'x'.repeat(70_000))]));
    const rows = maskedDetail(big, 1).hex.split('\n');
    expect(rows.length).toBe(4097);
    expect(rows.at(-1)).toMatch(/^… \d+ more$/);
  });
});

describe('a summary', () => {
  it('names the result code of a completion alert', () => {
    const data = '<ResultCode>1200</ResultCode><Identifier>com.fun.game</Identifier>';
    const meta = { type: 'urn:oma:at:scomo:1.0:OperationComplete', format: 'xml' };
    const item = { source: { uri: './SCOMO/Inventory/Delivered/a' }, meta, data };
    const [command] = summarise(envelope(handset([{ kind: 'Alert', cmdId: '1', code: 1226, items: [item] }]))).commands;
    expect(command).toMatchObject({ code: 1226, resultCode: 1200, uri: './SCOMO/Inventory/Delivered/a', items: 1 });
  });

  it('names size, chunk and length of a large object and does not show its content', () => {
    const command: Command = {
      kind: 'Replace',
      cmdId: '4',
      meta: { format: 'b64', size: 5000 },
      items: [{ target: { uri: './Data' }, data: 'QUJD'.repeat(100), moreData: true }],
    };
    expect(summarise(envelope(handset([command]))).commands[0]).toEqual({
      kind: 'Replace',
      cmdId: '4',
      uri: './Data',
      bytes: 400,
      size: 5000,
      moreData: true,
      items: 1,
    });
  });

  it('lists the commands of a Sequence behind it', () => {
    const sequence: Command = {
      kind: 'Sequence',
      cmdId: '1',
      commands: [
        { kind: 'Exec', cmdId: '2', items: [{ target: { uri: './x/Operations/Install' } }] },
        { kind: 'Get', cmdId: '3', items: [{ target: { uri: './y' } }] },
      ],
    };
    const commands = summarise(envelope(handset([sequence]))).commands;
    expect(commands.map(({ kind }) => kind)).toEqual(['Sequence', 'Exec', 'Get']);
    expect(commands[0]?.children).toBe(2);
  });

  it.each<[string, Command, object]>([
    ['a challenge', challenge('1', 3), { kind: 'Status', answers: 'SyncHdr', code: 401, challenge: true }],
    ['octets of characters beyond ASCII', replace('./x', 'äß€😀'), { bytes: 11, text: 'äß€😀' }],
  ])('shows %s', (_name, command, expected) => {
    expect(summarise(envelope(handset([command]))).commands[0]).toMatchObject(expected);
  });

  it('stops after 200 commands', () => {
    const many = Array.from({ length: 300 }, (_unused, index) => replace('./x', String(index)));
    expect(summarise(envelope(handset(many))).commands.length).toBe(200);
  });
});
