import { seconds } from '../../base/durations.ts';
import { assertNever, PcAgentError } from '../../base/errors.ts';
import { oneAtATime } from '../../base/one-at-a-time.ts';
import type { Emit } from '../../contract/events.ts';
import type { HostChange, HostState } from '../../contract/host-state.ts';
import { ListenerKind, type ListenerView } from '../../contract/listening.ts';
import type { ParamsOf, ResultOf } from '../../contract/requests.ts';
import { profileFor } from '../../dms/profile-store.ts';
import type { Carry } from '../../relay/arrival.ts';
import type { KeptListener, Settings } from '../../settings/settings.ts';
import type { SessionAudience } from '../session-audience.ts';
import { bluetoothPlace } from './bluetooth-door.ts';
import { CallerBook } from './caller-book.ts';
import { type BegunSessions, type CallEngine, carryCaller } from './carry-caller.ts';
import type { Doors } from './door.ts';
import { Doorway } from './doorway.ts';
import { isApart } from './is-apart.ts';
import { type Interfaces, interfaceViews, oneInterface } from './network-place.ts';
import { serialPlace } from './serial-door.ts';
import { tcpPlace } from './tcp-door.ts';

export interface ListeningOptions {
  readonly engine: CallEngine & { readonly settings: Pick<Settings, 'get' | 'set'> };
  readonly doors: Doors;
  readonly interfaces: () => Interfaces;
  readonly audience: SessionAudience;
  readonly emit: Emit;
  readonly changed: (change: HostChange) => void;
  /** False for a command that is the host only as long as it runs: what it is told is kept for the next one that stays. */
  readonly stays: boolean;
}

/** Between two connections that came to nothing in the same way and are told of. */
const FAULT_PAUSE = seconds(10);

/** The ways in for handsets that call by themselves, and who may come in. */
export class Listening {
  readonly #options: ListeningOptions;
  readonly #book: CallerBook;
  readonly #doorways: Readonly<Record<ListenerKind, Doorway>>;
  readonly #begun: BegunSessions = new Map();
  /** When a connection that came to nothing was told of last, by the code of why. */
  readonly #faults = new Map<string, number>();
  readonly #end = new AbortController();
  /** One change at a time. */
  readonly #inTurn = oneAtATime();

  constructor(options: ListeningOptions) {
    this.#options = options;
    const { engine, changed, emit } = options;
    this.#book = new CallerBook({ ...engine, changed, emit });
    this.#doorways = {
      tcp: this.#doorway('tcp'),
      serial: this.#doorway('serial'),
      bluetooth: this.#doorway('bluetooth'),
      network: this.#doorway('network'),
    };
    if (!options.stays) for (const wish of this.#wishes) this.#doorways[wish.kind].showWaiting(wish, noHost());
  }

  /** Opens what was on when the host ended. Waits for nothing. */
  start(): void {
    if (!this.#options.stays) return;
    for (const wish of this.#wishes) void this.#doorways[wish.kind].putOn(wish);
  }

  get state(): Pick<HostState, 'listeners' | 'callers'> {
    return { listeners: this.listeners, callers: this.#book.list };
  }

  get listeners(): ListenerView[] {
    return ListenerKind.options.map((kind) => this.#doorways[kind].view);
  }

  list(): ResultOf<'listeners.list'> {
    return { listeners: this.listeners, interfaces: interfaceViews(this.#options.interfaces()) };
  }

  /**
   * @throws PcAgentError `listening/place-invalid`, `listening/everywhere`, `bearer/address-invalid`, `dms/profile-*`; why
   * a place is not to be had while another one works, which then stays
   */
  set({ kind, on, address, dms }: ParamsOf<'listeners.set'>): Promise<ResultOf<'listeners.set'>> {
    const { profiles } = this.#options.engine;
    const wish: KeptListener = {
      kind,
      ...(address === undefined ? {} : { address }),
      ...(dms === undefined ? {} : { dms }),
    };
    if (on) assertSensible(wish);
    if (on && dms !== undefined) profileFor(dms, profiles);
    this.#doorways[kind].giveUp();
    return this.#inTurn(() => this.#set(wish, on));
  }

  callers(): ResultOf<'callers.list'> {
    return { callers: this.#book.list };
  }

  /** A DM server profile was added, changed or removed. */
  serversChanged(): void {
    this.#book.serversChanged();
  }

  async answer({ caller, answer }: ParamsOf<'callers.answer'>): Promise<ResultOf<'callers.answer'>> {
    return { caller: await this.#book.answer(caller, answer) };
  }

  async forget({ caller }: ParamsOf<'callers.forget'>): Promise<ResultOf<'callers.forget'>> {
    await this.#book.forget(caller);
    return { forgotten: caller };
  }

  /** Breaks off the sessions that go on. */
  async close(): Promise<void> {
    this.#end.abort();
    await Promise.all(Object.values(this.#doorways).map((doorway) => doorway.close()));
  }

  get #wishes(): readonly KeptListener[] {
    return this.#options.engine.settings.get('listeners');
  }

  async #set(wish: KeptListener, on: boolean): Promise<ResultOf<'listeners.set'>> {
    const { engine, stays } = this.#options;
    const doorway = this.#doorways[wish.kind];
    const before = this.#wishes;
    const others = before.filter(({ kind }) => kind !== wish.kind);
    await engine.settings.set('listeners', on ? [...others, wish] : others);
    if (!on) await doorway.putOff();
    else if (stays) await this.#move(doorway, wish, before);
    else doorway.showWaiting(wish, noHost());
    return { listener: doorway.view };
  }

  /** What works stays, and stays kept, where the new place is not to be had. */
  async #move(doorway: Doorway, wish: KeptListener, before: readonly KeptListener[]): Promise<void> {
    const { engine, interfaces } = this.#options;
    try {
      await doorway.moveTo(wish, (open) => isApart(wish, open, interfaces()));
    } catch (error) {
      await engine.settings.set('listeners', before);
      throw error;
    }
  }

  #doorway(kind: ListenerKind): Doorway {
    const { engine, doors, changed, emit } = this.#options;
    return new Doorway({
      ...{ kind, clock: engine.clock, open: doors[kind] },
      carry: (wish) => this.#carry(wish),
      onChange: (listener) => changed({ kind: 'listener', listener }),
      onFault: ({ code, message }) => {
        // Somebody who opens connections and breaks them is news once in a while.
        const now = engine.clock.monotonic();
        if (now - (this.#faults.get(code) ?? Number.NEGATIVE_INFINITY) < FAULT_PAUSE) return;
        this.#faults.set(code, now);
        emit({ type: 'error', code, message });
      },
    });
  }

  #carry({ kind, dms }: KeptListener): Carry {
    const { engine, audience, emit } = this.#options;
    return (arrival) =>
      carryCaller(
        {
          ...{ engine, audience, emit, kind, dms, book: this.#book, begun: this.#begun, signal: this.#end.signal },
          onSession: (change) => this.#doorways[kind].count(change),
        },
        arrival,
      );
  }
}

/** What would never work is refused at once, and takes the place of nothing that works. */
function assertSensible({ kind, address }: KeptListener): void {
  switch (kind) {
    case 'tcp':
      return void tcpPlace(address);
    case 'serial':
      return void serialPlace(address);
    case 'bluetooth':
      return void bluetoothPlace(address);
    case 'network':
      return void oneInterface(address);
    default:
      assertNever(kind);
  }
}

function noHost(): PcAgentError {
  return new PcAgentError(
    'listening/no-host',
    'handsets are let in as long as PC Agent runs, and now only a command does',
    {
      retry: 'later',
    },
  );
}
