import { archive, listArchives, removeArchive } from '../operations/archive.ts';
import type { Engine, WorkContext } from '../operations/engine.ts';
import { restoreArchive } from '../operations/restore-archive.ts';
import {
  compareSnapshot,
  exportSnapshot,
  importSnapshot,
  listSnapshots,
  removeSnapshot,
  restoreSnapshot,
  takeSnapshot,
} from '../operations/snapshots.ts';
import type { CallContext, Handlers } from './request-desk.ts';

/** Requests for what is kept of handsets' software to be put back. */
export function archiveHandlers(engine: Engine, work: (context: CallContext<never>) => WorkContext) {
  return {
    archive: (params, context) => archive(engine, params, work(context)),
    'archives.list': (params) => listArchives(engine, params),
    'archives.remove': (params) => removeArchive(engine, params),
    restore: (params, context) => restoreArchive(engine, params, work(context)),
    'snapshots.take': (params, context) => takeSnapshot(engine, params, work(context)),
    'snapshots.list': () => listSnapshots(engine),
    'snapshots.export': async (params) => exportSnapshot(engine, params),
    'snapshots.import': (params) => importSnapshot(engine, params),
    'snapshots.remove': (params) => removeSnapshot(engine, params),
    'snapshots.compare': (params, context) => compareSnapshot(engine, params, work(context)),
    'snapshots.restore': (params, context) => restoreSnapshot(engine, params, work(context)),
  } satisfies Partial<Handlers>;
}
