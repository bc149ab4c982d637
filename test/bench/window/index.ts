/**
 * `bench window`: the page in a browser of this machine while 50 virtual handsets are being installed on, and lists of
 * 10,000 journal rows and 5,000 packages being scrolled. Judged: interaction to next paint and the longest task.
 * Exit 0: all goals met; 1: one is not. `--handsets N` (default 50).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Page } from 'playwright-core';
import { hostFace } from '../../support/host-face.ts';
import { WindowRig } from '../../window/window-rig.ts';
import { longLists } from './long-lists.ts';
import { type Figures, measured } from './paint.ts';

const LAUNCHER = join('src-main', 'launch', 'pc-agent.mjs');
const PACKAGE = 'com.example.long';
/** With the links' rate it is on its way for longer than is measured. */
const PACKAGE_BYTES = 4_000_000;
const LINK_RATE = 30_000;
const PAINT_GOAL = 100;
const TASK_GOAL = 50;

export async function run(args: readonly string[]): Promise<number> {
  const at = args.indexOf('--handsets');
  const count = Math.max(1, Math.trunc(Number(at < 0 ? 50 : args[at + 1])) || 50);
  console.log(`node ${process.version}, ${cpus().length} CPUs, load ${loadavg()[0]?.toFixed(1)}`);
  const rig = await WindowRig.open();
  try {
    const verdicts = [report(`${count} busy handsets`, await busyHandsets(rig, count))];
    for (const [name, figures] of await longLists(rig)) verdicts.push(report(name, figures));
    return verdicts.every((met) => met) ? 0 : 1;
  } finally {
    await rig.close();
  }
}

function report(name: string, { paints, tasks }: Figures): boolean {
  const slowest = Math.max(0, ...paints);
  const longest = Math.max(0, ...tasks);
  const met = slowest <= PAINT_GOAL && longest <= TASK_GOAL;
  console.log(
    `${name}: interaction to next paint at most ${slowest.toFixed(0)} ms of ${paints.length} interactions (goal ${PAINT_GOAL}), ` +
      `longest task ${longest === 0 ? 'under 50' : longest.toFixed(0)} ms (goal ${TASK_GOAL}): ${met ? 'met' : 'not met'}`,
  );
  return met;
}

async function busyHandsets(rig: WindowRig, count: number): Promise<Figures> {
  const home = mkdtempSync(join(tmpdir(), 'bench-window-'));
  const children: ChildProcess[] = [];
  const start = (...args: readonly string[]) => {
    const child = spawn(process.execPath, args, {
      env: { ...process.env, PC_AGENT_HOME: home },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    return child;
  };
  try {
    const host = start(LAUNCHER, 'serve', '--json');
    const { address } = JSON.parse(await firstLine(host)) as { readonly address: string };
    const handsets = start('test/bench/window/handsets.ts', String(count), String(LINK_RATE));
    const addresses = JSON.parse(await firstLine(handsets)) as readonly string[];
    const file = join(home, 'long.bin');
    writeFileSync(file, randomBytes(PACKAGE_BYTES));
    const face = await hostFace(home);
    await face.request('packages.add', { files: [{ file, id: PACKAGE, version: '1' }] });
    for (const handset of addresses) {
      face.request('install', { handset, packages: [PACKAGE], consent: 'none' }).catch(() => undefined);
    }
    const page = await rig.page(address);
    await page
      .getByText('Sending the package')
      .nth(Math.min(count, 10) - 1)
      .waitFor();
    const figures = await measured(page, () => useHandsets(page));
    const busy = await page.getByText('Sending the package').count();
    if (busy < count * 0.8) throw new Error(`only ${busy} of ${count} handsets were busy to the end`);
    face.close();
    return figures;
  } finally {
    for (const child of children) child.kill('SIGKILL');
    rmSync(home, { recursive: true, force: true });
  }
}

/** What people do meanwhile: scroll, rename, open and close a dialog, go to another place and back. */
async function useHandsets(page: Page): Promise<void> {
  for (let round = 0; round < 4; round += 1) {
    await page.mouse.move(700, 500);
    for (let wheel = 0; wheel < 6; wheel += 1) await page.mouse.wheel(0, 400);
    await page.getByRole('link', { name: 'Packages' }).click();
    await page.getByRole('heading', { name: 'Packages' }).waitFor();
    await page.getByRole('link', { name: 'Network ledger' }).click();
    await page.getByRole('heading', { name: 'Network ledger' }).waitFor();
    await page.getByRole('link', { name: 'Handsets' }).click();
    await page.getByRole('button', { name: 'Add by address' }).click();
    await page.getByRole('textbox', { name: 'Address', exact: true }).pressSequentially('tcp:127.0.0.1:6500');
    await page.keyboard.press('Escape');
  }
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new TypeError('it has standard output');
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error('a process ended before it said anything');
}

if (import.meta.main) process.exitCode = await run(process.argv.slice(2));
