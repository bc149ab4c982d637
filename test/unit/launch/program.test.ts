import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  keepPrint,
  packedProgram,
  printOfSources,
  programFolder,
  programToRun,
} from '../../../src-main/launch/program.mjs';

function packedTree(): string {
  const root = mkdtempSync(join(tmpdir(), 'pc-agent-program-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, 'src-main/cli'), { recursive: true });
  mkdirSync(programFolder(root), { recursive: true });
  writeFileSync(join(root, 'package-lock.json'), '{}');
  writeFileSync(join(programFolder(root), 'main.js'), '');
  writeFileSync(join(root, 'src-main/cli/main.ts'), 'one');
  writeFileSync(join(root, 'src-main/cli/other.ts'), 'two');
  keepPrint(printOfSources(root), root);
  return root;
}

describe('the packed command line', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('runs while the sources are those that it was packed from', () => {
    const root = packedTree();
    expect(packedProgram(root)).toBe(join(root, 'dist', 'program', 'main.js'));
  });

  it.each<[string, (root: string) => void]>([
    ['edited', (root) => writeFileSync(join(root, 'src-main/cli/main.ts'), 'one more')],
    ['written again', (root) => writeFileSync(join(root, 'src-main/cli/main.ts'), 'one')],
    ['renamed', (root) => renameSync(join(root, 'src-main/cli/other.ts'), join(root, 'src-main/cli/another.ts'))],
    ['removed', (root) => rmSync(join(root, 'src-main/cli/other.ts'))],
    ['added', (root) => writeFileSync(join(root, 'src-main/cli/third.ts'), '')],
    ['other packages', (root) => writeFileSync(join(root, 'package-lock.json'), '{"version":2}')],
    ['broken off', (root) => rmSync(join(programFolder(root), '.print'))],
  ])('is passed over when it is not of these sources: %s', (_, change) => {
    const root = packedTree();
    change(root);
    expect(packedProgram(root)).toBeUndefined();
  });

  it('runs unasked where a test run has packed it, in that tree and in no other', () => {
    const [root, other] = [packedTree(), packedTree()];
    vi.stubEnv('PC_AGENT_BUILT_PROGRAM', programFolder(root));
    for (const tree of [root, other]) rmSync(join(programFolder(tree), '.print'));
    expect(programToRun(root)).toBe(join(root, 'dist', 'program', 'main.js'));
    expect(programToRun(other)).toBeUndefined();
    rmSync(join(programFolder(root), 'main.js'));
    expect(programToRun(root)).toBeUndefined();
  });
});
