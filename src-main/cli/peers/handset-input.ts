import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { nodeClock } from '../../base/node/clock.ts';
import type { FaultBoard } from '../../virtual/handset/fault-board.ts';
import { hearLines } from '../../virtual/handset/line-reader.ts';
import { Person } from '../../virtual/handset/person.ts';
import { SpokenFaults } from '../../virtual/handset/spoken-faults.ts';
import type { CommandContext } from '../command.ts';

export interface HandsetInputOptions {
  /** Somebody at standard input answers the questions of servers. */
  readonly asks: boolean;
  readonly board: FaultBoard;
  readonly who: () => { readonly device: string; readonly address: string };
  readonly context: Pick<CommandContext, 'json' | 'emit' | 'note'>;
  readonly input?: Readable & { readonly isTTY?: boolean };
}

/** What is said to a virtual handset on its standard input: faults, and answers where a person is to be asked. */
export function hearInput(options: HandsetInputOptions): Person | undefined {
  const { asks, board, who, context, input = process.stdin } = options;
  const { json, emit, note } = context;
  const faults = new SpokenFaults({ board, json, emit, note, who });
  const others = (line: string): boolean => faults.take(line);
  if (asks) return new Person({ device: who().device, input, json, emit, note, clock: nodeClock, others });
  if (input.isTTY !== true || isForeground()) hearLines(input, [others]);
  return undefined;
}

/** A job in the background that reads from its terminal is stopped by the system (POSIX, 11.1.4), so it does not. */
function isForeground(): boolean {
  if (process.platform !== 'linux') return process.platform === 'win32';
  try {
    // Behind the name in brackets: state, parent, process group, session, terminal, foreground process group (proc(5)).
    const stat = readFileSync('/proc/self/stat', 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[2] !== undefined && fields[2] === fields[5];
  } catch {
    return false;
  }
}
