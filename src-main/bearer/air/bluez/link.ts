import { ChangeSignal } from '../../../base/change-signal.ts';
import type { Clock } from '../../../base/clock.ts';
import { seconds } from '../../../base/durations.ts';
import { unlessAborted } from '../../../base/unless-aborted.ts';
import type { AirReason } from '../air.ts';
import { noAir } from '../no-air.ts';
import {
  BLUEZ,
  type Bus,
  type BusMethod,
  type BusSignal,
  type CallOptions,
  DBUS,
  DBUS_PATH,
  openBus,
  systemBusPath,
} from './bus.ts';
import { busErrorName, isAccessDenied } from './errors.ts';
import { ADAPTER, BluezObjects, DEVICE, OBJECT_MANAGER, PROPERTIES } from './objects.ts';
import { type RadioBlocks, readRadioBlocks } from './radio-blocks.ts';

export interface BluezLinkOptions {
  readonly clock: Clock;
  /** Socket of the bus; default: that of the system bus, looked for each time. */
  readonly path?: string;
  /** Default: what the kernel tells. */
  readonly radioBlocks?: () => Promise<RadioBlocks>;
}

/** What the rules let through: only of the service, and of it only what is read. */
const RULES: readonly string[] = [
  `type='signal',sender='${DBUS}',interface='${DBUS}',member='NameOwnerChanged',arg0='${BLUEZ}'`,
  `type='signal',sender='${BLUEZ}',interface='${OBJECT_MANAGER}'`,
  `type='signal',sender='${BLUEZ}',interface='${PROPERTIES}',member='PropertiesChanged',arg0='${ADAPTER}'`,
  `type='signal',sender='${BLUEZ}',interface='${PROPERTIES}',member='PropertiesChanged',arg0='${DEVICE}'`,
];
const NO_OWNER = 'org.freedesktop.DBus.Error.NameHasNoOwner';
/** The service answers at once, or hangs. */
const CALL_LIMIT = seconds(10);
/** The same before anything is known: who looks at what there is waits for it. */
const OPEN_LIMIT = seconds(5);
/** Before a bus that went away, or a service that told nothing, is asked again. */
const AGAIN = seconds(10);

/**
 * The connection to the Bluetooth service: it is there or it is not, comes and goes, and what it has told is in
 * `objects`. Nothing is connected before the first `open`.
 */
export class BluezLink {
  readonly objects: BluezObjects;
  /** Notified whenever anything of this may differ. */
  readonly changes = new ChangeSignal();
  readonly #options: BluezLinkOptions;
  readonly #end = new AbortController();
  #bus: Bus | undefined;
  #opening: Promise<void> | undefined;
  #owner: string | undefined;
  #run = 0;
  #trouble: AirReason | undefined = 'air/no-service';
  #blocks: RadioBlocks = new Map();
  /** When the service was asked what there is; by the monotonic clock. */
  #askedAt = 0;

  constructor(options: BluezLinkOptions) {
    this.#options = options;
    this.objects = new BluezObjects(() => options.clock.now());
  }

  /** Why the service cannot be asked now. */
  get trouble(): AirReason | undefined {
    return this.#trouble;
  }

  get blocks(): RadioBlocks {
    return this.#blocks;
  }

  /** Another number for each run of the service: what an earlier one was told is forgotten. 0: there is none. */
  get run(): number {
    return this.#owner === undefined ? 0 : this.#run;
  }

  /** Ends with the link. */
  get ended(): AbortSignal {
    return this.#end.signal;
  }

  /** Connects, if that is still to be done, and knows then what there is. Never throws but for the signal. */
  async open(signal: AbortSignal): Promise<void> {
    if (!this.#end.signal.aborted && this.#isToOpen()) {
      const opening = this.#bus === undefined ? this.#connect() : this.#askService();
      this.#opening = opening.finally(() => {
        this.#opening = undefined;
      });
    }
    await unlessAborted(this.#opening ?? Promise.resolve(), signal);
  }

  /** A connection that is lost, or could not be made, is made again. @returns a function that ends that. */
  keep(): () => void {
    const stop = new AbortController();
    void this.#keep(AbortSignal.any([stop.signal, this.#end.signal]));
    return () => stop.abort();
  }

  /** @throws PcAgentError `air/no-service`; DBusError; AbortError */
  async call(path: string, name: string, member: string, body: CallBody = {}, options: CallOptions = {}) {
    const bus = this.#bus;
    if (bus === undefined || this.#owner === undefined) throw noAir('air/no-service');
    const call = { destination: this.#owner, path, interface: name, member, ...body };
    return bus.call(call, { limit: CALL_LIMIT, ...options });
  }

  /** An object of ours that the service, and nobody else, may call. @returns a function that takes it away. */
  serve(path: string, name: string, methods: Readonly<Record<string, BusMethod>>): () => void {
    const guarded = Object.entries(methods).map(([member, method]): [string, BusMethod] => [
      member,
      {
        ...method,
        call: async (sender, args) => {
          if (sender !== this.#owner) throw rejected();
          return method.call(sender, args);
        },
      },
    ]);
    return this.#bus?.serve(path, name, Object.fromEntries(guarded)) ?? (() => undefined);
  }

  /** A value of a type that its reader has to be told. */
  variant(signature: string, value: unknown): unknown {
    return this.#bus?.variant(signature, value);
  }

  async refreshBlocks(): Promise<void> {
    this.#blocks = await (this.#options.radioBlocks ?? readRadioBlocks)();
  }

  async close(): Promise<void> {
    this.#end.abort();
    this.changes.notify();
    await this.#opening;
    const bus = this.#bus;
    this.#lost(bus);
    await bus?.close();
  }

  /** Nothing is connected, or the service is there and did not say what there is. */
  #isToOpen(): boolean {
    if (this.#opening !== undefined) return false;
    if (this.#bus === undefined) return true;
    const isSilent = this.#owner !== undefined && this.#trouble === 'air/no-service';
    return isSilent && this.#options.clock.monotonic() - this.#askedAt >= AGAIN;
  }

  async #connect(): Promise<void> {
    const signal = this.#end.signal;
    let open: Bus | undefined;
    try {
      await this.refreshBlocks();
      const path = this.#options.path ?? (await systemBusPath());
      if (path === undefined) return this.#inTrouble('air/no-service');
      const early: BusSignal[] = [];
      let hear = (told: BusSignal): void => void early.push(told);
      const bus = await openBus(path, (told) => hear(told), signal);
      open = bus;
      this.#bus = bus;
      void bus.closed.then(() => this.#lost(bus));
      hear = (told) => this.#hear(told);
      for (const told of early) this.#hear(told);
      for (const rule of RULES) await bus.match(rule, OPEN_LIMIT);
      await this.#met(await ownerOn(bus));
    } catch (error) {
      // Without what it was to tell it is of no use, and the next one may be.
      this.#lost(open);
      void open?.close().catch(() => undefined);
      this.#inTrouble(isLockedOut(error) ? 'air/permission-denied' : 'air/no-service');
    }
  }

  async #keep(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    while (!signal.aborted) {
      await this.open(signal).catch(() => undefined);
      await clock.sleep(AGAIN, signal).catch(() => undefined);
    }
  }

  #hear(told: BusSignal): void {
    if (told.sender === DBUS && told.member === 'NameOwnerChanged' && told.body[0] === BLUEZ) {
      const owner = told.body[2];
      void this.#met(typeof owner === 'string' && owner !== '' ? owner : undefined);
      return;
    }
    if (told.sender !== this.#owner || !this.objects.apply(told)) return;
    // A switch that was turned is seen at its adapter.
    if (isOfAdapter(told)) void this.refreshBlocks().then(() => this.changes.notify());
    this.changes.notify();
  }

  /** The service is there, another one than before, or no more. */
  #met(owner: string | undefined): Promise<void> {
    if (owner === this.#owner && this.#trouble === undefined) return Promise.resolve();
    this.#owner = owner;
    this.#run += 1;
    this.objects.clear();
    if (owner === undefined) {
      this.#inTrouble('air/no-service');
      return Promise.resolve();
    }
    return this.#askService();
  }

  /** What there is now. */
  #askService(): Promise<void> {
    const bus = this.#bus;
    const owner = this.#owner;
    if (bus === undefined || owner === undefined) return Promise.resolve();
    this.#askedAt = this.#options.clock.monotonic();
    return new Promise((resolve) => {
      const call = { destination: owner, path: '/', interface: OBJECT_MANAGER, member: 'GetManagedObjects' };
      bus.ask(call, OPEN_LIMIT, (error, answer) => {
        if (owner === this.#owner) {
          if (!error) this.objects.replace(answer);
          this.#trouble = !error ? undefined : isAccessDenied(error) ? 'air/permission-denied' : 'air/no-service';
          this.changes.notify();
        }
        resolve();
      });
    });
  }

  #lost(bus: Bus | undefined): void {
    if (bus === undefined || this.#bus !== bus) return;
    this.#bus = undefined;
    this.#owner = undefined;
    this.#run += 1;
    this.objects.clear();
    this.#inTrouble('air/no-service');
  }

  #inTrouble(reason: AirReason): void {
    this.#trouble = reason;
    this.changes.notify();
  }
}

export interface CallBody {
  readonly signature?: string;
  readonly body?: readonly unknown[];
}

/** As the service itself says no (org.bluez.Agent). */
export function rejected(): Error {
  return Object.assign(new Error('Rejected'), { dbusName: 'org.bluez.Error.Rejected' });
}

/** Unique name of the Bluetooth service; `undefined` while it does not run. @throws DBusError */
async function ownerOn(bus: Bus): Promise<string | undefined> {
  const asked = { destination: DBUS, path: DBUS_PATH, interface: DBUS, member: 'GetNameOwner' };
  try {
    const owner = await bus.call({ ...asked, signature: 's', body: [BLUEZ] }, { limit: OPEN_LIMIT });
    return typeof owner === 'string' ? owner : undefined;
  } catch (error) {
    if (busErrorName(error) === NO_OWNER) return undefined;
    throw error;
  }
}

function isOfAdapter({ body: [first] }: BusSignal): boolean {
  return first === ADAPTER || (typeof first === 'string' && /^\/org\/bluez\/\w+$/.test(first));
}

function isLockedOut(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return code === 'EACCES' || code === 'EPERM' || isAccessDenied(error);
}
