import { isVirtualDevice } from '../base/imei.ts';
import type { OperationResult } from '../contract/results.ts';
import type { Engine, WorkContext } from './engine.ts';
import type { HandsetPlace, OwnOrder } from './ports.ts';

/** Work of the PC's own DM server, as the result of an operation. */
export async function ownWork(
  engine: Engine,
  operation: OperationResult['operation'],
  orders: readonly OwnOrder[],
  place: HandsetPlace,
  context: WorkContext,
): Promise<OperationResult> {
  const outcome = await engine.ownServer.run(orders, place, context);
  const { device, sessions, jobs, components } = outcome;
  const handset = place.address.text;
  return {
    operation,
    ...(device === undefined ? {} : { device }),
    handset,
    virtual: device !== undefined && isVirtualDevice(device),
    sessions: [...sessions],
    jobs: [...jobs],
    ...(components === undefined ? {} : { components: [...components] }),
  };
}
