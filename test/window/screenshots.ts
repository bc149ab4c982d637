import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { play, relayRun } from './fixtures/relay-run.ts';
import { type Stage, WindowRig } from './window-rig.ts';

const OUTPUT = join(import.meta.dirname, '../output');
const SIZES = [
  { width: 1280, height: 800 },
  { width: 900, height: 600 },
  { width: 3840, height: 2160 },
] as const;

async function shoot(
  stage: Stage,
  name: string,
  prepare: (page: Page) => Promise<void> = async () => {},
): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const viewport of SIZES) {
      if (viewport.width > 2000 && !(name === 'done' && colorScheme === 'light')) continue;
      const page = await stage.page({ colorScheme, viewport, reducedMotion: 'reduce' });
      await page.getByText(/^(Live|Disconnected)/).waitFor();
      await prepare(page);
      await page.screenshot({ path: join(OUTPUT, `${name}-${colorScheme}-${viewport.width}.png`) });
      await page.context().close();
    }
  }
}

/** Pictures of every state of the page, for people to look at: `node test/window/screenshots.ts`. */
async function main(): Promise<void> {
  await mkdir(OUTPUT, { recursive: true });
  const rig = await WindowRig.open();
  let stage = await rig.stage();
  await shoot(stage, 'empty');
  const run = relayRun();
  const half = run.findIndex(({ event }) => event.type === 'progress' && event.done > 70_000) + 1;
  play(stage.feed, run.slice(0, half));
  await shoot(stage, 'busy', async (page) => page.getByText(/Server begins to send/).waitFor());
  play(stage.feed, run.slice(half));
  await shoot(stage, 'done', async (page) => page.getByText('Relayed unchanged').waitFor());
  for (const view of ['In words', 'XML', 'Bytes']) {
    await shoot(stage, `detail-${view.split(' ').at(-1)?.toLowerCase()}`, async (page) => {
      await page
        .getByRole('button', { name: /Server asks for/ })
        .first()
        .click();
      await page.getByRole('tab', { name: view }).click();
    });
  }
  await shoot(stage, 'german', async (page) => {
    await page.getByRole('combobox').selectOption('de');
    await page.getByText('Unverändert weitergegeben').waitFor();
  });
  await stage.close();
  stage = await rig.stage();
  play(stage.feed, relayRun({ ok: false }));
  await shoot(stage, 'error', async (page) => page.getByText('The link to the handset broke').first().waitFor());
  await stage.close();
  await rig.close();
}

if (import.meta.main) await main();
