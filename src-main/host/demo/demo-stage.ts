import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seconds } from '../../base/durations.ts';
import { virtualImei } from '../../base/imei.ts';
import { nodeClock } from '../../base/node/clock.ts';
import type { AgentEvent, Emit, ListeningEvent } from '../../contract/events.ts';
import { createHttpAgent, type HttpAgent } from '../../net/http-agent.ts';
import { places } from '../../settings/places.ts';
import { type Host, openHost } from '../host.ts';
import { DEMO_ACCOUNT, DEMO_PIN } from './demo-account.ts';
import type { DemoContext, DemoOptions } from './demo-options.ts';
import { type DemoPlace, demoPlace } from './demo-place.ts';
import { DemoSessions } from './demo-sessions.ts';
import { DmsPeer } from './dms-peer.ts';
import { faultArguments, isMacFault, profileArguments } from './fault-arguments.ts';
import { PeerProcess } from './peer-process.ts';
import type { HandsetPeer } from './relay-act.ts';

/** How long a peer may take to start. */
const START_LIMIT = seconds(20);
/** Large objects in steps that can be seen. */
const MAX_MESSAGE = '16384';

/** Everything that the acts play with: the peers, each a process of its own, and a host on a temporary home. */
export interface DemoStage {
  readonly options: DemoOptions;
  readonly context: DemoContext;
  readonly sessions: DemoSessions;
  readonly agent: HttpAgent;
  readonly dms: DmsPeer;
  readonly handsets: readonly HandsetPeer[];
  /** Opened by the first act that keeps something. */
  host(): Promise<Host>;
  close(): Promise<void>;
}

type Closer = () => Promise<void> | void;

export async function openStage(options: DemoOptions, context: DemoContext): Promise<DemoStage> {
  const closers: Closer[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const home = await mkdtemp(join(tmpdir(), 'pc-agent-demo-'));
    closers.push(() => rm(home, { recursive: true, force: true }));
    return await furnish({ options, context, home, closers, close });
  } catch (error) {
    await close();
    throw error;
  }
}

interface Furnishing {
  readonly options: DemoOptions;
  readonly context: DemoContext;
  readonly home: string;
  readonly closers: Closer[];
  readonly close: () => Promise<void>;
}

async function furnish({ options, context, home, closers, close }: Furnishing): Promise<DemoStage> {
  const { emit, signal } = context;
  const bearer = options.bearer ?? 'tcp';
  const agent = createHttpAgent();
  closers.push(() => agent.close());
  const start = (name: string, args: readonly string[]) => {
    const peer = new PeerProcess(name, args, home, (event) => forward(event, name, emit));
    closers.push(() => peer.end());
    return peer;
  };
  const faults = faultArguments(options.fault, options.acts);
  const profile = profileArguments(options.profile);
  const dmsOpening = DmsPeer.open(async (listen) => {
    const state = ['--state', join(home, 'virtual-dms')];
    const process = start('virtual-dms', ['virtual-dms', '--listen', listen, ...state, ...faults.dms, ...profile.dms]);
    return { process, url: new URL((await listening(process, signal)).address) };
  });
  // Whatever goes wrong first is told; what follows from it (a broken-off start) must not end the program unseen.
  dmsOpening.catch(() => undefined);
  const places: DemoPlace[] = [];
  for (let index = 0; index < options.handsets; index += 1) {
    const place = await demoPlace(bearer, signal);
    closers.push(() => place.close());
    places.push(place);
  }
  const accounts = join(home, 'accounts.json');
  await writeFile(accounts, JSON.stringify([dmsAccount(options.fault)]), { mode: 0o600 });
  const handsetsOpening = places.map(async (place, index): Promise<HandsetPeer> => {
    const process = start('virtual-handset', [
      ...handsetArguments({ listen: place.listen, imei: virtualImei(index), accounts, faults: faults.handset }),
      ...profile.handset,
    ]);
    const { address } = await listening(process, signal);
    return { device: `IMEI:${virtualImei(index)}`, address: place.dial ?? address, bearer, process };
  });
  const [dms, ...handsets] = await Promise.all([dmsOpening, ...handsetsOpening]);
  let host: Promise<Host> | undefined;
  const sessions = new DemoSessions(context);
  return {
    options,
    context,
    sessions,
    agent,
    dms,
    handsets,
    host: () => {
      host ??= openDemoHost(home, sessions, closers);
      return host;
    },
    close,
  };
}

async function openDemoHost(home: string, sessions: DemoSessions, closers: Closer[]): Promise<Host> {
  const host = await openHost({
    places: places({ PC_AGENT_HOME: join(home, 'home') }, process.platform),
    clock: nodeClock,
    // The act itself says when, so that it can show that nothing was sent before.
    sendReports: false,
    note: () => undefined,
    audience: sessions.innerAudience,
  });
  closers.push(() => host.close());
  return host;
}

/** The account of the virtual DMS alone: that of the PC's own server comes by a bootstrap. */
function dmsAccount(fault: DemoOptions['fault']): object {
  const { serverId, serverPassword, user, password, auth, nonce } = DEMO_ACCOUNT;
  return {
    ...{ serverId, serverPassword, user, password, serverNonce: nonce, clientNonce: nonce },
    auth: isMacFault(fault) ? 'mac' : auth,
  };
}

interface HandsetArguments {
  readonly listen: string;
  readonly imei: string;
  /** File of its accounts. */
  readonly accounts: string;
  readonly faults: readonly string[];
}

function handsetArguments({ listen, imei, accounts, faults }: HandsetArguments): string[] {
  const what = ['virtual-handset', '--listen', listen, '--imei', imei, '--max-message', MAX_MESSAGE];
  return [...what, '--accounts', accounts, '--pin', DEMO_PIN, ...faults];
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
