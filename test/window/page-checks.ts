import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { LONG } from '../support/thoroughness.ts';
import type { Picture } from './fixtures/picture.ts';
import { ScriptedHost } from './scripted-host.ts';
import type { WindowRig } from './window-rig.ts';

/** What a page complained about from now on: its policy, its scripts. */
export function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return complaints;
}

/** A page in the state that a picture is of. */
export async function openPicture(
  rig: WindowRig,
  { place, state, handlers, prepare }: Picture,
): Promise<{ readonly host: ScriptedHost; readonly page: Page }> {
  const host = await ScriptedHost.open(rig.folder, state, handlers);
  const page = await rig.page(host.address(place));
  await page.locator('main h1').waitFor();
  await prepare?.(page, host);
  return { host, page };
}

let looks = 0;

/**
 * What axe finds wrong, one line each: in light and in dark in the long run, else in light and in dark by turns, since
 * nothing but colours differs between them.
 */
export async function faultsInBothSchemes(page: Page): Promise<string[]> {
  const faults: string[] = [];
  const schemes = ['light', 'dark'] as const;
  looks += 1;
  for (const [index, colorScheme] of schemes.entries()) {
    if (!LONG && index !== looks % schemes.length) continue;
    await page.emulateMedia({ colorScheme });
    const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
    const { violations } = await axe.analyze();
    for (const { id, nodes } of violations) {
      faults.push(...nodes.map(({ html, failureSummary }) => `${colorScheme} ${id}: ${html} ${failureSummary}`));
    }
  }
  return faults;
}

/** Boxes that are wider than the window, or the page itself where it has to be scrolled sideways. */
export function tooWide(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const wide = [document.documentElement, document.querySelector('main')]
      .filter((box) => box.scrollWidth > box.clientWidth + 1)
      .map((box) => box.tagName);
    const cut = [...document.querySelectorAll('body *')].filter((box) => {
      const { left, right, width } = box.getBoundingClientRect();
      const unseen = width <= 1 || box.closest('.unseen, .skip') !== null;
      const scrolls = box.parentElement.closest('.ledger-scroll, [data-scrolls]') !== null;
      return !unseen && !scrolls && (left < -1 || right > innerWidth + 1);
    });
    return [...wide, ...cut.map((box) => box.outerHTML.slice(0, 120))];
  })()`);
}

/** The element with the focus, in words. */
export function focused(page: Page): Promise<string> {
  return page.evaluate<string>(
    "(document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent ?? '').trim() || document.activeElement.tagName",
  );
}
