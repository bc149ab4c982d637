/** Authentication in whole sessions, against messages by hand and between the two machines. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src-main/base/bytes.ts';
import { nodeDigest, nodeRandom } from '../../../src-main/base/node/digest.ts';
import { DEFAULTS } from '../../../src-main/cli/defaults.ts';
import { Prover } from '../../../src-main/dm/auth/prover.ts';
import { Verifier } from '../../../src-main/dm/auth/verifier.ts';
import type { DmStep } from '../../../src-main/dm/step.ts';
import type { Envelope } from '../../../src-main/syncml/envelope.ts';

import {
  byHand,
  clientOf,
  converse,
  DEVICE,
  genericAlert,
  gist,
  proverOf,
  readEnvelope,
  SERVER,
  serverOf,
  statusesOf,
  statusXml,
  TestDevice,
  verifierOf,
} from '../../support/dm-pair.ts';

/** The formulas of the sheet once more, by another library than ours: base64 and MD5 of Node. */
const md5 = (...parts: readonly (string | Uint8Array)[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash('md5')).digest();
const b64 = (octets: Uint8Array | string) => Buffer.from(octets).toString('base64');
const digestFor = (user: string, password: string, nonce: Uint8Array) =>
  b64(md5(b64(md5(`${user}:${password}`)), ':', nonce));
const macFor = (user: string, password: string, nonce: Uint8Array, body: Uint8Array) =>
  b64(md5(b64(md5(`${user}:${password}`)), ':', nonce, ':', b64(md5(body))));

const inMeta = (name: string, text: string) => `<${name} xmlns='syncml:metinf'>${text}</${name}>`;
const chal = (type: string, nonce?: string) =>
  `<Chal><Meta>${inMeta('Type', `syncml:auth-${type}`)}${inMeta('Format', 'b64')}${nonce === undefined ? '' : inMeta('NextNonce', nonce)}</Meta></Chal>`;
const credXml = (type: string, data: string) =>
  `<Cred><Meta>${inMeta('Format', 'b64')}${inMeta('Type', `syncml:auth-${type}`)}</Meta><Data>${data}</Data></Cred>`;
const get = (id: number, uri: string) =>
  `<Get><CmdID>${id}</CmdID><Item><Target><LocURI>${uri}</LocURI></Target></Item></Get>`;
const PACKAGE_1 = `<Alert><CmdID>1</CmdID><Data>1201</Data></Alert><Replace><CmdID>2</CmdID><Item><Source><LocURI>./DevInfo/DevId</LocURI></Source><Data>x</Data></Item></Replace>`;
/** Package 1 and its repetitions are refused; these begin with the Status of the server's header. */
const refused = (code: number, challenge: string, msgRef = 1) =>
  statusXml(1, msgRef, 0, 'SyncHdr', code, challenge) +
  statusXml(2, msgRef, msgRef === 1 ? 1 : 2, 'Alert', code) +
  statusXml(3, msgRef, msgRef === 1 ? 2 : 3, 'Replace', code);
const taken = (code: number, challenge = '') =>
  statusXml(1, 1, 0, 'SyncHdr', code, challenge) +
  statusXml(2, 1, 1, 'Alert', 200) +
  statusXml(3, 1, 2, 'Replace', 200);

/** A client whose server is played by hand. */
function client(options: Parameters<typeof clientOf>[1] = {}, device = new TestDevice()) {
  const session = clientOf(device, options);
  const first = session.start();
  let msgId = 0;
  const say = (body: string, header = ''): DmStep => {
    msgId += 1;
    return session.receive(byHand(body, { msgId, header }));
  };
  return { session, first, say, device };
}

/** A server whose client is played by hand. */
function server(options: Parameters<typeof serverOf>[1] = {}, uris: readonly string[] = ['./a']) {
  const made = serverOf(
    uris.map((uri) => [{ kind: 'Get', items: [{ target: { uri } }] }]),
    options,
  );
  let msgId = 0;
  const say = (body: string, header = '', name = ''): DmStep => {
    msgId += 1;
    const envelope = byHand(body, { msgId, header, source: DEVICE, target: SERVER });
    if (name === '') return made.session.receive(envelope);
    const text = new TextDecoder().decode(envelope.body);
    const source = `<Source><LocURI>${DEVICE}</LocURI>`;
    return made.session.receive({
      ...envelope,
      body: utf8(text.replace(source, `${source}<LocName>${name}</LocName>`)),
    });
  };
  return { ...made, say };
}

const nonceIn = (envelope: Envelope | undefined): Uint8Array =>
  Buffer.from(String(statusesOf(envelope)[0]?.chal?.nextNonce), 'base64');
const credOf = (envelope: Envelope | undefined) => readEnvelope(envelope).header.cred;

describe('what a client shows', () => {
  it('[DMP-4-01] of type basic is user and password in base64, with Format and Type', () => {
    const { first } = client({ prover: proverOf('basic', 'Bruce2', 'OhBehave') });
    expect(credOf(first)).toEqual({
      meta: { format: 'b64', type: 'syncml:auth-basic' },
      data: 'QnJ1Y2UyOk9oQmVoYXZl',
    });
    expect(first.hmac).toBeUndefined();
  });

  it('[DMP-4-02][DMP-4-04][DMP-4-22] of type md5 is made with the octets of the nonce that it knows', () => {
    // Octets that are no text, and whose base64 text would give another digest.
    const nonce = Uint8Array.of(0, 255, 254, 128);
    const { first } = client({ prover: proverOf('md5', 'Bruce2', 'OhBehave', nonce) });
    expect(credOf(first)?.data).toBe(digestFor('Bruce2', 'OhBehave', nonce));
    expect(credOf(first)?.data).not.toBe(digestFor('Bruce2', 'OhBehave', utf8(b64(nonce))));
  });

  it.each(['xml', 'wbxml'] as const)(
    '[DMP-4-03][DMP-4-28] of type MAC covers the octets of its %s and is beside them',
    (encoding) => {
      const nonce = utf8('Nonce');
      const { first } = client({ encoding, prover: proverOf('mac', 'dms', 'srv-secret', nonce) });
      expect(credOf(first)).toBeUndefined();
      expect(first.hmac).toBe(`algorithm=MD5, username="dms", mac=${macFor('dms', 'srv-secret', nonce, first.body)}`);
    },
  );

  it('[DMP-4-05] has the user in Source/LocName, with a pair of its own on each side', () => {
    const nonce = utf8('nonce');
    const { first, say } = client({
      prover: proverOf('md5', 'handset', 'secret'),
      verifier: verifierOf('md5', 'dms', 'server'),
    });
    expect(readEnvelope(first).header.source).toEqual({ uri: DEVICE, name: 'handset' });
    expect(credOf(first)?.data).toBe(digestFor('handset', 'secret', nonce));
    const step = say(taken(212) + get(4, './a'), credXml('md5', digestFor('dms', 'server', nonce)));
    expect(gist(step.send)[0]).toBe('Status 1/0 SyncHdr 212 Chal');
    // The client's own pair is no proof of the server.
    const other = client({ verifier: verifierOf('md5', 'dms', 'server') });
    const mixed = other.say(taken(200) + get(4, './a'), credXml('md5', digestFor('handset', 'secret', nonce)));
    expect(gist(mixed.send)[0]).toBe('Status 1/0 SyncHdr 401 Chal');
  });

  it('[DMP-4-26] is the preferred type, and less only when the account allows it and the server asks for it', () => {
    const preferring = (least: 'basic' | 'md5') =>
      client({
        prover: new Prover({
          type: 'mac',
          least,
          user: 'handset',
          password: 'secret',
          nonce: utf8('n'),
          digest: nodeDigest,
        }),
      });
    const allowed = preferring('basic');
    expect(allowed.first.hmac).toContain('username="handset"');
    const step = allowed.say(refused(407, chal('basic')));
    expect(credOf(step.send)).toMatchObject({ data: b64('handset:secret') });
    expect(step.send?.hmac).toBeUndefined();
    const forbidden = preferring('md5').say(refused(407, chal('basic')));
    expect(forbidden).toMatchObject({ outcome: { code: 'dm/auth-refused' } });
    expect(forbidden.send).toBeUndefined();
    // What was taken once stays to the end, whatever the account would allow.
    const begun = preferring('basic');
    begun.say(taken(200, chal('MAC', 'MQ==')) + get(4, './a'));
    const later = begun.say(
      statusXml(1, 2, 0, 'SyncHdr', 401, chal('md5', 'Mg==')) + statusXml(2, 2, 2, 'Results', 401),
    );
    expect(later).toMatchObject({ outcome: { code: 'dm/auth-refused' } });
  });
});

describe('a client that is challenged', () => {
  it.each([
    [407, 'md5', 'basic'],
    [401, 'md5', 'md5'],
    [407, 'MAC', 'md5'],
  ] as const)(
    '[DMP-4-07][DMP-4-08] by %i shows the %s that is asked for, having begun with %s',
    (code, wanted, began) => {
      const { say } = client({ prover: proverOf(began, 'handset', 'secret') });
      const step = say(refused(code, chal(wanted, 'bmV3')));
      const nonce = utf8('new');
      if (wanted === 'md5') expect(credOf(step.send)?.data).toBe(digestFor('handset', 'secret', nonce));
      else expect(step.send?.hmac).toContain(macFor('handset', 'secret', nonce, step.send?.body ?? utf8('')));
      const again = say(refused(401, chal(wanted, 'bmV3'), 2));
      if (code === 401) expect(again).toMatchObject({ outcome: { ok: false, code: 'dm/auth-refused', status: 401 } });
      // Having shown nothing good at first is no refusal; the second wrong proof is the end.
      else {
        expect(again.outcome).toBeUndefined();
        expect(say(refused(401, chal(wanted, 'bmV3'), 3)).outcome).toMatchObject({ code: 'dm/auth-refused' });
      }
    },
  );

  it('[DMP-4-19] in package 2 goes back to package 1: same session, next number, to the RespURI', () => {
    const { say, first } = client({ prover: proverOf('md5', 'handset', 'secret') });
    const there = 'http://dms.example/dm;jsessionid=1';
    // RespURI stands behind Source in the header.
    const step = say(refused(401, chal('md5', 'bmV3')), `<RespURI>${there}</RespURI>`);
    expect(gist(step.send)).toEqual(['Status 1/0 SyncHdr 200', ...gist(first)]);
    expect(readEnvelope(step.send).header).toMatchObject({
      sessionId: readEnvelope(first).header.sessionId,
      msgId: 2,
      target: { uri: there },
    });
  });

  it('[DMP-4-14] in mid-session sends again what was refused and nothing else', () => {
    const device = new TestDevice();
    const { say } = client({ prover: proverOf('mac', 'handset', 'secret') }, device);
    device.alerts = [genericAlert('kept'), genericAlert('refused')];
    say(taken(200, chal('MAC', 'MQ==')) + get(4, './a'));
    const sent = device.alerts.map(({ id }) => id);
    expect(sent).toEqual(['kept', 'refused']);
    // The answer to the Get was message 2: Status 1 of the header, Status 2 and Results 3 of the Get, Alerts 4 and 5.
    const step = say(
      statusXml(1, 2, 0, 'SyncHdr', 401, chal('MAC', 'Mg==')) +
        statusXml(2, 2, 4, 'Alert', 200) +
        statusXml(3, 2, 5, 'Alert', 401),
    );
    // Answers (Status, Results) have no Status of their own to go by.
    const again = readEnvelope(step.send).commands.filter(({ kind }) => kind !== 'Status' && kind !== 'Results');
    expect(again).toMatchObject([{ kind: 'Alert', code: 1226, items: [{ data: 'refused' }] }]);
    expect(device.executed).toEqual([]);
  });

  it('[DMP-4-09] keeps the nonce that comes with 212 for the next session and shows no credentials any more', () => {
    const { say, session, first } = client({ prover: proverOf('md5', 'handset', 'secret') });
    const step = say(taken(212, chal('md5', 'bmV4dA==')) + get(4, './a'));
    expect(credOf(first)).toBeDefined();
    expect(credOf(step.send)).toBeUndefined();
    expect(session.wire.prover.nonceToKeep).toEqual(utf8('next'));
  });

  it('[DMP-4-10] uses the nonce that comes with 200 for the next message', () => {
    const { say } = client({ prover: proverOf('mac', 'handset', 'secret') });
    for (const [index, nonce] of ['one', 'two'].entries()) {
      const statuses =
        index === 0 ? taken(200, chal('MAC', b64(nonce))) : statusXml(1, 2, 0, 'SyncHdr', 200, chal('MAC', b64(nonce)));
      const step = say(statuses + get(4, './a'));
      expect(step.send?.hmac).toContain(macFor('handset', 'secret', utf8(nonce), step.send?.body ?? utf8('')));
    }
  });
});

describe('a side that asks for a proof', () => {
  it('[DMP-4-13][DMP-4-15] answers by Statuses of one code: 407 for none, 401 for a wrong one, 401 for none after that', () => {
    for (const [shown, code] of [
      ['', 407],
      [credXml('md5', digestFor('handset', 'wrong', utf8('nonce'))), 401],
    ] as const) {
      const { say } = server({ verifier: verifierOf('md5', 'handset', 'secret') });
      const lines = (of: number, msgRef: number) => [
        `Status ${msgRef}/0 SyncHdr ${of} Chal`,
        `Status ${msgRef}/1 Alert ${of}`,
        `Status ${msgRef}/2 Replace ${of}`,
        'Final',
      ];
      expect(gist(say(PACKAGE_1, shown).send)).toEqual(lines(code, 1));
      const second = say(statusXml(9, 1, 0, 'SyncHdr', 200) + PACKAGE_1);
      expect(gist(second.send)).toEqual(lines(401, 2));
      expect(second.outcome).toMatchObject({ code: 'dm/auth-refused' });
    }
    // A handset does the same with its server.
    const { say } = client({ verifier: verifierOf('md5', 'dms', 'server') });
    expect(gist(say(taken(200) + get(4, './a')).send)).toEqual([
      'Status 1/0 SyncHdr 407 Chal',
      'Status 1/4 Get 407',
      'Final',
    ]);
    expect(gist(say(statusXml(1, 2, 0, 'SyncHdr', 200) + get(2, './a')).send)[0]).toBe('Status 2/0 SyncHdr 401 Chal');
  });

  it.each([
    ['md5', credXml('basic', b64('handset:secret'))],
    ['md5', credXml('sha', 'AAAA')],
    ['basic', credXml('md5', digestFor('handset', 'secret', utf8('nonce')))],
  ] as const)('[DMP-4-21] takes no answer of another type than the %s that it asked for', (demand, shown) => {
    const { say, begun } = server({ verifier: verifierOf(demand, 'handset', 'secret') });
    expect(gist(say(PACKAGE_1).send)[0]).toBe('Status 1/0 SyncHdr 407 Chal');
    const step = say(statusXml(9, 1, 0, 'SyncHdr', 200) + PACKAGE_1, shown);
    expect(step.outcome).toMatchObject({ code: 'dm/auth-refused', status: 401 });
    expect(begun).toEqual([]);
  });

  it('[DMP-4-17] takes basic credentials without Meta', () => {
    const { say } = server({ verifier: verifierOf('basic', 'handset', 'secret') });
    const step = say(PACKAGE_1, `<Cred><Data>${b64('handset:secret')}</Data></Cred>`);
    expect(gist(step.send).slice(0, 1)).toEqual(['Status 1/0 SyncHdr 212']);
  });

  it('[DMP-4-18] wants no Cred after 212, and no other user in the session', () => {
    const passwords = new Map([
      ['handset', 'secret'],
      ['other', 'known'],
    ]);
    const verifier = () =>
      new Verifier({
        demand: 'md5',
        passwordOf: (user) => passwords.get(user),
        defaultUser: 'other',
        nonces: [utf8('nonce')],
        digest: nodeDigest,
        random: nodeRandom,
      });
    const right = credXml('md5', digestFor('handset', 'secret', utf8('nonce')));
    const left = server({ verifier: verifier() });
    expect(gist(left.say(PACKAGE_1, right, 'handset').send)[0]).toBe('Status 1/0 SyncHdr 212 Chal');
    const answers = statusXml(1, 1, 0, 'SyncHdr', 200) + statusXml(2, 1, 4, 'Get', 200);
    expect(left.say(answers).outcome).toEqual({ ok: true });
    // Without LocName a later Cred is that user's too.
    const named = server({ verifier: verifier() });
    named.say(PACKAGE_1, right, 'handset');
    expect(named.say(answers, right).outcome).toEqual({ ok: true });
    // The nonce of the next session may be used at once; whoever listened in gets nothing by that proof then.
    const hasty = verifier();
    const early = server({ verifier: hasty });
    const next = nonceIn(early.say(PACKAGE_1, right, 'handset').send);
    const last = early.say(answers, credXml('md5', digestFor('handset', 'secret', next))).send;
    expect(gist(last)[0]).toBe('Status 2/0 SyncHdr 212 Chal');
    expect(hasty.freshNonce).toEqual(Uint8Array.from(nonceIn(last)));
    expect(hasty.freshNonce).not.toEqual(Uint8Array.from(next));
    const changed = server({ verifier: verifier() });
    changed.say(PACKAGE_1, right, 'handset');
    const others = credXml('md5', digestFor('other', 'known', utf8('nonce')));
    expect(gist(changed.say(answers, others, 'other').send)[0]).toBe('Status 2/0 SyncHdr 401 Chal');
  });

  it('[DMP-4-20] says nothing to a server that proves nothing, asks for nothing and wants no other proof', () => {
    for (const shown of ['', credXml('md5', digestFor('dms', 'wrong', utf8('nonce')))]) {
      const { say } = client({ verifier: verifierOf('md5', 'dms', 'server') });
      const step = say(taken(200), shown);
      expect(step.outcome).toMatchObject({ ok: false, code: 'dm/server-not-authenticated' });
      expect(step.send).toBeUndefined();
    }
  });

  it('[DMP-4-11] gives a fresh nonce of 128 bits with 200 for every MAC, and takes none twice', () => {
    const nonces: Uint8Array[] = [utf8('nonce')];
    const { session } = server({ verifier: verifierOf('mac', 'handset', 'secret') }, ['./a', './b', './c', './d']);
    const signed = (body: string, msgId: number, nonce: Uint8Array): Envelope => {
      const envelope = byHand(body, { msgId, source: DEVICE, target: SERVER });
      return { ...envelope, hmac: `username="handset", mac=${macFor('handset', 'secret', nonce, envelope.body)}` };
    };
    for (let msgId = 1; msgId <= 4; msgId += 1) {
      const header = statusXml(1, msgId - 1, 0, 'SyncHdr', 200);
      // The Get stands behind three Statuses in the first answer, behind one in the others.
      const answers = `${header}${statusXml(2, msgId - 1, msgId === 2 ? 4 : 2, 'Get', 200)}`;
      const step = session.receive(signed(msgId === 1 ? PACKAGE_1 : answers, msgId, nonces.at(-1) ?? utf8('')));
      expect(gist(step.send)[0]).toBe(`Status ${msgId}/0 SyncHdr 200 Chal`);
      nonces.push(nonceIn(step.send));
    }
    expect(new Set(nonces.map(b64)).size).toBe(5);
    for (const nonce of nonces.slice(1)) expect(nonce.length).toBeGreaterThanOrEqual(16);
    const stale = session.receive(signed(statusXml(1, 4, 0, 'SyncHdr', 200), 5, nonces[3] ?? utf8('')));
    expect(gist(stale.send)[0]).toBe('Status 5/0 SyncHdr 401 Chal');
  });

  it.each([
    ['nothing', undefined, '', 407],
    ['md5', undefined, credXml('md5', digestFor('handset', 'secret', utf8('nonce'))), 401],
    ['a header without user', 'algorithm=MD5, mac=XSyvwd2YM0lhmXu8JllsNg==', '', 401],
  ])('[DMP-4-12][DMP-4-29] refuses %s once MAC was begun', (_what, hmac, header, code) => {
    // Less would do for this server, but the client has begun with more.
    const { session } = server({ verifier: verifierOf('md5', 'handset', 'secret') });
    const first = byHand(PACKAGE_1, { source: DEVICE, target: SERVER });
    const mac = macFor('handset', 'secret', utf8('nonce'), first.body);
    const step = session.receive({ ...first, hmac: `username="handset", mac=${mac}` });
    expect(gist(step.send)[0]).toBe('Status 1/0 SyncHdr 200 Chal');
    const body = statusXml(1, 1, 0, 'SyncHdr', 200) + statusXml(2, 1, 4, 'Get', 200);
    const bare = byHand(body, { msgId: 2, header, source: DEVICE, target: SERVER });
    const refusal = session.receive(hmac === undefined ? bare : { ...bare, hmac });
    expect(gist(refusal.send)[0]).toBe(`Status 2/0 SyncHdr ${code} Chal`);
    expect(statusesOf(refusal.send)[0]?.chal?.type).toBe('syncml:auth-MAC');
  });

  it('[DMP-4-16] may be the server alone: a handset that lets its server be is managed', () => {
    const all = server({ prover: proverOf('md5', 'dms', 'server'), verifier: verifierOf('md5', 'handset', 'secret') });
    const lenient = clientOf(new TestDevice(), {
      prover: proverOf('md5', 'handset', 'secret'),
      verifier: verifierOf('none', 'dms', ''),
    });
    const { messages, ...ended } = converse(lenient, all.session);
    expect(ended).toEqual({ client: { ok: true }, server: { ok: true } });
    expect(messages.flatMap((message) => statusesOf(message)).filter(({ code }) => code > 400)).toEqual([]);
  });

  it('[DMP-4-23] keeps no nonce of a peer that has proved nothing, though it uses it for the retry', () => {
    const { say, session } = client({
      prover: proverOf('md5', 'handset', 'secret'),
      verifier: verifierOf('md5', 'dms', 'server'),
    });
    const retry = say(refused(401, chal('md5', b64('evil'))));
    expect(retry.outcome?.code ?? credOf(retry.send)?.data).toBe(digestFor('handset', 'secret', utf8('evil')));
    expect(session.wire.verifier.accepted).toBe(false);
    expect(session.wire.prover.nonceToKeep).toBeUndefined();
  });
});

it('[DMP-4-24][DMP-4-25] md5 with nonces of 128 bits is what both sides demand unless told otherwise', () => {
  expect(DEFAULTS.auth).toBe('md5');
  const { say } = server({ verifier: verifierOf('md5', 'handset', 'secret') });
  expect(nonceIn(say(PACKAGE_1).send).length).toBeGreaterThanOrEqual(16);
});

it('secrets are in no error of a session that fails for them', () => {
  for (const type of ['basic', 'md5', 'mac'] as const) {
    const session = clientOf(new TestDevice(), {
      prover: proverOf(type, 'handset', 'wrong-secret'),
      verifier: verifierOf(type, 'dms', 'server-secret'),
    });
    const other = serverOf([], {
      prover: proverOf(type, 'dms', 'server-secret'),
      verifier: verifierOf(type, 'handset', 'right-secret'),
    });
    const { client: atClient, server: atServer } = converse(session, other.session);
    for (const outcome of [atClient, atServer]) {
      expect(outcome?.ok).toBe(false);
      expect(JSON.stringify(outcome)).not.toMatch(/secret|nonce=|[A-Za-z0-9+/]{20,}==/);
    }
  }
});
