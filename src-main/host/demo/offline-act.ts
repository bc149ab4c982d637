import { z } from 'zod';
import { textOf } from '../../base/bytes.ts';
import { milliseconds } from '../../base/durations.ts';
import { isPcAgentError, PcAgentError } from '../../base/errors.ts';
import { nodeClock } from '../../base/node/clock.ts';
import type { DemoHandset } from '../../contract/demo-result.ts';
import type { OperationResult } from '../../contract/results.ts';
import { httpRequest } from '../../net/http-request.ts';
import { createMemoryLedger } from '../../net/ledger.ts';
import type { Host } from '../host.ts';
import { OFFLINE_PACKAGE } from './cache-act.ts';
import type { DemoStage } from './demo-stage.ts';
import { componentStates, failedWith } from './handset-result.ts';
import { inTurns } from './in-turns.ts';
import type { HandsetPeer } from './relay-act.ts';

const Reports = z.looseObject({ reports: z.array(z.looseObject({ key: z.string() })) });

/** How often the outbox is sent before the DMS counts as still away, and how long in between. */
const TRIES = 20;
const PAUSE = milliseconds(100);
/** Handsets at a time. */
const AT_ONCE = 8;

/**
 * Act 3: the DMS's listener is closed; the PC's own server installs what the cache holds; the report waits, and is
 * sent when the DMS is back. How many reports arrived is read from the DMS.
 */
export async function offlineAct(stage: DemoStage, results: readonly DemoHandset[]): Promise<readonly DemoHandset[]> {
  const host = await stage.host();
  await stage.dms.stop();
  const installed = await inTurns(stage.handsets, AT_ONCE, (handset, index) =>
    installFromCache(stage, host, handset, results[index]),
  );
  const waiting = await unsent(stage, host);
  await stage.dms.restart();
  const sends = await sendAll(stage, host);
  return Promise.all(
    installed.map(async (result): Promise<DemoHandset> => {
      const delivered = await deliveredReports(stage, result.device);
      const report = { delivered, sent: waiting.has(result.device) ? sends : 0 };
      if (!result.ok) return { ...result, report };
      if (delivered !== 1)
        return failedWith({ ...result, report }, 'demo/reports-wrong', `${delivered} reports arrived`);
      return { ...result, report };
    }),
  );
}

async function installFromCache(
  stage: DemoStage,
  host: Host,
  handset: HandsetPeer,
  result: DemoHandset | undefined,
): Promise<DemoHandset> {
  if (result === undefined) throw new TypeError('a handset has no result');
  const { signal } = stage.context;
  const emit = stage.sessions.innerEmit;
  const params = {
    handset: handset.address,
    device: handset.device,
    packages: [OFFLINE_PACKAGE],
    offline: true,
    reportTo: stage.dms.url.href,
  };
  let done: OperationResult;
  try {
    done = await host.connection.request('install', params, { emit, signal });
  } catch (error) {
    if (!isPcAgentError(error)) throw error;
    return failedWith(result, error.code, error.message);
  }
  const job = done.jobs[0];
  const next: DemoHandset = {
    ...result,
    sessions: [...result.sessions, ...done.sessions],
    ...(done.components === undefined ? {} : { after: componentStates(done.components) }),
    fromCache: job?.state === 'done' ? [OFFLINE_PACKAGE] : [],
  };
  if (job?.state === 'done') return next;
  return failedWith(next, job?.code ?? 'demo/install-failed', job?.message ?? `the job ended ${job?.state ?? 'never'}`);
}

/** Devices whose report waits in the outbox. */
async function unsent(stage: DemoStage, host: Host): Promise<ReadonlySet<string>> {
  const { signal } = stage.context;
  const emit = stage.sessions.innerEmit;
  const { reports } = await host.connection.request('reports.list', {}, { emit, signal });
  return new Set(reports.map(({ body }) => z.looseObject({ device: z.string() }).parse(body).device));
}

/** Sends until nothing waits. @returns how often it was tried */
async function sendAll(stage: DemoStage, host: Host): Promise<number> {
  const { signal } = stage.context;
  const emit = stage.sessions.innerEmit;
  for (let sends = 1; sends <= TRIES; sends += 1) {
    const { unsent } = await host.connection.request('reports.send', {}, { emit, signal });
    if (unsent === 0) return sends;
    await nodeClock.sleep(PAUSE, signal);
  }
  throw new PcAgentError('demo/reports-wrong', 'the reports could not be delivered');
}

async function deliveredReports(stage: DemoStage, device: string): Promise<number> {
  const url = new URL('/api/v1/reports', stage.dms.url);
  url.searchParams.set('device', device);
  const answer = await httpRequest({
    url,
    method: 'GET',
    agent: stage.agent,
    ledger: createMemoryLedger(),
    purpose: 'reports',
    initiator: 'demo',
    signal: stage.context.signal,
  });
  return Reports.parse(JSON.parse(textOf(answer.body))).reports.length;
}
