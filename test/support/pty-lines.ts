import { mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PtyPair } from '../../src-main/bearer/pty/pty-pair.ts';

/** One line, by names of its own: a pair that is put in its place later has the same ones. */
interface PtyLine {
  readonly near: string;
  readonly far: string;
  pair: PtyPair;
}

/** Lines between pseudo-terminals, for the compliance suite of a serial bearer. */
export class PtyLines {
  readonly #open: () => Promise<PtyPair>;
  readonly #folder = mkdtempSync(join(tmpdir(), 'pc-agent-lines-'));
  readonly #lines: PtyLine[] = [];

  constructor(open: () => Promise<PtyPair>) {
    this.#open = open;
  }

  /** A new line; where it is listened on. */
  readonly free = async (): Promise<string> => {
    const number = this.#lines.length;
    const [near, far] = [join(this.#folder, `near${number}`), join(this.#folder, `far${number}`)];
    const line = { near, far, pair: await this.#open() };
    this.#lines.push(line);
    point(line);
    return `serial:${far}`;
  };

  readonly lineEnd = (listening: string): string =>
    `serial:${this.#lines.find(({ far }) => listening === `serial:${far}`)?.near}`;

  /** Takes the newest line away. */
  readonly reset = (): void => void this.#lines.at(-1)?.pair.close();

  /** Has another pair at the place of the newest line. */
  readonly replug = async (): Promise<void> => {
    const line = this.#lines.at(-1);
    if (line === undefined) return;
    const { pair } = line;
    line.pair = await this.#open();
    point(line);
    await pair.close();
  };

  async close(): Promise<void> {
    await Promise.all(this.#lines.map(({ pair }) => pair.close()));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function point({ near, far, pair }: PtyLine): void {
  for (const [name, path] of [
    [near, pair.near],
    [far, pair.far],
  ] as const) {
    symlinkSync(path, `${name}.new`);
    renameSync(`${name}.new`, name);
  }
}
