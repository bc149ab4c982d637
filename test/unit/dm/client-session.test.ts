import { describe, expect, it } from 'vitest';
import { toBase64 } from '../../../src-main/base/base64.ts';
import { utf8 } from '../../../src-main/base/bytes.ts';
import { PcAgentError } from '../../../src-main/base/errors.ts';
import { nodeDigest } from '../../../src-main/base/node/digest.ts';
import { macCredential, md5Credential } from '../../../src-main/dm/auth/credentials.ts';
import type { DmClientSession } from '../../../src-main/dm/client/dm-client-session.ts';
import type { DmStep } from '../../../src-main/dm/step.ts';
import type { Envelope } from '../../../src-main/syncml/envelope.ts';
import {
  byHand,
  clientOf,
  genericAlert,
  gist,
  type HandMade,
  PAIR_NONCE,
  proverOf,
  readEnvelope,
  SERVER,
  statusesOf,
  statusXml,
  TestDevice,
  verifierOf,
  XML_TYPE,
} from '../../support/dm-pair.ts';

/** Status of SyncHdr and of package 1's Alert and Replace. */
const TAKEN =
  statusXml(1, 1, 0, 'SyncHdr', 212) + statusXml(2, 1, 1, 'Alert', 200) + statusXml(3, 1, 2, 'Replace', 200);
const header = (msgRef: number, code = 200) => statusXml(1, msgRef, 0, 'SyncHdr', code);

const get = (id: number, uri: string) =>
  `<Get><CmdID>${id}</CmdID><Item><Target><LocURI>${uri}</LocURI></Target></Item></Get>`;
const change = (kind: string, id: number, uri: string, data: string, more = '', meta = '') =>
  `<${kind}><CmdID>${id}</CmdID><Item><Target><LocURI>${uri}</LocURI></Target>${meta}<Data>${data}</Data>${more}</Item></${kind}>`;
const size = (octets: number) => `<Meta><Size xmlns='syncml:metinf'>${octets}</Size></Meta>`;
const alert = (id: number, code: number) => `<Alert><CmdID>${id}</CmdID><Data>${code}</Data></Alert>`;
const exec = (id: number, uri: string, correlator = '') =>
  `<Exec><CmdID>${id}</CmdID>${correlator}<Item><Target><LocURI>${uri}</LocURI></Target></Item></Exec>`;

interface Started {
  readonly device: TestDevice;
  readonly client: DmClientSession;
  readonly first: Envelope;
  /** Gives the client a message by hand; MsgIDs go up by themselves. */
  say(body: string, options?: HandMade): DmStep;
}

function started(options: Parameters<typeof clientOf>[1] = {}, device = new TestDevice()): Started {
  const client = clientOf(device, options);
  const first = client.start();
  let msgId = 0;
  return {
    device,
    client,
    first,
    say(body, made = {}) {
      msgId += 1;
      return client.receive(byHand(body, { msgId, ...made }));
    },
  };
}

/** In the management phase: package 2 gave one Get, which was answered in message 2. */
function managed(options: Parameters<typeof clientOf>[1] = {}, device = new TestDevice()): Started {
  const all = started(options, device);
  all.say(TAKEN + get(4, './a'));
  return all;
}

describe('package 1', () => {
  it('says why it calls and who it is, and announces its limits', () => {
    const { first } = started();
    expect(gist(first)).toEqual(['Alert 1201', 'Replace ./DevInfo/DevId=IMEI:004999010640000', 'Final']);
    expect(readEnvelope(first).header).toMatchObject({
      verDtd: '1.2',
      verProto: 'DM/1.2',
      sessionId: '1A2B',
      msgId: 1,
      source: { uri: 'IMEI:004999010640000', name: 'handset' },
      target: { uri: SERVER },
      meta: { maxMsgSize: 65_000, maxObjSize: 1_000_000 },
    });
  });

  it('answers a notification with 1200', () => {
    expect(gist(started({ alert: 1200 }).first)[0]).toBe('Alert 1200');
  });

  it('is spread over several messages when alerts wait and the link has little room', () => {
    const device = new TestDevice();
    device.alerts = ['x', 'y', 'z'].map(genericAlert);
    const all = started({ packetRoom: 1000 }, device);
    expect(gist(all.first)).not.toContain('Final');
    const again = all.say(statusXml(1, 1, 0, 'SyncHdr', 212) + statusXml(2, 1, 1, 'Alert', 200) + alert(3, 1222), {
      final: false,
    });
    expect(gist(again.send)).toContain('Status 1/3 Alert 200');
    expect(all.client.phase).not.toBe('ended');
  });
});

describe('the end of a session', () => {
  it.each([200, 212])('comes in silence when the server asks nothing and its header Status is %i', (code) => {
    const all = started();
    const step = all.say(header(1, code) + statusXml(2, 1, 1, 'Alert', 200) + statusXml(3, 1, 2, 'Replace', 200));
    expect(step).toEqual({ outcome: { ok: true }, progress: [] });
    expect(all.client.phase).toBe('ended');
    expect(all.device.settled).toBe(1);
  });

  it('comes after any number of packages', () => {
    const all = managed();
    expect(all.client.phase).toBe('management');
    for (let round = 2; round < 6; round += 1) {
      const step = all.say(header(round) + get(2, './b'));
      expect(gist(step.send)).toEqual([
        `Status ${round}/0 SyncHdr 200`,
        `Status ${round}/2 Get 200`,
        `Results ${round}/2 ./b=two`,
        'Final',
      ]);
    }
    expect(all.say(header(6)).outcome).toEqual({ ok: true });
  });

  it('is not undone by a further message', () => {
    const all = started();
    all.say(TAKEN);
    const late = all.say(header(1) + exec(2, './now'));
    expect(late).toMatchObject({ outcome: { ok: false, code: 'dm/out-of-turn' } });
    expect(late.send).toBeUndefined();
    expect(all.device.executed).toEqual([]);
  });

  it('by Alert 1223 of the server is not answered', () => {
    for (const all of [started(), managed()]) {
      const msgRef = all.client.wire.lastSent;
      const step = all.say(header(msgRef) + alert(2, 1223) + exec(3, './now'));
      expect(step).toMatchObject({ outcome: { ok: false, code: 'dm/aborted' } });
      expect(step.send).toBeUndefined();
      expect(all.device.executed).toEqual([]);
    }
  });

  it('by Alert 1223 of the client answers the header and closes the package', () => {
    const fresh = clientOf(new TestDevice());
    expect(gist(fresh.abort())).toEqual(['Alert 1223', 'Final']);
    const all = managed();
    expect(gist(all.client.abort())).toEqual(['Status 1/0 SyncHdr 200', 'Alert 1223', 'Final']);
    expect(all.client.phase).toBe('ended');
  });
});

describe('commands in a package', () => {
  const META = (format: string) => `<Meta><Format xmlns='syncml:metinf'>${format}</Format></Meta>`;
  const table: readonly { readonly name: string; readonly command: string; readonly answer: readonly string[] }[] = [
    { name: 'Get', command: get(4, './a'), answer: ['Status 1/4 Get 200', 'Results 1/4 ./a=one'] },
    { name: 'Get of nothing', command: get(4, './x'), answer: ['Status 1/4 Get 404'] },
    { name: 'Get of an interior node', command: get(4, './bag'), answer: ['Status 1/4 Get 200', 'Results 1/4 ./bag='] },
    { name: 'Get without target', command: '<Get><CmdID>4</CmdID><Item/></Get>', answer: ['Status 1/4 Get 412'] },
    { name: 'Get without item', command: '<Get><CmdID>4</CmdID></Get>', answer: ['Status 1/4 Get 412'] },
    {
      name: 'Get of two nodes, both there',
      command:
        '<Get><CmdID>4</CmdID><Item><Target><LocURI>./a</LocURI></Target></Item><Item><Target><LocURI>./b</LocURI></Target></Item></Get>',
      answer: ['Status 1/4 Get 200', 'Results 1/4 ./a=one', 'Results 1/4 ./b=two'],
    },
    {
      name: 'Get of two nodes, one of them there',
      command:
        '<Get><CmdID>4</CmdID><Item><Target><LocURI>./x</LocURI></Target></Item><Item><Target><LocURI>./b</LocURI></Target></Item></Get>',
      answer: ['Status 1/4 Get 404', 'Status 1/4 Get 200', 'Results 1/4 ./b=two'],
    },
    { name: 'Replace', command: change('Replace', 4, './a', 'new'), answer: ['Status 1/4 Replace 200'] },
    { name: 'Replace of nothing', command: change('Replace', 4, './x', 'new'), answer: ['Status 1/4 Replace 404'] },
    {
      name: 'Replace of a property',
      command: change('Replace', 4, './a?prop=Name', 'c'),
      answer: ['Status 1/4 Replace 405'],
    },
    {
      name: "Replace of nothing's property",
      command: change('Replace', 4, './x?prop=Name', 'c'),
      answer: ['Status 1/4 Replace 404'],
    },
    {
      name: 'Replace with base64 that is none',
      command: change('Replace', 4, './a', '!!!', '', META('b64')),
      answer: ['Status 1/4 Replace 400'],
    },
    {
      name: 'Replace without target',
      command: '<Replace><CmdID>4</CmdID><Item><Data>x</Data></Item></Replace>',
      answer: ['Status 1/4 Replace 412'],
    },
    { name: 'Add', command: change('Add', 4, './bag/n', 'new', '', META('chr')), answer: ['Status 1/4 Add 200'] },
    {
      name: 'Add of what is there',
      command: change('Add', 4, './a', 'new', '', META('chr')),
      answer: ['Status 1/4 Add 418'],
    },
    { name: 'Delete', command: change('Delete', 4, './a', ''), answer: ['Status 1/4 Delete 200'] },
    { name: 'Exec', command: exec(4, './now'), answer: ['Status 1/4 Exec 200'] },
    {
      name: 'Exec that takes time',
      command: exec(4, './later', '<Correlator>c-17</Correlator>'),
      answer: ['Status 1/4 Exec 202'],
    },
    { name: 'Exec of a leaf', command: exec(4, './a'), answer: ['Status 1/4 Exec 405'] },
    { name: 'Exec without target', command: '<Exec><CmdID>4</CmdID><Item/></Exec>', answer: ['Status 1/4 Exec 412'] },
    { name: 'Copy without source', command: change('Copy', 4, './b', ''), answer: ['Status 1/4 Copy 412'] },
    { name: 'a question to the user', command: alert(4, 1101), answer: ['Status 1/4 Alert 406'] },
    { name: 'an alert without code', command: '<Alert><CmdID>4</CmdID></Alert>', answer: ['Status 1/4 Alert 412'] },
    { name: 'Alert 1225', command: alert(4, 1225), answer: ['Status 1/4 Alert 200'] },
    { name: 'an unknown command', command: '<Frob><CmdID>4</CmdID></Frob>', answer: ['Status 1/4 Frob 400'] },
    {
      name: 'Results, which a server may not send',
      command: '<Results><CmdID>4</CmdID><MsgRef>1</MsgRef><CmdRef>1</CmdRef></Results>',
      answer: ['Status 1/4 Results 405'],
    },
    { name: 'CmdID 0', command: exec(0, './now'), answer: ['Status 1/0 Exec 400'] },
    {
      name: 'Atomic',
      command: `<Atomic><CmdID>4</CmdID>${change('Replace', 5, './b', 'y')}${change('Replace', 6, './a', 'x')}</Atomic>`,
      answer: ['Status 1/4 Atomic 200', 'Status 1/5 Replace 200', 'Status 1/6 Replace 200'],
    },
    {
      name: 'Atomic with an Exec, which could not be undone',
      command: `<Atomic><CmdID>4</CmdID>${exec(5, './now')}${change('Replace', 6, './a', 'x')}</Atomic>`,
      answer: ['Status 1/4 Atomic 507', 'Status 1/5 Exec 500', 'Status 1/6 Replace 215'],
    },
    {
      name: 'Sequence',
      command: `<Sequence><CmdID>4</CmdID>${change('Replace', 5, './a', 'x')}${get(6, './a')}${get(7, './nothing')}${exec(8, './now')}</Sequence>`,
      answer: [
        'Status 1/4 Sequence 200',
        'Status 1/5 Replace 200',
        'Status 1/6 Get 200',
        'Results 1/6 ./a=x',
        'Status 1/7 Get 404',
        'Status 1/8 Exec 200',
      ],
    },
  ];
  it.each(table)('$name', ({ command, answer }) => {
    const step = started().say(TAKEN + command);
    expect(gist(step.send)).toEqual(['Status 1/0 SyncHdr 200', ...answer, 'Final']);
    expect(step.outcome).toBeUndefined();
  });

  it('delete what they say they delete', () => {
    const all = started();
    all.say(TAKEN + change('Delete', 4, './a', '') + get(5, './a'));
    expect(all.device.tree.find('./a')).toBe(404);
  });

  it('in a Sequence may stand beside a Status, which says nothing there', () => {
    const all = started();
    const step = all.say(
      `${TAKEN}<Sequence><CmdID>4</CmdID>${statusXml(5, 1, 1, 'Alert', 200)}${exec(6, './now')}</Sequence>`,
    );
    expect(gist(step.send)).toEqual([
      'Status 1/0 SyncHdr 200',
      'Status 1/4 Sequence 200',
      'Status 1/6 Exec 200',
      'Final',
    ]);
  });

  it('are answered without limit when the server announces 0', () => {
    const limit = `<Meta><MaxMsgSize xmlns='syncml:metinf'>0</MaxMsgSize><MaxObjSize xmlns='syncml:metinf'>0</MaxObjSize></Meta>`;
    expect(gist(started().say(TAKEN + get(4, './long'), { header: limit }).send)).toContain(
      'Results 1/4 ./long=3000 long',
    );
  });

  it('without CmdID are answered by 400 and not executed', () => {
    const all = started();
    const step = all.say(`${TAKEN}<Exec><Item><Target><LocURI>./now</LocURI></Target></Item></Exec>`);
    expect(statusesOf(step.send).at(-1)).toMatchObject({ cmd: 'Exec', code: 400 });
    expect(all.device.executed).toEqual([]);
  });

  it('in a Sequence and beside it run in the order that they were sent', () => {
    const all = started();
    const c = (name: string) => `<Correlator>${name}</Correlator>`;
    all.say(
      `${TAKEN}${exec(4, './now', c('1'))}<Sequence><CmdID>5</CmdID>${exec(6, './later', c('2'))}<Sequence><CmdID>7</CmdID>${exec(8, './now', c('3'))}</Sequence></Sequence>${exec(9, './now', c('4'))}`,
    );
    expect(all.device.executed).toEqual(['now#1', 'later#2', 'now#3', 'now#4']);
  });

  it('in an Atomic that fails at its first are not executed at all', () => {
    const all = started();
    all.say(`${TAKEN}<Atomic><CmdID>4</CmdID>${exec(5, './now')}${change('Delete', 6, './a', '')}</Atomic>`);
    expect(all.device.executed).toEqual([]);
    expect(all.device.tree.text('./a')).toBe('one');
  });

  it('get a Status an item when the codes differ, with the item named', () => {
    const item = (uri: string) => `<Item><Target><LocURI>${uri}</LocURI></Target><Data>v</Data></Item>`;
    const several = (...uris: string[]) => `<Replace><CmdID>4</CmdID>${uris.map(item).join('')}</Replace>`;
    const differ = statusesOf(started().say(TAKEN + several('./a', './x', './b')).send).slice(1);
    expect(differ.map(({ code, targetRefs }) => [code, ...targetRefs])).toEqual([
      [200, './a'],
      [404, './x'],
      [200, './b'],
    ]);
    const same = statusesOf(started().say(TAKEN + several('./a', './b')).send).slice(1);
    expect(same.map(({ code, targetRefs }) => [code, ...targetRefs])).toEqual([[200]]);
    const one = statusesOf(started().say(TAKEN + several('./a')).send).slice(1);
    expect(one.map(({ code, targetRefs }) => [code, ...targetRefs])).toEqual([[200, './a']]);
  });

  it('have the Meta of the command where the item has none of its own', () => {
    const all = started();
    all.say(
      `${TAKEN}<Replace><CmdID>4</CmdID><Meta><Format xmlns='syncml:metinf'>b64</Format></Meta><Item><Target><LocURI>./a</LocURI></Target><Data>QUJD</Data></Item></Replace>`,
    );
    expect(all.device.tree.text('./a')).toBe('ABC');
  });
});

describe('a package of several messages', () => {
  it('of the server is asked for with 1222 until it is closed', () => {
    const all = started();
    const first = all.say(TAKEN + get(4, './a'), { final: false });
    expect(gist(first.send)).toEqual([
      'Status 1/0 SyncHdr 200',
      'Alert 1222',
      'Status 1/4 Get 200',
      'Results 1/4 ./a=one',
    ]);
    const second = all.say(header(2) + statusXml(2, 2, 2, 'Alert', 200) + get(3, './b'), { final: false });
    expect(gist(second.send)).toEqual([
      'Status 2/0 SyncHdr 200',
      'Alert 1222',
      'Status 2/3 Get 200',
      'Results 2/3 ./b=two',
    ]);
    const third = all.say(header(3) + statusXml(2, 3, 2, 'Alert', 200));
    expect(third.outcome).toEqual({ ok: true });
    expect(third.send).toBeUndefined();
  });

  it('of the client goes on at each 1222 of the server, and only its last message has Final', () => {
    const all = started();
    const limit = `<Meta><MaxMsgSize xmlns='syncml:metinf'>1200</MaxMsgSize></Meta>`;
    let step = all.say(TAKEN + get(4, './long') + get(5, './a'), { header: limit });
    let text = '';
    let messages = 1;
    for (; !gist(step.send).includes('Final'); messages += 1) {
      expect(messages).toBeLessThan(30);
      expect(step.send?.body.length).toBeLessThanOrEqual(1200);
      expect(gist(step.send)).not.toContain('Alert 1222');
      for (const command of readEnvelope(step.send).commands) {
        if (command.kind === 'Results') text += command.items[0]?.data ?? '';
      }
      const answer = header(messages + 1) + statusXml(2, messages + 1, 2, 'Results', 213) + alert(3, 1222);
      step = all.say(answer, { final: false });
    }
    for (const command of readEnvelope(step.send).commands) {
      if (command.kind === 'Results') text += command.items[0]?.data ?? '';
    }
    expect(messages).toBeGreaterThan(2);
    expect(text).toBe(`${'long '.repeat(600)}one`);
    expect(all.say(header(messages + 1)).outcome).toEqual({ ok: true });
  });

  it('may bring its Statuses late, over several messages', () => {
    const device = new TestDevice();
    device.alerts = ['x', 'y'].map(genericAlert);
    const all = started({}, device);
    all.say(statusXml(1, 1, 0, 'SyncHdr', 212), { final: false });
    expect(all.client.phase).toBe('setup');
    const second = all.say(header(2) + statusXml(2, 2, 2, 'Alert', 200) + statusXml(3, 1, 1, 'Alert', 200), {
      final: false,
    });
    expect(gist(second.send)).toContain('Alert 1222');
    const third = all.say(header(3) + statusXml(2, 3, 2, 'Alert', 200) + statusXml(3, 1, 3, 'Alert', 200), {
      final: false,
    });
    expect(third.outcome).toBeUndefined();
    const last = all.say(header(4) + statusXml(2, 4, 2, 'Alert', 200) + statusXml(3, 1, 4, 'Alert', 200));
    expect(last.outcome).toEqual({ ok: true });
    expect(device.alerts).toEqual([]);
  });

  it.each([
    ['nothing', ''],
    ['1222 in its turn', alert(3, 1222)],
  ])('that is never closed ends when the server answers 1222 with %s', (_what, body) => {
    const all = started();
    all.say(TAKEN, { final: false });
    const step = all.say(header(2) + statusXml(2, 2, 2, 'Alert', 200) + body, { final: false });
    expect(step.outcome).toMatchObject({ ok: false, code: 'dm/final-missing' });
    expect(gist(step.send)).toEqual(['Status 2/0 SyncHdr 200', 'Alert 1223', 'Final']);
  });
});

describe('a large object from the server', () => {
  const chunk = (data: string, more: boolean, meta = '', uri = './a', kind = 'Replace') =>
    change(kind, 4, uri, data, more ? '<MoreData/>' : '', meta);

  it('is answered by 213 and 1222, and stored when it is whole', () => {
    const all = started();
    const first = all.say(TAKEN + chunk('ABC', true, size(6)), { final: false });
    expect(gist(first.send)).toEqual(['Status 1/0 SyncHdr 200', 'Alert 1222', 'Status 1/4 Replace 213']);
    expect(first.progress).toEqual([{ uri: './a', done: 3, total: 6 }]);
    expect(all.device.tree.text('./a')).toBe('one');
    const last = all.say(header(2) + statusXml(2, 2, 2, 'Alert', 200) + chunk('DEF', false));
    expect(gist(last.send)).toEqual(['Status 2/0 SyncHdr 200', 'Status 2/4 Replace 200', 'Final']);
    expect(last.progress).toEqual([{ uri: './a', done: 6, total: 6 }]);
    expect(all.device.tree.text('./a')).toBe('ABCDEF');
  });

  it.each([
    ['without Size', chunk('ABC', true), 411],
    ['larger than the client takes', chunk('ABC', true, size(1_000_001)), 413],
    ['with more than its Size says', chunk('ABC', true, size(2)), 424],
  ])('is refused %s', (_why, command, code) => {
    const all = started();
    const step = all.say(TAKEN + command, { final: false });
    expect(gist(step.send)).toContain(`Status 1/4 Replace ${code}`);
    // A server that sends the rest all the same does not get it stored.
    const rest = all.say(header(2) + statusXml(2, 2, 2, 'Alert', 200) + chunk('tail', false));
    expect(gist(rest.send)).toContain(`Status 2/4 Replace ${code}`);
    expect(all.device.tree.text('./a')).toBe('one');
  });

  it.each([
    ['short', 'DE'],
    ['long', 'DEFG'],
  ])('is refused by 424 when its end is too %s', (_how, end) => {
    const all = started();
    all.say(TAKEN + chunk('ABC', true, size(6)), { final: false });
    const last = all.say(header(2) + statusXml(2, 2, 2, 'Alert', 200) + chunk(end, false));
    expect(gist(last.send)).toEqual(['Status 2/0 SyncHdr 200', 'Status 2/4 Replace 424', 'Final']);
    expect(all.device.tree.text('./a')).toBe('one');
  });

  it.each([
    ['an object elsewhere', chunk('X', false, '', './b'), 'Status 2/4 Replace 200'],
    ['another command on the same node', chunk('X', false, '', './a', 'Add'), 'Status 2/4 Add 418'],
    ['a Get', get(4, './b'), 'Status 2/4 Get 200'],
    ['an Exec', exec(4, './now'), 'Status 2/4 Exec 200'],
    ['a Copy', change('Copy', 4, './b', ''), 'Status 2/4 Copy 412'],
    ['an Atomic', '<Atomic><CmdID>4</CmdID></Atomic>', 'Status 2/4 Atomic 412'],
    ['a Delete', change('Delete', 4, './b', ''), 'Status 2/4 Delete 200'],
    [
      'an object in a Sequence',
      `<Sequence><CmdID>3</CmdID>${chunk('X', false, '', './b')}</Sequence>`,
      'Status 2/4 Replace 200',
    ],
  ])('that is cut short by %s is not stored, and Alert 1225 names it', (_what, command, status) => {
    const all = started();
    all.say(TAKEN + chunk('ABC', true, size(6)), { final: false });
    const step = all.say(header(2) + statusXml(2, 2, 2, 'Alert', 200) + command);
    expect(gist(step.send)).toContain(status);
    const said = readEnvelope(step.send).commands.find((each) => each.kind === 'Alert');
    expect(said).toMatchObject({ code: 1225, items: [{ target: { uri: './a' } }] });
    expect(all.device.tree.text('./a')).toBe('one');
  });

  it('that is cut short in the message of its own chunk does not swallow what follows', () => {
    const all = started();
    const step = all.say(TAKEN + chunk('ABC', true, size(6)) + change('Replace', 5, './b', 'DEF'));
    expect(gist(step.send)).toEqual([
      'Status 1/0 SyncHdr 200',
      'Status 1/4 Replace 213',
      'Status 1/5 Replace 200',
      'Alert 1225',
      'Final',
    ]);
    expect(all.device.tree.text('./a')).toBe('one');
    expect(all.device.tree.text('./b')).toBe('DEF');
  });

  it('whose package is closed too early is not stored, and Alert 1225 names it', () => {
    const all = started();
    const step = all.say(TAKEN + chunk('ABC', true, size(6)));
    expect(gist(step.send)).toEqual(['Status 1/0 SyncHdr 200', 'Status 1/4 Replace 213', 'Alert 1225', 'Final']);
    const next = all.say(header(2) + statusXml(2, 2, 3, 'Alert', 200) + chunk('DEF', false));
    expect(all.device.tree.text('./a')).toBe('DEF');
    expect(gist(next.send)).toContain('Status 2/4 Replace 200');
  });

  it('may begin anew after it was refused', () => {
    const all = started();
    all.say(TAKEN + chunk('ABC', true), { final: false });
    all.say(header(2) + statusXml(2, 2, 2, 'Alert', 200) + chunk('ABC', true, size(6)), { final: false });
    const last = all.say(header(3) + statusXml(2, 3, 2, 'Alert', 200) + chunk('DEF', false));
    expect(gist(last.send)).toContain('Status 3/4 Replace 200');
    expect(all.device.tree.text('./a')).toBe('ABCDEF');
  });

  it('a Results larger than the server takes is not sent, but 413, counted in octets', () => {
    const limit = (octets: number) => ({
      header: `<Meta><MaxObjSize xmlns='syncml:metinf'>${octets}</MaxObjSize></Meta>`,
    });
    const set = change('Replace', 4, './a', 'ééé');
    expect(gist(started().say(TAKEN + set + get(5, './a'), limit(6)).send)).toContain('Results 1/5 ./a=ééé');
    const refused = gist(started().say(TAKEN + set + get(5, './a'), limit(5)).send);
    expect(refused).toContain('Status 1/5 Get 413');
    expect(refused.join()).not.toContain('Results');
  });
});

describe('what does not belong', () => {
  const threw = (run: () => unknown): string => {
    try {
      run();
    } catch (error) {
      if (error instanceof PcAgentError) return error.code;
      throw error;
    }
    return 'nothing';
  };

  it.each([
    ['another SessionID', header(1), { session: 'BAD' }, 'dm/session-wrong'],
    ['MsgID 0', header(1), { msgId: 0 }, 'dm/msgid-wrong'],
  ])('%s ends the session with an error', (_what, body, options, code) => {
    const all = started();
    expect(threw(() => all.say(body, options))).toBe(code);
    expect(all.client.phase).toBe('ended');
  });

  it('a MsgID that is no number ends the session with 412 for the header', () => {
    const step = started().say(header(1) + exec(4, './now'), { msgId: -1 });
    expect(step.outcome).toMatchObject({ ok: false, code: 'syncml/bad-number', status: 412 });
    expect(gist(step.send)).toEqual(['Status 1/0 SyncHdr 412', 'Final']);
  });

  it('the same MsgID with other bytes is not executed', () => {
    const all = started();
    all.say(TAKEN + exec(4, './now'));
    expect(threw(() => all.say(TAKEN + exec(4, './later'), { msgId: 1 }))).toBe('dm/msgid-wrong');
    expect(all.device.executed).toEqual(['now']);
  });

  it('a message above the announced MaxMsgSize is not read', () => {
    const all = started({ maxMsgSize: 600 });
    expect(threw(() => all.say(TAKEN + get(4, `./${'x'.repeat(600)}`)))).toBe('dm/message-too-large');
  });

  it('a message of just the announced MaxMsgSize is read', () => {
    const message = byHand(TAKEN);
    const client = clientOf(new TestDevice(), { maxMsgSize: message.body.length });
    client.start();
    expect(client.receive(message).outcome).toEqual({ ok: true });
  });

  it('a body of another type is not read', () => {
    const { client } = started();
    expect(threw(() => client.receive({ contentType: 'text/html', body: utf8('<html/>') }))).toBe(
      'syncml/content-type',
    );
  });

  it.each([
    ['MsgRef of a message never sent', statusXml(1, 9, 0, 'SyncHdr', 200), 'dm/msgref-wrong'],
    ['MsgRef 0', statusXml(1, 0, 0, 'SyncHdr', 200), 'dm/msgref-wrong'],
    ['no MsgRef that is a number', TAKEN.replace('<MsgRef>1<', '<MsgRef>x<'), 'dm/msgref-wrong'],
    ['CmdRef of a command never sent', header(1) + statusXml(2, 1, 77, 'Get', 200), 'dm/status-unexpected'],
    ['no Status of the header', statusXml(2, 1, 1, 'Alert', 200), 'dm/status-missing'],
    ['no Status of the Alert', header(1), 'dm/status-missing'],
  ])('%s ends the session with 1223', (_what, body, code) => {
    const all = started();
    const step = all.say(body);
    expect(step.outcome).toMatchObject({ ok: false, code });
    expect(gist(step.send)).toEqual(['Status 1/0 SyncHdr 200', 'Alert 1223', 'Final']);
    expect(all.client.phase).toBe('ended');
  });

  it('a Status of the header that lacks CmdRef and stands last is found', () => {
    const late = '<Status><CmdID>9</CmdID><MsgRef>1</MsgRef><Cmd>SyncHdr</Cmd><Data>212</Data></Status>';
    expect(started().say(statusXml(2, 1, 1, 'Alert', 200) + late).outcome).toEqual({ ok: true });
  });

  it('numbers with leading zeros and blanks are numbers', () => {
    const body =
      '<Status><CmdID>1</CmdID><MsgRef> 01 </MsgRef><CmdRef> 0 </CmdRef><Cmd>SyncHdr</Cmd><Data> 212 </Data></Status>';
    expect(started().say(body + statusXml(2, 1, 1, 'Alert', 200)).outcome).toEqual({ ok: true });
  });

  it('an error code of the header ends the session', () => {
    const step = started().say(header(1, 500));
    expect(step).toEqual({
      outcome: { ok: false, code: 'dm/status', message: expect.any(String), status: 500 },
      progress: [],
    });
  });

  it.each([
    ['VerDTD', { verDtd: '1.1' }, 505, '1.2'],
    ['VerProto', { verProto: 'DM/9.9' }, 513, 'DM/1.2'],
  ])('another %s is answered by its Status with the version that is known', (_what, options, code, known) => {
    const all = started();
    const step = all.say(TAKEN + exec(4, './now'), options);
    expect(step.outcome).toMatchObject({ ok: false, code: 'dm/version' });
    expect(statusesOf(step.send)).toMatchObject([{ cmdRef: '0', code, items: [{ data: known }] }]);
    expect(all.device.executed).toEqual([]);
  });

  it.each(['dm/1.2', ' DM/1.2 '])('VerProto %j is ours', (verProto) => {
    expect(started().say(TAKEN, { verProto }).outcome).toEqual({ ok: true });
  });
});

describe('the last message once more', () => {
  it('is answered as before and executed once', () => {
    const all = started();
    const first = all.say(TAKEN + exec(4, './now'), { msgId: 1 });
    const again = all.say(TAKEN + exec(4, './now'), { msgId: 1 });
    expect(again.send).toEqual(first.send);
    expect(again.outcome).toBeUndefined();
    expect(all.device.executed).toEqual(['now']);
    expect(all.say(header(2), { msgId: 2 }).outcome).toEqual({ ok: true });
  });

  it('is answered as before when the session ended with it', () => {
    const all = started();
    const first = all.say(header(1) + statusXml(2, 1, 77, 'Get', 200), { msgId: 1 });
    const again = all.say(header(1) + statusXml(2, 1, 77, 'Get', 200), { msgId: 1 });
    expect(again).toEqual({ send: first.send, progress: [] });
  });
});

describe('RespURI', () => {
  it('is where the next message goes and what its Target says, from then on', () => {
    const all = started();
    const step = all.say(TAKEN + get(4, './a'), { header: '<RespURI>http://dms.example/dm;s=7</RespURI>' });
    expect(all.client.wire.target).toBe('http://dms.example/dm;s=7');
    expect(readEnvelope(step.send).header.target.uri).toBe('http://dms.example/dm;s=7');
    const next = all.say(header(2) + get(4, './a'));
    expect(readEnvelope(next.send).header.target.uri).toBe('http://dms.example/dm;s=7');
  });
});

describe('generic alerts', () => {
  const answered = (code: number) => TAKEN + statusXml(4, 1, 3, 'Alert', code);

  it.each([
    [200, 0],
    [202, 0],
    [215, 1],
    [401, 1],
    [406, 1],
    [415, 1],
    [500, 1],
  ])('answered by %i are kept for the next session: %i', (code, left) => {
    const device = new TestDevice();
    device.alerts = [genericAlert('x')];
    const all = started({}, device);
    expect(gist(all.first)).toContain('Alert 1226');
    const step = all.say(answered(code));
    // Whatever the server says of it, it goes out once a session.
    expect(step.send).toBeUndefined();
    expect(step.outcome).toEqual({ ok: true });
    expect(device.alerts).toHaveLength(left);
    expect(gist(started({}, device).first).filter((line) => line === 'Alert 1226')).toHaveLength(left);
  });

  it('that come of an Exec go out with the answer to its package, and once', () => {
    const device = new TestDevice();
    device.settle = () => {
      device.alerts = [genericAlert('done')];
    };
    const all = started({}, device);
    const step = all.say(TAKEN + exec(4, './later', '<Correlator>c-17</Correlator>'));
    expect(gist(step.send)).toEqual(['Status 1/0 SyncHdr 200', 'Status 1/4 Exec 202', 'Alert 1226', 'Final']);
    const next = all.say(header(2) + statusXml(2, 2, 3, 'Alert', 200) + get(3, './a'));
    device.settle = () => {};
    expect(device.alerts).toHaveLength(1);
    expect(gist(next.send)).not.toContain('Alert 1223');
  });

  it('that are not answered end the session', () => {
    const device = new TestDevice();
    device.alerts = [genericAlert('x')];
    const step = started({}, device).say(TAKEN);
    expect(step.outcome).toMatchObject({ code: 'dm/status-missing' });
    expect(device.alerts).toHaveLength(1);
  });
});

describe('authentication of the server', () => {
  const md5 = {
    verifier: () => verifierOf('md5', 'dms', 'server'),
    prover: () => proverOf('none', 'handset', 'secret'),
  };
  const cred = (nonce: Uint8Array, password = 'server') =>
    `<Cred><Meta><Format xmlns='syncml:metinf'>b64</Format><Type xmlns='syncml:metinf'>syncml:auth-md5</Type></Meta><Data>${toBase64(
      md5Credential(nodeDigest, { user: 'dms', password, nonce }),
    )}</Data></Cred>`;
  const begun = (device = new TestDevice()) => started({ verifier: md5.verifier(), prover: md5.prover() }, device);
  const nonceIn = (envelope: Envelope | undefined): Uint8Array => {
    const chal = statusesOf(envelope)[0]?.chal;
    return new Uint8Array(Buffer.from(String(chal?.nextNonce), 'base64'));
  };

  it('by the right Cred is answered by 212 and the nonce for the next session', () => {
    const all = begun();
    const step = all.say(TAKEN + get(4, './a'), { header: cred(PAIR_NONCE) });
    expect(gist(step.send)[0]).toBe('Status 1/0 SyncHdr 212 Chal');
    expect(all.say(header(2)).outcome).toEqual({ ok: true });
    expect(all.client.wire.verifier.nonceToKeep).toEqual(nonceIn(step.send));
  });

  it.each([
    ['missing', '', 407],
    ['wrong', cred(PAIR_NONCE, 'wrong'), 401],
  ])('%s is answered by Statuses of one code, and nothing is executed', (_what, shown, code) => {
    const all = begun();
    const step = all.say(TAKEN + exec(4, './now') + get(5, './a'), { header: shown });
    expect(gist(step.send)).toEqual([
      `Status 1/0 SyncHdr ${code} Chal`,
      `Status 1/4 Exec ${code}`,
      `Status 1/5 Get ${code}`,
      'Final',
    ]);
    expect(all.device.executed).toEqual([]);
    const right = all.say(header(2) + exec(2, './now'), { header: cred(nonceIn(step.send)) });
    expect(gist(right.send)).toEqual(['Status 2/0 SyncHdr 212 Chal', 'Status 2/2 Exec 200', 'Final']);
    expect(all.device.executed).toEqual(['now']);
  });

  it('wrong twice is final', () => {
    const all = begun();
    all.say(TAKEN + get(4, './a'), { header: cred(PAIR_NONCE, 'wrong') });
    const step = all.say(header(2) + get(2, './a'), { header: cred(PAIR_NONCE, 'wrong') });
    expect(step.outcome).toMatchObject({ code: 'dm/server-not-authenticated', status: 401 });
    expect(gist(step.send)).toEqual(['Status 2/0 SyncHdr 401 Chal', 'Status 2/2 Get 401', 'Final']);
  });

  it('missing in a message without commands is not challenged back', () => {
    const step = begun().say(TAKEN);
    expect(step.send).toBeUndefined();
    expect(step.outcome).toMatchObject({ code: 'dm/server-not-authenticated' });
  });

  it('missing takes no alert off the client', () => {
    const device = new TestDevice();
    device.alerts = [genericAlert('x')];
    const all = begun(device);
    const step = all.say(TAKEN + statusXml(4, 1, 3, 'Alert', 200) + get(5, './a'));
    expect(device.alerts).toHaveLength(1);
    // The server proves itself: the alert is still for the next session, since it was not this server that took it.
    const next = all.say(header(2) + get(2, './a'), { header: cred(nonceIn(step.send)) });
    expect(next.outcome).toBeUndefined();
    expect(all.say(header(3)).outcome).toEqual({ ok: true });
    expect(device.alerts).toHaveLength(1);
  });

  it('by MAC lasts to the end: a message without it is refused though an earlier one had it', () => {
    const device = new TestDevice();
    const all = started({ verifier: verifierOf('mac', 'dms', 'server') }, device);
    const sign = (envelope: Envelope, nonce: Uint8Array): Envelope => ({
      ...envelope,
      hmac: `username="dms", mac=${toBase64(macCredential(nodeDigest, { user: 'dms', password: 'server', nonce }, envelope.body))}`,
    });
    const first = all.client.receive(sign(byHand(TAKEN + get(4, './a')), PAIR_NONCE));
    expect(gist(first.send)[0]).toBe('Status 1/0 SyncHdr 200 Chal');
    const bare = all.client.receive(byHand(header(2) + exec(2, './now'), { msgId: 2 }));
    expect(gist(bare.send)).toEqual(['Status 2/0 SyncHdr 407 Chal', 'Status 2/2 Exec 407', 'Final']);
    expect(all.client.wire.verifier.accepted).toBe(false);
    const right = all.client.receive(sign(byHand(header(3) + exec(2, './now'), { msgId: 3 }), nonceIn(bare.send)));
    expect(gist(right.send)).toContain('Status 3/2 Exec 200');
    const flipped = sign(byHand(header(4) + exec(2, './now'), { msgId: 4 }), nonceIn(right.send));
    flipped.body[flipped.body.length - 12] = 0x20;
    const read = (() => {
      try {
        return gist(all.client.receive(flipped).send)[0];
      } catch (error) {
        return error instanceof PcAgentError ? error.code : String(error);
      }
    })();
    expect(['Status 4/0 SyncHdr 401 Chal', 'xml/malformed']).toContain(read);
    expect(device.executed).toEqual(['now']);
  });
});

describe('authentication of the client', () => {
  const chal = (nonce: string, type = 'md5') =>
    `<Chal><Meta><Type xmlns='syncml:metinf'>syncml:auth-${type}</Type><Format xmlns='syncml:metinf'>b64</Format><NextNonce xmlns='syncml:metinf'>${nonce}</NextNonce></Meta></Chal>`;
  const asked = (code: number, nonce: string, type?: string) =>
    statusXml(1, 1, 0, 'SyncHdr', code, chal(nonce, type)) +
    statusXml(2, 1, 1, 'Alert', code) +
    statusXml(3, 1, 2, 'Replace', code);

  it.each([401, 407])('is repeated once after %i, package 1 and all, with the new nonce', (code) => {
    const device = new TestDevice();
    device.alerts = [genericAlert('x')];
    const all = started({ prover: proverOf('md5', 'handset', 'secret') }, device);
    const step = all.say(asked(code, 'bmV3') + statusXml(4, 1, 3, 'Alert', code));
    expect(gist(step.send)).toEqual([
      'Status 1/0 SyncHdr 200',
      'Alert 1201',
      'Replace ./DevInfo/DevId=IMEI:004999010640000',
      'Alert 1226',
      'Final',
    ]);
    expect(readEnvelope(step.send).header.msgId).toBe(2);
    expect(readEnvelope(step.send).header.cred?.data).toBe(
      toBase64(md5Credential(nodeDigest, { user: 'handset', password: 'secret', nonce: utf8('new') })),
    );
    const last = all.say(
      statusXml(1, 2, 0, 'SyncHdr', 212) + statusXml(2, 2, 2, 'Alert', 200) + statusXml(4, 2, 4, 'Alert', 200),
    );
    expect(last.outcome).toEqual({ ok: true });
    expect(device.alerts).toEqual([]);
  });

  it('refused twice ends the session', () => {
    const all = started({ prover: proverOf('md5', 'handset', 'wrong') });
    all.say(asked(401, 'bmV3'));
    const step = all.say(statusXml(1, 2, 0, 'SyncHdr', 401, chal('bmV4dA==')));
    expect(step).toMatchObject({ outcome: { ok: false, code: 'dm/auth-refused', status: 401 } });
    expect(step.send).toBeUndefined();
  });

  it('by a weaker type than its own is not given', () => {
    const all = started({ prover: proverOf('md5', 'handset', 'secret') });
    const step = all.say(asked(407, 'bmV3', 'basic'));
    expect(step.outcome).toMatchObject({ code: 'dm/auth-refused' });
    expect(step.send).toBeUndefined();
  });

  it('is wanted by a server that proves nothing itself: both challenges cross in one message', () => {
    const all = started({ prover: proverOf('md5', 'handset', 'secret'), verifier: verifierOf('md5', 'dms', 'server') });
    const step = all.say(asked(401, 'bmV3') + get(4, './a'));
    expect(gist(step.send)).toEqual([
      'Status 1/0 SyncHdr 407 Chal',
      'Alert 1201',
      'Replace ./DevInfo/DevId=IMEI:004999010640000',
      'Status 1/4 Get 407',
      'Final',
    ]);
  });

  it('refused in mid-session: what was refused goes out again', () => {
    const device = new TestDevice();
    const all = started({ prover: proverOf('mac', 'handset', 'secret') }, device);
    device.settle = () => {
      device.alerts = [genericAlert('done')];
      device.settle = () => {};
    };
    all.say(
      statusXml(1, 1, 0, 'SyncHdr', 200, chal('MQ==', 'MAC')) + statusXml(2, 1, 1, 'Alert', 200) + exec(4, './later'),
    );
    const again = all.say(statusXml(1, 2, 0, 'SyncHdr', 401, chal('Mg==', 'MAC')) + statusXml(2, 2, 3, 'Alert', 401));
    // The Status of the Exec too: what is refused was not read.
    expect(gist(again.send)).toEqual(['Status 2/0 SyncHdr 200', 'Status 1/4 Exec 202', 'Alert 1226', 'Final']);
    expect(again.send?.hmac).toContain('username="handset"');
    const last = all.say(statusXml(1, 3, 0, 'SyncHdr', 200) + statusXml(2, 3, 3, 'Alert', 200));
    expect(last.outcome).toEqual({ ok: true });
    expect(device.alerts).toEqual([]);
  });
});

it('messages of a hand-made server are XML of the type that they say', () => {
  expect(byHand('').contentType).toBe(XML_TYPE);
});
