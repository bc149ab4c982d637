import type { Clock } from '../../../base/clock.ts';
import { type Duration, seconds } from '../../../base/durations.ts';
import { PcAgentError } from '../../../base/errors.ts';
import type { Air, AirOffer, AirPhone, AirView, AskPairing, ServiceRecord } from '../air.ts';
import { noAir } from '../reasons.ts';
import { PairingAgent, type Refusal } from './agent.ts';
import { airError } from './errors.ts';
import { Inquiry } from './inquiry.ts';
import { BluezLink, unlessAborted } from './link.ts';
import { ADAPTER, type AdapterObject, DEVICE, type DeviceObject, PROPERTIES } from './objects.ts';
import { Offers } from './offers.ts';
import type { RadioBlocks } from './radio-blocks.ts';
import { bestOf, phoneView, usedAdapters, viewOf } from './view.ts';

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
const TELL_EVERY = 100;
/** A phone that nobody has seen yet is looked for so long before it is paired. */
const FIND_LIMIT = seconds(15);
/** Questions, keys and the phone's records together. */
const PAIR_LIMIT = seconds(120);

/** The Bluetooth of a Linux computer, by BlueZ over the system's message bus. */
export class BluezAir implements Air {
  readonly #link: BluezLink;
  readonly #only: string | undefined;
  readonly #inquiry: Inquiry;
  readonly #offers: Offers;
  readonly #agent: PairingAgent;
  readonly #listeners = new Set<(view: AirView) => void>();
  /** Devices that are being paired. */
  readonly #pairing = new Set<string>();
  #visible: AbortSignal | undefined;
  #timer: NodeJS.Timeout | undefined;
  #told = '';
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
    this.#offers = new Offers(this.#link, () => this.view.reason);
    this.#agent = new PairingAgent(this.#link, questionLimit);
  }

  get view(): AirView {
    const { trouble: reason, objects, blocks } = this.#link;
    return viewOf({ reason, objects, blocks, only: this.#only, searching: this.#inquiry.searching });
  }

  follow(listener: (view: AirView) => void): () => void {
    this.#listeners.add(listener);
    this.#watch();
    const rest = this.#link.keep();
    void this.#link.open(this.#link.ended).then(
      () => this.#listeners.has(listener) && listener(this.view),
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
    const end = await this.#inquiry.begin();
    const over = AbortSignal.any([signal, AbortSignal.timeout(limit), this.#link.ended]);
    this.#tellSoon();
    try {
      while (!over.aborted) {
        if (this.#inquiry.problem !== undefined) throw this.#inquiry.problem;
        this.#throwIfUnusable();
        await this.#link.changes.next(over).catch(() => undefined);
      }
      return { ...this.view, searching: false };
    } finally {
      await end();
      this.#tellSoon();
    }
  }

  async pair(address: string, { ask, signal }: Parameters<Air['pair']>[1]): Promise<AirPhone> {
    await this.#usable(signal);
    const device = await this.#find(address, signal);
    if (this.#pairing.has(device.path)) throw new PcAgentError('air/busy', `${address} is being paired`, LATER);
    this.#pairing.add(device.path);
    try {
      if (!device.paired) await this.#pairWith(device, ask, signal);
    } finally {
      this.#pairing.delete(device.path);
    }
    return phoneView(this.#link.objects.deviceAt(device.path) ?? { ...device, paired: true });
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
    const phone = (path: string): AirPhone | undefined => this.#phoneAt(path);
    try {
      const end = await this.#agent.attend(undefined, { ask, phone, signal: over });
      try {
        await this.#visibleUntil(over, limit);
      } finally {
        await end();
      }
    } catch (error) {
      throw airError(error, 'this computer could not be made visible');
    } finally {
      this.#visible = undefined;
    }
  }

  async offer(record: ServiceRecord, { signal, onChange }: Parameters<Air['offer']>[1]): Promise<AirOffer> {
    this.#watch();
    await this.#link.open(signal);
    const offer = await this.#offers.add(record, { onChange, onClose: this.#link.keep() });
    const close = (): void => void offer.close();
    if (signal.aborted) await offer.close();
    signal.addEventListener('abort', close, { once: true });
    return offer;
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#listeners.clear();
    await this.#offers.close();
    await this.#link.close();
  }

  get #adapters(): readonly AdapterObject[] {
    return usedAdapters(this.#link.objects.adapters, this.#only);
  }

  #devicesAt(address: string): readonly DeviceObject[] {
    const ours = new Set(this.#adapters.map(({ path }) => path));
    const wanted = address.toUpperCase();
    return this.#link.objects.devices.filter((device) => device.address === wanted && ours.has(device.adapter));
  }

  #phoneAt(path: string): AirPhone | undefined {
    const device = this.#link.objects.deviceAt(path);
    return device === undefined ? undefined : phoneView(device);
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
      const text = JSON.stringify(view);
      if (text === this.#told) return;
      this.#told = text;
      for (const listener of [...this.#listeners]) listener(view);
    }, TELL_EVERY).unref();
  }

  async #usable(signal: AbortSignal): Promise<void> {
    this.#watch();
    signal.throwIfAborted();
    await this.#link.open(signal);
    this.#throwIfUnusable();
  }

  #throwIfUnusable(): void {
    const { reason } = this.view;
    if (reason !== undefined) throw noAir(reason);
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

  async #pairWith({ path, address }: DeviceObject, ask: AskPairing, signal: AbortSignal): Promise<void> {
    const gone = this.#goneSignal(path);
    const late = AbortSignal.timeout(PAIR_LIMIT);
    const stop = new AbortController();
    const over = AbortSignal.any([signal, gone.signal, late, stop.signal, this.#link.ended]);
    let refused: Refusal | undefined;
    const phone = (asked: string): AirPhone | undefined => this.#phoneAt(asked);
    const onRefused = (how: Refusal): void => {
      refused = how;
    };
    const cancel = (): void => {
      refused = 'cancelled';
      stop.abort();
    };
    const shown = new AbortController();
    const asking = AbortSignal.any([over, shown.signal]);
    const end = await this.#agent.attend(path, { ask, phone, signal: asking, onRefused, cancel }).catch((error) => {
      gone.end();
      throw airError(error, 'nobody could be asked about the pairing');
    });
    try {
      await this.#link.call(path, DEVICE, 'Pair', {}, { signal: over, limit: NO_LIMIT });
    } catch (error) {
      if (over.aborted) await this.#link.call(path, DEVICE, 'CancelPairing').catch(() => undefined);
      signal.throwIfAborted();
      if (isAlready(error)) return;
      this.#throwIfUnusable();
      if (gone.signal.aborted) throw unknownPhone(address);
      throw pairingError(error, late.aborted ? 'timeout' : refused);
    } finally {
      shown.abort();
      gone.end();
      await end();
    }
  }

  /** Aborted when the device is not known any more: its adapter was pulled out, or the service has ended. */
  #goneSignal(path: string): { readonly signal: AbortSignal; readonly end: () => void } {
    const gone = new AbortController();
    const ended = new AbortController();
    const { changes, objects } = this.#link;
    const watch = async (): Promise<void> => {
      while (objects.deviceAt(path) !== undefined) await changes.next(ended.signal);
      gone.abort();
    };
    watch().catch(() => undefined);
    return { signal: gone.signal, end: () => ended.abort() };
  }

  async #visibleUntil(over: AbortSignal, limit: number): Promise<void> {
    const before = this.#adapters.filter(({ powered }) => powered);
    for (const { path } of before) {
      // Should this program end before, the service ends it in time.
      await this.#set(path, ADAPTER, 'DiscoverableTimeout', 'u', Math.ceil(limit / 1000) + 1);
      await this.#set(path, ADAPTER, 'Pairable', 'b', true);
      await this.#set(path, ADAPTER, 'Discoverable', 'b', true);
    }
    try {
      while (!over.aborted) {
        this.#throwIfUnusable();
        await this.#link.changes.next(over).catch(() => undefined);
      }
    } finally {
      for (const { path, discoverable, discoverableTimeout, pairable } of before) {
        await this.#set(path, ADAPTER, 'Discoverable', 'b', discoverable).catch(() => undefined);
        await this.#set(path, ADAPTER, 'Pairable', 'b', pairable).catch(() => undefined);
        await this.#set(path, ADAPTER, 'DiscoverableTimeout', 'u', discoverableTimeout).catch(() => undefined);
      }
    }
  }

  async #set(path: string, name: string, property: string, signature: string, value: unknown): Promise<void> {
    const body = [name, property, this.#link.variant(signature, value)];
    await this.#link.call(path, PROPERTIES, 'Set', { signature: 'ssv', body });
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
/** The signal has it. */
const NO_LIMIT = seconds(0);

const PAIRING_CODES: Readonly<Record<Refusal, string>> = {
  refused: 'air/pairing-refused',
  cancelled: 'air/pairing-cancelled',
  timeout: 'air/pairing-timeout',
};

function isAlready(error: unknown): boolean {
  return String((error as { dbusName?: unknown } | null)?.dbusName) === 'org.bluez.Error.AlreadyExists';
}

function pairingError(error: unknown, how: Refusal | undefined): PcAgentError {
  if (how === undefined) return airError(error, 'the phone could not be paired');
  return new PcAgentError(PAIRING_CODES[how], 'the phone was not paired', { cause: error, retry: 'after-operator' });
}

function unknownPhone(address: string): PcAgentError {
  return new PcAgentError('air/phone-unknown', `no phone ${address} is in range and visible`, {
    retry: 'after-operator',
    details: { address },
  });
}
