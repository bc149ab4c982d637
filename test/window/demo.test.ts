import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HostState } from '../../src-main/contract/host-state.ts';
import { usualOnes } from './fixtures/all-pictures.ts';
import {
  DONE,
  demoHandlers,
  demoHandset,
  demoResult,
  demoSession,
  demoView,
  pictures,
  RUNNING,
  SECOND,
} from './fixtures/demo.ts';
import { HALF, MESSAGES } from './fixtures/session.ts';
import { faultsInBothSchemes } from './page-checks.ts';
import { type ScriptedHandlers, ScriptedHost } from './scripted-host.ts';
import { noBrowser, WindowRig } from './window-rig.ts';

describe.skipIf(noBrowser)('the demo screen', () => {
  let rig: WindowRig;
  let host: ScriptedHost;
  const complaints: string[] = [];
  const pages: Page[] = [];
  beforeAll(async () => {
    rig = await WindowRig.open();
  });
  afterAll(() => rig.close());
  afterEach(async () => {
    // First the pages: one that has lost its host complains.
    for (const page of pages.splice(0)) await page.context().close();
    await host.close();
    expect(complaints.splice(0)).toEqual([]);
  });

  async function open(
    state: Partial<HostState>,
    handlers: ScriptedHandlers = {},
    options: BrowserContextOptions = {},
    place = '/demo',
  ): Promise<Page> {
    host = await ScriptedHost.open(rig.folder, state, handlers);
    const page = await rig.page('about:blank', options);
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    pages.push(page);
    await page.goto(place === '' ? host.address().replace(/#.*/, '') : host.address(place));
    return page;
  }

  it.each(usualOnes(pictures))('has no fault of accessibility: $name', async ({ state, handlers, prepare }) => {
    const page = await open(state ?? {}, handlers ?? {});
    await page.locator('main h1').waitFor();
    await prepare?.(page, host);
    expect(await faultsInBothSchemes(page)).toEqual([]);
  });

  it('is begun by a button, goes on when the page goes away, and shows each act as it comes', async () => {
    const session = demoSession('demo-2', HALF);
    const page = await open(
      {},
      {
        ...demoHandlers(session, HALF),
        'demo.run': async (_params, { signal }) => {
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
          return demoResult();
        },
      },
    );
    await page.getByRole('button', { name: 'Run the demo' }).press('Enter');
    await expect.poll(() => host.requests.map(({ name }) => name)).toContain('demo.run');
    host.change({ kind: 'demo', demo: demoView({ acts: [{ act: 'relay', state: 'started' }] }) });
    await page.getByRole('button', { name: 'The demo is running' }).waitFor();
    expect(await page.locator('[data-act="relay"]').textContent()).toContain('Working');
    expect(await page.locator('[data-act="offline"]').textContent()).toContain('Queued');
    host.change({ kind: 'session', session });
    host.change({ kind: 'demo', demo: demoView({ acts: [{ act: 'relay', state: 'started' }], sessions: ['demo-2'] }) });
    const line = page.locator('[data-session="demo-2"]');
    await line.getByText('6 messages').waitFor();
    expect(await line.getByRole('link').getAttribute('href')).toBe('#/sessions/demo-2');
    await page.locator('[aria-current="step"]').filter({ hasText: 'Server sends the package' }).waitFor();
    host.change({
      kind: 'session',
      session: demoSession('demo-2', MESSAGES, { phase: 'installing', unplug: 'unsafe' }),
    });
    await line.getByText('Not safe to unplug', { exact: true }).waitFor();
    expect(await line.locator('[data-count="to-handset-messages"]').getAttribute('data-value')).toBe('14');
  });

  it('says what it has shown, by the ends’ own records', async () => {
    const page = await open({ demo: DONE });
    await page.getByText('Done: the package is installed').waitFor();
    await page.getByText('26 messages were compared').waitFor();
    const rows = page.locator('tr[data-change]');
    expect(await rows.evaluateAll((all) => all.map((row) => (row as { textContent: string }).textContent))).toEqual([
      'browser4.2, active4.3, activeChanged',
      'com.example.mail-client11.0.3, activenot thereRemoved',
      'calculatornot there1.0, activeAdded',
      'notesnot there2.1, inactiveAdded',
    ]);
    await page.getByText('Installed with no network: notes-2.1. The DM server has the report of it, once.').waitFor();
    expect(await page.getByRole('button', { name: 'Run the demo again' }).isEnabled()).toBe(true);
  });

  it('says what went wrong, with its code, and never that it was unchanged', async () => {
    const failed = pictures.find(({ name }) => name === 'demo-error');
    const page = await open(failed?.state ?? {}, failed?.handlers ?? {});
    await page.getByText('Not relayed unchanged').waitFor();
    await page.getByText('demo/not-transparent').first().waitFor();
    await page.getByText('bearer/lost').first().waitFor();
    expect(await page.getByText('Relayed unchanged', { exact: true }).count()).toBe(0);
    expect(await page.locator('[data-act="cache"]').textContent()).toContain('Skipped');
  });

  it('is where a person is led who has chosen no place when there is one', async () => {
    const page = await open({ demo: RUNNING, sessions: [SECOND] }, demoHandlers(SECOND, HALF), {}, '');
    await page.getByRole('heading', { name: 'Demo', level: 1 }).waitFor();
    expect(page.url()).toContain('#/demo');
    await page.context().close();
    await host.close();
    const chosen = await open({ demo: RUNNING, sessions: [SECOND] }, {}, {}, '/journal');
    await chosen.getByRole('heading', { name: 'Journal', level: 1 }).waitFor();
    await chosen.context().close();
    await host.close();
    const later = await open({ demo: DONE }, {}, {}, '');
    await later.getByRole('heading', { name: 'Demo', level: 1 }).waitFor();
    await later.context().close();
    await host.close();
    const without = await open({}, {}, {}, '');
    await without.getByRole('heading', { name: 'Handsets', level: 1 }).waitFor();
  });

  it('shows a hostile name as text', async () => {
    const hostile = '<img src=x onerror="document.title = 1">';
    const result = demoResult({ handsets: [demoHandset({ device: hostile })] });
    const page = await open({ demo: { ...DONE, result } });
    await page.getByText(`Handset ${hostile}`).waitFor();
    expect(await page.title()).toBe('PC Agent');
  });
});
