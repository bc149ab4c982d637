import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { deviceKey } from '../../base/device-key.ts';
import { ApiError } from './api-error.ts';
import { judge, type Verdict } from './approval.ts';
import type { Job, NewJob } from './job.ts';
import type { JobStore } from './job-store.ts';
import { type JsonFile, noFile, openJsonFile } from './json-file.ts';
import { jobOfOrder, Order } from './order.ts';

export interface OrderStore {
  /**
   * A job for each of these handsets, and one for each that is met while the order is open.
   * @throws ApiError 503 `order/too-many`, `job/too-many`
   */
  add(model: string, work: Omit<NewJob, 'device'>, until: string | undefined, devices: readonly string[]): Order;
  /** @throws ApiError 404 `order/unknown` */
  get(id: string): Order;
  /** Oldest first. */
  list(): readonly Order[];
  /** Packages that a handset of the model may get by an order. */
  packagesFor(model: string): readonly string[];
  /** A handset has come: what is ordered for its model becomes jobs of this session. */
  met(device: string, model: string): void;
  /** No handset gets a job any more; what is queued stays. @throws ApiError 404 */
  close(id: string): Order;
  /** The word of another authority, for all its jobs. @throws ApiError 404, 409 */
  decide(id: string, verdict: Verdict): Order;
}

const MAX_ORDERS = 1000;
/** Handsets of one order. */
const MAX_SERVED = 10_000;

const OrderFile = z.object({ version: z.literal(1), orders: z.array(Order) });

/** Keeps orders in memory, and in `orders.json` of the state folder when there is one. */
export async function openOrders(
  jobs: JobStore,
  options: { readonly state?: string; readonly now: () => Date },
): Promise<OrderStore> {
  const { state, now } = options;
  const file =
    state === undefined ? noFile<z.infer<typeof OrderFile>>() : await openJsonFile(state, 'orders.json', OrderFile);
  return createOrders(jobs, file, now);
}

function createOrders(jobs: JobStore, file: JsonFile<z.infer<typeof OrderFile>>, now: () => Date): OrderStore {
  const orders = new Map<string, Order>((file.initial?.orders ?? []).map((order) => [order.id, order]));

  function keep(order: Order): Order {
    const next = new Map(orders).set(order.id, order);
    file.write({ version: 1, orders: [...next.values()] });
    orders.set(order.id, order);
    return order;
  }

  function get(id: string): Order {
    const order = orders.get(id);
    if (order === undefined) throw new ApiError(404, 'order/unknown', 'there is no such order');
    return order;
  }

  const isOpen = ({ state, until }: Order): boolean =>
    state === 'open' && (until === undefined || Date.parse(until) > now().getTime());

  const openFor = (model: string): readonly Order[] =>
    [...orders.values()].filter((order) => order.model === model && isOpen(order));

  function makeRoom(): void {
    if (orders.size < MAX_ORDERS) return;
    const oldest = [...orders.values()].find((order) => !isOpen(order));
    if (oldest === undefined) throw new ApiError(503, 'order/too-many', `${MAX_ORDERS} orders are open`);
    orders.delete(oldest.id);
  }

  return {
    get,
    list: () => [...orders.values()],
    packagesFor: (model) => openFor(model).flatMap(({ work }) => (work.package === undefined ? [] : [work.package])),
    add(model, { approval, ...work }, until, devices) {
      makeRoom();
      const order: Order = {
        id: randomUUID(),
        model,
        state: 'open',
        ...(until === undefined ? {} : { until }),
        work,
        ...(approval === undefined ? {} : { approval }),
        served: devices.map(deviceKey),
      };
      // An order whose jobs find no room is none.
      jobs.addAll(devices.map((device) => jobOfOrder(order, device)));
      return keep(order);
    },
    met(device, model) {
      const key = deviceKey(device);
      const before = jobs.list(device);
      for (const order of openFor(model)) {
        if (order.served.includes(key) || before.some((job) => job.order === order.id)) continue;
        if (order.served.length >= MAX_SERVED) continue;
        jobs.addAll([jobOfOrder(order, device)], { quiet: true });
        keep({ ...order, served: [...order.served, key] });
      }
    },
    close: (id) => keep({ ...get(id), state: 'closed' }),
    decide(id, verdict) {
      const order = get(id);
      const judgement = judge({ approval: order.approval, requestedBy: order.work.requestedBy }, verdict, now());
      const granted = judgement.verdict === 'grant';
      const waiting = jobs.list().filter((job: Job) => job.order === id && job.approval === 'awaited');
      // First: should the program end between the two, the order can be decided again.
      jobs.decideAll(
        waiting.map((job) => job.id),
        judgement,
      );
      return keep({
        ...order,
        approval: granted ? 'granted' : 'refused',
        state: granted ? order.state : 'closed',
        judgement,
      });
    },
  };
}
