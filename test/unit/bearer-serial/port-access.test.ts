import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { portAccess } from '../../../src-main/bearer/serial/port-access.ts';

describe('serial ports that can be used', () => {
  it('are told from those that are not there, and from those of somebody else', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pc-agent-port-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, 'ttyACM0');
    expect(await portAccess(path)).toBe('absent');
    writeFileSync(path, '');
    expect(await portAccess(path)).toBe('usable');
    chmodSync(path, 0o000);
    // To root nothing is denied.
    expect(await portAccess(path)).toBe(process.getuid?.() === 0 ? 'usable' : 'denied');
  });
});
