/** Debian's `wbxml2xml` and `xml2wbxml` on many messages. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Encoding } from '../../src-main/syncml/model.ts';

export interface Encoded {
  readonly body: Uint8Array;
  readonly encoding: Encoding;
}

/** The message in the other encoding, or what the tool had to complain. */
export interface Converted {
  readonly output?: Uint8Array;
  readonly complaint: string;
}

/** One shell for all: a process that Node starts costs ten times what it costs the shell. */
const SCRIPT = `
cd "$1" || exit 1
for file in *.wbxml; do [ ! -e "$file" ] || timeout 20 wbxml2xml -k -o "$file.out" "$file" 2> "$file.err" || rm -f "$file.out"; done
for file in *.xml; do [ ! -e "$file" ] || timeout 20 xml2wbxml -n -v 1.2 -o "$file.out" "$file" 2> "$file.err" || rm -f "$file.out"; done
`;
/** Milliseconds for all of them; one takes some, and has 20 s. */
const LIMIT = 120_000;

const run = promisify(execFile);

/** @returns one for each, in their order */
export async function convertAll(messages: readonly Encoded[]): Promise<readonly Converted[]> {
  if (messages.length === 0) return [];
  const folder = await mkdtemp(join(tmpdir(), 'pc-agent-wbxml-'));
  try {
    const paths = messages.map(({ encoding }, index) => join(folder, `${index}.${encoding}`));
    await Promise.all(messages.map(({ body }, index) => writeFile(paths[index] ?? '', body)));
    await run('sh', ['-c', SCRIPT, 'sh', folder], { timeout: LIMIT });
    return await Promise.all(paths.map(converted));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function converted(path: string): Promise<Converted> {
  const [output, complaint] = await Promise.all([
    readFile(`${path}.out`).catch(() => undefined),
    readFile(`${path}.err`, 'utf8').catch(() => ''),
  ]);
  return { ...(output === undefined ? {} : { output: new Uint8Array(output) }), complaint: complaint.trim() };
}
