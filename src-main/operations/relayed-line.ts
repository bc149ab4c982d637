import { seconds } from '../base/durations.ts';
import { isPcAgentError } from '../base/errors.ts';
import { isVirtualDevice } from '../base/imei.ts';
import type { ReopenedLink } from '../link/reopened-link.ts';
import { openDownlink, relayDialled } from '../relay/dialled-session.ts';
import type { RelayOutcome } from '../relay/relay-outcome.ts';
import type { RelaySetting } from '../relay/relay-setting.ts';
import type { Engine, WorkContext } from './engine.ts';
import { journalledSession } from './journalled-session.ts';
import { clientOf } from './keeps-session.ts';
import { isNobody, type Loss, Onward, OTHER_HANDSET } from './onward.ts';
import type { HandsetPlace } from './ports.ts';
import type { Carriage } from './relayed-session.ts';

/** Nothing happens in a session for so long: it has stalled (contract, section 5). */
const IDLE_LIMIT = seconds(120);
/** How a relayed session ends whose link to the handset was lost. */
const LINK_GONE: readonly (string | undefined)[] = ['bearer/lost', 'obex/disconnected'];

/** The way between one handset and a DM server, over which one session after the other is relayed. */
export class RelayedLine {
  readonly #engine: Engine;
  readonly #carriage: Carriage;
  readonly #context: WorkContext;
  readonly #onward: Onward;
  /** Where the handset was last. */
  #place: HandsetPlace;
  /** As the handset's messages name the session that is relayed. */
  #sessionId: string | undefined;
  #lost: string | undefined;

  constructor(engine: Engine, carriage: Carriage, context: WorkContext) {
    this.#engine = engine;
    this.#carriage = carriage;
    this.#context = context;
    this.#onward = new Onward({ ...engine, ...context });
    this.#place = carriage.place;
  }

  /** SessionID of the last session, when its link was lost and a further one is to follow. */
  get lost(): string | undefined {
    return this.#lost;
  }

  /** Relays one session, which the notification asks for, when address and device have their turn. */
  async relay(notification: Uint8Array): Promise<RelayOutcome> {
    for (;;) {
      try {
        return await this.#inTurn(notification);
      } catch (error) {
        const next = await this.#afterNobody(error);
        if (next === undefined) throw error;
        this.#place = next;
      }
    }
  }

  /** Where a lost link was to be replaced somebody was there a moment ago; not so when the session was to begin. */
  async #afterNobody(error: unknown): Promise<HandsetPlace | undefined> {
    if (!this.#onward.lost || !isPcAgentError(error) || !isNobody(error.code)) return undefined;
    const { device } = this.#carriage;
    try {
      return await this.#onward.next({ place: this.#place, device, code: error.code, reached: 0 });
    } finally {
      this.#onward.leave();
    }
  }

  async #inTurn(notification: Uint8Array): Promise<RelayOutcome> {
    const { signal } = this.#context;
    this.#lost = undefined;
    this.#sessionId = undefined;
    try {
      // Always in this order; our own server takes the two turns in it too.
      await this.#onward.enter(this.#place);
      return await this.#engine.turns.run(
        `device ${this.#carriage.device}`,
        () => {
          signal.throwIfAborted();
          return this.#relay(notification);
        },
        signal,
      );
    } finally {
      this.#onward.leave();
    }
  }

  /** Whether a further session may follow this one: its link was lost, and there is a way again. @throws AbortError */
  async goesOn(outcome: RelayOutcome): Promise<boolean> {
    const { code, messages, cancelled } = outcome;
    const isGone = LINK_GONE.includes(code) || (this.#onward.lost && isNobody(code));
    if (code === OTHER_HANDSET) this.#onward.isStranger(this.#place);
    else if (!isGone) this.#onward.wentThrough();
    // Who was to be where somebody else is has not been there at all, unless the work was to go on there.
    const isElsewhere = code === OTHER_HANDSET && this.#onward.lost;
    if (cancelled || code === undefined || !(isGone || isElsewhere)) return false;
    const reached = messages.toDms + messages.toHandset;
    const { device } = this.#carriage;
    try {
      const next = await this.#onward.next({ place: this.#place, device, code, reached });
      if (next === undefined) return false;
      this.#place = next;
      this.#lost = this.#sessionId;
      return true;
    } finally {
      this.#onward.leave();
    }
  }

  async #relay(notification: Uint8Array): Promise<RelayOutcome> {
    const { profile, device } = this.#carriage;
    const { signal } = this.#context;
    const { agent, ledger, handsets } = this.#engine;
    const virtual = isVirtualDevice(device);
    const { bearer, address } = this.#place;
    const session = journalledSession(
      this.#engine,
      { kind: 'relay', handset: address.text, device, dms: profile.url.href, virtual },
      this.#context,
    );
    let reached = 0;
    const setting: RelaySetting = {
      ...{ profile, agent, ledger, signal, idle: IDLE_LIMIT },
      emit: session.emit,
      onPassing: (direction, summary) => {
        this.#sessionId = summary.sessionId || this.#sessionId;
        if (direction === 'to-dms') this.#onward.wentOn('new-session', this.#place, session.emit, summary.sessionId);
        session.onPassing(direction, summary);
      },
      onMessage: (envelope, direction, summary) => {
        reached += 1;
        session.onMessage(envelope, direction, summary);
      },
      onCompared: session.onCompared,
    };
    try {
      const outcome = await relayDialled(setting, {
        ...{ bearer, address },
        notifications: [notification],
        label: `unread-${device}`,
        device,
        reopen: ({ code }) =>
          this.#reopen(setting, { place: this.#place, device, code, reached }, () =>
            this.#onward.wentOn('repeated', this.#place, session.emit, this.#sessionId ?? ''),
          ),
      });
      session.ended({ state: outcome.state, code: outcome.code });
      if (outcome.heard) {
        const address = this.#place.address.text;
        await handsets.met({
          device,
          address,
          speaksDm: true,
          left: this.#onward.lost || LINK_GONE.includes(outcome.code),
        });
      }
      return outcome;
    } catch (error) {
      session.broken(error);
      throw error;
    }
  }

  /** Another link for the same session, where the handset keeps it. */
  async #reopen(setting: RelaySetting, loss: Loss, wentOn: () => void): Promise<ReopenedLink | undefined> {
    const { handsets, keepsSession } = this.#engine;
    if (!keepsSession(clientOf(undefined, handsets.find(this.#carriage.device)))) return undefined;
    const found = await this.#onward.open(loss, (place, signal) => openDownlink({ ...setting, signal }, place), true);
    if (found === undefined) return undefined;
    this.#place = found.place;
    return { link: found.opened, wentOn };
  }
}
