import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type HostState, LEDGER_ROWS } from '../../src-main/contract/host-state.ts';
import { usualOnes } from './fixtures/all-pictures.ts';
import { connection, manyConnections, morning, pictures } from './fixtures/network.ts';
import { faultsInBothSchemes, focused, openPicture } from './page-checks.ts';
import { type ScriptedHandlers, ScriptedHost } from './scripted-host.ts';
import { noBrowser, WindowRig } from './window-rig.ts';

describe.skipIf(noBrowser)('the Network ledger', () => {
  let rig: WindowRig;
  let host: ScriptedHost;
  let page: Page;
  beforeAll(async () => {
    rig = await WindowRig.open();
  });
  afterAll(() => rig.close());
  afterEach(async () => {
    await page.context().close();
    await host.close();
  });

  async function open(state: Partial<HostState> = {}, handlers: ScriptedHandlers = {}): Promise<void> {
    host = await ScriptedHost.open(rig.folder, state, handlers);
    page = await rig.page(host.address('/network'));
    await page.getByRole('switch').waitFor();
  }
  const table = (name: string) => page.getByRole('table', { name });
  const rows = (name: string) => table(name).locator('tbody tr');

  it('says that no connection has been made, until one is', async () => {
    await open();
    await page.getByRole('heading', { name: 'No connection has been made' }).waitFor();
    host.change({ kind: 'ledger', row: connection() });
    await rows('Connections').getByText('dm.example.com:443').waitFor();
    const cells = await rows('Connections').locator('td').allInnerTexts();
    expect(cells).toEqual(['09:41:07', 'dm.example.com:443', 'DM session', 'Relay', '1.2 kB', '5.3 kB']);
  });

  it('shows new connections first, in words, and what each host came to', async () => {
    await open({ ledger: morning() });
    expect(await rows('Connections').first().innerText()).toContain('[2001:db8::17]:8080');
    expect(await rows('Connections').nth(1).innerText()).toContain('Report to the DM server');
    expect(await rows('By host').first().innerText()).toMatch(/packages\.example\.net\s+2\s+668 B\s+84\.1 MB/);
    expect(await table('By host').locator('tfoot').innerText()).toMatch(/All hosts\s+11\s+10 kB\s+84\.2 MB/);
    host.change({ kind: 'ledger', row: connection({ host: 'new.example.com', purpose: 'something-new' }) });
    await rows('Connections').first().getByText('new.example.com:443').waitFor();
    expect(await rows('Connections').first().innerText()).toContain('something-new');
    expect(await table('By host').locator('tfoot').innerText()).toContain('12');
  });

  it('filters by host, by purpose and by who wanted it', async () => {
    await open({ ledger: morning() });
    await page.getByRole('button', { name: 'Show only packages.example.net' }).click();
    await page.getByText('2 of 11 connections').waitFor();
    await page.getByRole('searchbox').fill('dm.example outbox');
    await page.getByText('1 of 11 connections').waitFor();
    await page.getByRole('searchbox').fill('nowhere');
    await page.getByText('No connection matches the filter.').waitFor();
    await page.getByRole('button', { name: 'Clear filter' }).click();
    await expect.poll(() => rows('Connections').count()).toBe(11);
  });

  it('shows the newest of many first and the rest on demand, and says that older ones are gone', async () => {
    await open({ ledger: manyConnections(LEDGER_ROWS) });
    expect(await rows('Connections').count()).toBe(100);
    await page.getByText('The last 500; older ones are no longer listed.').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await expect.poll(() => rows('Connections').count()).toBe(LEDGER_ROWS);
  });

  it('goes offline by keyboard, says what goes on working, and how many reports wait', async () => {
    await open({ reportsWaiting: 3 }, { 'host.offline': ({ offline }) => ({ offline }) });
    await page.getByText('Off: the network may be used').waitFor();
    await page.getByText('Handsets on a cable').waitFor();
    await page.getByText('Reports to DM servers: 3 wait in the outbox').waitFor();
    await page.getByRole('switch').focus();
    await page.keyboard.press('Space');
    await expect.poll(() => host.requests).toEqual([{ name: 'host.offline', params: { offline: true } }]);
    host.change({ kind: 'offline', offline: true });
    await page.getByText('On: no network connection is opened').waitFor();
    expect(await page.getByRole('switch').isChecked()).toBe(true);
    expect(await focused(page)).toBe('Offline switch');
    expect(await page.locator('[data-announcer] p:last-child').textContent()).toBe(
      'Offline: no network connection is opened.',
    );
    await page.getByRole('banner').getByText('Offline').waitFor();
  });

  it('stays as it is when the host cannot keep the switch, and says why', async () => {
    const refuse = () => {
      throw { code: 'settings/unreadable', message: 'EACCES' };
    };
    await open({}, { 'host.offline': refuse });
    await page.getByRole('switch').press('Space');
    await page.getByText('A stored setting or state cannot be read.').waitFor();
    expect(await page.getByRole('switch').isChecked()).toBe(false);
  });

  it('shows names of hosts as text, whatever they hold', async () => {
    await open({ ledger: [connection({ host: '<img src=x onerror="window.stolen=1">' })] });
    await page.getByRole('button', { name: '<img' }).waitFor();
    expect(await page.evaluate('window.stolen')).toBeUndefined();
  });

  it.each(usualOnes(pictures).map((picture) => [picture.name, picture] as const))(
    'axe finds nothing wrong: %s',
    async (_, picture) => {
      ({ host, page } = await openPicture(rig, picture));
      expect(await faultsInBothSchemes(page)).toEqual([]);
    },
  );
});
