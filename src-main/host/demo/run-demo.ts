import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seconds } from '../../base/durations.ts';
import { isPcAgentError } from '../../base/errors.ts';
import { virtualImei } from '../../base/imei.ts';
import type { AgentEvent, Emit, ListeningEvent } from '../../contract/events.ts';
import { dmsProfile } from '../../dms/profile.ts';
import { createHttpAgent } from '../../net/http-agent.ts';
import { createMemoryLedger } from '../../net/ledger.ts';
import type { RelaySessionOptions } from '../../relay/relay-session.ts';
import type { RelaySetting } from '../../relay/relay-setting.ts';
import { type DemoBearer, type DemoPlace, demoPlace } from './demo-place.ts';
import { DmsJobs } from './dms-jobs.ts';
import { flipByte } from './flip-byte.ts';
import { PeerProcess } from './peer-process.ts';
import { type DemoHandset, type HandsetResult, relayAct } from './relay-act.ts';

export interface DemoOptions {
  readonly handsets: number;
  /** How the handsets are reached; default tcp. */
  readonly bearer?: DemoBearer;
  /** A fault by name, with its value if it has one: of the relay, of the handsets, or of the DMS (`dms-…`). */
  readonly fault?: { readonly name: string; readonly value?: string };
}

export interface DemoContext {
  readonly emit: Emit;
  /** Sees each message that the relay passes on, right after its event. */
  readonly onMessage?: RelaySessionOptions['onMessage'];
  readonly signal: AbortSignal;
}

export interface DemoResult {
  readonly ok: boolean;
  readonly code?: string;
  readonly message?: string;
  readonly handsets: readonly HandsetResult[];
  /** For all handsets; null when no act relayed. */
  readonly transparent: boolean | null;
}

/** How long a peer may take to start. */
const START_LIMIT = seconds(20);
/** Nobody is asked anything in the demo, so a step that takes longer has failed. */
const STEP_LIMIT = seconds(15);
/** Large objects in steps that can be seen. */
const MAX_MESSAGE = '16384';
/** Sessions at a time. */
const AT_ONCE = 8;

/** The main job on virtual peers, each in a process of its own, in a temporary home. */
export async function runDemo(options: DemoOptions, context: DemoContext): Promise<DemoResult> {
  const { emit, signal } = context;
  const home = await mkdtemp(join(tmpdir(), 'pc-agent-demo-'));
  const agent = createHttpAgent();
  const started: PeerProcess[] = [];
  const places: DemoPlace[] = [];
  const bearer = options.bearer ?? 'tcp';
  emit({ type: 'act', act: 'relay', state: 'started' });
  try {
    const start = (name: string, args: readonly string[]) => {
      const peer = new PeerProcess(name, args, home, (event) => forward(event, name, emit));
      started.push(peer);
      return peer;
    };
    const faults = faultArguments(options.fault);
    const dms = start('virtual-dms', ['virtual-dms', '--listen', '127.0.0.1:0', ...faults.dms]);
    for (let index = 0; index < options.handsets; index += 1) places.push(await demoPlace(bearer, signal));
    const peers = places.map((place, index) => ({
      dial: place.dial,
      process: start('virtual-handset', handsetArguments(place.listen, virtualImei(index), faults.handset)),
    }));
    const dmsUrl = new URL((await listening(dms, signal)).address);
    const handsets = await Promise.all(
      peers.map(async ({ process, dial }, index): Promise<DemoHandset> => {
        const { address } = await listening(process, signal);
        return { device: `IMEI:${virtualImei(index)}`, address: dial ?? address, bearer, process };
      }),
    );
    const ledger = createMemoryLedger();
    const setting: RelaySetting = {
      profile: dmsProfile(dmsUrl),
      idle: STEP_LIMIT,
      timeout: STEP_LIMIT,
      agent,
      ledger,
      emit,
      signal,
      ...(context.onMessage === undefined ? {} : { onMessage: context.onMessage }),
      ...(options.fault?.name === 'flip-byte' ? { tamper: flipByte() } : {}),
    };
    const jobs = new DmsJobs(dmsUrl, agent, ledger);
    const results = await inTurns(handsets, AT_ONCE, (handset) =>
      relayAct({ handset, dms, jobs, setting }).catch((error: unknown) => lost(handset, error)),
    );
    return finish(results, options.fault?.name, emit);
  } finally {
    await Promise.all(started.map((peer) => peer.end()));
    await Promise.all(places.map((place) => place.close()));
    await agent.close();
    await rm(home, { recursive: true, force: true });
  }
}

function handsetArguments(listen: string, imei: string, faults: readonly string[]): string[] {
  return ['virtual-handset', '--listen', listen, '--imei', imei, '--max-message', MAX_MESSAGE, ...faults];
}

function faultArguments(fault: DemoOptions['fault']): { readonly dms: string[]; readonly handset: string[] } {
  if (fault === undefined || fault.name === 'flip-byte') return { dms: [], handset: [] };
  const flag = ['--fault', fault.value === undefined ? fault.name : `${fault.name}=${fault.value}`];
  // A proof beside the message is only there to be wrong when MAC is in use.
  const auth = fault.name.endsWith('-mac') ? ['--auth', 'mac'] : [];
  return fault.name.startsWith('dms-')
    ? { dms: [...flag, ...auth], handset: auth }
    : { dms: auth, handset: [...flag, ...auth] };
}

async function listening(peer: PeerProcess, signal: AbortSignal): Promise<ListeningEvent> {
  const isListening = (event: AgentEvent): event is ListeningEvent => event.type === 'listening';
  return peer.event(isListening, { limit: START_LIMIT, signal });
}

/** What the peers say of themselves goes out too, so that a watcher sees who noticed what. */
function forward(event: AgentEvent, source: string, emit: Emit): void {
  if (event.type !== 'listening' && event.type !== 'handset' && event.type !== 'error') return;
  const { time: _time, ...untimed } = event;
  emit({ ...untimed, source });
}

async function inTurns<T, R>(all: readonly T[], atOnce: number, run: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(all.length);
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < all.length; index = next++) {
      const one = all[index];
      if (one !== undefined) results[index] = await run(one);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, all.length) }, worker));
  return results;
}

/** The result of a handset whose act could not be run to its end. */
function lost(handset: DemoHandset, error: unknown): HandsetResult {
  if (!isPcAgentError(error)) throw error;
  const none = { toDms: 0, toHandset: 0 };
  return {
    device: handset.device,
    bearer: handset.bearer,
    sessions: [],
    messages: none,
    bytes: none,
    transparent: false,
    before: [],
    after: [],
    alerts: [],
    ok: false,
    code: error.code,
    message: error.message,
  };
}

/** A fault that was asked for and changed nothing shows nothing: that must not look like a demo that went well. */
function unnoticed(fault: string | undefined): Pick<HandsetResult, 'code' | 'message'> | undefined {
  if (fault === undefined) return undefined;
  return { code: 'demo/fault-unnoticed', message: `nobody noticed the fault ${fault}` };
}

function finish(results: readonly HandsetResult[], fault: string | undefined, emit: Emit): DemoResult {
  const bad = results.find((result) => !result.ok) ?? unnoticed(fault);
  emit({
    type: 'act',
    act: 'relay',
    state: bad === undefined ? 'done' : 'failed',
    ...(bad?.message === undefined ? {} : { message: bad.message }),
  });
  return {
    ok: bad === undefined,
    ...(bad?.code === undefined ? {} : { code: bad.code }),
    ...(bad?.message === undefined ? {} : { message: bad.message }),
    handsets: results,
    transparent: results.every((result) => result.transparent),
  };
}
