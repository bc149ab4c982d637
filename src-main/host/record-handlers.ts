import { testDms } from '../operations/dms-test.ts';
import type { Engine } from '../operations/engine.ts';
import { exportJobs, listJobs } from '../operations/jobs-list.ts';
import { packagesReadiness } from '../operations/packages-readiness.ts';
import { exportReport } from '../operations/reports.ts';
import { exportSessions, listSessions } from '../operations/sessions-list.ts';
import { setSettings } from '../operations/settings.ts';
import { hostStorage } from '../operations/storage.ts';
import { beginUpload, discardUpload, finishUpload, takePiece } from '../operations/uploads.ts';
import type { Handlers } from './request-desk.ts';

/** Requests for what is kept: packages, journal, jobs, reports, settings, profiles. */
export function recordHandlers(engine: Engine) {
  return {
    'host.storage': () => hostStorage(engine),
    'settings.set': (params) => setSettings(engine, params),
    'packages.upload': (params) => beginUpload(engine, params),
    'packages.piece': (params) => takePiece(engine, params),
    'packages.finish': (params) => finishUpload(engine, params),
    'packages.discard': (params) => discardUpload(engine, params),
    'packages.readiness': async (params) => packagesReadiness(engine, params),
    'sessions.list': async (params) => listSessions(engine, params),
    'sessions.export': (params, context) => exportSessions(engine, params, context, context.part),
    'jobs.list': async (params) => listJobs(engine, params),
    'jobs.export': (params, context) => exportJobs(engine, params, context, context.part),
    'reports.export': async (params) => exportReport(engine, params),
    'dms.test': (params, context) => testDms(engine, params, context, context.part),
  } satisfies Partial<Handlers>;
}
