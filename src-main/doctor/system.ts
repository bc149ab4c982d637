import type { Duration } from '../base/durations.ts';

/** Who owns a file or device node, and who may use it. */
export interface NodeStat {
  readonly kind: 'file' | 'folder' | 'link' | 'device' | 'other';
  readonly uid: number;
  readonly gid: number;
  /** Permission bits only. */
  readonly mode: number;
}

export interface SystemUser {
  readonly uid: number;
  readonly name: string;
  /** Numbers of the groups that this process has, the main one included. */
  readonly groups: readonly number[];
}

/** How a command ended; what it wrote is cut off where it is too long. */
export type RunOutcome =
  | { readonly kind: 'ended'; readonly code: number; readonly out: string; readonly err: string }
  /** There is no such program. */
  | { readonly kind: 'absent' }
  /** It did not end in time and was ended. */
  | { readonly kind: 'overdue' };

export interface RunOptions {
  readonly signal: AbortSignal;
  readonly limit: Duration;
  /** For its standard input. */
  readonly input?: Uint8Array;
}

/** What the doctor sees and does of the operating system. Tests put one of their own in its place. */
export interface System {
  readonly platform: NodeJS.Platform;
  /** This process may do everything already. */
  readonly administrator: boolean;
  /** Of this process. */
  readonly pid: number;
  readonly user: SystemUser;
  /** Where this program keeps its rule files: the folder that holds `udev` and `inf`. */
  readonly nativeFolder: string | undefined;
  /** At most the first `FILE_LIMIT` octets; `undefined` when it is not there or may not be read. */
  readFile(path: string): Promise<Uint8Array | undefined>;
  /** Names in a folder, sorted; none when there is no such folder. */
  list(path: string): Promise<readonly string[]>;
  /** Of the thing itself, never of where it points to. */
  stat(path: string): Promise<NodeStat | undefined>;
  /** Where a symbolic link points to, as it is written. */
  linkTarget(path: string): Promise<string | undefined>;
  /** Whether this process may read and write it, by the system's own word. */
  access(path: string): Promise<'allowed' | 'denied' | 'absent'>;
  /** Runs a program, never a shell's line. @throws AbortError */
  run(program: string, args: readonly string[], options: RunOptions): Promise<RunOutcome>;
}

/** Rule files and what the system tells of devices are far smaller. */
export const FILE_LIMIT = 256 * 1024;

const UTF8 = new TextDecoder('utf-8');

/** A file as text, octets that are none replaced. */
export async function readText(system: Pick<System, 'readFile'>, path: string): Promise<string | undefined> {
  const octets = await system.readFile(path);
  return octets === undefined ? undefined : UTF8.decode(octets);
}

/** A file of sysfs: one value, and a line end. */
export async function readValue(system: Pick<System, 'readFile'>, path: string): Promise<string | undefined> {
  return (await readText(system, path))?.trim();
}
