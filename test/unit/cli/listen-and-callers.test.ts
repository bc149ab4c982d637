import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { nodeClock } from '../../../src-main/base/node/clock.ts';
import { run as bluetooth } from '../../../src-main/cli/bluetooth.ts';
import { run as callers } from '../../../src-main/cli/callers.ts';
import type { CommandContext } from '../../../src-main/cli/command.ts';
import { run as listen } from '../../../src-main/cli/listen.ts';
import type { CallerView, ListenerView } from '../../../src-main/contract/listening.ts';
import { hostEndpoint } from '../../../src-main/host/endpoint.ts';
import { openLocalServer } from '../../../src-main/host/local-server.ts';
import { type Handlers, RequestDesk } from '../../../src-main/host/request-desk.ts';
import { StateFeed } from '../../../src-main/host/state-feed.ts';
import { makePlaces, places } from '../../../src-main/settings/places.ts';
import { EMPTY_STATE, noHandlers } from '../host/empty-host.ts';

const SINCE = '2026-11-21T10:00:00.000Z';
const OFF: ListenerView = { kind: 'tcp', state: 'off', sessions: 0, since: SINCE };
const LET_IN: CallerView = { id: '7', kind: 'tcp', known: true, virtual: true, state: 'accepted', calledAt: SINCE };

let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'pc-agent-cli-'));
});

afterAll(() => rm(home, { recursive: true }));

/** A host that answers only so, until the test is over. */
async function hostThat(answers: Partial<Handlers>): Promise<void> {
  vi.stubEnv('PC_AGENT_HOME', home);
  onTestFinished(() => void vi.unstubAllEnvs());
  const own = places(process.env, process.platform);
  makePlaces(own);
  const feed = new StateFeed({ host: 'run', read: () => EMPTY_STATE });
  const desk = new RequestDesk({ feed, clock: nodeClock, handlers: () => ({ ...noHandlers(), ...answers }) });
  const server = await openLocalServer({ endpoint: hostEndpoint(own.runtime), desk, feed, now: nodeClock.now });
  onTestFinished(() => server.close());
}

const printed: string[] = [];
const errors: unknown[] = [];
const context: CommandContext = {
  emit: (event) => void errors.push(event),
  note: () => undefined,
  print: (text) => void printed.push(text),
  signal: AbortSignal.timeout(20_000),
  ...{ json: false, unmask: false, resolvePath: (path: string) => path },
};

beforeEach(() => {
  printed.length = 0;
  errors.length = 0;
});

test('what is off or let in already is nothing to do: exit code 2, and nothing is asked for', async () => {
  await hostThat({
    'listeners.list': async () => ({ listeners: [OFF], interfaces: [] }),
    'callers.list': async () => ({ callers: [LET_IN] }),
  });
  expect(await listen('off', ['tcp'], {}, context)).toMatchObject({ exitCode: 2, ok: true });
  expect(await callers('accept', '7', context)).toMatchObject({ exitCode: 2, ok: true });
});

test('nobody who has called is said in words', async () => {
  await hostThat({ 'callers.list': async () => ({ callers: [] }) });
  expect(await callers('list', undefined, context)).toMatchObject({ exitCode: 0 });
  expect(printed).toEqual(['Nobody has called.']);
});

test('what cannot be had is said once, and as an error', async () => {
  const failure = { code: 'listening/failed', message: 'EADDRINUSE' };
  const { code: reason, message } = failure;
  const listener: ListenerView = { ...OFF, state: 'waiting', wanted: ':650', reason, message };
  await hostThat({
    'listeners.set': async () => ({ listener }),
    'air.look': async () => ({ air: { reason: 'air/no-service', adapters: [], phones: [], searching: false } }),
  });
  expect(await listen('on', ['tcp', ':650'], {}, context)).toMatchObject({ exitCode: 1, ok: false, ...failure });
  expect(printed).toEqual(['tcp  not open  :650']);
  expect(errors).toEqual([{ type: 'error', ...failure }]);
  expect(await bluetooth('list', [], {}, context)).toMatchObject({ exitCode: 1, code: 'air/no-service', air: {} });
  expect(errors[1]).toMatchObject({ type: 'error', code: 'air/no-service' });
});
