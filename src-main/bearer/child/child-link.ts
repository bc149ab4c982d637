import type { Socket } from 'node:net';
import type { Clock } from '../../base/clock.ts';
import { type Duration, milliseconds, seconds } from '../../base/durations.ts';
import { PcAgentError } from '../../base/errors.ts';
import { unlessAborted } from '../../base/unless-aborted.ts';
import { readControl, sendControl } from './control-lines.ts';
import { MeetingPlace, removeStalePlaces } from './meeting-place.ts';
import { FromChild, type Hello, type ToChild } from './protocol.ts';
import type { BearerChild, StartBearerChild } from './start-child.ts';

export interface ChildLinkOptions {
  readonly start: StartBearerChild;
  readonly clock: Clock;
  /** Something for people that belongs to no request. */
  readonly note: (text: string) => void;
  /** Between two looks whether the child still answers; default 5 s. */
  readonly heartbeat?: Duration;
  readonly onMessage: (message: Exclude<FromChild, { kind: 'pong' }>) => void;
  readonly onStream: (hello: Extract<Hello, { kind: 'stream' }>, socket: Socket) => void;
  /** The child has gone, and everything that went through it with it. */
  readonly onLost: (error: PcAgentError) => void;
}

/** How long a child may take to report: a slow disk and a busy processor included. */
const START_LIMIT: Duration = seconds(20);
const HEARTBEAT: Duration = seconds(5);
/** Answers that may be missing one after the other: one alone may be this process's own pause. */
const MAX_MISSED = 2;
/** Pauses before a child is started again: one that dies at its start must not take the machine. */
const FIRST_PAUSE = milliseconds(200);
const LONGEST_PAUSE = seconds(10);
/** One that served for so long is taken to have died of something new. */
const GOOD_RUN = seconds(30);
/** How long a child may take to end by itself. */
const END_LIMIT = seconds(1);

/** One run of the child. */
interface Run {
  readonly child: BearerChild;
  /** Its own: what an earlier child left in the air reaches nobody, and each takes away only its own folder. */
  readonly place: MeetingPlace;
  readonly control: PromiseWithResolvers<Socket>;
  readonly since: number;
  beats: NodeJS.Timeout | undefined;
  missed: number;
  /** Its control connection has come, so it hears of its end. */
  joined: boolean;
}

/** The child that holds the native modules: started at first use, watched, and started again when it dies. */
export class ChildLink {
  readonly #options: ChildLinkOptions;
  #tidied: Promise<void> | undefined;
  #run: Promise<Run> | undefined;
  #current: Run | undefined;
  #pause: Duration = milliseconds(0);
  #notBefore = 0;
  readonly #stop = new AbortController();
  #closing: Promise<void> | undefined;

  constructor(options: ChildLinkOptions) {
    this.#options = options;
  }

  /** Aborted when nothing is started or sent any more. */
  get closed(): AbortSignal {
    return this.#stop.signal;
  }

  /**
   * Sends a message, to a child that is started for it where none runs.
   * @throws PcAgentError `bearer/child-lost`; AbortError, then it was not sent
   */
  async send(message: ToChild, signal: AbortSignal): Promise<void> {
    if (this.#stop.signal.aborted) throw childLost('it was closed');
    this.#run ??= this.#begin();
    const control = await unlessAborted(
      this.#run.then((run) => run.control.promise),
      signal,
    );
    sendControl(control, message);
  }

  /** Sends a message about something that only this child knows: without one there is nothing to tell. */
  tell(message: ToChild): void {
    this.#current?.control.promise.then((control) => sendControl(control, message)).catch(() => undefined);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#stop.abort();
    const run = await this.#run?.catch(() => undefined);
    if (run !== undefined) {
      if (this.#current === run) this.#lose(run, 'it was closed');
      await endOf(run.child);
    }
    await this.#tidied;
  }

  async #begin(): Promise<Run> {
    const { clock } = this.#options;
    try {
      const wait = this.#notBefore - clock.monotonic();
      if (wait > 0) await clock.sleep(milliseconds(wait), this.#stop.signal);
      this.#tidied ??= removeStalePlaces();
      const come: { run?: Run } = {};
      const place = await MeetingPlace.open((hello, socket) => this.#receive(come.run, hello, socket));
      const run = this.#startAt(place);
      come.run = run;
      void run.child.gone.then((how) => this.#lose(run, how));
      return run;
    } catch (error) {
      this.#run = undefined;
      throw childLost(error instanceof Error ? error.message : String(error), error);
    }
  }

  #startAt(place: MeetingPlace): Run {
    try {
      this.#stop.signal.throwIfAborted();
      const run: Run = {
        child: this.#options.start(place.invitation),
        place,
        control: Promise.withResolvers(),
        since: this.#options.clock.monotonic(),
        beats: setTimeout(() => this.#lose(run, 'it did not report'), START_LIMIT),
        missed: 0,
        joined: false,
      };
      run.control.promise.catch(() => undefined);
      this.#current = run;
      return run;
    } catch (error) {
      place.close();
      throw error;
    }
  }

  #receive(run: Run | undefined, hello: Hello, socket: Socket): void {
    if (run === undefined || run !== this.#current) return void socket.destroy();
    if (hello.kind === 'stream') return void this.#options.onStream(hello, socket);
    // It has one already.
    if (run.joined) return void socket.destroy();
    clearTimeout(run.beats);
    readControl(socket, {
      onMessage: (message) => this.#hear(run, message),
      onEnd: () => this.#lose(run, 'its control connection ended'),
    });
    run.beats = setInterval(() => this.#beat(run, socket), this.#options.heartbeat ?? HEARTBEAT);
    run.joined = true;
    run.control.resolve(socket);
  }

  #hear(run: Run, message: unknown): boolean {
    const { data } = FromChild.safeParse(message);
    if (data === undefined) return false;
    run.missed = 0;
    if (data.kind !== 'pong' && run === this.#current) this.#options.onMessage(data);
    return true;
  }

  #beat(run: Run, control: Socket): void {
    if (run.missed >= MAX_MISSED) return void this.#lose(run, 'it did not answer');
    run.missed += 1;
    sendControl(control, { kind: 'ping' } satisfies ToChild);
  }

  #lose(run: Run, how: string): void {
    if (this.#current !== run) return;
    this.#current = undefined;
    this.#run = undefined;
    clearTimeout(run.beats);
    run.place.close();
    const { clock, note, onLost } = this.#options;
    const error = childLost(how);
    run.control.reject(error);
    run.control.promise.then((control) => control.destroySoon()).catch(() => undefined);
    const wanted = !this.#stop.signal.aborted;
    if (wanted || !run.joined) run.child.kill();
    if (wanted) note(`${error.message}; it is started again when it is needed`);
    const now = clock.monotonic();
    if (now - run.since >= GOOD_RUN) this.#pause = milliseconds(0);
    this.#notBefore = now + this.#pause;
    this.#pause = milliseconds(Math.min(Math.max(2 * this.#pause, FIRST_PAUSE), LONGEST_PAUSE));
    onLost(error);
  }
}

function childLost(how: string, cause?: unknown): PcAgentError {
  return new PcAgentError('bearer/child-lost', `the process that holds the handsets' links has gone: ${how}`, {
    retry: 'later',
    ...(cause === undefined ? {} : { cause }),
    details: { how },
  });
}

/** Its control connection has ended, so it ends too; who starts it may have gone himself, and then tells nothing. */
async function endOf(child: BearerChild): Promise<void> {
  const late = Promise.withResolvers<void>();
  const killing = setTimeout(() => child.kill(), END_LIMIT);
  const leaving = setTimeout(late.resolve, 2 * END_LIMIT);
  await Promise.race([child.gone, late.promise]);
  clearTimeout(killing);
  clearTimeout(leaving);
}
