import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pixelmatch from 'pixelmatch';
import type { Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LONG } from '../support/thoroughness.ts';
import { ALL_PICTURES, KEPT_PICTURES } from './fixtures/all-pictures.ts';
import { ScriptedHost } from './scripted-host.ts';
import { noBrowser, WindowRig } from './window-rig.ts';

const KEPT = join(import.meta.dirname, 'pictures');
/** What was seen instead lies here. */
const SEEN = join(import.meta.dirname, '..', 'output', 'pictures');
/** `PC_AGENT_PICTURES=keep` makes what is seen the reference; look at it before it is committed. */
const keep = process.env.PC_AGENT_PICTURES === 'keep';
const NOW = '2026-11-21T10:00:00Z';
/** Other builds of the browser draw the edges of letters a little otherwise. */
const MOST_DIFFERENT = 0.005;
const LIGHT = { colorScheme: 'light', viewport: { width: 1280, height: 800 } } as const;
const DARK = { colorScheme: 'dark', viewport: { width: 900, height: 600 } } as const;
/** Some of the states, more where there is more time. */
const PICTURES = keep || LONG ? KEPT_PICTURES : KEPT_PICTURES.filter((_picture, index) => index % 3 === 0);
/** Each state in both schemes and both sizes, one of each; the dark ones where there is time for them. */
const LOOKS = keep || LONG ? [LIGHT, DARK] : [LIGHT];

describe.skipIf(noBrowser)('the window looks as it was signed off', () => {
  let rig: WindowRig;
  beforeAll(async () => {
    mkdirSync(KEPT, { recursive: true });
    mkdirSync(SEEN, { recursive: true });
    rig = await WindowRig.open();
  });
  afterAll(() => rig.close());

  it.each(PICTURES.map((picture) => [picture.name, picture] as const))('%s', async (_name, picture) => {
    const host = await ScriptedHost.open(rig.folder, picture.state, picture.handlers);
    const page = await rig.page(host.address(picture.place), LIGHT, NOW);
    try {
      await page
        .locator(picture.name.endsWith('-loading') ? 'main .skeleton' : 'main h1')
        .first()
        .waitFor();
      await picture.prepare?.(page, host);
      await page.evaluate('document.fonts.ready');
      for (const { colorScheme, viewport } of LOOKS) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.setViewportSize(viewport);
        compare(`${picture.name}-${colorScheme}-${viewport.width}.png`, await atRest(page));
      }
    } finally {
      await page.context().close();
      await host.close();
    }
  });

  // Every place is looked at so by the frame's own test; every state takes its time.
  const whenLong = LONG ? it : () => undefined;
  whenLong('never has to be scrolled sideways, in German and from right to left', async () => {
    const wide: string[] = [];
    for (const picture of ALL_PICTURES) {
      const host = await ScriptedHost.open(rig.folder, picture.state, picture.handlers);
      const look = { viewport: { width: 900, height: 600 }, locale: 'de-DE' };
      const page = await rig.page(host.address(picture.place), look, NOW);
      await page.getByText('Verbunden').waitFor();
      for (const direction of ['ltr', 'rtl']) {
        await page.evaluate(`document.documentElement.dir = '${direction}'`);
        if (await isTooWide(page)) wide.push(`${picture.name} ${direction}`);
      }
      await page.context().close();
      await host.close();
    }
    expect(wide).toEqual([]);
  });
});

/** A drawing that the next one is equal to: answers of the host that are on their way have come. */
async function atRest(page: Page): Promise<Buffer> {
  const draw = () => page.screenshot({ animations: 'disabled', caret: 'hide' });
  let before = await draw();
  for (let tries = 0; tries < 20; tries += 1) {
    await page.evaluate('new Promise((done) => setTimeout(() => requestAnimationFrame(done), 60))');
    const now = await draw();
    if (now.equals(before)) return now;
    before = now;
  }
  throw new Error('the page never comes to rest');
}

function compare(name: string, seen: Buffer): void {
  if (keep) {
    writeFileSync(join(KEPT, name), seen);
    return;
  }
  const part = difference(readFileSync(join(KEPT, name)), seen);
  if (part > MOST_DIFFERENT) writeFileSync(join(SEEN, name), seen);
  const where = `${name} differs from its reference; what was seen lies in test/output/pictures`;
  expect(part, where).toBeLessThanOrEqual(MOST_DIFFERENT);
}

/** The part of the pixels that people would see as another colour; 1 for another size. */
function difference(reference: Buffer, seen: Buffer): number {
  const a = PNG.sync.read(reference);
  const b = PNG.sync.read(seen);
  if (a.width !== b.width || a.height !== b.height) return 1;
  return pixelmatch(a.data, b.data, undefined, a.width, a.height, { threshold: 0.15 }) / (a.width * a.height);
}

function isTooWide(page: Page): Promise<boolean> {
  return page.evaluate<boolean>(
    "[document.documentElement, document.querySelector('main')].some((box) => box.scrollWidth > box.clientWidth + 1)",
  );
}
