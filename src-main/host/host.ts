import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { PcAgentError } from '../base/errors.ts';
import type { Air } from '../bearer/air/air.ts';
import type { StartBearerChild } from '../bearer/child/start-child.ts';
import { type HostState, LEDGER_ROWS } from '../contract/host-state.ts';
import type { Task } from '../contract/tasks.ts';
import type { HandsetRegistry } from '../handset/registry.ts';
import { createHttpAgent } from '../net/http-agent.ts';
import { createMemoryLedger, type MemoryLedger } from '../net/ledger.ts';
import type { OwnServer } from '../operations/ports.ts';
import type { SessionAudience } from '../operations/session-audience.ts';
import { settingsView } from '../operations/settings.ts';
import { packageView, profileView } from '../operations/views.ts';
import { makePlaces, type Places } from '../settings/places.ts';
import { openSettings } from '../settings/settings.ts';
import { openStore } from '../store/store.ts';
import { AirDesk } from './air-desk.ts';
import { type Closer, closeAll, textOf } from './closers.ts';
import type { HostConnection } from './connection.ts';
import { DemoShow } from './demo-show.ts';
import { hostEndpoint } from './endpoint.ts';
import { type FaceChannel, FaceSession } from './face-session.ts';
import { createHandlers } from './handlers.ts';
import { LiveSessions } from './live-sessions.ts';
import { openLocalServer } from './local-server.ts';
import { takeHostLock } from './lock.ts';
import { type OpenEngine, openEngine } from './open-engine.ts';
import { openListening } from './open-listening.ts';
import { ownConnection } from './own-connection.ts';
import type { PageServer } from './page-server.ts';
import { RequestDesk } from './request-desk.ts';
import { StateFeed } from './state-feed.ts';

export interface HostOptions {
  readonly places: Places;
  readonly clock: Clock;
  /** Sends waiting reports while it runs; a command that stays offline does not. */
  readonly sendReports: boolean;
  /** It is no mere command: who comes later need not wait for its end. Default false. */
  readonly stays?: boolean;
  /** Something for people that belongs to no request. */
  readonly note: (text: string) => void;
  /** How the process that has the native modules is started. Default: as a plain Node. */
  readonly startBearers?: StartBearerChild;
  /** Looks on at the sessions, beside the host's own faces. */
  readonly audience?: SessionAudience;
  /** Default: the Bluetooth of this computer. */
  readonly air?: Air;
  /** Makes one that keeps there whom it has met. Default: the PC's own DM server. */
  readonly ownServer?: (handsets: HandsetRegistry) => OwnServer;
}

/** The one process that owns the data folder, and everything in it that works with it. */
export interface Host {
  /** For the face in this process. */
  readonly connection: HostConnection;
  /** Sessions that go on now and that handsets have begun. */
  readonly calls: number;
  /** Work of all faces, for a while also when it is over. */
  readonly tasks: readonly Task[];
  /** A face over a transport of its own; who calls it brings its frames in. `local`: it may name files of this machine. */
  face(channel: FaceChannel, options: { readonly local: boolean }): FaceSession;
  /** @throws PcAgentError `cli/page-missing`, `cli/port-busy` */
  openPage(options: { readonly folder: string; readonly port: number }): Promise<PageServer>;
  /** Takes no more requests and resolves when those of all faces are done; breaks them off when `signal` is aborted. */
  leave(signal: AbortSignal): Promise<void>;
  /** Breaks off what is under way and lets go of everything, last of the lock. May be called again. */
  close(): Promise<void>;
}

/**
 * Opens the data folder and serves it.
 * @throws PcAgentError `host/running` with the owner's pid, `host/socket-failed`, `store/*`, `cache/*`, `settings/*`
 */
export async function openHost(options: HostOptions): Promise<Host> {
  const opened: Closer[] = [];
  try {
    return await compose(options, opened);
  } catch (error) {
    await closeAll(opened);
    throw error;
  }
}

async function compose(options: HostOptions, opened: Closer[]): Promise<Host> {
  const { places, clock, note } = options;
  const startedAt = clock.now();
  makePlaces(places);
  const lock = takeHostLock(places.state, startedAt, options.stays);
  opened.push(() => lock.release());
  const store = openStore({
    file: join(places.state, 'pc-agent.db'),
    clock,
    onTraceLost: (error, count) => note(`${count} records of the journal could not be kept: ${textOf(error)}`),
  });
  opened.push(() => store.close());
  const settings = openSettings(store);
  // Faces come when all of this is there.
  const feed: StateFeed = new StateFeed({
    host: randomUUID(),
    read: () => ({
      ...stateOf(open, desk),
      ...{ ...live.state, ...demo.state, ...listening.state, ...airDesk.state },
      ledger: ledgerRows(ledger),
    }),
    onFollowers(count) {
      open.handsetDesk.followed(count);
      airDesk.followed(count);
    },
  });
  const ledger = createMemoryLedger({
    offline: settings.get('offline'),
    onRecord: (entry) => feed.change({ kind: 'ledger', row: entry }),
  });
  const agent = createHttpAgent();
  opened.push(() => agent.close());
  const onChange = feed.change.bind(feed);
  const live = new LiveSessions({ clock, onChange });
  opened.push(() => live.close());
  const onJob = () => live.journalMoved();
  const open = await openEngine({ options, store, settings, ledger, agent, feed, onJob, opened });
  const airDesk = new AirDesk({
    ...{ clock, air: open.engine.air, changed: onChange, ask: open.handsetDesk.ask },
    call: (address, signal) => open.engine.bearers.rfcomm.services(address, signal),
  });
  opened.push(() => airDesk.close());
  const demo = new DemoShow({ clock, live, onChange });
  const audience = options.audience === undefined ? live : both(live, options.audience);
  const listening = openListening({
    ...{ engine: open.engine, audience, stays: options.stays === true },
    changed: onChange,
    emit(event) {
      feed.event({ ...event, time: clock.now().toISOString() });
      live.event(event);
    },
  });
  opened.push(() => listening.close());
  let page: PageServer | undefined;
  opened.push(async () => page?.close());
  const desk: RequestDesk = new RequestDesk({
    ...{ feed, clock },
    onEvent: (event) => live.event(event),
    handlers: (tasks) =>
      createHandlers({
        ...{ ...open, tasks, live, demo, listening, airDesk, audience },
        startedAt: startedAt.toISOString(),
        offline: () => ledger.offline,
        async setOffline(offline) {
          // At once; should it not get to the disk, the request says so.
          ledger.setOffline(offline);
          feed.change({ kind: 'offline', offline });
          open.engine.sender.wake();
          await settings.set('offline', offline);
        },
        newAddress: () => (page ?? noPage()).newAddress(),
      }),
  });
  const faces = { desk, feed, now: () => clock.now() };
  const others = new Set<FaceSession>();
  const local = await openLocalServer({ ...faces, endpoint: hostEndpoint(places.runtime) });
  opened.push(() => local.close());
  opened.push(() => {
    for (const face of others) face.end();
  });
  opened.push(async () => {
    desk.leave();
    desk.breakOff();
    await desk.idle();
  });
  listening.start();
  let closing: Promise<void> | undefined;
  return {
    connection: ownConnection(desk, feed),
    get calls() {
      return listening.listeners.reduce((sum, { sessions }) => sum + sessions, 0);
    },
    get tasks() {
      return desk.tasks;
    },
    face(channel, { local }) {
      for (const face of others) if (face.over) others.delete(face);
      const face = new FaceSession({ ...faces, channel, local });
      others.add(face);
      return face;
    },
    async openPage(pageOptions) {
      // A host of one command shows nobody a page: what serves it is not loaded for that.
      const { openPageServer } = await import('./page-server.ts');
      const server = await openPageServer({ ...pageOptions, clock, faces });
      if (closing === undefined) {
        page = server;
        return page;
      }
      await server.close();
      throw new PcAgentError('host/leaving', 'the host has ended');
    },
    leave: (signal) => leaveDesk(desk, signal),
    close() {
      closing ??= closeAll(opened);
      return closing;
    },
  };
}

async function leaveDesk(desk: RequestDesk, signal: AbortSignal): Promise<void> {
  desk.leave();
  const breakOff = () => desk.breakOff();
  if (signal.aborted) breakOff();
  signal.addEventListener('abort', breakOff, { once: true });
  await desk.idle();
  signal.removeEventListener('abort', breakOff);
}

function noPage(): never {
  throw new PcAgentError('host/no-page', 'the running host serves no page: a command of the command line is the host', {
    retry: 'later',
  });
}

function both(one: SessionAudience, other: SessionAudience): SessionAudience {
  const tell = (what: (audience: SessionAudience) => void) => {
    what(one);
    what(other);
  };
  return {
    begun: (...seen) => tell((each) => each.begun(...seen)),
    message: (...seen) => tell((each) => each.message(...seen)),
    compared: (...seen) => tell((each) => each.compared(...seen)),
    ended: (...seen) => tell((each) => each.ended(...seen)),
  };
}

function stateOf(
  { engine, handsetDesk }: OpenEngine,
  desk: RequestDesk,
): Omit<HostState, 'sessions' | 'ledger' | 'journal' | 'listeners' | 'callers' | 'air'> {
  return {
    offline: engine.ledger.offline,
    ...handsetDesk.state,
    profiles: engine.profiles.list().map(profileView),
    packages: engine.cache.list().map(packageView),
    tasks: desk.tasks,
    settings: settingsView(engine.settings),
    reportsWaiting: engine.outbox.unsent(),
  };
}

function ledgerRows(ledger: MemoryLedger): HostState['ledger'] {
  return ledger.entries().slice(-LEDGER_ROWS);
}
