import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../base/clock.ts';
import { seconds } from '../../base/durations.ts';
import { isAbort, isPcAgentError, PcAgentError } from '../../base/errors.ts';
import type { ListenerKind, ListenerView } from '../../contract/listening.ts';
import type { Carry } from '../../relay/arrival.ts';
import { SessionDesk } from '../../relay/session-desk.ts';
import type { KeptListener } from '../../settings/settings.ts';
import type { Door, OpenDoor } from './door.ts';

export interface DoorwayOptions {
  readonly kind: ListenerKind;
  readonly clock: Clock;
  readonly open: OpenDoor;
  /** What is done with those who come, by what the way in was put on with. */
  readonly carry: (wish: KeptListener) => Carry;
  readonly onChange: (view: ListenerView) => void;
  readonly onFault: (error: PcAgentError) => void;
}

/** Messages of handsets are far smaller: DM clients of the time announce 64 KB at the most. Strangers are held with theirs. */
const MAX_MESSAGE = 1024 * 1024;
/** Between two tries. */
const RETRY = seconds(3);

/** A door that was opened, and who has its sessions. */
interface Opened {
  readonly door: Door;
  readonly desk: SessionDesk;
}

/**
 * One way in, as a person wants it: opened, and opened again when what it listens on comes back. Sessions that go on are
 * left alone when it is shut, but by `close`.
 */
export class Doorway {
  readonly #options: DoorwayOptions;
  /** Doors that are shut and may have sessions yet. */
  readonly #leaving = new Set<Promise<void>>();
  readonly #end = new AbortController();
  #stop: AbortController | undefined;
  /** Of what is opened beside the door that is open. */
  #moving: AbortController | undefined;
  #wish: KeptListener | undefined;
  #running: Promise<void> = Promise.resolve();
  #door: Door | undefined;
  #view: ListenerView;

  constructor(options: DoorwayOptions) {
    this.#options = options;
    this.#view = { kind: options.kind, state: 'off', sessions: 0, since: options.clock.now().toISOString() };
  }

  get view(): ListenerView {
    return this.#view;
  }

  /** Resolves when it listens, or why it does not is known. */
  async putOn(wish: KeptListener): Promise<void> {
    await this.putOff();
    this.#show({ state: 'starting', ...wanted(wish) });
    await this.#start(wish, new AbortController());
  }

  /**
   * As `putOn`; but what is open stays so where the new place is not to be had at once.
   * @param isApart whether the new place can be tried while this address is open
   * @throws PcAgentError why it is not to be had
   */
  async moveTo(wish: KeptListener, isApart: (open: string) => boolean): Promise<void> {
    const before = this.#wish;
    if (this.#view.state !== 'listening' || before === undefined) return this.putOn(wish);
    if (isApart(this.#view.address ?? '')) return this.#openBeside(wish);
    await this.putOn(wish);
    const { state, reason = 'listening/failed', message = reason } = this.view;
    if (state !== 'waiting') return;
    await this.putOn(before);
    throw new PcAgentError(reason, message, { retry: 'after-operator' });
  }

  /** Who waits until it is open waits no longer: something else is wanted now. What is open stays so. */
  giveUp(): void {
    this.#moving?.abort();
    if (this.#view.state === 'starting') this.#stop?.abort();
  }

  async putOff(): Promise<void> {
    this.#stop?.abort();
    this.#stop = undefined;
    this.#wish = undefined;
    await this.#running;
    if (this.#view.state !== 'off') this.#show({ state: 'off' });
  }

  /** It is wanted and not open. */
  showWaiting(wish: KeptListener, { code, message }: PcAgentError): void {
    this.#show({ state: 'waiting', ...wanted(wish), reason: code, message });
  }

  /** A session begins or ends. */
  count(change: 1 | -1): void {
    this.#view = { ...this.#view, sessions: this.#view.sessions + change };
    this.#options.onChange(this.#view);
  }

  async close(): Promise<void> {
    this.#end.abort();
    await this.putOff();
    await Promise.all(this.#leaving);
  }

  async #openBeside(wish: KeptListener): Promise<void> {
    const stop = new AbortController();
    this.#moving = stop;
    try {
      const opened = await this.#open(wish, this.#signalOf(stop));
      await this.putOff();
      await this.#start(wish, stop, opened);
    } catch (error) {
      if (this.#end.signal.aborted) throw error;
      if (isAbort(error)) throw new PcAgentError('listening/failed', 'something else is wanted meanwhile');
      throw asFault(error);
    } finally {
      this.#moving = undefined;
    }
  }

  async #start(wish: KeptListener, stop: AbortController, opened?: Opened): Promise<void> {
    this.#stop = stop;
    this.#wish = wish;
    const tried = Promise.withResolvers<void>();
    this.#running = this.#run(wish, this.#signalOf(stop), tried.resolve, opened);
    await tried.promise;
  }

  #signalOf({ signal }: AbortController): AbortSignal {
    return AbortSignal.any([signal, this.#end.signal]);
  }

  /** @param first what is open already */
  async #run(wish: KeptListener, signal: AbortSignal, tried: () => void, first?: Opened): Promise<void> {
    const { clock } = this.#options;
    let opened = first;
    // What is open is shut in order even where the signal has been aborted meanwhile.
    while (!signal.aborted || opened !== undefined) {
      try {
        const one = opened ?? (await this.#open(wish, signal));
        opened = undefined;
        const why = await this.#once(wish, one, signal, tried);
        if (signal.aborted) return;
        this.showWaiting(wish, asFault(why));
      } catch (error) {
        if (!signal.aborted) this.showWaiting(wish, asFault(error));
      }
      tried();
      await clock.sleep(RETRY, signal).catch(() => undefined);
    }
    tried();
  }

  async #open(wish: KeptListener, signal: AbortSignal): Promise<Opened> {
    const { open, carry, onFault } = this.#options;
    const desk = new SessionDesk({ onOutcome: () => undefined });
    const opening = { wanted: wish.address, carry: carry(wish), desk, maxMessage: MAX_MESSAGE, signal, onFault };
    return { desk, door: await open({ ...opening, onChange: () => this.#showDoor(wish) }) };
  }

  /** Listens until the signal is aborted, or what it listens on has gone. @returns why */
  async #once(
    wish: KeptListener,
    { door, desk }: Opened,
    signal: AbortSignal,
    tried: () => void,
  ): Promise<PcAgentError> {
    const { onFault } = this.#options;
    this.#door = door;
    this.#showDoor(wish);
    tried();
    try {
      return await door.gone(signal);
    } finally {
      this.#door = undefined;
      // Whatever of it fails, the rest is done: else its sessions would stay open for ever.
      const left = await Promise.allSettled([door.leave?.(), door.listener.shut()]);
      this.#closeLater(door, desk);
      for (const each of left) if (each.status === 'rejected') onFault(asFault(each.reason));
    }
  }

  /** Its sessions go on; when the last has ended, nothing of it is left. */
  #closeLater({ listener }: Door, desk: SessionDesk): void {
    const closing = desk
      .drained()
      .then(() => listener.close())
      .catch((error: unknown) => this.#options.onFault(asFault(error)))
      .finally(() => this.#leaving.delete(closing));
    this.#leaving.add(closing);
  }

  #showDoor(wish: KeptListener): void {
    const door = this.#door;
    if (door === undefined) return;
    const lack = door.lack?.();
    this.#show({
      ...{ state: 'listening', address: door.address },
      ...wanted(wish),
      ...(door.downloads === undefined ? {} : { downloads: door.downloads }),
      ...(lack === undefined ? {} : { reason: lack.code, message: lack.message }),
    });
  }

  /** Nothing is told twice. */
  #show(next: Omit<ListenerView, 'kind' | 'sessions' | 'since'>): void {
    const { kind, sessions, since, ...before } = this.#view;
    const same = next.state === before.state && next.reason === before.reason;
    // A try that fails as the one before is no news, in whatever words.
    const { message = '', ...known } = next;
    const isOld = same && isDeepStrictEqual({ message: before.message, ...known }, before);
    if (isOld && (next.state === 'waiting' || message === before.message)) return;
    const view = { kind, ...next, sessions, since: same ? since : this.#options.clock.now().toISOString() };
    this.#view = view;
    this.#options.onChange(view);
  }
}

/** As a person wants it. */
function wanted({ address, dms }: KeptListener): Pick<ListenerView, 'wanted' | 'dms'> {
  return { ...(address === undefined ? {} : { wanted: address }), ...(dms === undefined ? {} : { dms }) };
}

/** A handset that cannot be reached has other words than a place where nobody can listen. */
function asFault(error: unknown): PcAgentError {
  if (isPcAgentError(error) && error.code !== 'bearer/unavailable') return error;
  const message = error instanceof Error ? error.message : String(error);
  const isTaken = isPcAgentError(error) && error.details.os === 'EADDRINUSE';
  return new PcAgentError(isTaken ? 'listening/port-taken' : 'listening/failed', message, { cause: error });
}
