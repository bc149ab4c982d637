/** Every proof over both transports: OBEX with the PC as server, HTTP with the virtual DMS, over links as they are. */
import { afterEach, describe, expect, it } from 'vitest';
import { nodeDigest, nodeRandom } from '../../../src-main/base/node/digest.ts';
import { createMemoryBearer } from '../../../src-main/bearer/memory/memory-bearer.ts';
import type { Account } from '../../../src-main/dm/account.ts';
import type { AuthType } from '../../../src-main/dm/auth/credentials.ts';
import type { Envelope } from '../../../src-main/link/message-link.ts';
import { manageHandset } from '../../../src-main/management-server/manage-handset.ts';
import { createHttpAgent } from '../../../src-main/net/http-agent.ts';
import { createMemoryLedger } from '../../../src-main/net/ledger.ts';
import { ask, getCommand } from '../../../src-main/scomo/procedure/commands.ts';
import { DmService } from '../../../src-main/virtual/dms/dm-service.ts';
import { openJobStore } from '../../../src-main/virtual/dms/job-store.ts';
import { openKnownDevices } from '../../../src-main/virtual/dms/known-devices.ts';
import { createNotificationQueue } from '../../../src-main/virtual/dms/notifications.ts';
import { createDemoPackages } from '../../../src-main/virtual/dms/packages.ts';
import type { FaultChoice } from '../../../src-main/virtual/faults/fault.ts';
import { callByHttp } from '../../../src-main/virtual/handset/handset-call.ts';
import { ACCOUNT, DEVICE, plugIn, startBench } from '../offline/bench.ts';
import { startDms } from '../virtual-dms/dms-fixture.ts';
import { handsetOf } from '../virtual-handset/handset-fixture.ts';

const HOWS = ['right', 'stale', 'wrong', 'missing'] as const;
type Side = 'client' | 'server';

interface Case {
  readonly auth: AuthType;
  readonly side: Side;
  readonly how: (typeof HOWS)[number];
}

interface Played {
  readonly ok: boolean;
  readonly code: string | undefined;
  /** The work that the session was for was done. */
  readonly worked: boolean;
  readonly messages: readonly Envelope[];
  /** What was told of it. */
  readonly events: readonly object[];
}

const cases: readonly Case[] = (['none', 'basic', 'md5', 'mac'] as const).flatMap((auth) =>
  (['client', 'server'] as const).flatMap((side) => HOWS.map((how) => ({ auth, side, how }))),
);

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** The account as the side knows it that has to prove itself. */
function proving(account: Account, { side, how }: Case): Account {
  if (how === 'stale') return { ...account, [`${side}Nonce`]: 'c3RhbGU=' };
  if (how !== 'wrong') return account;
  return side === 'client' ? { ...account, password: 'wrong' } : { ...account, serverPassword: 'wrong' };
}

const leftOut = (prefix: string): readonly FaultChoice[] => [{ name: `${prefix}no-cred` }, { name: `${prefix}no-mac` }];

async function overObex(each: Case): Promise<Played> {
  const agreed: Account = { ...ACCOUNT, auth: each.auth };
  const bearer = createMemoryBearer();
  const bench = startBench(bearer);
  const shows = proving(agreed, each);
  const missing = each.how === 'missing';
  await plugIn(bearer, {
    accounts: [each.side === 'client' ? shows : agreed],
    // Package 0 has a digest of its own; here the proofs inside the session are meant.
    laxNotification: true,
    faults: missing && each.side === 'client' ? leftOut('') : [],
  });
  const messages: Envelope[] = [];
  const account = each.side === 'server' ? { ...shows, ...(missing ? { auth: 'none' as const } : {}) } : agreed;
  const outcome = await manageHandset<string>({
    ...bench.manage(),
    account,
    work: function* () {
      const { items } = yield* ask(getCommand('./DevInfo/Mod'));
      return String(items[0]?.data);
    },
    onMessage: (envelope, _direction, { package: number }) => void (number !== 0 && messages.push(envelope)),
  });
  const { ok, code, found } = outcome;
  return { ok, code, worked: found === 'V1', messages, events: bench.events };
}

async function overHttp(each: Case): Promise<Played> {
  const agreed: Account = { ...ACCOUNT, auth: each.auth };
  const shows = proving(agreed, each);
  const missing = each.how === 'missing';
  const jobs = await openJobStore();
  const job = jobs.add({ device: DEVICE, operation: 'inventory' });
  const events: object[] = [];
  const service = new DmService({
    accounts: [each.side === 'server' ? shows : agreed],
    jobs,
    notifications: createNotificationQueue(),
    packages: createDemoPackages(),
    devices: await openKnownDevices({}),
    faults: missing && each.side === 'server' ? leftOut('dms-') : [],
    digest: nodeDigest,
    random: nodeRandom,
    emit: (event) => void events.push(event),
    url: () => 'http://dms.example/dm',
  });
  const messages: Envelope[] = [];
  const { url } = await startDms({
    dm: {
      handle: async (envelope, signal) => {
        messages.push(envelope);
        const answer = await service.handle(envelope, signal);
        if ('body' in answer) messages.push(answer);
        return answer;
      },
    },
  });
  const { handset } = handsetOf({
    accounts: [each.side === 'client' ? shows : agreed],
    faults: missing && each.side === 'client' ? leftOut('') : [],
    emit: (event) => void events.push(event),
  });
  const agent = createHttpAgent();
  endings.push(() => agent.close());
  const { ok, code } = await callByHttp(handset, {
    url: new URL(`${url}/dm`),
    agent,
    ledger: createMemoryLedger(),
    version: '1',
    signal: new AbortController().signal,
  });
  return { ok, code, worked: jobs.get(job.id)?.state === 'done', messages, events };
}

describe.each([
  ['OBEX', overObex],
  ['HTTP', overHttp],
] as const)('over %s', (_transport, play) => {
  it.each(cases)('with $auth the $side shows what is $how', async (each) => {
    const { auth, how } = each;
    const { ok, code, worked, messages, events } = await play(each);
    const good = auth === 'none' || how === 'right' || how === 'stale';
    expect({ ok, worked }).toEqual({ ok: good, worked: good });
    // Over HTTP a client that goes on after its last refusal is turned away.
    if (!good) expect(code).toMatch(/^dms?\//);
    if (how !== 'missing') {
      // MAC is in its header from the first message to the last, and nothing else ever is.
      expect(new Set(messages.map(({ hmac }) => hmac !== undefined))).toEqual(new Set([auth === 'mac']));
    }
    expect(messages.length).toBeLessThan(14);
    expect(JSON.stringify(events)).not.toMatch(/secret|wrong"|bm9uY2U|c3RhbGU/);
  });
});
