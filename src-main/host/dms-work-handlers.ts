import { dmsJobs, watchDmsJobs } from '../operations/dms-jobs.ts';
import type { Engine } from '../operations/engine.ts';
import { sync } from '../operations/sync.ts';
import type { Work } from './handlers.ts';
import type { Handlers } from './request-desk.ts';

/** Requests for the work that DM servers have for handsets. */
export function dmsWorkHandlers(engine: Engine, work: Work) {
  return {
    sync: (params, context) => sync(engine, params, work(context)),
    'dms.jobs': (params, context) => dmsJobs(engine, params, context),
    'dms.watch': (params, context) => watchDmsJobs(engine, params, context, context.part),
  } satisfies Partial<Handlers>;
}
