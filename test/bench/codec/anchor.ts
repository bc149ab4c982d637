import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The C program that works the same messages with libwbxml. */
export interface Anchor {
  /** Documents a second. */
  rate(mode: 'decode' | 'encode', message: Uint8Array, milliseconds: number): number;
  /** The message after libwbxml has parsed and written it. */
  again(message: Uint8Array): Uint8Array;
  close(): void;
}

/** The anchor, or why there is none. */
export function buildAnchor(): Anchor | string {
  const flags = spawnSync('pkg-config', ['--cflags', '--libs', 'libwbxml2'], { encoding: 'utf8' });
  if (flags.status !== 0) return 'libwbxml2-dev (Debian) or pkg-config is not installed';
  const folder = mkdtempSync(join(tmpdir(), 'bench-codec-'));
  const program = join(folder, 'anchor');
  const source = fileURLToPath(new URL('anchor.c', import.meta.url));
  const words = flags.stdout
    .trim()
    .split(/\s+/)
    .filter((word) => word.startsWith('-I'));
  const built = spawnSync('cc', ['-O2', ...words, '-o', program, source, '-lwbxml2'], { encoding: 'utf8' });
  if (built.status !== 0) {
    rmSync(folder, { recursive: true });
    return `the anchor cannot be compiled: ${built.error?.message ?? built.stderr}`;
  }
  const file = join(folder, 'message.wbxml');
  const call = (mode: string, message: Uint8Array, milliseconds: number): Buffer => {
    writeFileSync(file, message);
    return execFileSync(program, [mode, file, String(milliseconds)], { timeout: 60_000, maxBuffer: 1 << 24 });
  };
  return {
    rate: (mode, message, milliseconds) => Number(call(mode, message, milliseconds).toString()),
    again: (message) => new Uint8Array(call('again', message, 0)),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
