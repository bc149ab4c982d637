import { VERSION } from '../base/version.ts';
import { addProfile, listProfiles, removeProfile } from '../operations/dms-profiles.ts';
import { testDms } from '../operations/dms-test.ts';
import type { Engine, WorkContext } from '../operations/engine.ts';
import { listHandsets } from '../operations/handsets.ts';
import { install } from '../operations/install.ts';
import { inventory } from '../operations/inventory.ts';
import { addPackages } from '../operations/packages-add.ts';
import { fetchPackage } from '../operations/packages-fetch.ts';
import { listPackages, removePackage, showPackage, verifyPackages } from '../operations/packages-keep.ts';
import { remove } from '../operations/remove.ts';
import { listReports, sendReports } from '../operations/reports.ts';
import type { CallContext, Handlers } from './request-desk.ts';

export interface HandlersOptions {
  readonly engine: Engine;
  readonly startedAt: string;
  readonly offline: () => boolean;
  readonly setOffline: (offline: boolean) => Promise<void>;
  /** A fresh one-time address of the page. @throws PcAgentError `host/no-page` */
  readonly newAddress: () => string;
  readonly onMessage: WorkContext['onMessage'];
}

/** Each request of the contract and the operation that answers it. */
export function createHandlers(options: HandlersOptions): Handlers {
  const { engine, startedAt, offline, setOffline, newAddress, onMessage } = options;
  const work = (context: CallContext): WorkContext => ({ ...context, onMessage });
  return {
    'host.status': async () => ({ pid: process.pid, version: VERSION, offline: offline(), startedAt }),
    'host.offline': async (params) => {
      await setOffline(params.offline);
      return { offline: offline() };
    },
    'page.open': async () => ({ address: newAddress() }),
    'handsets.list': async () => listHandsets(engine),
    inventory: (params, context) => inventory(engine, params, work(context)),
    install: (params, context) => install(engine, params, work(context)),
    remove: (params, context) => remove(engine, params, work(context)),
    'packages.add': (params, context) => addPackages(engine, params, work(context)),
    'packages.fetch': (params, context) => fetchPackage(engine, params, work(context)),
    'packages.list': async () => listPackages(engine),
    'packages.show': async (params) => showPackage(engine, params),
    'packages.verify': (params, context) => verifyPackages(engine, params, work(context)),
    'packages.remove': (params) => removePackage(engine, params),
    'reports.list': async () => listReports(engine),
    'reports.send': (_params, context) => sendReports(engine, work(context)),
    'dms.add': (params) => addProfile(engine, params),
    'dms.list': async () => listProfiles(engine),
    'dms.test': (params, context) => testDms(engine, params, work(context)),
    'dms.remove': (params) => removeProfile(engine, params),
  };
}
