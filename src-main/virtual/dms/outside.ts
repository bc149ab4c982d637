import { type DeviceBook, openDeviceBook } from './device-book.ts';
import { createEventHub, type EventHub } from './event-hub.ts';
import type { JobStore } from './job-store.ts';
import { type OrderStore, openOrders } from './orders.ts';
import type { SessionSide } from './session-side.ts';

/** What outside systems have of the server besides its jobs (SCOMO architecture, 5.3.2.1: SCOMO-1). */
export interface Outside {
  readonly book: DeviceBook;
  readonly orders: OrderStore;
  readonly hub: EventHub;
  readonly side: SessionSide;
  readonly now: () => Date;
}

export interface OutsideOptions {
  readonly jobs: JobStore;
  readonly state?: string;
  readonly now: () => Date;
}

export async function openOutside(options: OutsideOptions): Promise<Outside> {
  const { jobs, now } = options;
  const kept = { now, ...(options.state === undefined ? {} : { state: options.state }) };
  const book = await openDeviceBook(kept);
  const orders = await openOrders(jobs, kept);
  return { book, orders, hub: createEventHub(jobs), side: sideOf({ book, orders }), now };
}

function sideOf({ book, orders }: Pick<Outside, 'book' | 'orders'>): SessionSide {
  return {
    packagesFor(device, said) {
      const model = said ?? book.get(device)?.model;
      return model === undefined ? [] : orders.packagesFor(model);
    },
    met({ device, devInfo }) {
      const textOf = (name: string): string | undefined =>
        devInfo.get(`./DevInfo/${name}`) ?? devInfo.get(`DevInfo/${name}`);
      const [model, manufacturer] = [textOf('Mod'), textOf('Man')];
      book.met(device, {
        ...(model === undefined ? {} : { model }),
        ...(manufacturer === undefined ? {} : { manufacturer }),
      });
      const known = book.get(device)?.model;
      if (known !== undefined) orders.met(device, known);
    },
    sawInventory: book.sawInventory,
    sawFirmware: book.sawFirmware,
    isRuled: () => false,
    due: () => [],
    ended: book.sessionEnded,
  };
}
