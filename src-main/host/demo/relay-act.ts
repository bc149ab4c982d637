import { milliseconds, seconds } from '../../base/durations.ts';
import { isPcAgentError } from '../../base/errors.ts';
import { nodeClock } from '../../base/node/clock.ts';
import { ownProcessBearers } from '../../bearer/bearers.ts';
import type { DemoHandset } from '../../contract/demo-result.ts';
import type { AgentEvent, ErrorEvent, SessionEvent } from '../../contract/events.ts';
import type { DmsJobClient, DmsJobState } from '../../dms/jobs.ts';
import { pollTrigger } from '../../dms/trigger.ts';
import { relayDialled } from '../../relay/dialled-session.ts';
import type { RelayOutcome } from '../../relay/relay-outcome.ts';
import type { RelaySetting } from '../../relay/relay-setting.ts';
import type { DemoBearer } from './demo-place.ts';
import type { DemoSessions } from './demo-sessions.ts';
import { componentStates, untouched } from './handset-result.ts';
import type { PeerProcess } from './peer-process.ts';
import { type Comparison, compareEnds } from './transparency.ts';

/** What the demo installs: the package that every virtual DMS has. */
const PACKAGE = 'com.example.game';
/** How long the ends may take to say that a session is over once the relay is done with it. */
const SETTLE = seconds(5);
/** How long the DMS may take to ask for a session. */
const TRIGGER = seconds(10);
/** Between two looks at a job whose alert may still be on its way. */
const GLANCE = milliseconds(50);

export interface HandsetPeer {
  readonly device: string;
  readonly address: string;
  readonly bearer: DemoBearer;
  readonly process: PeerProcess;
}

export interface ActOptions {
  readonly handset: HandsetPeer;
  readonly dms: PeerProcess;
  readonly jobs: DmsJobClient;
  readonly setting: RelaySetting;
  readonly sessions: DemoSessions;
}

/**
 * Act 1 for one handset: jobs are posted to the DMS, the DMS asks for a session, the session is relayed. What is
 * reported comes from the ends: the DMS's jobs, and the events that both processes wrote.
 */
export async function relayAct(options: ActOptions): Promise<DemoHandset> {
  const { handset, jobs, setting } = options;
  const { signal } = setting;
  const { device } = handset;
  const ids = [
    await jobs.post({ device, operation: 'inventory' }, signal),
    await jobs.post({ device, operation: 'install', package: PACKAGE }, signal),
    await jobs.post({ device, operation: 'inventory' }, signal),
  ];
  const { key, outcome } = await relayOnTrigger(options);
  const end = await sessionEnds(options, outcome);
  const [before, install, after] = await settledJobs(jobs, ids, outcome, signal);
  const comparison = compareEnds(handset.process.events, options.dms.events, outcome.id, device);
  const compared = comparison.messages.toDms + comparison.messages.toHandset;
  options.sessions.audience.proven(key, { by: 'ends', compared, equal: comparison.transparent });
  return {
    ...untouched(device, handset.bearer),
    sessions: [outcome.id],
    ...comparison,
    before: componentStates(before?.inventory),
    after: componentStates(after?.inventory),
    alerts: Array.isArray(end.dms?.alerts) ? end.dms.alerts : [],
    ...verdict(
      outcome,
      end,
      install,
      comparison,
      options.dms.events.findLast((event) => event.type === 'error'),
    ),
  };
}

interface Relayed {
  /** Names the session to whoever looks on. */
  readonly key: string;
  readonly outcome: RelayOutcome;
}

async function relayOnTrigger(options: ActOptions): Promise<Relayed> {
  const { handset, dms, setting } = options;
  const listening = dms.events.find((event) => event.type === 'listening');
  const url = new URL('/api/v1/notifications', listening?.address);
  url.searchParams.set('device', handset.device);
  const stop = new AbortController();
  const signal = AbortSignal.any([setting.signal, stop.signal, AbortSignal.timeout(TRIGGER)]);
  const wishes = pollTrigger({
    url,
    agent: setting.agent,
    ledger: setting.ledger,
    initiator: 'demo',
    clock: nodeClock,
    signal,
  });
  for await (const wish of wishes) {
    stop.abort();
    return relayWatched(options, wish.body);
  }
  throw new TypeError('the poll for notifications ended without an error');
}

async function relayWatched({ handset, setting, sessions }: ActOptions, notification: Uint8Array): Promise<Relayed> {
  const bearer = ownProcessBearers().for(handset.bearer);
  const { key, witness } = sessions.relayed(handset.address, handset.device, setting.profile.url.href);
  const { emit, onPassing, onMessage, onCompared } = witness;
  try {
    const outcome = await relayDialled(
      { ...setting, emit, onPassing, onMessage, onCompared },
      {
        bearer,
        address: bearer.parse(handset.address),
        notifications: [notification],
        label: `unread-${handset.device}`,
      },
    );
    witness.ended({ state: outcome.state, code: outcome.code });
    return { key, outcome };
  } catch (error) {
    const code = isPcAgentError(error) ? error.code : 'relay/cancelled';
    witness.ended({ state: isPcAgentError(error) ? 'failed' : 'aborted', code });
    throw error;
  }
}

/** Codes of an end that only suffered what the other one did. */
const CONSEQUENCES = ['dm/aborted', 'dm/session-cut', 'dm/cancelled', 'dm/status', 'bearer/lost', 'obex/disconnected'];

interface Ends {
  readonly handset: SessionEvent | undefined;
  readonly dms: SessionEvent | undefined;
}

/** What both ends say of the session's end; `undefined` for one that says nothing in time. */
async function sessionEnds({ handset, dms, setting }: ActOptions, outcome: RelayOutcome): Promise<Ends> {
  const ended = (event: AgentEvent): event is SessionEvent =>
    event.type === 'session' &&
    event.id === outcome.id &&
    event.state !== 'started' &&
    event.state !== 'running' &&
    event.handset === handset.device;
  const look = async (peer: PeerProcess) => {
    try {
      return await peer.event(ended, { limit: outcome.state === 'done' ? SETTLE : seconds(1), signal: setting.signal });
    } catch (error) {
      if (isPcAgentError(error, 'demo')) return undefined;
      throw error;
    }
  };
  const [first, second] = await Promise.all([look(handset.process), look(dms)]);
  return { handset: first, dms: second };
}

async function settledJobs(
  jobs: DmsJobClient,
  ids: readonly string[],
  outcome: RelayOutcome,
  signal: AbortSignal,
): Promise<readonly (DmsJobState | undefined)[]> {
  const limit = nodeClock.monotonic() + (outcome.state === 'done' ? SETTLE : 0);
  const found: (DmsJobState | undefined)[] = [];
  for (const id of ids) {
    for (;;) {
      const job = await jobs.get(id, signal);
      const open = job.state === 'queued' || job.state === 'running';
      if (open && nodeClock.monotonic() < limit) {
        await nodeClock.sleep(GLANCE, signal);
        continue;
      }
      found.push(job);
      break;
    }
  }
  return found;
}

function verdict(
  outcome: RelayOutcome,
  ends: Ends,
  install: DmsJobState | undefined,
  comparison: Comparison,
  noticed: ErrorEvent | undefined,
): Pick<DemoHandset, 'ok' | 'code' | 'message'> {
  const fail = (code: string, message: string) => ({ ok: false, code, message });
  // The end that noticed knows best what was wrong; the relay only saw the session break.
  for (const [name, end] of [
    ['handset', ends.handset],
    ['DM server', ends.dms],
  ] as const) {
    if (end !== undefined && end.state !== 'done' && typeof end.code === 'string' && !CONSEQUENCES.includes(end.code)) {
      return fail(end.code, `the ${name} ended the session with ${end.code}`);
    }
  }
  // A DMS that cannot read a message does not know whose it was.
  if (outcome.code === 'dms/http-status' && noticed !== undefined) return fail(noticed.code, noticed.message);
  if (outcome.state !== 'done')
    return fail(outcome.code ?? 'relay/ended-unread', outcome.message ?? 'the session failed');
  if (!comparison.transparent) {
    return fail('demo/not-transparent', 'what the handset and the DM server saw differs');
  }
  if (install?.state !== 'done') {
    const result = install?.resultCode === undefined ? '' : ` with result code ${install.resultCode}`;
    return fail('demo/install-failed', install?.message ?? `the installation failed${result}`);
  }
  return { ok: true };
}
