/** A PC with a store and a cache, and virtual handsets that it reaches in memory. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { hexOf } from '../../../src-main/base/bytes.ts';
import { seconds } from '../../../src-main/base/durations.ts';
import { PcAgentError } from '../../../src-main/base/errors.ts';
import { nodeClock } from '../../../src-main/base/node/clock.ts';
import { nodeDigest, nodeRandom } from '../../../src-main/base/node/digest.ts';
import type { Bearer } from '../../../src-main/bearer/bearer.ts';
import { ownProcessBearers } from '../../../src-main/bearer/bearers.ts';
import { createMemoryBearer } from '../../../src-main/bearer/memory/memory-bearer.ts';
import type { UntimedEvent } from '../../../src-main/contract/events.ts';
import type { Account } from '../../../src-main/dm/account.ts';
import { ReadAhead } from '../../../src-main/dm/large-object/read-ahead.ts';
import type { Job, NewOrder } from '../../../src-main/jobs/job.ts';
import { createJobStore } from '../../../src-main/jobs/job-store.ts';
import { createOutbox } from '../../../src-main/jobs/outbox/outbox.ts';
import type { ManageOptions } from '../../../src-main/management-server/manage-options.ts';
import type { NonceKeeper, Nonces } from '../../../src-main/management-server/nonces.ts';
import { runJobs } from '../../../src-main/offline/run-jobs.ts';
import type { OfferedPackage, PackageSource } from '../../../src-main/offline/suitable-package.ts';
import { openStore } from '../../../src-main/store/store.ts';
import { Handset, type HandsetOptions } from '../../../src-main/virtual/handset/handset.ts';
import { serveHandset } from '../../../src-main/virtual/handset/handset-service.ts';
import { HandsetStateFile } from '../../../src-main/virtual/handset/handset-state.ts';
import { inboxService } from '../../../src-main/virtual/handset/inbox.ts';
import { STANDARD } from '../../../src-main/virtual/handset/profiles.ts';

export const ACCOUNT: Account = {
  serverId: 'pc-agent',
  serverPassword: 'agent-secret',
  user: 'handset',
  password: 'handset-secret',
  auth: 'md5',
  serverNonce: 'bm9uY2U=',
  clientNonce: 'bm9uY2U=',
};
export const DEVICE = 'IMEI:004999010640000';
export const DMS = 'http://dms.example:8080';

export type HandsetChoice = Partial<Omit<HandsetOptions, 'emit'>>;

/** A handset that listens, at `memory:phone` if nothing else is said, until it is taken away. */
export async function plugIn(bearer: Bearer, choice: HandsetChoice = {}, address = 'memory:phone') {
  const events: UntimedEvent[] = [];
  const handset = new Handset({
    imei: '004999010640000',
    model: 'V1',
    encoding: 'wbxml',
    maxMessage: 20_000,
    accounts: [ACCOUNT],
    laxNotification: false,
    profile: STANDARD,
    faults: [],
    state: new HandsetStateFile(undefined),
    digest: nodeDigest,
    random: nodeRandom,
    ...choice,
    emit: (event) => events.push(event),
  });
  const stop = new AbortController();
  const served: Promise<void>[] = [];
  const { signal } = stop;
  const listener = await bearer.listen(bearer.parse(address), {
    signal,
    onStream: (stream) => {
      served.push(serveHandset(stream, { handset, inbox: inboxService({}), signal, onOutcome: () => undefined }));
    },
  });
  const unplug = async (): Promise<void> => {
    await listener.close();
    stop.abort();
    await Promise.allSettled(served);
  };
  onTestFinished(unplug);
  return { handset, address: listener.address.text, events, unplug, quiet: () => Promise.allSettled(served) };
}

export function memoryNonces(): NonceKeeper & { readonly kept: Map<string, Nonces> } {
  const kept = new Map<string, Nonces>();
  return {
    kept,
    find: (device) => kept.get(device),
    keep: async (device, _serverId, nonces) => {
      kept.set(device, nonces);
    },
  };
}

/** Several messages long. */
const CONTENT = nodeRandom.bytes(50_000);
const GAME: OfferedPackage = {
  id: 'com.example.game',
  name: 'game',
  version: '2.0',
  model: '',
  digest: hexOf(nodeDigest.sha256(CONTENT)),
  trust: 'verified',
  state: 'ready',
  size: CONTENT.length,
};

export function packages(change: Partial<OfferedPackage> = {}, bytes: Uint8Array = CONTENT) {
  const reads: string[] = [];
  const source: PackageSource = {
    find: (id) => (id === GAME.id ? { ...GAME, ...change } : undefined),
    head: async (_digest, length) => bytes.subarray(0, length),
    open: async (digest) => {
      reads.push(digest);
      if (bytes.length === 0) throw new PcAgentError('cache/digest-mismatch', 'the content is damaged');
      return new ReadAhead(bytes.length, async (from, to) => bytes.subarray(from, to));
    },
  };
  return { source, reads };
}

/** A cache of several packages. */
export function shelf(
  ...kept: readonly { readonly id: string; readonly bytes: Uint8Array; readonly version?: string }[]
) {
  const contents = new Map(kept.map(({ bytes }) => [hexOf(nodeDigest.sha256(bytes)), bytes]));
  const entries = kept.map(({ id, bytes, version = '2.0' }): OfferedPackage => {
    const name = id.slice(id.lastIndexOf('.') + 1);
    return { ...GAME, id, name, version, digest: hexOf(nodeDigest.sha256(bytes)), size: bytes.length };
  });
  const opened: string[] = [];
  const bytesOf = (digest: string): Uint8Array => contents.get(digest) ?? new Uint8Array();
  const source: PackageSource = {
    find: (id) => entries.find((entry) => entry.id === id),
    head: async (digest, length) => bytesOf(digest).subarray(0, length),
    open: async (digest) => {
      opened.push(digest);
      const bytes = bytesOf(digest);
      return new ReadAhead(bytes.length, async (from, to) => bytes.subarray(from, to));
    },
  };
  return { source, opened };
}

export function startBench(bearer: Bearer = createMemoryBearer()) {
  const folder = mkdtempSync(join(tmpdir(), 'pc-agent-offline-'));
  const store = openStore({ file: join(folder, 'pc-agent.db'), clock: nodeClock });
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const jobs = createJobStore({ store, clock: nodeClock });
  const outbox = createOutbox(store, nodeClock);
  const nonces = memoryNonces();
  const events: UntimedEvent[] = [];
  const manage = (more: Partial<ManageOptions<void>> = {}) => ({
    via: { kind: 'dial', bearer, address: bearer.parse('memory:phone') } as const,
    account: ACCOUNT,
    nonces,
    digest: nodeDigest,
    random: nodeRandom,
    signal: new AbortController().signal,
    timeout: seconds(10),
    emit: (event: UntimedEvent) => void events.push(event),
    ...more,
  });
  const order = async (more: Partial<NewOrder> = {}) =>
    jobs.order({
      operation: 'install',
      ...(more.operation === undefined ? { package: GAME.id } : {}),
      handsets: [{ handset: 'memory:phone' }],
      reportTo: DMS,
      ...more,
    });
  return {
    bearer,
    store,
    jobs,
    outbox,
    nonces,
    events,
    manage,
    order,
    install: async (more: Partial<NewOrder> = {}, source = packages().source) => {
      const ordered = await order(more);
      return runJobs({ jobs: ordered, store: jobs, packages: source, manage: manage() });
    },
    /** One session with the jobs of these orders. */
    work: async (
      orders: readonly Partial<NewOrder>[],
      source = packages().source,
      more: Partial<ManageOptions<void>> = {},
    ) => {
      const ordered: Job[] = [];
      for (const each of orders) ordered.push(...(await order(each)));
      return runJobs({ jobs: ordered, store: jobs, packages: source, manage: manage(more) });
    },
    reports: () => outbox.list().map(({ body }) => JSON.parse(body) as Record<string, unknown>),
  };
}

export function installed(handset: Handset, id = GAME.id): readonly string[] {
  return handset.device.agent.components.filter((component) => component.id === id).map(({ version }) => version);
}

/** A bearer that knows `tcp:` addresses and dials them as a test says. */
export function dialledSo(dial: Bearer['dial']): Bearer {
  const real = ownProcessBearers().for('tcp');
  return { ...real, parse: (text) => real.parse(text), dial };
}
