import type { UtilityProcess } from 'electron';
import { FromHostProcess, type ToHostProcess } from '../contract/shell-messages.ts';
import { type BearerProcess, BearerProcesses } from './bearer-processes.ts';

type Child = Pick<UtilityProcess, 'on' | 'postMessage' | 'kill'>;

export interface HostProcessOptions {
  readonly fork: () => Child;
  /** Starts the process with the native modules; `env` is its invitation. */
  readonly forkBearers: (env: Readonly<Record<string, string>>) => BearerProcess;
  /** Faces are served. `own`: the host lives and dies with this process of ours. */
  readonly onReady: (own: boolean) => void;
  readonly onFrame: (face: number, text: string) => void;
  readonly onDropped: (face: number) => void;
  /** Its process has ended: nothing that was asked of it is answered any more. It is started anew. */
  readonly onLost: () => void;
  /** It said why it cannot be the host. */
  readonly onFailed: (code: string, message: string) => void;
  readonly onNote: (text: string) => void;
}

/** Pauses before it is started anew, in milliseconds: a host that dies at its start must not take the machine. */
const FIRST_PAUSE = 200;
const LONGEST_PAUSE = 10_000;
/** One that served for so long is taken to have died of something new. */
const GOOD_RUN = 30_000;
/** How long it may take to finish what is under way, in milliseconds; then it is killed. */
const END_LIMIT = 8_000;

/** The host's process: started, kept alive, and ended with the program. */
export class HostProcess {
  readonly #options: HostProcessOptions;
  readonly #bearers: BearerProcesses;
  #child: Child | undefined;
  #ready = false;
  #pause = FIRST_PAUSE;
  #timer: NodeJS.Timeout | undefined;
  #ending: PromiseWithResolvers<void> | undefined;

  constructor(options: HostProcessOptions) {
    this.#options = options;
    this.#bearers = new BearerProcesses(options.forkBearers);
  }

  /** Faces are served. */
  get ready(): boolean {
    return this.#ready;
  }

  start(): void {
    this.#timer = undefined;
    if (this.#ending !== undefined) return;
    const child = this.#options.fork();
    this.#child = child;
    child.on('message', (message: unknown) => this.#receive(child, message));
    child.on('exit', () => this.#exited(child));
  }

  send(message: ToHostProcess): void {
    if (this.#ready) this.#child?.postMessage(message);
  }

  /** Lets it finish, within bounds. Nothing is started after this. May be called again. */
  end(): Promise<void> {
    if (this.#ending !== undefined) return this.#ending.promise;
    this.#ending = Promise.withResolvers<void>();
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child === undefined) {
      this.#ending.resolve();
    } else {
      child.postMessage({ kind: 'end' } satisfies ToHostProcess);
      this.#timer = setTimeout(() => {
        child.kill();
        this.#ending?.resolve();
      }, END_LIMIT);
    }
    return this.#ending.promise;
  }

  #receive(child: Child, data: unknown): void {
    const message = FromHostProcess.safeParse(data);
    if (!message.success || child !== this.#child) return;
    const { onDropped, onFailed, onFrame, onNote, onReady } = this.#options;
    switch (message.data.kind) {
      case 'ready':
        this.#ready = true;
        this.#timer = setTimeout(() => {
          this.#pause = FIRST_PAUSE;
        }, GOOD_RUN);
        return void onReady(message.data.own);
      case 'failed':
        return void onFailed(message.data.code, message.data.message);
      case 'note':
        return void onNote(message.data.text);
      case 'frame':
        return void onFrame(message.data.face, message.data.text);
      case 'dropped':
        return void onDropped(message.data.face);
      case 'start-bearers':
        return void this.#bearers.start(message.data.run, message.data.env, (gone) => {
          if (child === this.#child) child.postMessage(gone);
        });
      case 'kill-bearers':
        return void this.#bearers.kill(message.data.run);
    }
  }

  #exited(child: Child): void {
    if (child !== this.#child) return;
    this.#child = undefined;
    this.#ready = false;
    this.#bearers.killAll();
    clearTimeout(this.#timer);
    if (this.#ending !== undefined) return void this.#ending.resolve();
    this.#timer = setTimeout(() => this.start(), this.#pause);
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
    this.#options.onLost();
  }
}
