import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PcAgentError } from '../../../src-main/base/errors.ts';
import { withHolder } from '../../../src-main/bearer/child/native/named-holder.ts';

const BUSY = new PcAgentError('bearer/busy', 'in use', { retry: 'later', details: { bearer: 'usb' } });

/** A node that we have open, and another program where that is wanted. */
async function nodeOpen(shared: boolean) {
  const folder = mkdtempSync(join(tmpdir(), 'pc-agent-node-'));
  const path = join(folder, 'node');
  const file = await open(path, 'w+');
  onTestFinished(async () => {
    await file.close();
    rmSync(folder, { recursive: true });
  });
  if (!shared) return { path, pid: undefined };
  const holder = spawn('sh', ['-c', 'exec 3<"$0"; echo; exec cat', path], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void holder.stdin.end());
  await once(holder.stdout, 'data');
  holder.stdin.write('.');
  await once(holder.stdout, 'data');
  return { path, pid: holder.pid };
}

describe.skipIf(process.platform !== 'linux')('who has a device', () => {
  it('is told beside ourselves where we have it open as well', async () => {
    const { path, pid } = await nodeOpen(true);
    expect(await withHolder(BUSY, () => path, true)).toMatchObject({
      ...{ code: 'bearer/busy', message: `in use: cat, process ${pid}`, retry: 'later' },
      details: { bearer: 'usb', holder: 'cat', pid },
    });
  });

  it('is not told where it is ourselves, where it is nobody, and of other errors', async () => {
    const shared = await nodeOpen(true);
    expect(await withHolder(BUSY, () => shared.path)).toBe(BUSY);
    const own = await nodeOpen(false);
    expect(await withHolder(BUSY, () => own.path, true)).toBe(BUSY);
    expect(await withHolder(BUSY, () => Promise.reject(new Error('no node')), true)).toBe(BUSY);
    const lost = new PcAgentError('bearer/lost', 'gone');
    expect(await withHolder(lost, () => shared.path, true)).toBe(lost);
  });
});
