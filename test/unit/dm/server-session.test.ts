import { describe, expect, it } from 'vitest';
import { toBase64 } from '../../../src-main/base/base64.ts';
import { utf8 } from '../../../src-main/base/bytes.ts';
import { PcAgentError } from '../../../src-main/base/errors.ts';
import { nodeDigest } from '../../../src-main/base/node/digest.ts';
import { md5Credential } from '../../../src-main/dm/auth/credentials.ts';
import type { WantedCommand } from '../../../src-main/dm/server/work.ts';
import type { DmStep } from '../../../src-main/dm/step.ts';
import type { Envelope } from '../../../src-main/syncml/envelope.ts';
import {
  byHand,
  DEVICE,
  gist,
  type HandMade,
  PAIR_NONCE,
  proverOf,
  readEnvelope,
  SERVER,
  serverOf,
  statusesOf,
  statusXml,
  type TestServer,
  verifierOf,
} from '../../support/dm-pair.ts';

const ALERT_1201 = '<Alert><CmdID>1</CmdID><Data>1201</Data></Alert>';
const DEVINFO = `<Replace><CmdID>2</CmdID>
  <Item><Source><LocURI>./DevInfo</LocURI></Source><Meta><Format xmlns='syncml:metinf'>node</Format></Meta><Data>DevId/Man</Data></Item>
  <Item><Source><LocURI>./DevInfo/DevId</LocURI></Source><Data>${DEVICE}</Data></Item>
  <Item><Source><LocURI>./DevInfo/Man</LocURI></Source><Data>Someone</Data></Item>
  <Item><Data>nowhere</Data></Item></Replace>`;
const PACKAGE_1 = ALERT_1201 + DEVINFO;

const header = (msgRef: number, code = 200) => statusXml(1, msgRef, 0, 'SyncHdr', code);
const alert = (id: number, code: number) => `<Alert><CmdID>${id}</CmdID><Data>${code}</Data></Alert>`;
const event = (id: number, code: number) =>
  `<Alert><CmdID>${id}</CmdID><Data>${code}</Data><Item><Source><LocURI>./x</LocURI></Source><Meta><Type xmlns='syncml:metinf'>urn:x</Type><Format xmlns='syncml:metinf'>chr</Format></Meta><Data/></Item></Alert>`;
const results = (msgRef: number, cmdRef: number, data: string, more = '', meta = '', source = './x') =>
  `<Results><CmdID>9</CmdID><MsgRef>${msgRef}</MsgRef><CmdRef>${cmdRef}</CmdRef><Item><Source><LocURI>${source}</LocURI></Source>${meta}<Data>${data}</Data>${more}</Item></Results>`;
const size = (octets: number) => `<Meta><Size xmlns='syncml:metinf'>${octets}</Size></Meta>`;
const limits = (message: number, object = 1_000_000) =>
  `<Meta><MaxMsgSize xmlns='syncml:metinf'>${message}</MaxMsgSize><MaxObjSize xmlns='syncml:metinf'>${object}</MaxObjSize></Meta>`;

const get = (uri: string): WantedCommand => ({ kind: 'Get', items: [{ target: { uri } }] });
const add = (uri: string, data: string): WantedCommand => ({
  kind: 'Add',
  items: [{ target: { uri }, meta: { format: 'chr' }, data }],
});

interface Started extends TestServer {
  say(body: string, options?: HandMade): DmStep;
}

function started(...args: Parameters<typeof serverOf>): Started {
  const server = serverOf(...args);
  let msgId = 0;
  return {
    ...server,
    say(body, options = {}) {
      msgId += 1;
      return server.session.receive(byHand(body, { msgId, source: DEVICE, target: SERVER, ...options }));
    },
  };
}

/** Package 1 is through; message 1 of the server asked for these. */
function managed(...args: Parameters<typeof serverOf>): Started & { readonly first: DmStep } {
  const all = started(...args);
  return { ...all, first: all.say(PACKAGE_1) };
}

describe('package 1', () => {
  it('is answered by a Status each and what the work asks for', () => {
    const all = managed([[get('./a'), get('./b')]]);
    expect(gist(all.first.send)).toEqual([
      'Status 1/0 SyncHdr 200',
      'Status 1/1 Alert 200',
      'Status 1/2 Replace 200',
      'Get ./a=no long',
      'Get ./b=no long',
      'Final',
    ]);
    expect(all.first.outcome).toBeUndefined();
    expect(readEnvelope(all.first.send).header).toMatchObject({
      msgId: 1,
      sessionId: '1A2B',
      target: { uri: DEVICE },
      source: { uri: SERVER, name: 'dms' },
    });
  });

  it('tells the work who calls, and why', () => {
    const all = managed([[get('./a')]]);
    expect(all.begun).toEqual([
      {
        device: DEVICE,
        alert: 1201,
        devInfo: new Map([
          ['./DevInfo/DevId', DEVICE],
          ['./DevInfo/Man', 'Someone'],
        ]),
      },
    ]);
  });

  it('over several messages is asked for with 1222 and begins the work once', () => {
    const all = started([[get('./a')]]);
    const first = all.say(ALERT_1201, { final: false });
    expect(gist(first.send)).toEqual(['Status 1/0 SyncHdr 200', 'Status 1/1 Alert 200', 'Alert 1222']);
    expect(all.begun).toEqual([]);
    const second = all.say(header(1) + statusXml(2, 1, 3, 'Alert', 200) + DEVINFO.replace('<CmdID>2<', '<CmdID>3<'));
    expect(gist(second.send)).toEqual(['Status 2/0 SyncHdr 200', 'Status 2/3 Replace 200', 'Get ./a=no long', 'Final']);
    expect(all.begun).toHaveLength(1);
  });

  it('with base64 that is none in DevInfo is told so, and goes on', () => {
    const bad = `<Replace><CmdID>2</CmdID><Item><Source><LocURI>./DevInfo/Man</LocURI></Source><Meta><Format xmlns='syncml:metinf'>b64</Format></Meta><Data>!!</Data></Item></Replace>`;
    const step = started([[get('./a')]]).say(ALERT_1201 + bad);
    expect(gist(step.send)).toEqual([
      'Status 1/0 SyncHdr 200',
      'Status 1/1 Alert 200',
      'Status 1/2 Replace 400',
      'Get ./a=no long',
      'Final',
    ]);
  });

  it('without 1200 and 1201 ends with 1223', () => {
    const all = started([[get('./a')]]);
    const step = all.say(DEVINFO);
    expect(step.outcome).toMatchObject({ ok: false, code: 'dm/out-of-turn' });
    expect(gist(step.send)).toEqual(['Status 1/0 SyncHdr 200', 'Status 1/2 Replace 200', 'Alert 1223', 'Final']);
    expect(all.begun).toEqual([]);
  });

  it('ends the session at once when there is nothing to ask', () => {
    const all = managed([]);
    expect(all.first.outcome).toEqual({ ok: true });
    expect(gist(all.first.send)).toEqual([
      'Status 1/0 SyncHdr 200',
      'Status 1/1 Alert 200',
      'Status 1/2 Replace 200',
      'Final',
    ]);
    expect(all.session.phase).toEqual({ kind: 'closing', more: false });
  });

  it.each([
    ['VerDTD', { verDtd: '1.1' }, 505, '1.2'],
    ['VerProto', { verProto: 'DM/1.1' }, 513, 'DM/1.2'],
  ])('of another %s is refused with the version that is known', (_what, options, code, known) => {
    const all = started([[get('./a')]]);
    const step = all.say(PACKAGE_1, options);
    expect(step.outcome).toMatchObject({ ok: false, code: 'dm/version', status: code });
    expect(statusesOf(step.send).map((status) => status.code)).toEqual([code, code, code]);
    expect(statusesOf(step.send)[0]?.items).toEqual([{ data: known }]);
    expect(all.begun).toEqual([]);
  });
});

describe('the work', () => {
  it('gets Statuses and Results by command, in the order that it asked', () => {
    const all = managed([[get('./a'), get('./b'), add('./c', 'x')], [get('./d')]]);
    // Statuses out of order, and Results before their Status.
    const second = all.say(
      results(1, 5, 'B') +
        statusXml(5, 1, 6, 'Add', 418) +
        statusXml(2, 1, 5, 'Get', 200) +
        statusXml(3, 1, 4, 'Get', 404) +
        header(1),
    );
    expect(gist(second.send)).toEqual(['Status 2/0 SyncHdr 200', 'Get ./d=no long', 'Final']);
    expect(
      all.reports[0]?.reports.map(({ code, results: items }) => [code, ...items.map((item) => item.data)]),
    ).toEqual([[404], [200, 'B'], [418]]);
    const last = all.say(header(2) + statusXml(2, 2, 2, 'Get', 200) + results(2, 2, 'D'));
    expect(last.outcome).toEqual({ ok: true });
    expect(gist(last.send)).toEqual(['Status 3/0 SyncHdr 200', 'Final']);
    expect(all.reports).toHaveLength(2);
  });

  it('gets the worst code when a command has a Status an item', () => {
    const all = managed([[get('./a')]]);
    all.say(header(1) + statusXml(2, 1, 4, 'Get', 404) + statusXml(3, 1, 4, 'Get', 200));
    expect(all.reports[0]?.reports[0]).toMatchObject({ code: 404, statuses: [{ code: 404 }, { code: 200 }] });
  });

  it('gets an answer of several messages as one', () => {
    const all = managed([[get('./a'), get('./b')]]);
    const second = all.say(header(1) + statusXml(2, 1, 4, 'Get', 200) + results(1, 4, 'A'), { final: false });
    expect(gist(second.send)).toEqual(['Status 2/0 SyncHdr 200', 'Alert 1222']);
    const third = all.say(header(2) + statusXml(2, 2, 2, 'Alert', 200) + statusXml(3, 1, 5, 'Get', 200), {
      final: false,
    });
    expect(third.outcome).toBeUndefined();
    const last = all.say(header(3) + statusXml(2, 3, 2, 'Alert', 200) + results(1, 5, 'B'));
    expect(last.outcome).toEqual({ ok: true });
    expect(all.reports[0]?.reports.map(({ results: items }) => items[0]?.data)).toEqual(['A', 'B']);
  });

  it.each([
    ['nothing', ''],
    ['1222 in its turn', alert(7, 1222)],
  ])('ends when a client that was asked for more says %s', (_what, body) => {
    const all = managed([[get('./a')]]);
    all.say(header(1), { final: false });
    const step = all.say(header(2) + statusXml(2, 2, 2, 'Alert', 200) + body, { final: false });
    expect(step.outcome).toMatchObject({ code: 'dm/final-missing' });
    expect(gist(step.send).slice(-2)).toEqual(['Alert 1223', 'Final']);
  });

  it('joins a large result, counts it, and takes it only whole', () => {
    const all = managed([[get('./a')]]);
    const second = all.say(header(1) + statusXml(2, 1, 4, 'Get', 200) + results(1, 4, 'ABC', '<MoreData/>', size(6)), {
      final: false,
    });
    expect(gist(second.send)).toEqual(['Status 2/0 SyncHdr 200', 'Status 2/9 Results 213', 'Alert 1222']);
    expect(second.progress).toEqual([{ uri: './x', done: 3, total: 6 }]);
    const last = all.say(header(2) + statusXml(2, 2, 3, 'Alert', 200) + results(1, 4, 'DEF'));
    expect(last.outcome).toEqual({ ok: true });
    expect(all.reports[0]?.reports[0]?.results.map((item) => item.data)).toEqual(['ABCDEF']);
  });

  it.each([
    ['without Size', results(1, 4, 'ABC', '<MoreData/>'), 411],
    ['too large', results(1, 4, 'ABC', '<MoreData/>', size(1_000_001)), 413],
    ['longer than its Size', results(1, 4, 'ABC', '<MoreData/>', size(2)), 424],
    ['of a command that was never sent', results(1, 77, 'ABC'), 400],
  ])('refuses a result %s', (_why, body, code) => {
    const all = managed([[get('./a')]]);
    const step = all.say(header(1) + statusXml(2, 1, 4, 'Get', 200) + body, { final: false });
    expect(gist(step.send)).toContain(`Status 2/9 Results ${code}`);
    all.say(header(2) + statusXml(2, 2, 3, 'Alert', 200) + results(1, 4, 'tail').repeat(code === 400 ? 0 : 1));
    expect(all.reports[0]?.reports[0]?.results).toEqual([]);
  });

  it.each([
    ['its package', '', true],
    ['another result', results(1, 5, 'B', '', '', './other'), true],
    ['a command', '<Get><CmdID>7</CmdID><Item><Target><LocURI>./x</LocURI></Target></Item></Get>', true],
    ['Results of another session', results(77, 5, 'B'), true],
  ])('[DMP-3-12] a large result that is cut short by %s is lost, and 1225 names it', (_what, body, final) => {
    const all = managed([[get('./a'), get('./b')], [get('./c')]]);
    all.say(header(1) + statusXml(2, 1, 4, 'Get', 200) + results(1, 4, 'ABC', '<MoreData/>', size(6)), {
      final: false,
    });
    const step = all.say(header(2) + statusXml(2, 2, 3, 'Alert', 200) + statusXml(3, 1, 5, 'Get', 200) + body, {
      final,
    });
    expect(step.outcome).toBeUndefined();
    expect(gist(step.send).slice(-3)).toEqual(['Alert 1225', 'Get ./c=no long', 'Final']);
    const lost = readEnvelope(step.send).commands.find((command) => command.kind === 'Alert');
    expect(lost).toMatchObject({ items: [{ source: { uri: './x' } }] });
    expect(all.reports[0]?.reports[0]).toMatchObject({ code: 424, results: [] });
    const alertId = Number(lost?.cmdId);
    const end = all.say(header(3) + statusXml(2, 3, alertId, 'Alert', 200) + statusXml(3, 3, alertId + 1, 'Get', 404));
    expect(end.outcome).toEqual({ ok: true });
  });

  it('is given a Status for each alert of the client, and the alerts', () => {
    const all = managed([[get('./a')]], { alertCode: 415 });
    const step = all.say(header(1) + statusXml(2, 1, 4, 'Get', 200) + event(3, 1226) + event(4, 1224) + alert(5, 1100));
    expect(gist(step.send)).toEqual([
      'Status 2/0 SyncHdr 200',
      'Status 2/3 Alert 415',
      'Status 2/4 Alert 415',
      'Status 2/5 Alert 406',
      'Final',
    ]);
    expect(all.alerts.map(({ code }) => code)).toEqual([1226, 1224]);
    expect(all.reports[0]?.alerts).toHaveLength(2);
  });

  it('may be over when a late alert comes', () => {
    const all = managed([[get('./a')]]);
    all.say(header(1) + statusXml(2, 1, 4, 'Get', 200));
    expect(all.session.phase).toEqual({ kind: 'closing', more: false });
    const late = all.say(header(2) + event(2, 1226));
    expect(gist(late.send)).toEqual(['Status 3/0 SyncHdr 200', 'Status 3/2 Alert 200', 'Final']);
    expect(late.outcome).toEqual({ ok: true });
    expect(all.alerts).toHaveLength(1);
    expect(all.session.phase).toEqual({ kind: 'closing', more: false });
    expect(all.say(header(3) + event(2, 1226)).outcome).toEqual({ ok: true });
    expect(all.alerts).toHaveLength(2);
    expect(all.reports).toHaveLength(1);
  });

  it.each([
    ['Get', '<Get><CmdID>7</CmdID><Item><Target><LocURI>./x</LocURI></Target></Item></Get>', 405],
    ['Exec', '<Exec><CmdID>7</CmdID><Item><Target><LocURI>./x</LocURI></Target></Item></Exec>', 405],
    ['Frob', '<Frob><CmdID>7</CmdID></Frob>', 400],
    ['Replace', DEVINFO.replace('<CmdID>2<', '<CmdID>7<'), 405],
    ['Alert', alert(7, 1201), 405],
  ])('is not disturbed by a client that sends %s', (name, command, code) => {
    const all = managed([[get('./a')]]);
    const step = all.say(header(1) + statusXml(2, 1, 4, 'Get', 200) + command);
    expect(gist(step.send)).toEqual(['Status 2/0 SyncHdr 200', `Status 2/7 ${name} ${code}`, 'Final']);
    expect(all.begun).toHaveLength(1);
  });
});

describe('a package of the server that does not fit a message', () => {
  it('goes on at each 1222 and has Final in its last message alone', () => {
    const wanted = Array.from({ length: 12 }, (_, index) => get(`./node/number/${index}`));
    const all = started([wanted, [get('./end')]]);
    let step = all.say(PACKAGE_1, { header: limits(1000) });
    const asked: string[] = [];
    let messages = 0;
    let answer = '';
    for (;;) {
      messages += 1;
      expect(step.send?.body.length).toBeLessThanOrEqual(1000);
      expect(step.outcome).toBeUndefined();
      const { commands, final } = readEnvelope(step.send);
      answer = header(messages);
      for (const command of commands) {
        if (command.kind !== 'Get') continue;
        asked.push(command.items[0]?.target?.uri ?? '');
        answer += statusXml(20, messages, Number(command.cmdId), 'Get', 404);
      }
      if (final) break;
      expect(messages).toBeLessThan(20);
      step = all.say(answer + alert(30, 1222), { final: false });
    }
    expect(messages).toBeGreaterThan(2);
    expect(asked).toEqual(wanted.map((command) => ('items' in command ? command.items[0]?.target?.uri : '')));
    expect(gist(all.say(answer).send)).toContain('Get ./end=no long');
    expect(all.reports[0]?.reports.map(({ code }) => code)).toEqual(wanted.map(() => 404));
  });

  it('ends with 1223 when the client closes its package first', () => {
    const all = started([[add('./a', 'x'.repeat(3000))]]);
    all.say(PACKAGE_1, { header: limits(1200) });
    const step = all.say(header(1) + statusXml(2, 1, 4, 'Add', 213));
    expect(step.outcome).toMatchObject({ ok: false, code: 'dm/out-of-turn' });
    expect(gist(step.send).slice(-2)).toEqual(['Alert 1223', 'Final']);
  });

  it.each([413, 420, 411, 424, 500])('goes on with the work when a chunk is refused by %i', (code) => {
    const all = started([[add('./a', 'x'.repeat(3000))], [get('./next')]]);
    const first = all.say(PACKAGE_1, { header: limits(1200) });
    expect(gist(first.send).at(-1)).toMatch(/^Add \.\/a=\d+ long\+$/);
    const step = all.say(header(1) + statusXml(2, 1, 4, 'Add', code) + alert(3, 1222), { final: false });
    expect(gist(step.send)).toEqual(['Status 2/0 SyncHdr 200', 'Status 2/3 Alert 200', 'Get ./next=no long', 'Final']);
    expect(all.reports[0]?.reports[0]?.code).toBe(code);
  });

  it('gives an object up when the client says 1225', () => {
    const all = started([[add('./a', 'x'.repeat(3000)), get('./b')]]);
    all.say(PACKAGE_1, { header: limits(1200) });
    const step = all.say(header(1) + statusXml(2, 1, 4, 'Add', 213) + alert(3, 1225) + alert(4, 1222), {
      final: false,
    });
    expect(gist(step.send)).toEqual([
      'Status 2/0 SyncHdr 200',
      'Status 2/3 Alert 200',
      'Status 2/4 Alert 200',
      'Get ./b=no long',
      'Final',
    ]);
  });

  it('tells of the progress of its objects', () => {
    const all = started([[add('./a', 'x'.repeat(3000))]]);
    const first = all.say(PACKAGE_1, { header: limits(1200) });
    expect(first.progress).toEqual([{ uri: './a', done: expect.any(Number), total: 3000 }]);
    const second = all.say(header(1) + statusXml(2, 1, 4, 'Add', 213) + alert(3, 1222), { final: false });
    expect(second.progress[0]?.done).toBeGreaterThan(first.progress[0]?.done ?? 0);
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
    ['another SessionID', { session: 'BAD' }, 'dm/session-wrong'],
    ['MsgID 0', { msgId: 0 }, 'dm/msgid-wrong'],
    ['the MsgID of an earlier message', { msgId: 1 }, 'dm/msgid-wrong'],
  ])('%s ends the session and nothing of it is taken', (_what, options, code) => {
    const all = managed([[get('./a')], [get('./b')]]);
    expect(threw(() => all.say(header(1) + statusXml(2, 1, 4, 'Get', 200), options))).toBe(code);
    expect(all.reports).toEqual([]);
    expect(all.say(header(1) + statusXml(2, 1, 4, 'Get', 200)).outcome).toMatchObject({ code: 'dm/out-of-turn' });
    expect(all.reports).toEqual([]);
  });

  it.each([
    ['MsgRef of a message never sent', statusXml(1, 9, 0, 'SyncHdr', 200), 'dm/msgref-wrong'],
    ['MsgRef 0', statusXml(1, 0, 0, 'SyncHdr', 200), 'dm/msgref-wrong'],
    ['CmdRef of a command never sent', header(1) + statusXml(2, 1, 77, 'Get', 200), 'dm/status-unexpected'],
    ['no Status of the header', statusXml(2, 1, 4, 'Get', 200), 'dm/status-missing'],
    ['no Status of the command', header(1), 'dm/status-missing'],
    ['an error code for the header', header(1, 500), 'dm/status'],
    ['our proof refused without a challenge', header(1, 401), 'dm/server-refused'],
  ])('%s ends the session with 1223', (_what, body, code) => {
    const all = managed([[get('./a')], [get('./b')]]);
    const step = all.say(body);
    expect(step.outcome).toMatchObject({ ok: false, code });
    expect(gist(step.send)).toEqual(['Status 2/0 SyncHdr 200', 'Alert 1223', 'Final']);
    expect(all.session.phase).toEqual({ kind: 'ended' });
    // A client that does not hear it gets no further.
    const late = all.say(header(2) + statusXml(2, 1, 4, 'Get', 200));
    expect(late.outcome).toMatchObject({ code: 'dm/out-of-turn' });
    expect(late.send).toBeUndefined();
    expect(all.reports).toEqual([]);
  });

  it('Statuses of our Statuses do no harm', () => {
    const all = managed([[get('./a')]]);
    const step = all.say(header(1) + statusXml(2, 1, 2, 'Status', 200) + statusXml(3, 1, 4, 'Get', 200));
    expect(step.outcome).toEqual({ ok: true });
  });

  it.each([
    ['in package 1', 0],
    ['in mid-session', 1],
  ])('Alert 1223 %s is answered and ends the session', (_when, before) => {
    const all = before === 1 ? managed([[get('./a')]]) : started([[get('./a')]]);
    const step = all.say((before === 1 ? header(1) : '') + alert(5, 1223));
    expect(step.outcome).toMatchObject({ ok: false, code: 'dm/aborted' });
    expect(gist(step.send)).toEqual([
      `Status ${before + 1}/0 SyncHdr 200`,
      `Status ${before + 1}/5 Alert 200`,
      'Final',
    ]);
    expect(all.reports).toEqual([]);
  });
});

describe('the last message once more', () => {
  it('is answered as before, and the work does not go on', () => {
    const all = managed([[get('./a')], [get('./b')]]);
    const body = header(1) + statusXml(2, 1, 4, 'Get', 200);
    const second = all.say(body, { msgId: 2 });
    const again = all.say(body, { msgId: 2 });
    expect(again).toEqual({ send: second.send, progress: [] });
    expect(all.reports).toHaveLength(1);
  });

  it('is answered as before after the end, too', () => {
    const all = managed([[get('./a')]]);
    const body = header(1) + alert(2, 1223);
    const second = all.say(body, { msgId: 2 });
    expect(all.say(body, { msgId: 2 })).toEqual({ send: second.send, progress: [] });
  });
});

describe('authentication of the client', () => {
  const cred = (nonce: Uint8Array, password = 'secret') =>
    `<Cred><Meta><Format xmlns='syncml:metinf'>b64</Format><Type xmlns='syncml:metinf'>syncml:auth-md5</Type></Meta><Data>${toBase64(
      md5Credential(nodeDigest, { user: 'handset', password, nonce }),
    )}</Data></Cred>`;
  const begun = () => started([[get('./a')]], { verifier: verifierOf('md5', 'handset', 'secret') });
  const nonceIn = (envelope: Envelope | undefined): Uint8Array =>
    new Uint8Array(Buffer.from(String(statusesOf(envelope)[0]?.chal?.nextNonce), 'base64'));

  it.each([
    ['missing', '', 407],
    ['wrong', cred(PAIR_NONCE, 'wrong'), 401],
    ['stale', cred(utf8('old')), 401],
  ])('%s is answered by Statuses of one code, and begins when it is right', (_what, shown, code) => {
    const all = begun();
    const step = all.say(PACKAGE_1, { header: shown });
    expect(gist(step.send)).toEqual([
      `Status 1/0 SyncHdr ${code} Chal`,
      `Status 1/1 Alert ${code}`,
      `Status 1/2 Replace ${code}`,
      'Final',
    ]);
    expect(step.outcome).toBeUndefined();
    expect(all.begun).toEqual([]);
    const right = all.say(header(1) + PACKAGE_1, { header: cred(nonceIn(step.send)) });
    expect(gist(right.send)).toEqual([
      'Status 2/0 SyncHdr 212 Chal',
      'Status 2/1 Alert 200',
      'Status 2/2 Replace 200',
      'Get ./a=no long',
      'Final',
    ]);
    // Cred may be left out from now on.
    expect(all.say(header(2) + statusXml(2, 2, 4, 'Get', 200)).outcome).toEqual({ ok: true });
    expect(all.session.wire.verifier.nonceToKeep).toEqual(nonceIn(right.send));
  });

  it('refused twice is final, and nothing can follow', () => {
    const all = begun();
    all.say(PACKAGE_1, { header: cred(PAIR_NONCE, 'wrong') });
    const step = all.say(header(1) + PACKAGE_1, { header: cred(PAIR_NONCE, 'wrong') });
    expect(step.outcome).toMatchObject({ ok: false, code: 'dm/auth-refused', status: 401 });
    const third = all.say(header(2) + PACKAGE_1, { header: cred(nonceIn(step.send)) });
    expect(third.outcome).toMatchObject({ code: 'dm/out-of-turn' });
    expect(all.begun).toEqual([]);
  });

  it('takes nothing from a message that was refused', () => {
    const all = begun();
    all.say(PACKAGE_1.replaceAll('Someone', 'Else') + event(5, 1226));
    expect(all.alerts).toEqual([]);
    const again = all.say(header(1) + ALERT_1201, { header: cred(PAIR_NONCE) });
    expect(again.outcome).toMatchObject({ code: 'dm/auth-refused' });
    expect(all.begun).toEqual([]);
  });
});

describe('authentication of the server', () => {
  const chal = (nonce: string) =>
    `<Chal><Meta><Type xmlns='syncml:metinf'>syncml:auth-md5</Type><Format xmlns='syncml:metinf'>b64</Format><NextNonce xmlns='syncml:metinf'>${nonce}</NextNonce></Meta></Chal>`;
  const begun = (packages: readonly (readonly WantedCommand[])[]) =>
    started(packages, { prover: proverOf('md5', 'dms', 'server') });

  it.each([401, 407])('is renewed when the client challenges by %i, and what it refused goes out again', (code) => {
    const all = begun([[get('./a'), get('./b')], [get('./c')]]);
    all.say(PACKAGE_1);
    const step = all.say(
      statusXml(1, 1, 0, 'SyncHdr', code, chal('bmV3')) +
        statusXml(2, 1, 4, 'Get', code) +
        statusXml(3, 1, 5, 'Get', code),
    );
    expect(gist(step.send)).toEqual(['Status 2/0 SyncHdr 200', 'Get ./a=no long', 'Get ./b=no long', 'Final']);
    expect(readEnvelope(step.send).header.cred?.data).toBe(
      toBase64(md5Credential(nodeDigest, { user: 'dms', password: 'server', nonce: utf8('new') })),
    );
    expect(all.reports).toEqual([]);
    const next = all.say(
      statusXml(1, 2, 0, 'SyncHdr', 212) + statusXml(2, 2, 2, 'Get', 200) + statusXml(3, 2, 3, 'Get', 404),
    );
    expect(gist(next.send)).toContain('Get ./c=no long');
    expect(all.reports[0]?.reports.map((report) => report.code)).toEqual([200, 404]);
  });

  it('refused a second time ends the session', () => {
    const all = begun([[get('./a')]]);
    all.say(PACKAGE_1);
    all.say(statusXml(1, 1, 0, 'SyncHdr', 401, chal('bmV3')) + statusXml(2, 1, 4, 'Get', 401));
    const step = all.say(statusXml(1, 2, 0, 'SyncHdr', 401, chal('bmV3')) + statusXml(2, 2, 2, 'Get', 401));
    expect(step.outcome).toMatchObject({ ok: false, code: 'dm/server-refused', status: 401 });
  });

  it('asked for in the message that begins package 1 anew does not lose that package', () => {
    const all = started([[get('./a')]], {
      prover: proverOf('md5', 'dms', 'server'),
      verifier: verifierOf('basic', 'handset', 'secret'),
    });
    all.say(PACKAGE_1);
    const basic = `<Cred><Data>${toBase64(utf8('handset:secret'))}</Data></Cred>`;
    const step = all.say(statusXml(3, 1, 0, 'SyncHdr', 401, chal('bmV3')) + PACKAGE_1, { header: basic });
    expect(gist(step.send)).toEqual([
      'Status 2/0 SyncHdr 212',
      'Status 2/1 Alert 200',
      'Status 2/2 Replace 200',
      'Get ./a=no long',
      'Final',
    ]);
    expect(all.begun).toHaveLength(1);
  });

  it('asked for before anything else is given without beginning the work', () => {
    const all = begun([[get('./a')]]);
    all.say(ALERT_1201, { final: false });
    const step = all.say(statusXml(1, 1, 0, 'SyncHdr', 407, chal('bmV3')) + statusXml(2, 1, 3, 'Alert', 407));
    expect(gist(step.send)).toEqual(['Status 2/0 SyncHdr 200', 'Final']);
    expect(all.begun).toEqual([]);
  });
});

it('names RespURI in every header when it has one', () => {
  const all = managed([[get('./a')]], { respUri: 'http://dms.example/dm;s=1' });
  expect(readEnvelope(all.first.send).header.respUri).toBe('http://dms.example/dm;s=1');
});
