import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src-main/base/bytes.ts';
import type { AuthType } from '../../../src-main/dm/auth/credentials.ts';
import type { WantedCommand } from '../../../src-main/dm/server/work.ts';
import type { Encoding } from '../../../src-main/syncml/model.ts';
import {
  clientOf,
  converse,
  genericAlert,
  gist,
  PAIR_NONCE,
  proverOf,
  readEnvelope,
  serverOf,
  TestDevice,
  verifierOf,
} from '../../support/dm-pair.ts';

const get = (uri: string): WantedCommand => ({ kind: 'Get', items: [{ target: { uri } }] });
const add = (uri: string, data: string): WantedCommand => ({
  kind: 'Add',
  items: [{ target: { uri }, meta: { format: 'chr' }, data }],
});

const ENCODINGS: readonly Encoding[] = ['wbxml', 'xml'];
const LONG = 'aé€😀&<'.repeat(400);

describe('client and server with little room', () => {
  const cases = ENCODINGS.flatMap((encoding) =>
    [
      { client: 1180, server: 1180 },
      { client: 1181, server: 5000 },
      { client: 5000, server: 1183 },
      { client: 1500, server: 1190 },
    ].map((sizes) => ({ encoding, ...sizes })),
  );
  it.each(cases)(
    'exchange large objects both ways and many commands in $encoding, $client and $server octets a message',
    ({ encoding, client: clientSize, server: serverSize }) => {
      const device = new TestDevice();
      const many = Array.from({ length: 40 }, (_, index) => add(`./bag/n${index}`, `value ${index}`));
      const listing: WantedCommand = { kind: 'Get', items: [{ target: { uri: './bag?list=StructData' } }] };
      const packages = [[add('./bag/long', LONG), get('./bag/long'), ...many], [listing], [get('./long'), get('./a')]];
      const server = serverOf(packages, { encoding, maxMsgSize: serverSize });
      const client = clientOf(device, { encoding, maxMsgSize: clientSize });
      const { messages, ...ended } = converse(client, server.session);
      expect(ended).toEqual({ client: { ok: true }, server: { ok: true } });
      for (const [index, { body }] of messages.entries()) {
        // Package 1 goes out before the client knows what the server can take.
        if (index > 0) expect(body.length).toBeLessThanOrEqual(index % 2 === 0 ? serverSize : clientSize);
      }
      expect(device.tree.text('./bag/long')).toBe(LONG);
      const [first, second, third] = server.reports;
      expect(first?.reports.map(({ code }) => code)).toEqual(Array.from({ length: 42 }, () => 200));
      expect(first?.reports[1]?.results.map((item) => item.data)).toEqual([LONG]);
      expect(second?.reports[0]?.results.map((item) => item.source?.uri)).toEqual([
        './bag',
        './bag/long',
        ...many.map((_, index) => `./bag/n${index}`),
      ]);
      expect(second?.reports[0]?.results.slice(-1)[0]?.data).toBe('value 39');
      expect(third?.reports.map(({ results }) => results[0]?.data?.length)).toEqual([3000, 3]);
    },
  );

  it('close every package once: the last message of each side alone has Final', () => {
    const device = new TestDevice();
    const server = serverOf([[add('./bag/long', LONG)], [get('./bag/long')]], { maxMsgSize: 1100 });
    const { messages } = converse(clientOf(device, { maxMsgSize: 1200 }), server.session);
    const said = messages.map((message) => readEnvelope(message));
    // Server messages with commands: only the last chunk and the Get close their package.
    const closed = said.filter(({ final, commands }) => final && commands.some((command) => command.kind === 'Add'));
    expect(closed).toHaveLength(1);
    for (const { final, commands } of said) {
      const chunk = commands.some((command) => 'items' in command && command.items.some((item) => item.moreData));
      const asks = commands.some((command) => command.kind === 'Alert' && command.code === 1222);
      if (chunk || asks) expect(final).toBe(false);
    }
    expect(said.map(({ header }) => header.msgId)).toEqual(said.map((_, index) => (index >> 1) + 1));
  });
});

describe('client and server that have lost each other', () => {
  const cases = ENCODINGS.flatMap((encoding) =>
    (['basic', 'md5', 'mac'] as const).flatMap((auth) =>
      (['client', 'server', 'both'] as const).map((stale) => ({ encoding, auth, stale })),
    ),
  );
  it.each(cases)(
    'agree again when the nonce of $stale is stale, with $auth in $encoding',
    ({ encoding, auth, stale }) => {
      const device = new TestDevice();
      device.alerts = [genericAlert('x')];
      const nonce = (side: string) => (stale === side || stale === 'both' ? utf8('stale') : PAIR_NONCE);
      const client = clientOf(device, {
        encoding,
        prover: proverOf(auth, 'handset', 'secret', nonce('client')),
        verifier: verifierOf(auth, 'dms', 'server'),
      });
      const server = serverOf([[get('./a')], [{ kind: 'Exec', items: [{ target: { uri: './now' } }] }]], {
        encoding,
        prover: proverOf(auth, 'dms', 'server', nonce('server')),
        verifier: verifierOf(auth, 'handset', 'secret'),
      });
      const { messages, ...ended } = converse(client, server.session);
      expect(ended).toEqual({ client: { ok: true }, server: { ok: true } });
      expect(server.begun).toHaveLength(1);
      expect(device.executed).toEqual(['now']);
      expect(server.alerts.length).toBeGreaterThan(0);
      expect(messages.length).toBeLessThan(14);
      // What each keeps for the next session is what the other will use.
      expect(client.wire.prover.nonceToKeep).toEqual(
        server.session.wire.verifier.nonceToKeep ?? client.wire.prover.nonceToKeep,
      );
      expect(server.session.wire.prover.nonceToKeep).toEqual(
        client.wire.verifier.nonceToKeep ?? server.session.wire.prover.nonceToKeep,
      );
    },
  );

  it.each(['basic', 'md5', 'mac'] as const)('part when a password is wrong, with %s', (auth: AuthType) => {
    for (const wrong of ['client', 'server']) {
      const device = new TestDevice();
      const client = clientOf(device, {
        prover: proverOf(auth, 'handset', wrong === 'client' ? 'wrong' : 'secret'),
        verifier: verifierOf(auth, 'dms', 'server'),
      });
      const server = serverOf([[{ kind: 'Exec', items: [{ target: { uri: './now' } }] }]], {
        prover: proverOf(auth, 'dms', wrong === 'server' ? 'wrong' : 'server'),
        verifier: verifierOf(auth, 'handset', 'secret'),
      });
      const { messages, ...ended } = converse(client, server.session);
      expect(device.executed).toEqual([]);
      expect(messages.length).toBeLessThan(8);
      const seen = [ended.client?.code, ended.server?.code];
      expect(seen).toContain(wrong === 'client' ? 'dm/auth-refused' : 'dm/server-not-authenticated');
      if (wrong === 'client') expect(server.begun).toEqual([]);
    }
  });

  it('the handset asks for MAC and a server that begins with md5 follows', () => {
    const device = new TestDevice();
    const client = clientOf(device, {
      prover: proverOf('none', 'handset', 'secret'),
      verifier: verifierOf('mac', 'dms', 'server'),
    });
    const server = serverOf([[get('./a')], [get('./b')]], { prover: proverOf('md5', 'dms', 'server') });
    const { messages, ...ended } = converse(client, server.session);
    expect(ended).toEqual({ client: { ok: true }, server: { ok: true } });
    expect(messages.filter((message) => message.hmac !== undefined).length).toBeGreaterThan(1);
    expect(gist(messages.at(-1)).at(-1)).toBe('Final');
  });
});

describe('an alert that waits', () => {
  it('is brought again in the next session until a server takes it, and then no more', () => {
    const device = new TestDevice();
    device.alerts = [genericAlert('x')];
    const session = (alertCode: number) => {
      const server = serverOf([[get('./a')]], { alertCode });
      expect(converse(clientOf(device), server.session).client).toEqual({ ok: true });
      return server.alerts.length;
    };
    expect([session(500), session(415), session(202), session(200)]).toEqual([1, 1, 1, 0]);
    expect(device.alerts).toEqual([]);
  });
});
