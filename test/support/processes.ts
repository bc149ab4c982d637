import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const LAUNCHER = join(ROOT, 'src-main', 'launch', 'pc-agent.mjs');
const PEERS = join(ROOT, 'test', 'peers');
/** Short programs need not collect garbage: a seventh of what a start costs, which the tests do a thousand times. */
const ROOM = '--min-semi-space-size=32';
/** A wait that takes longer has failed; what is waited for takes a second or two on an idle machine. */
const WAIT_LIMIT = 2 * 60_000;

/** One line of a program's output; what else is in it depends on the program. */
export interface ProgramEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A program that runs as a process of its own and says what it does in JSON lines. Its output is always read. */
export class Program {
  readonly name: string;
  readonly events: ProgramEvent[] = [];
  /** Lines of standard output that are no JSON objects with a type. */
  readonly strayLines: string[] = [];
  readonly ended: Promise<ProgramEnd>;
  readonly #child: ChildProcess;
  readonly #watchers = new Set<() => void>();
  readonly #lines: string[] = [];
  readonly #limit: number;
  #complaints = '';
  #end: ProgramEnd | undefined;

  /** @param limit how long something that it is to say may take, in milliseconds */
  constructor(name: string, command: readonly string[], environment: NodeJS.ProcessEnv = {}, limit = WAIT_LIMIT) {
    this.name = name;
    this.#limit = limit;
    const [program = '', ...args] = command;
    this.#child = spawn(program, args, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, INIT_CWD: '', ...environment },
    });
    this.#read();
    const { promise, resolve } = Promise.withResolvers<ProgramEnd>();
    this.#child.once('error', (error) => {
      this.#complaints += String(error);
      resolve({ code: null, signal: null });
    });
    this.#child.once('close', (code, signal) => resolve({ code, signal }));
    this.ended = promise.then((end) => {
      this.#end = end;
      this.#wake();
      return end;
    });
  }

  get pid(): number {
    const { pid } = this.#child;
    if (pid === undefined) throw new Error(`${this.name} did not start: ${this.#complaints}`);
    return pid;
  }

  get stdout(): string {
    return this.#lines.join('\n');
  }

  get stderr(): string {
    return this.#complaints;
  }

  of(type: string): readonly ProgramEvent[] {
    return this.events.filter((event) => event.type === type);
  }

  /** The first event that is as wanted, among those that came and those to come. */
  async event(what: string, wanted: (event: ProgramEvent) => boolean): Promise<ProgramEvent> {
    return this.#when(what, () => this.events.find(wanted));
  }

  /** Resolves when so many events are as wanted. */
  async count(number: number, what: string, wanted: (event: ProgramEvent) => boolean): Promise<void> {
    await this.#when(`${number} times ${what}`, () => this.events.filter(wanted).length >= number || undefined);
  }

  /** Where it listens, as the other side's flag takes it. */
  async address(): Promise<string> {
    const { address } = await this.event('listening', ({ type }) => type === 'listening');
    return String(address);
  }

  /** Exit code and `result` line; waits for the end. */
  async result(): Promise<ProgramEvent & { readonly exit: number | null }> {
    const { code } = await this.#limited(this.ended, 'end');
    const result = this.of('result').at(-1);
    if (result === undefined) throw new Error(`${this.name} ended without a result\n${this.describe()}`);
    return { ...result, exit: code };
  }

  /** SIGKILL; resolves when it is gone. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.#limited(this.ended, 'end');
  }

  signal(name: NodeJS.Signals): void {
    if (this.#end === undefined) this.#child.kill(name);
  }

  /** SIGTERM, then the result. */
  async terminate(): Promise<ProgramEvent & { readonly exit: number | null }> {
    this.signal('SIGTERM');
    return this.result();
  }

  /** Makes sure that it is gone. */
  async dispose(): Promise<void> {
    this.signal('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 2_000);
    await this.ended;
    clearTimeout(timer);
  }

  /** The last that it said, for the message of a failure. */
  describe(): string {
    const lines = this.#lines.slice(-12).map((line) => line.slice(0, 240));
    const end = this.#end === undefined ? 'runs' : `ended with ${this.#end.code ?? this.#end.signal}`;
    return [`--- ${this.name} (${end})`, ...lines, `--- ${this.name}, standard error`, this.#complaints].join('\n');
  }

  #read(): void {
    const { stdout, stderr } = this.#child;
    let rest = '';
    stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#take(line);
      this.#wake();
    });
    stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#complaints += text;
    });
  }

  #take(line: string): void {
    this.#lines.push(line);
    try {
      const event: unknown = JSON.parse(line);
      if (isEvent(event)) this.events.push(event);
      else this.strayLines.push(line);
    } catch {
      this.strayLines.push(line);
    }
  }

  async #when<T>(what: string, look: () => T | undefined): Promise<T> {
    const wait = async (): Promise<T> => {
      for (;;) {
        const found = look();
        if (found !== undefined) return found;
        if (this.#end !== undefined) throw new Error(`${this.name} ended without ${what}\n${this.describe()}`);
        await new Promise<void>((wake) => this.#watchers.add(wake));
      }
    };
    return this.#limited(wait(), `say: ${what}`);
  }

  async #limited<T>(work: Promise<T>, what: string): Promise<T> {
    const { promise, reject } = Promise.withResolvers<never>();
    const fail = () => reject(new Error(`${this.name} did not ${what} in ${this.#limit / 1000} s\n${this.describe()}`));
    const timer = setTimeout(fail, this.#limit);
    try {
      return await Promise.race([work, promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  #wake(): void {
    for (const wake of this.#watchers) wake();
    this.#watchers.clear();
  }
}

/** What one test starts, and its folder; all of it is gone when the test ends. */
export interface Stage {
  readonly folder: string;
  /** `pc-agent COMMAND … --json`. */
  agent(...args: readonly string[]): Program;
  /** A program of `test/peers` in Python. */
  peer(script: string, ...args: readonly string[]): Program;
  /** Any other program. */
  program(name: string, command: readonly string[], environment?: NodeJS.ProcessEnv): Program;
  /** Something to close in the end. */
  owns(close: () => Promise<unknown>): void;
}

/** Runs a test with processes of its own. When it fails, what they said is in the message. */
export async function onStage(play: (stage: Stage) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pc-agent-test-'));
  const programs: Program[] = [];
  const closings: (() => Promise<unknown>)[] = [];
  const start = (name: string, command: readonly string[], environment?: NodeJS.ProcessEnv): Program => {
    const program = new Program(name, command, { PC_AGENT_HOME: join(folder, 'home'), ...environment });
    programs.push(program);
    return program;
  };
  try {
    await mkdir(join(folder, 'dumps'));
    await play({
      folder,
      agent: (...args) => start(args[0] ?? '', [process.execPath, ROOM, LAUNCHER, ...args, '--json']),
      peer: (script, ...args) => start(script, ['python3', join(PEERS, script), ...args]),
      program: start,
      owns: (close) => void closings.push(close),
    });
  } catch (error) {
    throw withTranscripts(error, programs);
  } finally {
    await Promise.all(programs.map((program) => program.dispose()));
    for (const close of closings.reverse()) await close();
    await rm(folder, { recursive: true, force: true });
  }
}

function withTranscripts(error: unknown, programs: readonly Program[]): unknown {
  if (!(error instanceof Error)) return error;
  const missing = programs.map((program) => program.describe()).filter((text) => !error.message.includes(text));
  error.message = [error.message, ...missing].join('\n');
  return error;
}

function isEvent(value: unknown): value is ProgramEvent {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
