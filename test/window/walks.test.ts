import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cable, cableTo } from '../support/cable.ts';
import { onStage, type Program, type Stage } from '../support/processes.ts';
import { noBrowser, WindowRig } from './window-rig.ts';

const PHONE = 'PC Agent Virtual Handset';
const PACKAGE = 'com.example.maps.demo';
/** What the demo phone's sample package has, about. */
const PACKAGE_BYTES = 2_000_000;
/** A card is there within this time, in milliseconds (walk M2). */
const CARD_LIMIT = 2000;

interface Window {
  readonly stage: Stage;
  readonly host: Program;
  /** What a command line sees that watches the same host. */
  readonly watcher: Program;
  readonly page: Page;
  /** Another window of the same host. */
  another(): Promise<Page>;
}

/** A host of its own with a window on it, nothing attached and nothing kept. */
const onWindow = (rig: WindowRig, play: (window: Window) => Promise<void>) =>
  onStage(async (stage) => {
    const host = stage.agent('serve');
    const address = await host.address();
    // Begun earlier it could be the host itself.
    const watcher = stage.agent('handsets', '--watch');
    const page = await rig.page(address);
    stage.owns(() => page.context().close());
    await page.getByText('Connected', { exact: true }).waitFor();
    const another = async () => {
      const opened = await stage.agent('open').result();
      const other = await rig.page(String(opened.address));
      stage.owns(() => other.context().close());
      await other.getByText('Connected', { exact: true }).waitFor();
      return other;
    };
    try {
      await play({ stage, host, watcher, page, another });
    } catch (error) {
      // What a person would have seen: a click that did not arrive looks like any other time that ran out.
      if (error instanceof Error) error.message += `\nThe window:\n${await page.locator('body').ariaSnapshot()}`;
      throw error;
    }
  });

const card = (page: Page): Locator => page.locator('article, li').filter({ hasText: PHONE }).first();

/** What the handset's own process has on its disk. */
async function installedOn(stage: Stage): Promise<string> {
  const folder = join(stage.folder, 'home');
  const names = await readdir(folder, { recursive: true });
  const states = names.filter((name) => /virtual.*\.json$/.test(name));
  return (await Promise.all(states.map((name) => readFile(join(folder, name), 'utf8')))).join('\n');
}

/** Starts the demo phone and has it met by way of a cable, so that the cable can be pulled. */
async function plugIn({ page, stage }: Window, rate: number): Promise<Cable> {
  await page.getByRole('button', { name: 'Try with a demo phone' }).click();
  await card(page).getByText('Ready', { exact: true }).waitFor();
  const address = await card(page).locator('.chip[title^="tcp:"]').getAttribute('title');
  const cable = await cableTo(stage, String(address), rate);
  await page.getByRole('button', { name: 'Add by address' }).click();
  await page.getByRole('textbox', { name: 'Address', exact: true }).fill(cable.address);
  await page.keyboard.press('Enter');
  await card(page)
    .locator(`.chip[title="${cable.address}"]`)
    .waitFor({ timeout: CARD_LIMIT * 5 });
  // Until these are gone the card moves, and a click can miss it.
  await page.getByRole('textbox', { name: 'Address', exact: true }).waitFor({ state: 'hidden' });
  await page.locator('article[data-state="new"]').waitFor({ state: 'detached' });
  return cable;
}

async function order(page: Page): Promise<void> {
  await card(page).getByRole('button', { name: 'Install…' }).click();
  const dialog = page.getByRole('dialog', { name: `Install on ${PHONE}` });
  await dialog.getByRole('checkbox').first().check();
  await dialog.getByRole('button', { name: 'Make the plan' }).click();
  await dialog.getByText('If the cable is pulled').waitFor();
  await dialog.getByText('Demo Maps').first().waitFor();
  await dialog.getByRole('button', { name: `Install on ${PHONE}` }).click();
  await dialog.waitFor({ state: 'hidden' });
}

/** Presses Tab until the element with this name has the focus, as somebody does who sees no pointer. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < 60; presses += 1) {
    const focused = await page.evaluate<string>(`(() => {
      const on = document.activeElement;
      const label = on.labels?.[0]?.textContent ?? '';
      return (on.getAttribute('aria-label') ?? (label || on.textContent || '')).trim();
    })()`);
    if (typeof name === 'string' ? focused === name : name.test(focused)) return;
    passed.push(focused.slice(0, 40));
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${name}; it passed ${passed.join(' | ')}`);
}

describe.skipIf(noBrowser)('a person at the window', () => {
  let rig: WindowRig;
  beforeAll(async () => {
    rig = await WindowRig.open();
  });
  afterAll(() => rig.close());

  it('M1: is told what to plug in, tries a demo phone, and nothing has gone over the network', () =>
    onWindow(rig, async (window) => {
      const { page, stage } = window;
      await page.getByText('Plug in a phone').waitFor();
      const began = performance.now();
      await page.getByRole('button', { name: 'Try with a demo phone' }).click();
      await card(page).getByText('Ready', { exact: true }).waitFor();
      expect(performance.now() - began, 'the card is there').toBeLessThan(CARD_LIMIT * 3);
      await card(page).getByText('Virtual', { exact: true }).waitFor();
      await order(page);
      await page.getByRole('dialog').getByRole('button', { name: 'Accept' }).click();
      await card(page).getByText('Installed Demo Maps 1.1.').waitFor();
      expect(await installedOn(stage)).toContain(PACKAGE);
      await page.getByRole('link', { name: 'Network ledger' }).click();
      await page.getByText('No connection has been made').waitFor();
    }));

  it('M2: sees the plan first, who is waited for, the word on the cable in every phase, and the new version', () =>
    onWindow(rig, async (window) => {
      const { page, stage, watcher } = window;
      const cable = await plugIn(window, 1_000_000);
      await page.evaluate(`(() => {
        window.said = [];
        const look = () => {
          const phase = document.querySelector('.handset-phase')?.textContent;
          const word = document.querySelector('.handset-phase-line .badge')?.textContent;
          const pair = phase && word ? phase + ': ' + word : '';
          if (pair !== '' && window.said.at(-1) !== pair) window.said.push(pair);
        };
        new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
      })()`);
      await order(page);
      await cable.passed(PACKAGE_BYTES * 0.3);
      await card(page).getByText('Sending the package').waitFor();
      await card(page).getByText('Safe to unplug', { exact: true }).waitFor();
      await card(page)
        .getByText(/MB of .*%/)
        .waitFor();
      const question = page.getByRole('dialog', { name: `${PHONE} asks` });
      await question.waitFor();
      await card(page).getByText('Waiting for your phone').waitFor();
      await card(page).getByText('Not safe to unplug').waitFor();
      await question.getByRole('button', { name: 'Accept' }).click();
      await card(page).getByText('Installed Demo Maps 1.1.').waitFor();
      expect(await installedOn(stage)).toContain(PACKAGE);
      const said = await page.evaluate<string[]>('window.said');
      for (const each of said) {
        const unsafe = /^(Installing|Removing|Changing|Waiting for your phone)/.test(each);
        expect(each).toContain(unsafe ? ': Not safe to unplug' : ': Safe to unplug');
      }
      expect(said.join()).toContain('Sending the package: Safe to unplug');
      // The command line that watched was told the same of the cable.
      const told = watcher.of('phase').filter(({ phase }) => phase === 'asking' || phase === 'delivering');
      expect(told.map(({ phase, unplug }) => `${phase} ${unplug}`)).toEqual(
        expect.arrayContaining(['delivering safe', 'asking unsafe']),
      );
    }));

  it('M3: pulls the cable at 40 %, is told that the phone is safe, plugs it in again, and it goes on by itself', () =>
    onWindow(rig, async (window) => {
      const { page, stage, watcher } = window;
      const cable = await plugIn(window, 700_000);
      await order(page);
      await cable.passed(PACKAGE_BYTES * 0.4);
      await cable.pull();
      await card(page)
        .getByText(/in again: the work goes on by itself/)
        .waitFor();
      await card(page)
        .getByText(/The phone is safe and nothing was installed/)
        .waitFor();
      expect(await installedOn(stage)).not.toContain(PACKAGE);
      await watcher.event('that the link was lost', (event) => event.type === 'interruption' && event.state === 'lost');
      await cable.plug();
      const question = page.getByRole('dialog', { name: `${PHONE} asks` });
      await question.getByRole('button', { name: 'Accept' }).click();
      await card(page).getByText('Installed Demo Maps 1.1.').waitFor();
      expect(await installedOn(stage)).toContain(PACKAGE);
      await page.getByRole('link', { name: /^Journal/ }).click();
      await page.getByRole('tab', { name: 'Jobs' }).click();
      await page.getByText('1 interruption').waitFor();
      expect(await page.getByText('1 interruption').count()).toBe(1);
      expect(await page.getByRole('row').filter({ hasText: 'Demo Maps' }).count()).toBe(1);
    }));

  it('reloads in the middle, comes late with a second window, and both show what goes on', () =>
    onWindow(rig, async (window) => {
      const { page, another } = window;
      const cable = await plugIn(window, 700_000);
      await order(page);
      await cable.passed(PACKAGE_BYTES * 0.2);
      await page.reload();
      await card(page).getByText('Sending the package').waitFor();
      const second = await another();
      await card(second).getByText('Sending the package').waitFor();
      for (const each of [page, second]) await each.getByRole('dialog', { name: `${PHONE} asks` }).waitFor();
      await second.getByRole('dialog').getByRole('button', { name: 'Accept' }).click();
      for (const each of [page, second]) await card(each).getByText('Installed Demo Maps 1.1.').waitFor();
      expect(await page.getByRole('dialog').count()).toBe(0);
    }));

  it('M2 with the keyboard alone, by what a screen reader is told', () =>
    onWindow(rig, async ({ page, stage }) => {
      const press = (key: string) => page.keyboard.press(key);
      await tabTo(page, 'Try with a demo phone');
      await press('Enter');
      await card(page).getByText('Ready', { exact: true }).waitFor();
      await tabTo(page, 'Install…');
      await press('Enter');
      const dialog = page.getByRole('dialog', { name: `Install on ${PHONE}` });
      await dialog.waitFor();
      await tabTo(page, /Demo Maps/);
      await press('Space');
      await tabTo(page, 'Make the plan');
      await press('Enter');
      await dialog.getByText('If the cable is pulled').waitFor();
      await tabTo(page, `Install on ${PHONE}`);
      await press('Enter');
      const question = page.getByRole('dialog', { name: `${PHONE} asks` });
      await question.waitFor();
      await tabTo(page, 'Accept');
      await press('Enter');
      await card(page).getByText('Installed Demo Maps 1.1.').waitFor();
      await question.waitFor({ state: 'hidden' });
      await page.locator('[data-announcer]', { hasText: 'Installed Demo Maps 1.1.' }).waitFor();
      expect(await page.evaluate('document.activeElement !== document.body && document.activeElement !== null')).toBe(
        true,
      );
      expect(await installedOn(stage)).toContain(PACKAGE);
    }));
});

describe.skipIf(noBrowser)('the Session screen and a command line that watches', () => {
  let rig: WindowRig;
  beforeAll(async () => {
    rig = await WindowRig.open();
  });
  afterAll(() => rig.close());

  /** An element of the page; the tests are compiled without the browser's types. */
  interface El {
    getAttribute(name: string): string | null;
  }

  interface Counted {
    readonly number: string | null;
    readonly bytes: string | null;
    readonly sha256: string | null;
  }

  /** Every message of the session that is open, by scrolling from the first to the last. */
  async function messagesOn(page: Page): Promise<Counted[]> {
    const rows = new Map<string | null, Counted>();
    const first = page.locator('[data-message]').first();
    await first.click();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Home');
    const counted = await Promise.all(
      ['to-dms', 'to-handset'].map((way) =>
        page.locator(`[data-count="${way}-messages"]`).first().getAttribute('data-value'),
      ),
    );
    const total = counted.reduce((sum, value) => sum + Number(value), 0);
    for (let turn = 0; turn < total && rows.size < total; turn += 1) {
      const seen = await page.locator('[data-message]').evaluateAll((nodes) =>
        (nodes as unknown as El[]).map((node) => ({
          number: node.getAttribute('data-message'),
          bytes: node.getAttribute('data-bytes'),
          sha256: node.getAttribute('data-sha256'),
        })),
      );
      for (const row of seen) rows.set(row.number, row);
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    }
    return [...rows.values()].sort((a, b) => Number(a.number) - Number(b.number));
  }

  async function expectSame(page: Page, watcher: Program, key: unknown): Promise<void> {
    const told = watcher.of('message').filter((event) => event.key === key);
    const shown = await messagesOn(page);
    expect(shown.map(({ bytes, sha256 }) => `${bytes} ${sha256}`)).toEqual(
      told.map(({ bytes, sha256 }) => `${bytes} ${sha256}`),
    );
    for (const way of ['to-dms', 'to-handset']) {
      const own = told.filter(({ direction }) => direction === way);
      const shownCount = page.locator(`[data-count="${way}-messages"]`).first();
      const shownBytes = page.locator(`[data-count="${way}-bytes"]`).first();
      expect(Number(await shownCount.getAttribute('data-value'))).toBe(own.length);
      expect(Number(await shownBytes.getAttribute('data-value'))).toBe(
        own.reduce((sum, { bytes }) => sum + Number(bytes), 0),
      );
    }
  }

  it('have the same numbers, one for one, of a session that is done', () =>
    onWindow(rig, async (window) => {
      const { page, watcher } = window;
      const cable = await plugIn(window, 2_000_000);
      await order(page);
      await cable.passed(PACKAGE_BYTES * 0.2);
      await page.getByRole('link', { name: 'Open session' }).click();
      await page
        .getByRole('dialog', { name: `${PHONE} asks` })
        .getByRole('button', { name: 'Accept' })
        .click();
      const { key } = await watcher.event('that a person is asked', (event) => event.phase === 'asking');
      await watcher.event(
        'the end of the installation',
        (event) => event.type === 'session' && event.key === key && event.state === 'done',
      );
      await page.locator('main').getByText('Done', { exact: true }).first().waitFor();
      await expectSame(page, watcher, key);
    }));

  it('say the same when the link is pulled in the middle', () =>
    onWindow(rig, async (window) => {
      const { page, watcher } = window;
      const cable = await plugIn(window, 700_000);
      await order(page);
      await cable.passed(PACKAGE_BYTES * 0.3);
      await page.getByRole('link', { name: 'Open session' }).click();
      await page.getByText('Sending the package').first().waitFor();
      await cable.pull();
      const end = await watcher.event(
        'that the session failed',
        ({ type, state }) => type === 'session' && state === 'failed',
      );
      await page.locator('main').getByText('Failed', { exact: true }).first().waitFor();
      await page.locator('main').getByText(String(end.code)).first().waitFor();
      await expectSame(page, watcher, end.key);
    }));
});
