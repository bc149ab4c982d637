import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'vitest';
import { Program, ROOT } from '../../support/processes.ts';
import { labMissing, systemProgram } from './missing.ts';
import { buildProject } from './project.ts';

const LAB = join(ROOT, 'test', 'lab');
/** Fetching its packages on a slow line, once. */
const IMAGE_LIMIT = 5 * 60_000;

export interface BootOptions {
  readonly project: string;
  readonly args: readonly string[];
  /** A disk that outlives the machine. */
  readonly disk?: string;
  /** Seconds, boot included. */
  readonly limit: number;
  /** MiB. */
  readonly memory?: number;
}

/** A virtual machine that runs scenarios; what they say are its events. */
export class Machine extends Program {
  readonly #pidFile: string;

  private constructor(command: readonly string[], pidFile: string, limit: number) {
    super('the machine', command, {}, limit);
    this.#pidFile = pidFile;
  }

  static async boot(options: BootOptions): Promise<Machine> {
    const { project, args, disk, limit, memory } = options;
    const pidFile = join(await mkdtemp(join(tmpdir(), 'pc-agent-lab-')), 'pid');
    const flags = ['-p', project, '-P', pidFile, '-t', String(limit)];
    if (disk !== undefined) flags.push('-d', disk);
    if (memory !== undefined) flags.push('-m', String(memory));
    const command = [join(LAB, 'run.sh'), ...flags, '--', 'node', 'scenarios.mjs', ...args];
    return new Machine(command, pidFile, limit * 1000);
  }

  /** The power goes, at once: nothing in the machine learns of it. */
  async pullPlug(): Promise<void> {
    // One that has ended by itself has no such file any more.
    if (existsSync(this.#pidFile)) process.kill(Number(readFileSync(this.#pidFile, 'utf8')), 'SIGKILL');
    await this.ended;
    rmSync(this.#pidFile, { force: true });
  }
}

/** Folder that the machine sees as `/project`; the image is there too when it returns. */
export async function prepareLab(name: string): Promise<string> {
  const project = join(ROOT, 'test', 'output', 'lab', name);
  await buildProject(project);
  const { status, stderr } = spawnSync(join(LAB, 'build-image.sh'), { encoding: 'utf8', timeout: IMAGE_LIMIT });
  if (status !== 0) throw new Error(`the image of the laboratory cannot be built: ${stderr}`);
  return project;
}

/** An empty file system for `disk`. */
export function makeDisk(path: string, megabytes: number): void {
  rmSync(path, { force: true });
  const { status, stderr } = spawnSync(systemProgram('mke2fs'), ['-q', '-t', 'ext4', path, `${megabytes}M`], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`no disk: ${stderr}`);
}

/**
 * A test in the laboratory. Where there is none it is skipped, with the reason in its name; with
 * `PC_AGENT_REQUIRE_PEERS=1` it fails: no hardware is needed, only packages.
 */
export function labTest(name: string, body: () => Promise<void>, timeout: number): void {
  const reason = labMissing();
  if (reason === undefined) it(name, body, timeout);
  else if (process.env.PC_AGENT_REQUIRE_PEERS === '1') {
    it(name, () => {
      throw new Error(`${reason}, and PC_AGENT_REQUIRE_PEERS forbids to skip it`);
    });
  } else it.skip(`${name} [skipped: ${reason}]`, () => undefined);
}
