import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startThread } from '../../../src-main/host/demo/start-peer.ts';
import { Lines } from '../../support/lines.ts';

/** The command line as a thread, from its sources. */
function thread(args: readonly string[]) {
  const home = mkdtempSync(join(tmpdir(), 'pc-agent-thread-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const entry = join(home, 'peer.mjs');
  const module = (path: string) => JSON.stringify(resolve('src-main', path));
  writeFileSync(
    entry,
    `import { runAsThread } from ${module('host/demo/peer-thread.ts')};
import { main } from ${module('cli/main.ts')};
await runAsThread(main);\n`,
  );
  const peer = startThread(args, { home, takesLines: false }, pathToFileURL(entry));
  onTestFinished(() => peer.kill('SIGKILL'));
  if (peer.stdout === null) throw new Error('a thread has an output');
  return { peer, lines: new Lines(peer.stdout) };
}

describe('a virtual peer without a Node of its own', () => {
  it('is a thread that says where it listens, and its result last when it is told to end', async () => {
    const { peer, lines } = thread(['virtual-handset', '--listen', 'tcp:127.0.0.1:0', '--json']);
    expect(JSON.parse((await lines.matching(/.*"listening".*/))[0])).toMatchObject({ type: 'listening' });
    peer.kill('SIGTERM');
    expect(await peer.closed).toBeUndefined();
    expect(JSON.parse(lines.all.at(-1) ?? '')).toMatchObject({ type: 'result' });
  });

  it('leaves its process alone when it ends with an error', async () => {
    const { peer, lines } = thread(['virtual-handset', '--listen', 'nonsense', '--json']);
    expect(await peer.closed).toBeUndefined();
    expect(JSON.parse(lines.all.at(-1) ?? '')).toMatchObject({ type: 'result', ok: false });
  });
});
