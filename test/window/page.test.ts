import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEVICE, play, relayRun } from './fixtures/relay-run.ts';
import { noBrowser, type Stage, WindowRig } from './window-rig.ts';

const SIZE_LIMIT = 150 * 1024;
const RUN = relayRun();
const HALF = RUN.findIndex(({ event }) => event.type === 'progress' && event.done > 70_000) + 1;

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}

/** What a person reads on the page, without what depends on where its lists are scrolled to. */
async function reading(page: Page): Promise<string[]> {
  return page
    .locator('main section')
    .evaluateAll((sections: { textContent: string | null }[]) =>
      sections.map(({ textContent }) => (textContent ?? '').replace('Follow the newest', '')),
    );
}

describe.skipIf(noBrowser)('the page', { timeout: 60_000 }, () => {
  let rig: WindowRig;
  let stage: Stage;
  beforeAll(async () => {
    rig = await WindowRig.open();
  }, 60_000);
  afterAll(() => rig.close());
  beforeEach(async () => {
    stage = await rig.stage();
  });
  afterEach(() => stage.close());

  it.each(['light', 'dark'] as const)('has no fault of accessibility in any state, %s', async (colorScheme) => {
    const page = await stage.page({ colorScheme, reducedMotion: 'reduce' });
    await page.getByText('No message yet').waitFor();
    expect(await violations(page)).toEqual([]);
    play(stage.feed, RUN.slice(0, HALF));
    await page.getByText('Package on its way').waitFor();
    expect(await violations(page)).toEqual([]);
    play(stage.feed, RUN.slice(HALF));
    await page.getByText('Relayed unchanged').waitFor();
    expect(await violations(page)).toEqual([]);
    await page
      .getByRole('button', { name: /Server asks for/ })
      .first()
      .click();
    for (const name of ['In words', 'XML', 'Bytes']) {
      await page.getByRole('tab', { name }).click();
      expect(await violations(page)).toEqual([]);
    }
    await page.getByRole('button', { name: 'Close' }).click();
    play(stage.feed, relayRun({ ok: false }));
    await page.getByText('Failed: The link to the handset broke.').waitFor();
    expect(await violations(page)).toEqual([]);
    const stranger = await stage.page({ colorScheme }, stage.server.newAddress().replace(/#.*/, ''));
    await stranger.getByText('This page is not signed in.').waitFor();
    expect(await violations(stranger)).toEqual([]);
  });

  it('can be used with the keyboard alone', async () => {
    play(stage.feed, RUN);
    const page = await stage.page();
    await page.getByText('Relayed unchanged').waitFor();
    const focused = page.locator(':focus');
    await page.keyboard.press('Tab');
    expect(await focused.textContent()).toBe('Skip to the messages');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    // The list that scrolls is a stop of its own in some browsers.
    if ((await focused.getAttribute('data-sequence')) === null) await page.keyboard.press('Tab');
    expect(await focused.textContent()).toContain('Server calls the handset to a session');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const row = await focused.getAttribute('data-sequence');
    expect(await focused.textContent()).toContain('Server asks for the firmware version');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('tab', { name: 'In words' }).waitFor();
    await dialog.getByRole('tab', { name: 'In words' }).focus();
    await page.keyboard.press('ArrowRight');
    await dialog.getByText('<SessionID>').waitFor();
    expect(await dialog.getByText('•••').count()).toBe(1);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await focused.getAttribute('data-sequence')).toBe(row);
    await page.keyboard.press('End');
    expect(await focused.textContent()).toContain('Server has nothing more to say');
    await page.keyboard.press('Home');
    expect(await focused.textContent()).toContain('Server calls');
  });

  it('shows the same to a page that was there, one that reloads and one that comes late', async () => {
    const early = await stage.page();
    await early.getByText('No message yet').waitFor();
    play(stage.feed, RUN.slice(0, HALF));
    const middle = await stage.page();
    await middle.getByText('Package on its way').waitFor();
    await middle.reload();
    play(stage.feed, RUN.slice(HALF));
    const late = await stage.page();
    const all = [early, middle, late];
    for (const page of all) await page.getByText('Relayed unchanged').waitFor();
    const [first, ...others] = await Promise.all(all.map(reading));
    expect(first?.join(' ')).toContain('26 messages were compared');
    for (const other of others) expect(other).toEqual(first);
  });

  it('goes on where it left off when its connection was cut', async () => {
    const page = await stage.page({}, 'about:blank');
    const links: { readonly url: string; readonly cut: () => Promise<void> }[] = [];
    await page.routeWebSocket(/\/events/, (socket) => {
      const server = socket.connectToServer();
      links.push({ url: socket.url(), cut: () => Promise.all([server.close(), socket.close()]).then(() => undefined) });
    });
    await page.goto(stage.server.newAddress());
    play(stage.feed, RUN.slice(0, HALF));
    await page.getByText('Package on its way').waitFor();
    const { sequence } = stage.feed.snapshot().overview;
    await links[0]?.cut();
    play(stage.feed, RUN.slice(HALF));
    await page.getByText('Relayed unchanged').waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    expect(links[1]?.url).toContain(`after=${sequence}`);
    const late = await stage.page();
    await late.getByText('Relayed unchanged').waitFor();
    expect(await reading(page)).toEqual(await reading(late));
  });

  it('speaks once a step, and at the end', async () => {
    const page = await stage.page();
    const status = page.getByRole('status');
    play(stage.feed, RUN.slice(0, HALF));
    await status.filter({ hasText: 'Server sends the package.' }).waitFor();
    expect(await page.getByRole('progressbar').getAttribute('value')).toBe('74000');
    play(stage.feed, RUN.slice(HALF));
    await status.filter({ hasText: 'Done. The result is above.' }).waitFor();
  });

  it('says when the connection is gone, and when an address was used already', async () => {
    const address = stage.server.newAddress();
    const page = await stage.page({}, address);
    await page.getByText('Live', { exact: true }).waitFor();
    expect(page.url()).not.toContain('token');
    const second = await stage.page({}, address);
    await second.getByText('This address was used already, or is too old.').waitFor();
    await stage.server.close();
    await page.getByText('Disconnected, trying again').waitFor();
    await page.getByText('PC Agent does not answer.').waitFor();
  });

  it('talks to nobody but its own server and obeys its policy', async () => {
    const page = await stage.page({}, 'about:blank');
    const foreign: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => {
      if (new URL(request.url()).host !== `127.0.0.1:${stage.server.port}`) foreign.push(request.url());
    });
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(stage.server.newAddress());
    play(stage.feed, RUN);
    await page.getByText('Relayed unchanged').waitFor();
    await page
      .getByRole('button', { name: /Server asks for/ })
      .first()
      .click();
    await page.getByRole('tab', { name: 'Bytes' }).click();
    expect(foreign).toEqual([]);
    expect(complaints).toEqual([]);
    await page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.broken = 1\">')");
    await page.evaluate(
      "document.head.append(Object.assign(document.createElement('script'), { text: 'window.broken = 2' }))",
    );
    expect(await page.evaluate('window.broken')).toBeUndefined();
  });

  it('shows what a handset calls itself as text', async () => {
    const page = await stage.page();
    const device = '<img src=x onerror="document.title = 1">';
    stage.feed.emit({ type: 'handset', time: new Date(0).toISOString(), device, address: 'tcp:x:1', state: 'ready' });
    await page.getByText(device).waitFor();
    expect(await page.title()).toBe('PC Agent');
  });

  it('speaks German to who wants it, and remembers', async () => {
    play(stage.feed, RUN);
    const page = await stage.page({ locale: 'de-AT' });
    await page.getByText('Unverändert weitergegeben').waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    await page.getByRole('combobox').selectOption('en');
    await page.getByText('Relayed unchanged').waitFor();
    await page.reload();
    await page.getByText('Relayed unchanged').waitFor();
    await page.getByText(DEVICE).first().waitFor();
  });

  it('is small', async () => {
    let size = 0;
    for (const name of await readdir(join(rig.folder, 'assets'))) {
      size += gzipSync(await readFile(join(rig.folder, 'assets', name))).length;
    }
    expect(size).toBeLessThan(SIZE_LIMIT);
    expect(await readFile(join(rig.folder, 'index.html'), 'utf8')).not.toMatch(/<script(?![^>]*src=)/);
  });
});
