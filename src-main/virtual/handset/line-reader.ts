import type { Readable } from 'node:stream';

/** Longest line that is read, in characters. */
const MAX_LINE = 64 * 1024;

/** Lines of a stream that anybody may write to; one that is too long is skipped whole. */
export class LineReader {
  readonly #decoder = new TextDecoder();
  #rest = '';
  #skipping = false;

  /** The lines that are whole now. */
  take(chunk: Uint8Array | string): readonly string[] {
    const text = typeof chunk === 'string' ? chunk : this.#decoder.decode(chunk, { stream: true });
    const lines: string[] = [];
    const parts = text.split('\n');
    const last = parts.pop() ?? '';
    for (const part of parts) {
      const line = this.#rest + part;
      if (!this.#skipping && line.length <= MAX_LINE) lines.push(line);
      this.#rest = '';
      this.#skipping = false;
    }
    this.#rest += last;
    if (this.#rest.length > MAX_LINE) {
      this.#rest = '';
      this.#skipping = true;
    }
    return lines;
  }
}

/** Each whole line of an input goes to the first that takes it. An input that breaks says nothing more. */
export function hearLines(input: Readable, takers: readonly ((line: string) => boolean)[]): void {
  const lines = new LineReader();
  input.on('data', (chunk: Uint8Array | string) => {
    for (const line of lines.take(chunk)) takers.some((take) => take(line));
  });
  input.on('error', () => undefined);
}
