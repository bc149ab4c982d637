import { VERSION } from '../base/version.ts';
import type { PartOf } from '../contract/requests.ts';
import { bootstrap } from '../operations/bootstrap.ts';
import { addProfile, editProfile, listProfiles, removeProfile } from '../operations/dms-profiles.ts';
import type { Engine, WorkContext } from '../operations/engine.ts';
import type { Listening } from '../operations/listening/listening.ts';
import { addPackages } from '../operations/packages-add.ts';
import { fetchPackage } from '../operations/packages-fetch.ts';
import { listPackages, removePackage, showPackage, verifyPackages } from '../operations/packages-keep.ts';
import { offerPackage } from '../operations/packages-offer.ts';
import { listReports, sendReports } from '../operations/reports.ts';
import type { AirDesk } from './air-desk.ts';
import { archiveHandlers } from './archive-handlers.ts';
import type { DemoShow } from './demo-show.ts';
import { dmsWorkHandlers } from './dms-work-handlers.ts';
import { doctorHandlers } from './doctor-handlers.ts';
import type { HandsetDesk } from './handsets/handset-desk.ts';
import { listeningHandlers } from './listening-handlers.ts';
import type { LiveSessions } from './live-sessions.ts';
import { recordHandlers } from './record-handlers.ts';
import type { CallContext, Handlers } from './request-desk.ts';
import { sessionHandlers } from './session-handlers.ts';
import { softwareHandlers } from './software-handlers.ts';
import { taskHandlers } from './task-handlers.ts';
import type { TaskList } from './task-list.ts';

export interface HandlersOptions {
  readonly engine: Engine;
  readonly handsetDesk: Pick<HandsetDesk, 'handlers'>;
  readonly tasks: TaskList;
  readonly live: LiveSessions;
  readonly listening: Listening;
  readonly airDesk: Pick<AirDesk, 'handlers'>;
  readonly demo: DemoShow;
  readonly startedAt: string;
  readonly offline: () => boolean;
  readonly setOffline: (offline: boolean) => Promise<void>;
  /** A fresh one-time address of the page. @throws PcAgentError `host/no-page` */
  readonly newAddress: () => string;
  readonly audience: WorkContext['audience'];
}

/** Each request of the contract and what answers it, area by area. */
export function createHandlers(options: HandlersOptions): Handlers {
  const { engine, handsetDesk, tasks, live, demo, audience } = options;
  const work = ({ emit, signal }: CallContext<never>): WorkContext => ({ emit, signal, audience });
  return {
    ...hostHandlers(options),
    ...handsetDesk.handlers,
    ...sessionHandlers(engine, live),
    ...taskHandlers(tasks),
    ...softwareHandlers(engine, work),
    ...operationHandlers(engine, work),
    ...packageHandlers(engine, work),
    ...archiveHandlers(engine, work),
    ...serverHandlers(engine, options.listening),
    ...dmsWorkHandlers(engine, work),
    ...recordHandlers(engine),
    ...doctorHandlers(engine, () => options.listening.listeners),
    ...listeningHandlers(options.listening),
    ...options.airDesk.handlers,
    'demo.run': (_params, context) => demo.run(context),
  };
}

/** What a handler's work is given. */
export type Work = (context: CallContext<never>) => WorkContext;

function hostHandlers({ startedAt, offline, setOffline, newAddress }: HandlersOptions) {
  return {
    'host.status': async () => ({ pid: process.pid, version: VERSION, offline: offline(), startedAt }),
    'host.offline': async (params) => {
      await setOffline(params.offline);
      return { offline: offline() };
    },
    'page.open': async () => ({ address: newAddress() }),
  } satisfies Partial<Handlers>;
}

function operationHandlers(engine: Engine, work: Work) {
  return {
    bootstrap: (params, context) => bootstrap(engine, params, work(context)),
    'reports.list': async () => listReports(engine),
    'reports.send': (_params, context) => sendReports(engine, work(context)),
  } satisfies Partial<Handlers>;
}

function packageHandlers(engine: Engine, work: Work) {
  return {
    'packages.add': (params, context) => addPackages(engine, params, work(context)),
    'packages.fetch': (params, context) => fetchPackage(engine, params, work(context)),
    'packages.offer': (params, context: CallContext<PartOf<'packages.offer'>>) =>
      offerPackage(engine, params, { emit: context.emit, signal: context.signal, part: context.part }),
    'packages.list': async () => listPackages(engine),
    'packages.show': async (params) => showPackage(engine, params),
    'packages.verify': (params, context) => verifyPackages(engine, params, work(context)),
    'packages.remove': (params) => removePackage(engine, params),
  } satisfies Partial<Handlers>;
}

/** Whoever calls may have a server by the change, or none any more. */
function serverHandlers(engine: Engine, listening: Pick<Listening, 'serversChanged'>) {
  const told = <T>(change: Promise<T>): Promise<T> => change.finally(() => listening.serversChanged());
  return {
    'dms.add': (params) => told(addProfile(engine, params)),
    'dms.edit': (params) => told(editProfile(engine, params)),
    'dms.list': async () => listProfiles(engine),
    'dms.remove': (params) => told(removeProfile(engine, params)),
  } satisfies Partial<Handlers>;
}
