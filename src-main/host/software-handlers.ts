import { activate, deactivate, remove } from '../operations/change.ts';
import type { Engine, WorkContext } from '../operations/engine.ts';
import { firmware } from '../operations/firmware.ts';
import { install } from '../operations/install.ts';
import { planInstall } from '../operations/install-plan.ts';
import { inventory } from '../operations/inventory.ts';
import { update } from '../operations/update.ts';
import type { CallContext, Handlers } from './request-desk.ts';

/** Requests for work on the software and firmware of one handset. */
export function softwareHandlers(engine: Engine, work: (context: CallContext<never>) => WorkContext) {
  return {
    inventory: (params, context) => inventory(engine, params, work(context)),
    'install.plan': (params, context) => planInstall(engine, params, work(context)),
    install: (params, context) => install(engine, params, work(context)),
    update: (params, context) => update(engine, params, work(context)),
    remove: (params, context) => remove(engine, params, work(context)),
    activate: (params, context) => activate(engine, params, work(context)),
    deactivate: (params, context) => deactivate(engine, params, work(context)),
    firmware: (params, context) => firmware(engine, params, work(context)),
  } satisfies Partial<Handlers>;
}
