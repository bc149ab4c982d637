import type { Emit } from '../contract/events.ts';
import type { ExitCode } from '../contract/exit-codes.ts';

/** What a command gets from the process that it runs in. */
export interface CommandContext {
  /** Writes one event: a JSON line with `--json`, else a sentence. */
  readonly emit: Emit;
  /** A line for people on standard error, in both modes. */
  readonly note: (text: string) => void;
  /** A line for people on standard output; nothing with `--json`, whose `result` has it. IMEIs are masked unless what it shows is virtual. */
  readonly print: (text: string, virtual?: boolean) => void;
  /** Aborted on SIGINT, SIGTERM and when the starter has gone. */
  readonly signal: AbortSignal;
  readonly json: boolean;
  /** Show IMEIs of real handsets whole. */
  readonly unmask: boolean;
  /** A path from the command line, against INIT_CWD when it is set. */
  readonly resolvePath: (path: string) => string;
}

/** What a command ends with: the fields of the `result` line and the exit code. */
export interface CommandOutcome {
  readonly exitCode: ExitCode;
  readonly ok: boolean;
  readonly code?: string;
  readonly message?: string;
  readonly [field: string]: unknown;
}
