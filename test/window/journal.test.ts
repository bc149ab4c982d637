import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SessionRow } from '../../src-main/contract/sessions.ts';
import { thoroughly } from '../support/thoroughly.ts';
import { usualOnes } from './fixtures/all-pictures.ts';
import { JOBS, journalHandlers, manySessions, pictures, SESSIONS, sessionRow } from './fixtures/journal.ts';
import { HANDSETS, PACKAGES } from './fixtures/packages.ts';
import { faultsInBothSchemes, openPicture } from './page-checks.ts';
import { type ScriptedHandlers, ScriptedHost } from './scripted-host.ts';
import { noBrowser, WindowRig } from './window-rig.ts';

const STATE = { handsets: [...HANDSETS], packages: [...PACKAGES], journal: 4, reportsWaiting: 2 };

describe.skipIf(noBrowser)('the journal', () => {
  let rig: WindowRig;
  const open: { page?: Page; host?: ScriptedHost; complaints: string[] } = { complaints: [] };
  beforeAll(async () => {
    rig = await WindowRig.open();
  });
  afterAll(() => rig.close());
  afterEach(async () => {
    expect(open.complaints).toEqual([]);
    await open.page?.context().close();
    await open.host?.close();
  });

  async function show(handlers: ScriptedHandlers = {}, sessions: readonly SessionRow[] = SESSIONS) {
    const host = await ScriptedHost.open(rig.folder, STATE, { ...journalHandlers(sessions), ...handlers });
    const page = await rig.page(host.address('/journal'));
    page.on('console', (message) => {
      if (message.type() === 'error') open.complaints.push(message.text());
    });
    page.on('dialog', (dialog) => open.complaints.push(`a dialog of the page: ${dialog.message()}`));
    Object.assign(open, { page, host, complaints: [] });
    await page.getByRole('grid').waitFor();
    return { page, host };
  }

  const asked = (host: ScriptedHost, name: string) =>
    host.requests.filter((request) => request.name === name).map(({ params }) => params);
  const scrollTop = (page: Page) => page.evaluate<number>("document.querySelector('.data-table').scrollTop");

  it('shows each session with one state, its phone by name with the number masked, and why it failed', async () => {
    const { page } = await show();
    const failed = page.getByRole('row', { name: /relay\/stalled/ });
    expect(await failed.textContent()).toContain('Siemens SX1 IMEI:35693803*******');
    expect(await failed.locator('.badge').allTextContents()).toEqual(['Failed']);
    expect(await page.getByRole('row', { name: /Virtual/ }).textContent()).toContain('This computer’s own server');
    expect(await page.locator('main').textContent()).not.toContain('356938035643809');
    await page.getByText('https://<b>evil</b>.example.com/').waitFor();
  });

  it('opens a session by keyboard', async () => {
    const { page } = await show();
    await page.getByRole('row', { name: /relay\/stalled/ }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/#\/sessions\/9998$/);
  });

  it('searches at the host once a person stops typing, and by phone', async () => {
    const { page, host } = await show();
    await page.getByRole('searchbox').pressSequentially('stalled', { delay: 20 });
    await page.getByText('1 session', { exact: true }).waitFor();
    await page.getByRole('searchbox').fill('');
    await page.getByText('8 sessions', { exact: true }).waitFor();
    await page.getByRole('combobox', { name: 'Phone' }).selectOption({ label: 'Siemens SX1 · IMEI:35693803*******' });
    await page.getByText('2 sessions', { exact: true }).waitFor();
    const searches = asked(host, 'sessions.list').map((params) => (params as { search?: string }).search);
    expect(searches.filter((search) => search !== undefined)).toEqual(['stalled']);
    expect(asked(host, 'sessions.list').at(-1)).toMatchObject({ device: 'IMEI:356938035643809' });
  });

  thoroughly('reads 10,000 rows page by page as they are scrolled to, and draws only those in view', async () => {
    const { page, host } = await show({}, manySessions(10_000));
    await page.getByRole('row').nth(1).focus();
    const toTheEnd = async () => {
      await page.keyboard.press('End');
      return page.getByText('10,000 sessions', { exact: true }).isVisible();
    };
    await expect.poll(toTheEnd, { interval: 20 }).toBe(true);
    await page.keyboard.press('End');
    await page.locator('tr[aria-rowindex="10001"]').waitFor();
    expect(asked(host, 'sessions.list')).toHaveLength(40);
    expect(await page.locator('tbody tr').count()).toBeLessThan(80);
    expect(await page.getByRole('grid').getAttribute('aria-rowcount')).toBe('10001');
  });

  it('says that something is new without moving what is read, and shows it when asked', async () => {
    const rows = [...manySessions(400)];
    const { page, host } = await show(
      {
        'sessions.list': ({ before = 0, limit = 50 }) => ({
          sessions: rows.slice(before, before + limit),
          ...(before + limit < rows.length ? { next: before + limit } : {}),
        }),
      },
      rows,
    );
    await page.evaluate("document.querySelector('.data-table').scrollTo(0, 2000)");
    rows[0] = { ...sessionRow(10_000), state: 'failed', code: 'relay/stalled' };
    rows.unshift(sessionRow(10_002), sessionRow(10_001));
    host.change({ kind: 'journal', journal: 5 });
    const button = page.getByRole('button', { name: 'Show 2 new' });
    await button.waitFor();
    expect(await scrollTop(page)).toBe(2000);
    await button.click();
    await button.waitFor({ state: 'detached' });
    expect(await scrollTop(page)).toBe(0);
    expect(await page.locator('tr[data-index="2"]').textContent()).toContain('relay/stalled');
  });

  it('tells what a job did with what, its one end, interruptions and result', async () => {
    const { page } = await show();
    await page.getByRole('tab', { name: 'Jobs' }).click();
    await page.getByRole('row', { name: /1 interruption$|1 interruption / }).waitFor();
    const texts = await page.locator('tbody tr:not([aria-hidden])').allTextContents();
    expect(texts).toHaveLength(JOBS.length);
    expect(texts[1]).toContain('Install Mail 2.1.0');
    expect(texts[4]).toContain('Cancelled by the person at the handset (1401)');
    await page.getByRole('row', { name: /3 interruptions/ }).click();
    const dialog = page.getByRole('dialog', { name: /^Install Maps/ });
    await dialog.getByText('3 interruptions').waitFor();
    await dialog.getByText('Is the phone safe?').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await page.evaluate<string>('document.activeElement.textContent')).toContain('relay/stalled');
  });

  it.each([
    ['Sessions', 'sessions.export'],
    ['Jobs', 'jobs.export'],
  ] as const)('exports %s of what is chosen, masked unless whole numbers are asked for', async (tab, name) => {
    const { page, host } = await show({
      [name]: (_params: unknown, answer: { part(part: { text: string }): void }) => {
        answer.part({ text: 'a,b\n' });
        answer.part({ text: '1,2\n' });
        return {};
      },
    });
    await page.getByRole('tab', { name: tab }).click();
    await page.getByRole('combobox', { name: 'Phone' }).selectOption('IMEI:356938035643809');
    const save = async () => {
      await page.getByRole('button', { name: 'Export…' }).click();
      const whole = page.getByLabel('Whole numbers of real phones');
      expect(await whole.isChecked()).toBe(false);
      return whole;
    };
    await save();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export', exact: true }).click(),
    ]);
    expect(file.suggestedFilename()).toMatch(new RegExp(`^pc-agent-${tab.toLowerCase()}-\\d{4}-\\d\\d-\\d\\d\\.csv$`));
    expect(await readFile(await file.path(), 'utf8')).toBe('a,b\n1,2\n');
    await (await save()).check();
    await page.getByLabel('JSON, for programs').check();
    await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export', exact: true }).click(),
    ]);
    const device = 'IMEI:356938035643809';
    expect(asked(host, name)).toEqual([
      { device, format: 'csv' },
      { device, format: 'json', unmask: true },
    ]);
  });

  it('tells which report waits for which server and why, sends and exports it', async () => {
    const { page, host } = await show({
      'reports.send': () => ({ unsent: 2 }),
      'reports.export': ({ id }) => ({ id, origin: 'https://dm.example.com', body: { state: 'done' } }),
    });
    await page.getByRole('tab', { name: /Outbox/ }).click();
    const first = page.getByRole('listitem').filter({ hasText: 'Install, Front desk' });
    expect(await first.textContent()).toContain('dms/unreachable');
    expect(await first.textContent()).toContain('Tried 3 times · next try 21 Nov 2026, 10:05');
    expect(await page.locator('main').textContent()).not.toContain('490154203237518');
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      first.getByRole('button', { name: 'Export report' }).click(),
    ]);
    expect(JSON.parse(await readFile(await file.path(), 'utf8'))).toMatchObject({ id: 'r-1' });
    await page.getByRole('button', { name: 'Send now' }).click();
    await page.getByRole('heading', { name: '2 reports could not be sent.' }).waitFor();
    expect(asked(host, 'reports.list').length).toBeGreaterThan(1);
  });

  it.each(usualOnes(pictures).map((picture) => [picture.name, picture] as const))(
    'has no fault that axe finds: %s',
    async (_name, picture) => {
      const { host, page } = await openPicture(rig, picture);
      expect(await faultsInBothSchemes(page)).toEqual([]);
      await page.context().close();
      await host.close();
    },
  );
});
