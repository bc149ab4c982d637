import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStage } from '../../../src-main/host/demo/demo-stage.ts';

describe("the demo's stage", () => {
  const usual = process.env.TMPDIR;
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pc-agent-test-'));
    process.env.TMPDIR = folder;
  });
  afterEach(() => {
    if (usual === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = usual;
    rmSync(folder, { recursive: true });
  });

  // A rejection that nobody handles would end the program before it has cleared up; vitest reports one as a failure.
  it('leaves no folder and no rejection behind when it is broken off while its peers start', async () => {
    const stop = new AbortController();
    const opening = openStage({ handsets: 2, acts: ['relay'] }, { emit: () => undefined, signal: stop.signal });
    stop.abort();
    await expect(opening).rejects.toMatchObject({ name: 'AbortError' });
    expect(readdirSync(folder)).toEqual([]);
  });
});
