import type { Readable } from 'node:stream';

/** Lines of a process's output, to be waited for. */
export class Lines {
  readonly #lines: string[] = [];
  readonly #waiting = new Set<() => void>();
  #rest = '';
  #ended = false;

  constructor(stream: Readable) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => this.#add(text));
    stream.on('close', () => {
      if (this.#rest !== '') this.#add('\n');
      this.#ended = true;
      this.#wake();
    });
  }

  get all(): readonly string[] {
    return this.#lines;
  }

  /** The first line that matches, now or later; rejects when the output ends before. */
  async matching(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      for (const line of this.#lines) {
        const match = pattern.exec(line);
        if (match !== null) return match;
      }
      if (this.#ended) throw new Error(`the output ended without ${pattern}:\n${this.#lines.join('\n')}`);
      await this.#change();
    }
  }

  /** Resolves when every process that could write has closed its end. */
  async ended(): Promise<readonly string[]> {
    while (!this.#ended) await this.#change();
    return this.#lines;
  }

  #change(): Promise<void> {
    return new Promise((done) => {
      this.#waiting.add(done);
    });
  }

  #add(text: string): void {
    const parts = (this.#rest + text).split('\n');
    this.#rest = parts.pop() ?? '';
    this.#lines.push(...parts);
    this.#wake();
  }

  #wake(): void {
    for (const done of this.#waiting) done();
    this.#waiting.clear();
  }
}
