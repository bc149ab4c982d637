import { type Duration, seconds } from '../../../base/durations.ts';
import { oneAtATime } from '../../../base/one-at-a-time.ts';
import { unlessAborted } from '../../../base/unless-aborted.ts';
import type { AirPhone, AskPairing, PairingAnswer, PairingQuestion } from '../air.ts';
import { BLUEZ_PATH, type BusMethod } from './bus.ts';
import { type BluezLink, rejected } from './link.ts';

const AGENT = 'org.bluez.Agent1';
const AGENT_MANAGER = 'org.bluez.AgentManager1';
const AGENT_PATH = '/org/pc_agent/agent';
/** The service itself waits no longer (BlueZ src/agent.c). */
const QUESTION_LIMIT = seconds(60);

export type Refusal = 'refused' | 'cancelled' | 'timeout';

/** Who is asked about one device, or about any that comes. */
export interface Asked {
  readonly ask: AskPairing;
  /** The device as it is known now. */
  readonly phone: (path: string) => AirPhone | undefined;
  /** Ends the questions that are open. */
  readonly signal: AbortSignal;
  /** Told how a question ended that a person has not answered with Yes. */
  readonly onRefused?: (how: Refusal) => void;
  /** The person does not want to enter the code that is shown. */
  readonly cancel?: () => void;
}

/**
 * Answers the service's questions while devices are paired (BlueZ doc, org.bluez.Agent). It is registered while somebody
 * is there to be asked only: otherwise the questions are those of the desktop's own agent.
 */
export class PairingAgent {
  readonly #link: BluezLink;
  readonly #limit: Duration;
  /** By path of the device. */
  readonly #asked = new Map<string, Asked>();
  /** Of devices that nobody named. */
  #anybody: Asked | undefined;
  /** Questions that the service may take back. */
  readonly #open = new Set<AbortController>();
  /** Device and code that are shown. */
  #shown = '';
  #unserve: (() => void) | undefined;
  #run = 0;
  readonly #inTurn = oneAtATime();

  /** @param limit of one question; default: as long as the service waits. */
  constructor(link: BluezLink, limit: Duration = QUESTION_LIMIT) {
    this.#link = link;
    this.#limit = limit;
  }

  /**
   * Asks about this device, or about any without one, from now on. @returns a function that ends it.
   * @throws DBusError; the reason of the signal of `asked`
   */
  async attend(path: string | undefined, asked: Asked): Promise<() => Promise<void>> {
    if (path === undefined) this.#anybody = asked;
    else this.#asked.set(path, asked);
    const end = async (): Promise<void> => {
      if (path === undefined) this.#anybody = this.#anybody === asked ? undefined : this.#anybody;
      else if (this.#asked.get(path) === asked) this.#asked.delete(path);
      await this.#inTurn(() => this.#rest());
    };
    try {
      await unlessAborted(
        this.#inTurn(() => this.#register(path === undefined)),
        asked.signal,
      );
    } catch (error) {
      // A service that hangs is told when it hears again.
      const ending = end();
      if (!asked.signal.aborted) await ending;
      throw error;
    }
    return end;
  }

  async #register(first: boolean): Promise<void> {
    const { run } = this.#link;
    if (this.#run !== run || run === 0) {
      this.#unserve?.();
      this.#unserve = this.#link.serve(AGENT_PATH, AGENT, this.#methods());
      // It can show digits and take digits.
      const body = [AGENT_PATH, 'KeyboardDisplay'];
      await this.#link.call(BLUEZ_PATH, AGENT_MANAGER, 'RegisterAgent', { signature: 'os', body });
      this.#run = run;
    }
    if (!first) return;
    const asked = { signature: 'o', body: [AGENT_PATH] };
    await this.#link.call(BLUEZ_PATH, AGENT_MANAGER, 'RequestDefaultAgent', asked);
  }

  async #rest(): Promise<void> {
    this.#shown = '';
    if (this.#asked.size > 0 || this.#anybody !== undefined) return;
    const { run } = this.#link;
    if (this.#run === run && run !== 0) {
      const body = { signature: 'o', body: [AGENT_PATH] };
      await this.#link.call(BLUEZ_PATH, AGENT_MANAGER, 'UnregisterAgent', body).catch(() => undefined);
    }
    this.#run = 0;
    this.#unserve?.();
    this.#unserve = undefined;
  }

  #methods(): Readonly<Record<string, BusMethod>> {
    const put = (path: unknown, question: PairingQuestion) => this.#put(String(path), question);
    return {
      RequestPinCode: {
        takes: 'o',
        gives: 's',
        call: async (_sender, [path]) => pinIn(await put(path, { kind: 'enter-pin' })),
      },
      RequestPasskey: {
        takes: 'o',
        gives: 'u',
        call: async (_sender, [path]) => passkeyIn(await put(path, { kind: 'enter-passkey' })),
      },
      DisplayPinCode: { takes: 'os', gives: '', call: async (_sender, [path, pin]) => this.#show(path, String(pin)) },
      DisplayPasskey: { takes: 'ouq', gives: '', call: async (_sender, [path, key]) => this.#show(path, digits(key)) },
      RequestConfirmation: {
        takes: 'ou',
        gives: '',
        call: async (_sender, [path, key]) => yes(await put(path, { kind: 'confirm', code: digits(key) })),
      },
      RequestAuthorization: {
        takes: 'o',
        gives: '',
        call: async (_sender, [path]) => yes(await put(path, { kind: 'allow' })),
      },
      // Services that others listen for are not ours to allow.
      AuthorizeService: { takes: 'os', gives: '', call: () => Promise.reject(rejected()) },
      Cancel: { takes: '', gives: '', call: async () => this.#takeBack() },
      Release: { takes: '', gives: '', call: async () => this.#takeBack() },
    };
  }

  /** The service wants no answer any more. */
  #takeBack(): null {
    this.#shown = '';
    for (const open of this.#open) open.abort();
    return null;
  }

  /** A code for the person to enter on the phone: nothing waits for it. The service says it again with each digit. */
  #show(path: unknown, code: string): null {
    const key = `${String(path)} ${code}`;
    if (this.#shown === key) return null;
    this.#shown = key;
    const said = this.#put(String(path), { kind: 'show', code });
    said.then(
      (answer) => answer === false && this.#asked.get(String(path))?.cancel?.(),
      () => undefined,
    );
    return null;
  }

  /** @throws as `rejected` when nobody is there, says no, or says nothing in time. */
  async #put(path: string, question: PairingQuestion): Promise<PairingAnswer> {
    const asked = this.#asked.get(path) ?? this.#anybody;
    const phone = asked?.phone(path);
    if (asked === undefined || phone === undefined) throw rejected();
    const open = new AbortController();
    const late = AbortSignal.timeout(this.#limit);
    const signal = AbortSignal.any([asked.signal, open.signal, late]);
    this.#open.add(open);
    try {
      const answer = await asked.ask(question, phone, signal);
      const how = question.kind === 'show' ? undefined : refusalIn(answer, signal.aborted, late.aborted);
      if (how !== undefined) asked.onRefused?.(how);
      return answer;
    } catch {
      if (late.aborted) asked.onRefused?.('timeout');
      throw rejected();
    } finally {
      this.#open.delete(open);
    }
  }
}

/** `undefined` also for a question that the phone or the service has taken back: they say themselves why. */
function refusalIn(answer: PairingAnswer, over: boolean, late: boolean): Refusal | undefined {
  if (answer === false) return 'refused';
  if (answer !== undefined) return undefined;
  return late ? 'timeout' : over ? undefined : 'cancelled';
}

/** Six digits (BlueZ doc, org.bluez.Agent). */
function digits(passkey: unknown): string {
  return String(passkey).padStart(6, '0').slice(0, 6);
}

function yes(answer: PairingAnswer): null {
  if (answer === true) return null;
  throw rejected();
}

/** 1 to 16 octets (Core Specification, volume 3, part C, 3.2.3). */
function pinIn(answer: PairingAnswer): string {
  if (typeof answer === 'string' && answer !== '' && Buffer.byteLength(answer) <= 16) return answer;
  throw rejected();
}

function passkeyIn(answer: PairingAnswer): number {
  if (typeof answer === 'string' && /^\d{1,6}$/.test(answer)) return Number(answer);
  throw rejected();
}
