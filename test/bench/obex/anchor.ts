import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** openobex, the library in C that phones' cables were written with, as either end. */
export interface ObexAnchor {
  /** Port of its server. */
  readonly port: number;
  /** Seconds for one object of so many octets, to or from the server at a port. */
  seconds(operation: 'put' | 'get', port: number, bytes: number): number;
  close(): void;
}

const LIMIT = 60_000;

/**
 * Which core serves and which asks. Two ends that the system puts on one core pass packets four times as fast as on two
 * (nobody has to be woken up), and it moves them as it likes: so each has a core of its own, as two machines have.
 */
export const CORES = { server: '1', client: '0' } as const;

/** The command line of a program that stays on one core. */
const onCore = (core: string, program: string, ...args: readonly string[]): readonly [string, readonly string[]] => [
  'taskset',
  ['-c', core, program, ...args],
];

/** Keeps a process and its threads on one core. */
export function keepOnCore(core: string, pid: number | undefined): void {
  execFileSync('taskset', ['-a', '-p', '-c', core, String(pid)], { stdio: 'ignore' });
}

/** The anchor, or why there is none. */
export async function buildObexAnchor(): Promise<ObexAnchor | string> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-obex-'));
  const program = join(folder, 'anchor');
  const source = fileURLToPath(new URL('anchor.c', import.meta.url));
  const built = spawnSync('cc', ['-O2', '-o', program, source, '-lopenobex'], { encoding: 'utf8' });
  if (built.status !== 0) {
    rmSync(folder, { recursive: true });
    return `libopenobex2-dev (Debian) or a C compiler is missing: ${built.error?.message ?? built.stderr.slice(0, 300)}`;
  }
  const server = spawn(...onCore(CORES.server, program, 'serve'), { stdio: ['pipe', 'pipe', 'inherit'] });
  const port = await portOf(server);
  return {
    port,
    seconds: (operation, to, bytes) =>
      Number(execFileSync(...onCore(CORES.client, program, operation, String(to), String(bytes)), { timeout: LIMIT })),
    close: () => {
      server.stdin.end();
      server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function portOf(server: ChildProcess): Promise<number> {
  const [first] = await once(server.stdout ?? server, 'data', { signal: AbortSignal.timeout(LIMIT) });
  return Number(String(first));
}
