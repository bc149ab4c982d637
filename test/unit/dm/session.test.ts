import { describe, expect, it } from 'vitest';
import { hexOf, utf8 } from '../../../src-main/base/bytes.ts';
import { nodeDigest, nodeRandom } from '../../../src-main/base/node/digest.ts';
import type { AuthType } from '../../../src-main/dm/auth/credentials.ts';
import { Prover } from '../../../src-main/dm/auth/prover.ts';
import { Verifier } from '../../../src-main/dm/auth/verifier.ts';
import { DmClientSession } from '../../../src-main/dm/client/dm-client-session.ts';
import { DmServerSession } from '../../../src-main/dm/server/dm-server-session.ts';
import type { Work } from '../../../src-main/dm/server/work.ts';
import type { SessionOutcome } from '../../../src-main/dm/session-outcome.ts';
import { readOperationComplete } from '../../../src-main/scomo/operation-complete.ts';
import { deliverAndInstall } from '../../../src-main/scomo/procedure/deliver.ts';
import { findScomoRoot, type InventoryEntry, readInventory } from '../../../src-main/scomo/procedure/inventory.ts';
import type { Encoding } from '../../../src-main/syncml/model.ts';
import { HandsetDevice } from '../../../src-main/virtual/handset/handset-device.ts';

const NONCE = utf8('nonce');

interface Pair {
  readonly client: DmClientSession;
  readonly server: DmServerSession;
  readonly device: HandsetDevice;
  readonly results: number[];
  before: readonly InventoryEntry[];
  after: readonly InventoryEntry[];
}

function pair(encoding: Encoding, auth: AuthType, clientLimit: number, pkg: Uint8Array): Pair {
  const device = new HandsetDevice({ imei: '004999010640000', model: 'V1', digest: nodeDigest });
  const common = { encoding, sessionId: '1A2B', maxObjSize: 10_000_000 };
  const verifier = (user: string, password: string) =>
    new Verifier({
      demand: auth,
      passwordOf: (name) => (name === user ? password : undefined),
      defaultUser: user,
      nonces: [NONCE],
      digest: nodeDigest,
      random: nodeRandom,
    });
  const prover = (user: string, password: string) =>
    new Prover({ type: auth, user, password, nonce: NONCE, digest: nodeDigest });
  const results: number[] = [];
  const client = new DmClientSession({
    ...common,
    device,
    authority: 'dms',
    alert: 1201,
    maxMsgSize: clientLimit,
    self: { uri: device.id, name: 'handset' },
    peer: { uri: 'http://dms.example/dm' },
    prover: prover('handset', 'secret'),
    verifier: verifier('dms', 'server'),
  });
  const made: Pair = { client, device, results, before: [], after: [], server: undefined as never };
  function* work(): Work {
    const root = yield* findScomoRoot();
    if (root === undefined) throw new Error('no SCOMO');
    made.before = yield* readInventory(root);
    const done = yield* deliverAndInstall(
      root,
      { id: 'com.example.game', name: 'game', version: '2.0', type: 'application/octet-stream', content: pkg },
      { correlator: 'c1' },
    );
    expect(done).toMatchObject({ kind: 'accepted' });
    made.after = yield* readInventory(root);
  }
  const server = new DmServerSession({
    ...common,
    maxMsgSize: 65_000,
    self: { uri: 'http://dms.example/dm', name: 'dms' },
    peer: { uri: device.id },
    prover: prover('dms', 'server'),
    verifier: verifier('handset', 'secret'),
    begin: () => work(),
    onAlert: (alert) => {
      results.push(...readOperationComplete(alert).map((entry) => entry.resultCode));
      return 200;
    },
  });
  return Object.assign(made, { server });
}

function run(sides: Pair): {
  client: SessionOutcome | undefined;
  server: SessionOutcome | undefined;
  messages: number;
  largest: number;
} {
  let message: ReturnType<DmClientSession['start']> | undefined = sides.client.start();
  let client: SessionOutcome | undefined;
  let server: SessionOutcome | undefined;
  let largest = 0;
  let messages = 0;
  while (message !== undefined && messages < 1000) {
    messages += 1;
    const answer = sides.server.receive(message);
    server = answer.outcome ?? server;
    if (answer.send === undefined) break;
    largest = Math.max(largest, answer.send.body.length);
    const next = sides.client.receive(answer.send);
    client = next.outcome ?? client;
    message = next.send;
  }
  return { client, server, messages, largest };
}

describe('a DM session between our client and our server', () => {
  const cases = (['wbxml', 'xml'] as const).flatMap((encoding) =>
    (['none', 'basic', 'md5', 'mac'] as const).map((auth) => ({ encoding, auth })),
  );
  it.each(cases)(
    'reads the inventory and installs a package by large object in $encoding with $auth',
    ({ encoding, auth }) => {
      const pkg = nodeRandom.bytes(100_000);
      const sides = pair(encoding, auth, 8_000, pkg);
      const ended = run(sides);
      expect(ended.client).toEqual({ ok: true });
      expect(ended.server).toEqual({ ok: true });
      expect(ended.largest).toBeLessThanOrEqual(8_000);
      expect(sides.results).toEqual([1200]);
      expect(sides.before.map((entry) => entry.id)).toEqual(['com.example.clock', 'com.example.notes']);
      expect(sides.after.find((entry) => entry.id === 'com.example.game')).toMatchObject({
        version: '2.0',
        state: 'active',
      });
      expect(sides.device.agent.components.at(-1)?.sha256).toBe(hexOf(nodeDigest.sha256(pkg)));
      expect(sides.device.waitingAlerts()).toEqual([]);
    },
  );
});
