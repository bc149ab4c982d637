/** What every scenario needs inside the machine. */
import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Program } from '../../support/processes.ts';

/** The emulated processor takes ten times as long as the real one. */
const WAIT = 120_000;
const AGENT = '/project/pc-agent.mjs';

/** One line for the host side: what was seen, and in the end what became of each scenario. */
export function say(line: { readonly type: string; readonly [field: string]: unknown }): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** `pc-agent COMMAND … --json` for whatever runs it. */
export function agentCommand(...args: readonly string[]): readonly string[] {
  return [process.execPath, AGENT, ...args, '--json'];
}

/** Programs of one scenario; all are gone when it ends. */
export class Programs {
  readonly #programs: Program[] = [];
  readonly #home: string;

  constructor(home: string) {
    this.#home = home;
  }

  /** `pc-agent COMMAND … --json`, on this scenario's home. */
  agent(...args: readonly string[]): Program {
    return this.program(args[0] ?? '', agentCommand(...args));
  }

  program(name: string, command: readonly string[], environment: NodeJS.ProcessEnv = {}): Program {
    const program = new Program(name, command, { PC_AGENT_HOME: this.#home, ...environment }, WAIT);
    this.#programs.push(program);
    return program;
  }

  describe(): string {
    return this.#programs.map((program) => program.describe()).join('\n');
  }

  async end(): Promise<void> {
    await Promise.all(this.#programs.map((program) => program.dispose()));
  }
}

/** Looks until it is so. @throws Error when it takes longer than `limit` milliseconds */
export async function until(what: string, limit: number, look: () => unknown): Promise<void> {
  const end = performance.now() + limit;
  while (!(await look())) {
    if (performance.now() > end) throw new Error(`not within ${limit / 1000} s: ${what}`);
    await sleep(20);
  }
}

/** Seconds since the machine started, on the clock that the kernel stamps its events with. */
export function uptime(): number {
  return Number(process.hrtime.bigint()) / 1e9;
}

/** Runs a program to its end. @returns what it said */
export function run(program: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
  return stdout;
}

/** Where in the kernel threads wait that no signal reaches: a call of the system that never returns looks so. */
export function blockedInKernel(): string {
  const list =
    "for task in /proc/[0-9]*/task/*; do grep -qs '^State:.D' $task/status && head -n 12 $task/comm $task/stack; done";
  return spawnSync('bash', ['-c', `${list}; dmesg | grep -A 30 -m 3 -E 'BUG|blocked for more'`], { encoding: 'utf8' })
    .stdout;
}
