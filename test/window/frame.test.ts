import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HostState } from '../../src-main/contract/host-state.ts';
import { thoroughly } from '../support/thoroughly.ts';
import { someOf } from '../support/thoroughness.ts';
import { morning } from './fixtures/network.ts';
import { profiles } from './fixtures/servers.ts';
import { answering, demoPhone } from './fixtures/settings.ts';
import { complaintsOf, faultsInBothSchemes, focused, tooWide } from './page-checks.ts';
import { ScriptedHost } from './scripted-host.ts';
import { noBrowser, WindowRig } from './window-rig.ts';

const PLACES = [
  '/handsets',
  '/handsets/bluetooth',
  '/packages',
  '/journal',
  '/servers',
  '/listening',
  '/network',
  '/demo',
  '/doctor',
  '/settings',
  '/help',
  '/help/bearer/lost',
  '/sessions/none',
];
/** Of scripts and styles at first load, compressed. */
const FIRST_LOAD = 150 * 1024;
const FULL: Partial<HostState> = {
  handsets: [demoPhone(), demoPhone({ device: 'IMEI:004999010640001', alias: 'A'.repeat(60), presence: 'away' })],
  profiles: profiles(),
  ledger: morning(),
  reportsWaiting: 12,
};

describe.skipIf(noBrowser)('the frame of the window', () => {
  let rig: WindowRig;
  let host: ScriptedHost;
  const pages: Page[] = [];
  beforeAll(async () => {
    rig = await WindowRig.open();
  });
  afterAll(() => rig.close());
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.context().close();
    await host.close();
  });

  async function serve(state: Partial<HostState> = {}): Promise<void> {
    host = await ScriptedHost.open(rig.folder, state, answering());
  }
  async function visit(place = '/handsets', options: BrowserContextOptions = {}): Promise<Page> {
    const page = await rig.page(host.address(place), options);
    pages.push(page);
    await page.locator('main h1').waitFor();
    return page;
  }
  const go = async (page: Page, place: string) => {
    await page.evaluate(`location.hash = '${place}'`);
    await page.locator('main h1').waitFor();
  };
  const connection = (page: Page, text: string) => page.getByRole('banner').getByText(text).waitFor();
  const spoken = (page: Page) => page.locator('[data-announcer] p:last-child').textContent();

  it('says when the host is lost and when it is back, keeps what it shows, and is right again', async () => {
    await serve({ profiles: profiles().slice(0, 1) });
    const page = await visit('/servers');
    const { port } = host;
    await host.close();
    await connection(page, 'Disconnected, trying again');
    await page.getByRole('heading', { name: 'PC Agent does not answer.' }).waitFor();
    expect(await spoken(page)).toBe('The connection to PC Agent is lost.');
    await page.getByRole('heading', { name: 'Head office' }).waitFor();
    host = await ScriptedHost.open(rig.folder, { profiles: profiles() }, {}, port);
    await connection(page, 'Connected');
    await page.getByRole('heading', { name: 'Test bench' }).waitFor();
    expect(await spoken(page)).toBe('Connected again.');
    expect(await page.getByRole('heading', { name: 'PC Agent does not answer.' }).count()).toBe(0);
  });

  it('says why when it is not signed in, and tries no more', async () => {
    await serve();
    host.signedIn = false;
    const page = await rig.page(host.address());
    pages.push(page);
    await connection(page, 'Not signed in');
    await page.getByText('This page is not signed in.').waitFor();
  });

  it('says so when page and program are of different versions', async () => {
    await serve();
    host.contractVersion += 1;
    const page = await rig.page(host.address());
    pages.push(page);
    await page.getByText('Page and program are of different versions.').waitFor();
  });

  it('shows the same after a reload, and the same on a second page', async () => {
    await serve();
    const first = await visit('/servers');
    for (const profile of profiles()) host.change({ kind: 'profile', profile }, { profiles: profiles() });
    const names = (page: Page) => page.locator('main h2').allInnerTexts();
    await expect.poll(() => names(first)).toHaveLength(3);
    const second = await visit('/servers');
    await expect.poll(() => names(second)).toEqual(await names(first));
    await first.reload();
    await expect.poll(() => names(first)).toEqual(await names(second));
    host.change({ kind: 'profile-gone', id: 'profile-2' });
    for (const page of [first, second]) await expect.poll(() => names(page)).toHaveLength(2);
  });

  it('lets the keyboard skip to the content, and begins at the top of a new place', async () => {
    await serve();
    const page = await visit();
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    const link = page.getByRole('navigation').getByRole('link', { name: 'Server profiles' });
    await link.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Server profiles' }).waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    expect(await link.getAttribute('aria-current')).toBe('page');
  });

  it('speaks the language of the browser, and the one that was chosen ever after', async () => {
    await serve();
    const page = await visit('/settings', { locale: 'de-AT' });
    await page.getByRole('heading', { level: 1, name: 'Einstellungen' }).waitFor();
    await page.getByRole('radio', { name: 'English' }).click();
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
  });

  it.each(
    someOf(
      [
        ['at 900x600', { width: 900, height: 600 }],
        ['at a zoom of 200 % of 1280x800', { width: 640, height: 400 }],
        ['at a zoom of 200 % of 900x600', { width: 450, height: 300 }],
      ],
      3,
    ),
  )('never has to be scrolled sideways, in German, from left and from right: %s', async (_, viewport) => {
    await serve(FULL);
    const page = await visit('/handsets', { viewport, locale: 'de-DE' });
    const wide: Record<string, string[]> = {};
    for (const place of PLACES) {
      await go(page, place);
      for (const direction of ['ltr', 'rtl']) {
        await page.evaluate(`document.documentElement.dir = '${direction}'`);
        const boxes = await tooWide(page);
        if (boxes.length > 0) wide[`${place} ${direction}`] = boxes;
      }
    }
    expect(wide).toEqual({});
  });

  thoroughly('asks nobody else for anything, and keeps its policy, on every place', async () => {
    await serve(FULL);
    const page = await visit();
    const foreign: string[] = [];
    page.on('request', (request) => {
      const { host: asked, protocol } = new URL(request.url());
      if (protocol !== 'data:' && asked !== `127.0.0.1:${host.port}`) foreign.push(request.url());
    });
    const complaints = complaintsOf(page);
    await page.reload();
    for (const place of PLACES) await go(page, place);
    expect(foreign).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('runs no script that is put into the page', async () => {
    await serve();
    const page = await visit();
    await page.evaluate(`
      const script = document.createElement('script');
      script.textContent = 'window.stolen = 1';
      document.body.append(script);
      const box = document.createElement('div');
      box.innerHTML = '<img src="data:," onerror="window.stolen = 2"><a href="javascript:window.stolen = 3">x</a>';
      document.body.append(box);
      box.querySelector('a').click();
    `);
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    expect(await page.evaluate('window.stolen')).toBeUndefined();
  });

  it('axe finds nothing wrong when the host is lost', async () => {
    await serve();
    const page = await visit('/servers');
    await host.close();
    await connection(page, 'Disconnected, trying again');
    expect(await faultsInBothSchemes(page)).toEqual([]);
    await serve();
  });

  it('is small at first load', async () => {
    await serve();
    const files = firstLoad(rig.folder);
    expect(files.length).toBeGreaterThan(1);
    const sizes = files.map((file) => gzipSync(readFileSync(join(rig.folder, file))).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(FIRST_LOAD);
  });
});

/** Scripts and styles that the page names, and what those scripts import before they run. */
function firstLoad(folder: string): string[] {
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  const found = new Set(
    [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)].flatMap(([, file]) => file ?? []),
  );
  for (const file of found) {
    if (!file.endsWith('.js')) continue;
    const code = readFileSync(join(folder, file), 'utf8');
    for (const [, name] of code.matchAll(/(?:^|[;}\s])import(?:[^"'();]*?from)?\s*["']\.\/([^"']+\.js)["']/g)) {
      found.add(`assets/${name}`);
    }
  }
  return [...found];
}
