import { hash, randomUUID } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import { deviceKey } from '../../base/device-key.ts';
import { type Duration, seconds } from '../../base/durations.ts';
import { PcAgentError } from '../../base/errors.ts';
import type { Emit } from '../../contract/events.ts';
import type { HostChange } from '../../contract/host-state.ts';
import type { CallerView, ListenerKind } from '../../contract/listening.ts';
import { type HandsetRegistry, isVirtualDevice } from '../../handset/registry.ts';
import type { KeptCaller, Settings } from '../../settings/settings.ts';
import type { CallerFacts } from './caller-facts.ts';

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
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly changed: (change: HostChange) => void;
  readonly emit: Emit;
  /** How long a caller is held while a person is asked; default 2 minutes. */
  readonly patience?: Duration;
}

/** A handset asks for its answer as long as that, and longer. */
const PATIENCE = seconds(120);
/** Callers that are asked about at a time, and calls of theirs that are held. A flood of made-up numbers is not shown. */
const MAX_ASKING = 20;
const MAX_HELD = 64;
/** Callers whose calls nobody has answered; the oldest goes. */
const MAX_MISSED = 50;
/** Callers that a person has answered; the oldest goes. */
const MAX_KEPT = 2000;

/** Between two calls of the same caller that are told. */
const QUIET = seconds(5);

interface Asking {
  view: CallerView;
  /** By `deviceKey` and hardware address; absent where nothing tells it from others. */
  readonly keeps: boolean;
  readonly held: Set<(admission: Admission) => void>;
}

/**
 * Who was let in and who was sent away. A handset is known by its DevId, and where the bearer gives it a hardware address
 * by both: whoever borrows the number of another one calls from another address, and is a stranger.
 */
export class CallerBook {
  readonly #options: CallerBookOptions;
  /** Those who are asked about, and those whose calls were missed; oldest first. */
  readonly #open = new Map<string, Asking>();
  #kept: readonly KeptCaller[];

  constructor(options: CallerBookOptions) {
    this.#options = options;
    this.#kept = options.settings.get('callers');
  }

  get list(): CallerView[] {
    return [...this.#kept.map((kept) => this.#viewOf(kept)), ...[...this.#open.values()].map(({ view }) => view)];
  }

  /** Whether somebody may come in; asks a person about a stranger. @throws the signal's reason */
  async admit(call: Call, { gone, signal }: { gone: Promise<void> | undefined; signal: AbortSignal }) {
    signal.throwIfAborted();
    const known = this.#answerFor(call);
    if (known !== undefined) {
      this.#calledAgain(known);
      return known.answer;
    }
    return this.#hold(call, gone, signal);
  }

  /** Lets a caller in, or not. @throws PcAgentError `listening/caller-unknown` */
  async answer(id: string, said: 'accept' | 'refuse'): Promise<CallerView> {
    const answer = said === 'accept' ? 'accepted' : 'refused';
    const answeredAt = this.#options.clock.now().toISOString();
    const asking = this.#open.get(id);
    if (asking === undefined) {
      const kept = this.#kept.find((each) => each.id === id);
      if (kept === undefined) throw unknownCaller(id);
      const view = await this.#keep({ ...kept, answer, answeredAt });
      this.#tell(view, answer);
      return view;
    }
    const kept: KeptCaller = { ...keptOf(asking.view), answer, answeredAt };
    const view = asking.keeps ? await this.#keep(kept) : this.#viewOf(kept);
    this.#open.delete(id);
    if (!asking.keeps) this.#options.changed({ kind: 'caller-gone', id });
    for (const tell of [...asking.held]) tell(answer);
    this.#tell(view, answer);
    return view;
  }

  /** It is a stranger again. @throws PcAgentError `listening/caller-unknown` */
  async forget(id: string): Promise<void> {
    const { settings, changed } = this.#options;
    const open = this.#open.get(id);
    const kept = this.#kept.find((each) => each.id === id);
    const view = open?.view ?? (kept === undefined ? undefined : this.#viewOf(kept));
    if (view === undefined) throw unknownCaller(id);
    const rest = this.#kept.filter((each) => each.id !== id);
    if (kept !== undefined) await settings.set('callers', rest);
    this.#kept = rest;
    this.#open.delete(id);
    for (const tell of [...(open?.held ?? [])]) tell('unanswered');
    changed({ kind: 'caller-gone', id });
    this.#tell(view, 'forgotten');
  }

  /** The last answer that holds for a call. */
  #answerFor(call: Call): KeptCaller | undefined {
    const hardware = hardwareOf(call.from);
    const device = call.device === undefined ? undefined : deviceKey(call.device);
    if (device === undefined && hardware === undefined) return undefined;
    const same = this.#kept.filter((kept) => {
      const isDevice = device === undefined || (kept.device !== undefined && deviceKey(kept.device) === device);
      return isDevice && (hardware === undefined || hardwareOf(kept.from) === hardware);
    });
    return same.reduce<KeptCaller | undefined>(
      (last, each) => (last === undefined || each.answeredAt > last.answeredAt ? each : last),
      undefined,
    );
  }

  async #hold(call: Call, gone: Promise<void> | undefined, signal: AbortSignal): Promise<Admission> {
    const asking = this.#askingFor(call);
    if (asking === undefined) return 'crowded';
    const { clock, patience = PATIENCE } = this.#options;
    const over = new AbortController();
    try {
      return await new Promise<Admission>((resolve, reject) => {
        asking.held.add(resolve);
        over.signal.addEventListener('abort', () => asking.held.delete(resolve), { once: true });
        void gone?.then(() => resolve('gone'));
        clock.sleep(patience, AbortSignal.any([signal, over.signal])).then(
          () => resolve('unanswered'),
          () => (signal.aborted ? reject(signal.reason) : undefined),
        );
      });
    } finally {
      over.abort();
      this.#leave(asking);
    }
  }

  /** A call of somebody who is asked about is held with the others of that one. */
  #askingFor(call: Call): Asking | undefined {
    const { clock, patience = PATIENCE } = this.#options;
    const id = idOf(call);
    const before = id === undefined ? undefined : this.#open.get(id);
    const held = [...this.#open.values()].reduce((sum, each) => sum + each.held.size, 0);
    const asked = [...this.#open.values()].filter(({ view }) => view.state === 'asking').length;
    if (held >= MAX_HELD || (before?.view.state !== 'asking' && asked >= MAX_ASKING)) return undefined;
    const calledAt = clock.now();
    const until = new Date(calledAt.getTime() + patience).toISOString();
    const said = withoutUndefined(call);
    const view: CallerView = {
      id: id ?? randomUUID(),
      ...said,
      ...this.#about(call.device),
      ...{ state: 'asking', calledAt: calledAt.toISOString(), until },
    };
    const news = before?.view.state !== 'asking';
    const asking = before ?? { view, keeps: id !== undefined, held: new Set() };
    asking.view = view;
    // The newest is the last.
    this.#open.delete(view.id);
    this.#open.set(view.id, asking);
    this.#options.changed({ kind: 'caller', caller: view });
    if (news) this.#tell(view, 'asking');
    return asking;
  }

  /** A held call has ended; with the last of somebody who was not answered it was missed. */
  #leave(asking: Asking): void {
    const { id } = asking.view;
    if (this.#open.get(id) !== asking || asking.held.size > 0) return;
    this.#tell(asking.view, 'missed');
    const { until: _until, ...view } = asking.view;
    if (!asking.keeps) {
      this.#open.delete(id);
      this.#options.changed({ kind: 'caller-gone', id });
      return;
    }
    asking.view = { ...view, state: 'missed' };
    this.#options.changed({ kind: 'caller', caller: asking.view });
    const missed = [...this.#open.values()].filter(({ view: each }) => each.state === 'missed');
    for (const { view: oldest } of missed.slice(0, Math.max(0, missed.length - MAX_MISSED))) {
      this.#open.delete(oldest.id);
      this.#options.changed({ kind: 'caller-gone', id: oldest.id });
    }
  }

  #calledAgain(known: KeptCaller): void {
    const now = this.#options.clock.now();
    // Who calls without a pause is not told of each time.
    if (now.getTime() - Date.parse(known.calledAt) < QUIET) return;
    const calledAt = now.toISOString();
    // It gets to the disk with the next answer: when somebody called last is no reason to write.
    this.#kept = this.#kept.map((each) => (each.id === known.id ? { ...each, calledAt } : each));
    this.#options.changed({ kind: 'caller', caller: this.#viewOf({ ...known, calledAt }) });
    if (known.answer === 'refused') this.#tell(this.#viewOf(known), 'refused');
  }

  async #keep(caller: KeptCaller): Promise<CallerView> {
    const others = this.#kept.filter(({ id }) => id !== caller.id);
    const kept = [...others, caller].slice(-MAX_KEPT);
    await this.#options.settings.set('callers', kept);
    this.#kept = kept;
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
    const { id, kind, device, from, until, virtual } = view;
    this.#options.emit({
      ...{ type: 'caller', id, kind, state },
      ...(device === undefined ? {} : { device }),
      ...(from === undefined ? {} : { from }),
      ...(until === undefined || state !== 'asking' ? {} : { until }),
      ...(virtual ? { virtual } : {}),
    });
  }
}

/** Only a Bluetooth address belongs to the device itself; an IP address, or a port here, is a place. */
function hardwareOf(from: string | undefined): string | undefined {
  return from?.startsWith('bluetooth:') === true ? from.toLowerCase() : undefined;
}

/** The same for each call of the same one; `undefined` where nothing tells it from others. */
function idOf({ device, from }: Call): string | undefined {
  const hardware = hardwareOf(from);
  if (device === undefined && hardware === undefined) return undefined;
  const key = `${device === undefined ? '' : deviceKey(device)}\n${hardware ?? ''}`;
  return hash('sha256', key, 'hex').slice(0, 12);
}

/** What is kept of a caller, beside the answer. */
function keptOf(view: CallerView): Omit<KeptCaller, 'answer' | 'answeredAt'> {
  const { id, kind, device, from, manufacturer, model, calledAt } = view;
  return {
    ...{ id, kind, calledAt },
    ...(device === undefined ? {} : { device }),
    ...(from === undefined ? {} : { from }),
    ...(manufacturer === undefined ? {} : { manufacturer }),
    ...(model === undefined ? {} : { model }),
  };
}

function withoutUndefined({ from, ...call }: Call) {
  return { ...call, ...(from === undefined ? {} : { from }) };
}

function unknownCaller(id: string): PcAgentError {
  return new PcAgentError('listening/caller-unknown', `there is no caller ${id}`, {
    retry: 'never',
    details: { caller: id },
  });
}
