import { PcAgentError } from '../../base/errors.ts';
import type { PeerProcess } from './peer-process.ts';

/** Starts the DMS's process, listening at `HOST:PORT`, and waits until it does. */
export type StartDms = (listen: string) => Promise<{ readonly process: PeerProcess; readonly url: URL }>;

/** The demo's DMS, which can be taken away and come back at the same address with what it knew. */
export class DmsPeer {
  readonly url: URL;
  readonly #start: StartDms;
  #process: PeerProcess;

  private constructor(start: StartDms, started: Awaited<ReturnType<StartDms>>) {
    this.#start = start;
    this.#process = started.process;
    this.url = started.url;
  }

  static async open(start: StartDms): Promise<DmsPeer> {
    return new DmsPeer(start, await start('127.0.0.1:0'));
  }

  get process(): PeerProcess {
    return this.#process;
  }

  /** Its listener is closed when this resolves: nobody answers at its address. */
  async stop(): Promise<void> {
    await this.#process.end();
  }

  async restart(): Promise<void> {
    const { process, url } = await this.#start(this.url.host);
    this.#process = process;
    if (url.href !== this.url.href) {
      throw new PcAgentError('demo/peer-ended', 'the DM server came back at another address');
    }
  }
}
