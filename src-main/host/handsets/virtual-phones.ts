import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { seconds } from '../../base/durations.ts';
import { isPcAgentError, PcAgentError } from '../../base/errors.ts';
import { virtualImei } from '../../base/imei.ts';
import type { AgentEvent, HandsetEvent } from '../../contract/events.ts';
import { PeerProcess } from '../demo/peer-process.ts';
import type { PromptDesk } from './prompt-desk.ts';

/** A virtual handset that runs. */
export interface VirtualPhone {
  readonly device: string;
  readonly address: string;
}

export interface VirtualPhonesOptions {
  /** Each keeps below it what is installed on it. */
  readonly folder: string;
  readonly prompts: PromptDesk;
  /** A handset of this number that is none of ours is there. */
  readonly isTaken: (device: string) => boolean;
  /** One has ended by itself. */
  readonly onEnded: (device: string) => void;
}

export const VIRTUAL_MODEL = 'Virtual Handset';
const MAX_PHONES = 8;
/** How long one may take to start. */
const START_LIMIT = seconds(20);

/** It may run for weeks. */
const KEPT_EVENTS = 100;

interface Running {
  readonly process: PeerProcess;
  /** Told to end. */
  ending: boolean;
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

  /** @throws PcAgentError `virtual/too-many`, `virtual/start-failed`; AbortError */
  async start(signal: AbortSignal): Promise<VirtualPhone> {
    const imei = this.#freeImei();
    const device = `IMEI:${imei}`;
    const home = join(this.#options.folder, imei);
    const process = this.#launch(imei, device, home);
    try {
      await mkdir(home, { recursive: true });
      const { address } = await process.event(isReady, { limit: START_LIMIT, signal });
      return { device, address };
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

  #launch(imei: string, device: string, home: string): PeerProcess {
    const { prompts, onEnded } = this.#options;
    const args = ['virtual-handset', '--listen', 'tcp:127.0.0.1:0', '--imei', imei, '--model', VIRTUAL_MODEL];
    const process: PeerProcess = new PeerProcess(
      'virtual-handset',
      [...args, '--state', home, '--answer', 'ask'],
      home,
      (event) => {
        if (event.type === 'prompt') prompts.take(event, (line) => process.say(line));
      },
      { takesLines: true, keeps: KEPT_EVENTS },
    );
    const running: Running = { process, ending: false };
    this.#running.set(device, running);
    void process.ended.then(() => {
      this.#running.delete(device);
      prompts.drop(device);
      if (!running.ending) onEnded(device);
    });
    return process;
  }
}

function isReady(event: AgentEvent): event is HandsetEvent {
  return event.type === 'handset' && event.state === 'ready';
}
