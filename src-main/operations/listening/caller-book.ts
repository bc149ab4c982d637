import { randomUUID } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import { type Duration, milliseconds, seconds } from '../../base/durations.ts';
import { PcAgentError } from '../../base/errors.ts';
import { isVirtualDevice } from '../../base/imei.ts';
import { withoutSecrets } from '../../base/node/shown-address.ts';
import { oneAtATime } from '../../base/one-at-a-time.ts';
import type { Emit } from '../../contract/events.ts';
import type { HostChange } from '../../contract/host-state.ts';
import type { CallerView, ListenerKind } from '../../contract/listening.ts';
import type { HandsetRegistry } from '../../handset/registry.ts';
import type { KeptCaller, Settings } from '../../settings/settings.ts';
import type { CallerFacts } from './caller-facts.ts';
import { answerFor, callerId, hardwareOf } from './caller-identity.ts';
import { Crowd } from './crowd.ts';
import { KeptCallers } from './kept-callers.ts';

/** Somebody calls. */
export interface Call extends CallerFacts {
  readonly kind: ListenerKind;
  /** Where it calls from, as far as the bearer knows. */
  readonly from?: string | undefined;
}

/**
 * `unanswered`: nobody has said in time whether it is let in. `gone`: it has left by itself. `crowded`: too many are
 * held already.
 */
export type Admission = 'accepted' | 'refused' | 'unanswered' | 'gone' | 'crowded';

export interface CallerBookOptions {
  readonly settings: Pick<Settings, 'get' | 'set'>;
  readonly handsets: Pick<HandsetRegistry, 'find'>;
  readonly clock: Pick<Clock, 'now' | 'monotonic' | 'sleep'>;
  readonly changed: (change: HostChange) => void;
  readonly emit: Emit;
}

/** How long a caller is held while a person is asked. A handset asks for its answer as long as that, and longer. */
const PATIENCE = seconds(120);
/** Callers whose calls nobody has answered; the oldest goes. */
const MAX_MISSED = 50;
/** Between two calls of the same caller that are told. */
const QUIET = seconds(5);

/** One call that asks to be let in. */
export interface Asks {
  /** Resolves when it has left by itself. */
  readonly gone: Promise<void> | undefined;
  readonly signal: AbortSignal;
  /** Code of why it could be carried nowhere now. */
  readonly lack?: () => string | undefined;
}

interface Asking {
  view: CallerView;
  lack: Asks['lack'];
  /** False where nothing tells it from others. */
  readonly keeps: boolean;
  readonly held: Set<(admission: Admission) => void>;
}

/**
 * Who was let in and who was sent away. A handset is known by its DevId, and where the bearer gives it a hardware address
 * by both: whoever borrows the number of another one calls from another address, and is a stranger. What was said to one
 * with such an address does not hold for calls without: there everybody may say that it has that number.
 */
export class CallerBook {
  readonly #options: CallerBookOptions;
  /** Those who are asked about, and those whose calls were missed; oldest first. */
  readonly #open = new Map<string, Asking>();
  readonly #crowd: Crowd;
  readonly #kept: KeptCallers;
  /** One change of what is kept at a time. */
  readonly #inTurn = oneAtATime();

  constructor(options: CallerBookOptions) {
    this.#options = options;
    this.#crowd = new Crowd(options.clock);
    this.#kept = new KeptCallers(options.settings);
  }

  get list(): CallerView[] {
    return [...this.#kept.list.map((kept) => this.#viewOf(kept)), ...[...this.#open.values()].map(({ view }) => view)];
  }

  /** Whether somebody may come in; asks a person about a stranger. @throws the signal's reason */
  async admit(call: Call, asks: Asks): Promise<Admission> {
    asks.signal.throwIfAborted();
    const known = answerFor(call, this.#kept.list);
    if (known !== undefined) {
      this.#calledAgain(known, call);
      return known.answer;
    }
    return this.#hold(call, asks);
  }

  /** Lets a caller in, or not. @throws PcAgentError `listening/caller-unknown` */
  answer(id: string, said: 'accept' | 'refuse'): Promise<CallerView> {
    return this.#inTurn(() => this.#answer(id, said === 'accept' ? 'accepted' : 'refused'));
  }

  /** There may be a server now for who had none, or none any more. */
  serversChanged(): void {
    for (const asking of this.#open.values()) {
      const { reason, ...view } = asking.view;
      const now = reasonOf(asking.lack);
      if (now.reason === reason) continue;
      asking.view = { ...view, ...now };
      this.#options.changed({ kind: 'caller', caller: asking.view });
    }
  }

  /** It is a stranger again. @throws PcAgentError `listening/caller-unknown` */
  forget(id: string): Promise<void> {
    return this.#inTurn(() => this.#forget(id));
  }

  async #answer(id: string, answer: KeptCaller['answer']): Promise<CallerView> {
    const answeredAt = this.#options.clock.now().toISOString();
    const asking = this.#open.get(id);
    const before = asking === undefined ? this.#kept.find(id) : keptOf(asking.view);
    if (before === undefined) throw unknownCaller(id);
    const kept: KeptCaller = { ...before, answer, answeredAt };
    const view = asking?.keeps === false ? this.#viewOf(kept) : await this.#keep(kept);
    if (asking?.keeps === false) this.#options.changed({ kind: 'caller-gone', id });
    this.#release(id, answer);
    this.#tell(view, answer);
    return view;
  }

  async #forget(id: string): Promise<void> {
    const kept = this.#kept.find(id);
    const view = this.#open.get(id)?.view ?? (kept === undefined ? undefined : this.#viewOf(kept));
    if (view === undefined) throw unknownCaller(id);
    if (kept !== undefined) await this.#kept.drop(id);
    this.#release(id, 'unanswered');
    this.#options.changed({ kind: 'caller-gone', id });
    this.#tell(view, 'forgotten');
  }

  /** Nobody is asked about it any more; its calls go on. */
  #release(id: string, admission: Admission): void {
    const held = this.#open.get(id)?.held ?? [];
    this.#open.delete(id);
    for (const tell of [...held]) tell(admission);
  }

  async #hold(call: Call, { gone, signal, lack }: Asks): Promise<Admission> {
    const asking = this.#askingFor(call, lack);
    if (asking === undefined) return 'crowded';
    const { clock } = this.#options;
    const over = new AbortController();
    let admission: Admission | undefined;
    try {
      admission = await new Promise<Admission>((resolve, reject) => {
        asking.held.add(resolve);
        over.signal.addEventListener('abort', () => asking.held.delete(resolve), { once: true });
        void gone?.then(() => resolve('gone'));
        clock.sleep(this.#patienceWith(asking.view), AbortSignal.any([signal, over.signal])).then(
          () => resolve('unanswered'),
          () => (signal.aborted ? reject(signal.reason) : undefined),
        );
      });
      return admission;
    } finally {
      over.abort();
      this.#leave(asking, admission === 'gone' ? 'left' : 'unanswered');
    }
  }

  /** All calls of one are held until its question is over, however often it calls; the system's clock may be set. */
  #patienceWith({ until = '' }: CallerView): Duration {
    const left = Date.parse(until) - this.#options.clock.now().getTime();
    return milliseconds(Math.min(Math.max(left, 0), PATIENCE));
  }

  /** A call of somebody who is asked about is held with the others of that one. */
  #askingFor(call: Call, lack: Asks['lack']): Asking | undefined {
    const { clock } = this.#options;
    const id = callerId(call);
    const before = id === undefined ? undefined : this.#open.get(id);
    const isAsked = before?.view.state === 'asking';
    const news = !isAsked;
    if (this.#crowd.isFull([...this.#open.values()], { from: call.from, news })) return undefined;
    const calledAt = clock.now();
    const until = isAsked ? before.view.until : new Date(calledAt.getTime() + PATIENCE).toISOString();
    const view: CallerView = {
      id: id ?? randomUUID(),
      // Only the first message of a session has to say it.
      ...(before === undefined ? {} : makeOf(before.view)),
      ...shown(call),
      ...this.#about(call.device),
      ...{ state: 'asking', calledAt: calledAt.toISOString(), until },
      ...reasonOf(lack),
    };
    const asking: Asking = before ?? { view, lack, keeps: id !== undefined, held: new Set() };
    asking.view = view;
    asking.lack = lack;
    // The newest is the last.
    this.#open.delete(view.id);
    this.#open.set(view.id, asking);
    this.#options.changed({ kind: 'caller', caller: view });
    if (news) {
      this.#crowd.asked(call.from);
      this.#tell(view, 'asking');
    }
    return asking;
  }

  /** A held call has ended; with the last of somebody who was not answered it was missed. */
  #leave(asking: Asking, why: CallerView['missed']): void {
    const { id } = asking.view;
    if (this.#open.get(id) !== asking || asking.held.size > 0) return;
    this.#tell({ ...asking.view, missed: why }, 'missed');
    const { until: _until, ...view } = asking.view;
    if (!asking.keeps) {
      this.#open.delete(id);
      this.#options.changed({ kind: 'caller-gone', id });
      return;
    }
    asking.view = { ...view, state: 'missed', missed: why };
    this.#options.changed({ kind: 'caller', caller: asking.view });
    const missed = [...this.#open.values()].filter(({ view: each }) => each.state === 'missed');
    for (const { view: oldest } of missed.slice(0, Math.max(0, missed.length - MAX_MISSED))) {
      this.#open.delete(oldest.id);
      this.#options.changed({ kind: 'caller-gone', id: oldest.id });
    }
  }

  #calledAgain(known: KeptCaller, { kind, from }: Call): void {
    const now = this.#options.clock.now();
    const { from: before, ...rest } = known;
    const moved = from !== undefined && before !== undefined && from !== before && hardwareOf(from) === undefined;
    // Who calls without a pause is not told of each time.
    if (now.getTime() - Date.parse(known.calledAt) < QUIET) return;
    const called = { ...rest, kind, calledAt: now.toISOString(), ...(from === undefined ? {} : { from }) };
    this.#kept.called(called);
    const view = this.#viewOf(called);
    this.#options.changed({ kind: 'caller', caller: view });
    if (moved || known.answer === 'refused') this.#tell(view, known.answer);
  }

  async #keep(caller: KeptCaller): Promise<CallerView> {
    for (const id of await this.#kept.keep(caller)) this.#options.changed({ kind: 'caller-gone', id });
    const view = this.#viewOf(caller);
    this.#options.changed({ kind: 'caller', caller: view });
    return view;
  }

  #viewOf({ answer, ...caller }: KeptCaller): CallerView {
    return { ...caller, ...this.#about(caller.device), state: answer };
  }

  #about(device: string | undefined): Pick<CallerView, 'known' | 'virtual'> {
    if (device === undefined) return { known: false, virtual: false };
    return { known: this.#options.handsets.find(device) !== undefined, virtual: isVirtualDevice(device) };
  }

  #tell(view: CallerView, state: CallerView['state'] | 'forgotten'): void {
    const { id, kind, device, from, until, virtual, missed } = view;
    this.#options.emit({
      ...{ type: 'caller', id, kind, state },
      ...(device === undefined ? {} : { device }),
      ...(from === undefined ? {} : { from }),
      ...(until === undefined || state !== 'asking' ? {} : { until }),
      ...(missed === undefined || state !== 'missed' ? {} : { missed }),
      ...(virtual ? { virtual } : {}),
    });
  }
}

/** What is kept of a caller, beside the answer. */
function keptOf(view: CallerView): Omit<KeptCaller, 'answer' | 'answeredAt'> {
  const { id, kind, device, from, calledAt } = view;
  return {
    ...{ id, kind, calledAt },
    ...(device === undefined ? {} : { device }),
    ...(from === undefined ? {} : { from }),
    ...makeOf(view),
  };
}

function makeOf({ manufacturer, model }: CallerView): Pick<Call, 'manufacturer' | 'model'> {
  return { ...(manufacturer === undefined ? {} : { manufacturer }), ...(model === undefined ? {} : { model }) };
}

function reasonOf(lack: Asks['lack']): Pick<CallerView, 'reason'> {
  const reason = lack?.();
  return reason === undefined ? {} : { reason };
}

/** As it is shown: an address may have a token in it. */
function shown({ from, wants, ...call }: Call) {
  return {
    ...call,
    ...(from === undefined ? {} : { from }),
    ...(wants === undefined ? {} : { wants: withoutSecrets(wants) }),
  };
}

function unknownCaller(id: string): PcAgentError {
  return new PcAgentError('listening/caller-unknown', `there is no caller ${id}`, {
    retry: 'never',
    details: { caller: id },
  });
}
