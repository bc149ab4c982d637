import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { seconds } from '../../base/durations.ts';
import { isPcAgentError, PcAgentError } from '../../base/errors.ts';
import { virtualImei } from '../../base/imei.ts';
import type { AgentEvent, ErrorEvent, HandsetEvent } from '../../contract/events.ts';
import { readFaults } from '../../virtual/handset/fault-board.ts';
import { PROFILES, STANDARD } from '../../virtual/handset/profiles.ts';
import { PeerProcess } from '../demo/peer-process.ts';
import type { PromptDesk } from './prompt-desk.ts';

/** A virtual handset that runs. */
export interface VirtualPhone {
  readonly device: string;
  readonly address: string;
  readonly model: string;
}

/** What kind of handset is started. */
export interface PhoneChoice {
  /** Name of one of the program's own profiles; default: standard. */
  readonly profile?: string | undefined;
  readonly model?: string | undefined;
}

export interface VirtualPhonesOptions {
  /** Each keeps below it what is installed on it. */
  readonly folder: string;
  readonly prompts: PromptDesk;
  /** A handset of this number that is none of ours is there. */
  readonly isTaken: (device: string) => boolean;
  /** One has ended by itself. */
  readonly onEnded: (device: string) => void;
  /** One says what it does wrong now, or where else it is reached. */
  readonly onChange: (device: string) => void;
  /** One is no longer reached at every address where it was, but at this one. */
  readonly onMoved: (device: string, address: string) => void;
}

export const VIRTUAL_MODEL = 'Virtual Handset';
const MAX_PHONES = 8;
/** How long one may take to start. */
const START_LIMIT = seconds(20);

/** How long one may take to hear what it is told. */
const HEARD_LIMIT = seconds(5);

/** It may run for weeks. */
const KEPT_EVENTS = 100;
const KEPT_PLACES = 20;

interface Running {
  readonly process: PeerProcess;
  /** Told to end. */
  ending: boolean;
  /** What it does wrong, as it said last. */
  faults: readonly string[];
  /** Where it listens, as it said last; the main one first. */
  addresses: readonly string[];
  /** Where it listened and does no more; the last ones. */
  left: readonly string[];
}

/** The virtual handsets of this host, each a process of its own that ends with the host. */
export class VirtualPhones {
  readonly #options: VirtualPhonesOptions;
  readonly #running = new Map<string, Running>();

  constructor(options: VirtualPhonesOptions) {
    this.#options = options;
  }

  has(device: string): boolean {
    return this.#running.has(device);
  }

  /** Whether this host, or an earlier run of it, has started one of this number. */
  hasHome(device: string): boolean {
    return existsSync(join(this.#options.folder, device.replace('IMEI:', '')));
  }

  /** What one does wrong now; `undefined` when it does not run. */
  faultsOf(device: string): readonly string[] | undefined {
    return this.#running.get(device)?.faults;
  }

  /** Where one is reached, all of it. */
  addressesOf(device: string): readonly string[] {
    return this.#running.get(device)?.addresses ?? [];
  }

  /** Whether one was reached there once and is no more. */
  hasLeft(device: string, address: string): boolean {
    return this.#running.get(device)?.left.includes(address) === true;
  }

  /**
   * From now on it does these things wrong and no others; it has heard of it when this returns.
   * @throws PcAgentError `virtual/fault-unknown` (nothing changes then), `virtual/not-running`, `virtual/not-heard`;
   *   AbortError
   */
  async setFaults(device: string, faults: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
    const running = this.#running.get(device);
    if (running === undefined) throw notRunning(device);
    readFaults(faults);
    const request = randomUUID();
    running.process.say(JSON.stringify({ faults, request }));
    const answer = await running.process
      .event(answersTo(request), { limit: HEARD_LIMIT, signal })
      .catch((error: unknown) => {
        if (!isPcAgentError(error)) throw error;
        const message = `${device} did not say that it has heard of it: ${error.message}`;
        throw new PcAgentError('virtual/not-heard', message, { cause: error, retry: 'later' });
      });
    if (answer.type === 'error') throw new PcAgentError('virtual/fault-unknown', answer.message);
    return faultsIn(answer);
  }

  /** @throws PcAgentError `virtual/too-many`, `virtual/start-failed`, `virtual/profile-unknown`; AbortError */
  async start(
    signal: AbortSignal,
    { profile = STANDARD.name, model: wanted }: PhoneChoice = {},
  ): Promise<VirtualPhone> {
    const kind = PROFILES.find(({ name }) => name === profile);
    if (kind === undefined) {
      throw new PcAgentError('virtual/profile-unknown', `no profile is called ${profile}`, { retry: 'after-operator' });
    }
    const model = wanted ?? kind.model ?? VIRTUAL_MODEL;
    const imei = this.#freeImei();
    const device = `IMEI:${imei}`;
    const home = join(this.#options.folder, imei);
    const process = this.#launch(device, ['--imei', imei, '--model', model, '--profile', profile], home);
    try {
      await mkdir(home, { recursive: true });
      const { address } = await process.event(isReady, { limit: START_LIMIT, signal });
      return { device, address, model };
    } catch (error) {
      await this.stop(device);
      if (!isPcAgentError(error)) throw error;
      throw new PcAgentError('virtual/start-failed', error.message, { cause: error, retry: 'later' });
    }
  }

  /** Nothing happens when it does not run. */
  async stop(device: string): Promise<void> {
    const running = this.#running.get(device);
    if (running === undefined) return;
    running.ending = true;
    await running.process.end();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((device) => this.stop(device)));
  }

  #freeImei(): string {
    for (let index = 0; this.#running.size < MAX_PHONES && index < 2 * MAX_PHONES; index += 1) {
      const imei = virtualImei(index);
      const device = `IMEI:${imei}`;
      if (!this.#running.has(device) && !this.#options.isTaken(device)) return imei;
    }
    throw new PcAgentError('virtual/too-many', `at most ${MAX_PHONES} virtual handsets run at a time`, {
      retry: 'after-operator',
    });
  }

  #launch(device: string, kind: readonly string[], home: string): PeerProcess {
    const { prompts, onEnded } = this.#options;
    const args = ['virtual-handset', '--listen', 'tcp:127.0.0.1:0', ...kind];
    const process: PeerProcess = new PeerProcess(
      'virtual-handset',
      [...args, '--state', home, '--answer', 'ask'],
      home,
      (event) => {
        if (event.type === 'prompt') prompts.take(event, (line) => process.say(line));
        else this.#hear(device, running, event);
      },
      { takesLines: true, keeps: KEPT_EVENTS },
    );
    const running: Running = { process, ending: false, faults: [], addresses: [], left: [] };
    this.#running.set(device, running);
    void process.ended.then(() => {
      this.#running.delete(device);
      prompts.drop(device);
      if (!running.ending) onEnded(device);
    });
    return process;
  }

  #hear(device: string, running: Running, event: AgentEvent): void {
    if (this.#running.get(device) !== running) return;
    if (event.type === 'listening') {
      running.addresses = [...running.addresses, event.address];
      this.#options.onChange(device);
    } else if (event.type === 'handset' && event.state === 'gone-from') {
      running.addresses = running.addresses.filter((address) => address !== event.address);
      running.left = [...running.left, event.address].slice(-KEPT_PLACES);
      const [other] = running.addresses;
      if (other !== undefined) this.#options.onMoved(device, other);
      this.#options.onChange(device);
    } else if (event.type === 'handset' && event.state === 'moved') {
      this.#options.onMoved(device, event.address);
    } else if (event.type === 'handset' && event.state === 'faults') {
      running.faults = faultsIn(event);
      this.#options.onChange(device);
    }
  }
}

/** It may be a virtual one that somebody else has started. */
export function notRunning(device: string): PcAgentError {
  return new PcAgentError('virtual/not-running', `${device} is no virtual handset that this PC Agent runs`, {
    retry: 'after-operator',
  });
}

function isReady(event: AgentEvent): event is HandsetEvent {
  return event.type === 'handset' && event.state === 'ready';
}

/** What a handset says to a line with this mark. */
function answersTo(request: string): (event: AgentEvent) => event is HandsetEvent | ErrorEvent {
  return (event): event is HandsetEvent | ErrorEvent =>
    (event.type === 'error' || (event.type === 'handset' && event.state === 'faults')) && event.request === request;
}

function faultsIn({ faults }: Readonly<Record<string, unknown>>): readonly string[] {
  return Array.isArray(faults) ? faults.filter((fault) => typeof fault === 'string') : [];
}
