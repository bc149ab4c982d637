import type { Clock } from '../../../base/clock.ts';
import { type Duration, seconds } from '../../../base/durations.ts';
import { PcAgentError } from '../../../base/errors.ts';
import { unlessAborted } from '../../../base/unless-aborted.ts';
import type { Air, AirOffer, AirPhone, AirReason, AirView, ServiceRecord } from '../air.ts';
import { noAir } from '../no-air.ts';
import { PairingAgent } from './agent.ts';
import { airError, unknownPhone } from './errors.ts';
import { Inquiry } from './inquiry.ts';
import { BluezLink } from './link.ts';
import { ADAPTER, type AdapterObject, type DeviceObject } from './objects.ts';
import { Offers } from './offers.ts';
import { Pairing, phoneAt } from './pairing.ts';
import type { RadioBlocks } from './radio-blocks.ts';
import { bestOf, phoneView, usedAdapters, viewOf, whyUnusable } from './view.ts';
import { whileVisible } from './visibility.ts';

export interface BluezAirOptions {
  readonly clock: Clock;
  /** Socket of the bus; default: that of the system bus. */
  readonly path?: string | undefined;
  /** Only this adapter is used, e.g. `hci0`; default: all. */
  readonly adapter?: string | undefined;
  readonly radioBlocks?: () => Promise<RadioBlocks>;
  /** How long a person may think; default: as long as the service waits. */
  readonly questionLimit?: Duration;
}

/** From one view to the next: a hall full of phones tells of itself all the time. */
const TELL_EVERY = 200;
/** A service that hangs keeps nobody who wants to end. */
const END_LIMIT = seconds(2);
/** A phone that nobody has seen yet is looked for so long before it is paired. */
const FIND_LIMIT = seconds(15);

/** The Bluetooth of a Linux computer, by BlueZ over the system's message bus. */
export class BluezAir implements Air {
  readonly #link: BluezLink;
  readonly #only: string | undefined;
  readonly #inquiry: Inquiry;
  readonly #offers: Offers;
  readonly #agent: PairingAgent;
  readonly #pairing: Pairing;
  /** Each with what it was told last. */
  readonly #listeners = new Map<(view: AirView) => void, string>();
  #visible: AbortSignal | undefined;
  #timer: NodeJS.Timeout | undefined;
  #watching = false;

  constructor(options: BluezAirOptions) {
    const { clock, path, adapter, radioBlocks, questionLimit } = options;
    this.#link = new BluezLink({
      clock,
      ...(path === undefined ? {} : { path }),
      ...(radioBlocks === undefined ? {} : { radioBlocks }),
    });
    this.#only = adapter;
    this.#inquiry = new Inquiry(this.#link, () => this.#adapters);
    this.#offers = new Offers(this.#link, () => this.#reason);
    this.#agent = new PairingAgent(this.#link, questionLimit);
    this.#pairing = new Pairing(this.#link, this.#agent, () => this.#throwIfUnusable());
  }

  get view(): AirView {
    const { trouble: reason, objects, blocks } = this.#link;
    return viewOf({ reason, objects, blocks, only: this.#only, searching: this.#inquiry.searching });
  }

  follow(listener: (view: AirView) => void): () => void {
    this.#listeners.set(listener, '');
    this.#watch();
    const rest = this.#link.keep();
    void this.#link.open(this.#link.ended).then(
      () => this.#tell(listener, this.view),
      () => undefined,
    );
    return () => {
      rest();
      this.#listeners.delete(listener);
    };
  }

  async look(signal: AbortSignal): Promise<AirView> {
    this.#watch();
    await this.#link.open(signal);
    await unlessAborted(this.#link.refreshBlocks(), signal);
    return this.view;
  }

  async search({ limit, signal }: Parameters<Air['search']>[0]): Promise<AirView> {
    await this.#usable(signal);
    const stop = AbortSignal.any([signal, this.#link.ended]);
    const { begun, end } = this.#inquiry.begin();
    this.#tellSoon();
    try {
      await unlessAborted(begun, stop).catch(() => undefined);
      const over = AbortSignal.any([stop, AbortSignal.timeout(limit)]);
      while (!over.aborted) {
        if (this.#inquiry.problem !== undefined) throw this.#inquiry.problem;
        this.#throwIfUnusable();
        await this.#link.changes.next(over).catch(() => undefined);
      }
      return { ...this.view, searching: false };
    } finally {
      await unlessAborted(end(), AbortSignal.timeout(END_LIMIT)).catch(() => undefined);
      this.#tellSoon();
    }
  }

  async pair(address: string, { ask, signal }: Parameters<Air['pair']>[1]): Promise<AirPhone> {
    await this.#usable(signal);
    const device = await this.#find(address, signal);
    if (!device.paired) await this.#pairing.run(device, ask, signal);
    return phoneAt(this.#link, device.path) ?? phoneView({ ...device, paired: true });
  }

  async forget(address: string, signal: AbortSignal): Promise<void> {
    await this.#usable(signal);
    const devices = this.#devicesAt(address);
    if (devices.length === 0) throw unknownPhone(address);
    for (const { adapter, path } of devices) {
      const body = { signature: 'o', body: [path] };
      await this.#call(adapter, ADAPTER, 'RemoveDevice', body, 'the phone could not be forgotten', signal);
    }
  }

  async show({ limit, ask, signal }: Parameters<Air['show']>[0]): Promise<void> {
    await this.#usable(signal);
    if (this.#visible !== undefined) throw new PcAgentError('air/busy', 'this computer is visible already', LATER);
    const over = AbortSignal.any([signal, AbortSignal.timeout(limit), this.#link.ended]);
    this.#visible = over;
    const adapters = this.#adapters.filter(({ powered }) => powered);
    const phone = (path: string): AirPhone | undefined => phoneAt(this.#link, path);
    try {
      const end = await this.#agent.attend(undefined, { ask, phone, signal: over });
      try {
        await whileVisible(this.#link, adapters, { limit, until: () => this.#usableUntil(over), signal: over });
      } finally {
        await end();
      }
    } catch (error) {
      if (over.aborted) return;
      throw airError(error, 'this computer could not be made visible');
    } finally {
      this.#visible = undefined;
    }
  }

  async offer(record: ServiceRecord, { signal, onChange }: Parameters<Air['offer']>[1]): Promise<AirOffer> {
    this.#watch();
    await this.#link.open(signal);
    const { offer, settled } = this.#offers.add(record, { onChange, onClose: this.#link.keep() });
    await unlessAborted(settled, signal).catch(() => undefined);
    if (signal.aborted) void offer.close();
    else signal.addEventListener('abort', () => void offer.close(), { once: true });
    return offer;
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#listeners.clear();
    // What the service was told it forgets with the connection.
    await this.#link.close();
    await this.#offers.close();
  }

  get #reason(): AirReason | undefined {
    const { trouble: reason, objects, blocks } = this.#link;
    return whyUnusable({ reason, objects, blocks, only: this.#only });
  }

  get #adapters(): readonly AdapterObject[] {
    return usedAdapters(this.#link.objects.adapters, this.#only);
  }

  #devicesAt(address: string): readonly DeviceObject[] {
    const ours = new Set(this.#adapters.map(({ path }) => path));
    const wanted = address.toUpperCase();
    return this.#link.objects.devices.filter((device) => device.address === wanted && ours.has(device.adapter));
  }

  /** Brings about again what a change has undone, and tells of it. */
  #watch(): void {
    if (this.#watching) return;
    this.#watching = true;
    const { changes, ended } = this.#link;
    const run = async (): Promise<void> => {
      while (!ended.aborted) {
        await changes.next(ended);
        if (ended.aborted) return;
        void this.#inquiry.settle();
        void this.#offers.settle();
        this.#tellSoon();
      }
    };
    run().catch(() => undefined);
  }

  #tellSoon(): void {
    if (this.#listeners.size === 0 || this.#link.ended.aborted) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const { view } = this;
      for (const listener of [...this.#listeners.keys()]) this.#tell(listener, view);
    }, TELL_EVERY).unref();
  }

  /** Unless it follows no more, or knows that already. */
  #tell(listener: (view: AirView) => void, view: AirView): void {
    const text = JSON.stringify(view);
    const told = this.#listeners.get(listener);
    if (told === undefined || told === text) return;
    this.#listeners.set(listener, text);
    listener(view);
  }

  async #usable(signal: AbortSignal): Promise<void> {
    this.#watch();
    signal.throwIfAborted();
    await this.#link.open(signal);
    this.#throwIfUnusable();
  }

  #throwIfUnusable(): void {
    const reason = this.#reason;
    if (reason !== undefined) throw noAir(reason);
  }

  /** @throws PcAgentError `air/*` as soon as it is not usable any more */
  async #usableUntil(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      this.#throwIfUnusable();
      await this.#link.changes.next(over).catch(() => undefined);
    }
  }

  /** @throws PcAgentError `air/phone-unknown`, `air/*`; AbortError */
  async #find(address: string, signal: AbortSignal): Promise<DeviceObject> {
    const known = bestOf(this.#devicesAt(address));
    if (known !== undefined) return known;
    const found = new AbortController();
    const stop = (): void => {
      if (this.#devicesAt(address).length > 0) found.abort();
    };
    const unfollow = this.follow(stop);
    try {
      await this.search({ limit: FIND_LIMIT, signal: AbortSignal.any([signal, found.signal]) });
    } finally {
      unfollow();
    }
    signal.throwIfAborted();
    const device = bestOf(this.#devicesAt(address));
    if (device === undefined) throw unknownPhone(address);
    return device;
  }

  async #call(
    path: string,
    name: string,
    member: string,
    body: { readonly signature: string; readonly body: readonly unknown[] },
    doing: string,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      await this.#link.call(path, name, member, body, { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw airError(error, doing);
    }
  }
}

const LATER = { retry: 'later' } as const;
