import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { UPLOAD_PIECE } from '../../src-main/contract/requests.ts';
import { thoroughly } from '../support/thoroughly.ts';
import { usualOnes } from './fixtures/all-pictures.ts';
import {
  FETCHING,
  HANDSETS,
  manyPackages,
  PACKAGES,
  PACKAGES_HANDLERS,
  packageView,
  pictures,
} from './fixtures/packages.ts';
import { faultsInBothSchemes, openPicture } from './page-checks.ts';
import { type ScriptedHandlers, ScriptedHost } from './scripted-host.ts';
import { noBrowser, WindowRig } from './window-rig.ts';

const STATE = { packages: [...PACKAGES], handsets: [...HANDSETS] };
const SMALL = { viewport: { width: 900, height: 600 } };

describe.skipIf(noBrowser)('the packages screen', () => {
  let rig: WindowRig;
  const open: { page?: Page; host?: ScriptedHost; complaints: string[] } = { complaints: [] };
  beforeAll(async () => {
    rig = await WindowRig.open();
  });
  afterAll(() => rig.close());
  afterEach(async () => {
    await open.page?.context().close();
    await open.host?.close();
    open.complaints = [];
  });

  async function show(
    state = {},
    handlers: ScriptedHandlers = {},
    look = {},
  ): Promise<{ page: Page; host: ScriptedHost }> {
    const host = await ScriptedHost.open(rig.folder, { ...STATE, ...state }, { ...PACKAGES_HANDLERS, ...handlers });
    const page = await rig.page(host.address('/packages'), look);
    page.on('console', (message) => {
      if (message.type() === 'error') open.complaints.push(message.text());
    });
    page.on('dialog', (dialog) => open.complaints.push(`a dialog of the page: ${dialog.message()}`));
    Object.assign(open, { page, host });
    await page.getByRole('heading', { level: 1, name: 'Packages' }).waitFor();
    return { page, host };
  }

  const names = (page: Page) => page.locator('tbody tr:not([aria-hidden]) td:first-child strong').allTextContents();
  const asked = (host: ScriptedHost, name: string) =>
    host.requests.filter((request) => request.name === name).map(({ params }) => params);
  const focusedRow = (page: Page) =>
    page.evaluate<string | null>("document.activeElement.getAttribute('aria-rowindex')");

  it('shows what is kept as a grid, hostile names as text, and sorts and filters it', async () => {
    const { page } = await show();
    const grid = page.getByRole('grid', { name: 'Packages on this computer' });
    await grid.waitFor();
    expect(await grid.getAttribute('aria-rowcount')).toBe('9');
    expect(await names(page)).toContain('<img src=x onerror=alert(1)>');
    await page.getByRole('button', { name: 'Size' }).click();
    expect(await page.getByRole('columnheader', { name: 'Size' }).getAttribute('aria-sort')).toBe('ascending');
    await expect.poll(async () => (await names(page))[0]).toBe('<img src=x onerror=alert(1)>');
    await page.getByRole('button', { name: 'Size' }).click();
    await expect.poll(async () => (await names(page))[0]).toMatch(/^Maps/);
    await page.getByRole('searchbox').fill('siemens');
    await page.getByText('1 of 8 packages').waitFor();
    await page.getByRole('searchbox').fill('');
    await page.getByRole('combobox', { name: 'State' }).selectOption('quarantined');
    await page.getByText('1 of 8 packages').waitFor();
    expect(await names(page)).toEqual(['Notes']);
    await page.getByRole('searchbox').fill('no such thing');
    await page.getByRole('button', { name: 'Show all packages' }).click();
    await page.getByText('8 packages', { exact: true }).waitFor();
    expect(open.complaints).toEqual([]);
  });

  thoroughly('goes through 5,000 rows by keyboard and draws only those in view', async () => {
    const { page } = await show({ packages: manyPackages(5000) });
    const first = page.getByRole('row', { name: /Package 0000/ });
    await first.focus();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => focusedRow(page)).toBe('3');
    await page.keyboard.press('End');
    await expect.poll(() => focusedRow(page)).toBe('5001');
    expect(await page.getByRole('row', { name: /Package 4999/ }).isVisible()).toBe(true);
    expect(await page.locator('tbody tr').count()).toBeLessThan(80);
    await page.keyboard.press('Home');
    await expect.poll(() => focusedRow(page)).toBe('2');
    await page.keyboard.press('Enter');
    await page.getByRole('complementary', { name: 'Package 0000' }).waitFor();
    expect(await first.getAttribute('aria-selected')).toBe('true');
  });

  it('keeps the focus on its row when rows come and go around it, and on the place when it goes', async () => {
    const { page, host } = await show();
    const row = page.getByRole('row', { name: /^Calendar/ });
    await row.focus();
    host.change({ kind: 'package', package: packageView('aaa', { name: 'Aaa' }) });
    await page.getByText('9 packages', { exact: true }).waitFor();
    expect(await page.evaluate<string>('document.activeElement.textContent')).toMatch(/^Calendar/);
    const before = await focusedRow(page);
    host.change({ kind: 'package-gone', id: 'calendar' });
    await page.getByText('8 packages', { exact: true }).waitFor();
    await expect.poll(() => focusedRow(page)).toBe(before);
  });

  it('tells everything of a package, beside the table or, in a small window, over it', async () => {
    const { page, host } = await show();
    await page.getByRole('row', { name: /^Mail/ }).click();
    const panel = page.getByRole('complementary', { name: 'Mail' });
    await panel.getByText('9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08').waitFor();
    await panel.getByText('20 Nov 2026, 07:30').waitFor();
    await panel.getByText('The package is for another model.').waitFor();
    await panel.getByRole('button', { name: 'Verify' }).click();
    await panel.getByText('every byte is as it should be').waitFor();
    expect(asked(host, 'packages.verify')).toEqual([{ id: 'mail-2.1.0' }]);
    await page.setViewportSize(SMALL.viewport);
    await page.getByRole('dialog', { name: 'Mail' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(open.complaints).toEqual([]);
  });

  it('removes after a question, and says why not when a job needs it', async () => {
    let inUse = true;
    const { page, host } = await show(
      {},
      {
        'packages.remove': ({ id }) => {
          if (inUse) throw { code: 'cache/in-use', message: 'a job needs it' };
          return { removed: [id] };
        },
      },
    );
    await page.getByRole('row', { name: /^Notes/ }).click();
    await page.getByText('Its bytes were changed since the package was added.').waitFor();
    await page.getByRole('button', { name: 'Remove and fetch again…' }).click();
    const question = page.getByRole('dialog', { name: 'Remove Notes 3.0?' });
    await question.getByRole('button', { name: 'Remove package' }).click();
    await question.getByText('A job that is not done needs the package.').waitFor();
    inUse = false;
    await question.getByRole('button', { name: 'Remove package' }).click();
    await page.getByRole('dialog', { name: 'Fetch a package from an address' }).waitFor();
    expect(asked(host, 'packages.remove')).toEqual([{ id: 'notes' }, { id: 'notes' }]);
  });

  it('adds files piece by piece with what a person says of them, and says which failed', async () => {
    let turn = 0;
    const { page, host } = await show(
      {},
      {
        'packages.upload': ({ name }) => ({ upload: name }),
        'packages.piece': ({ data }) => ({ received: Math.floor((data.length * 3) / 4) }),
        'packages.finish': ({ upload }) => {
          turn += 1;
          if (upload === 'b.pkg' && turn < 3) throw { code: 'cache/full', message: 'no room' };
          return { package: packageView('x') };
        },
        'packages.discard': () => ({}),
      },
    );
    const mimeType = 'application/octet-stream';
    await page.locator('input[type=file]').setInputFiles([
      { name: 'office-4.0.pkg', mimeType, buffer: Buffer.alloc(UPLOAD_PIECE + 5) },
      { name: 'b.pkg', mimeType, buffer: Buffer.alloc(10) },
    ]);
    const dialog = page.getByRole('dialog', { name: 'Add 2 packages' });
    const file = dialog.getByRole('group', { name: /office-4.0.pkg/ });
    expect(await file.getByLabel('Version').inputValue()).toBe('4.0');
    await file.getByLabel('Name').fill('Office');
    await file.getByLabel('Id').fill('b');
    await dialog.getByText('Another of these files has the same id.').first().waitFor();
    expect(await dialog.getByRole('button', { name: 'Add 2 packages' }).isDisabled()).toBe(true);
    await file.getByLabel('Id').fill('office');
    await dialog.getByRole('button', { name: 'Add 2 packages' }).click();
    await dialog.getByText('cache/full').waitFor();
    expect(asked(host, 'packages.finish')[0]).toEqual({
      ...{ upload: 'office-4.0.pkg', id: 'office', name: 'Office', version: '4.0' },
    });
    expect(asked(host, 'packages.piece')).toHaveLength(3);
    expect(asked(host, 'packages.discard')).toEqual([{ upload: 'b.pkg' }]);
    await dialog.getByRole('button', { name: 'Try again' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(asked(host, 'packages.finish')).toHaveLength(3);
  });

  it('stops an upload and has the host throw away what it has of it', async () => {
    const { page, host } = await show(
      {},
      {
        'packages.upload': () => ({ upload: 'u' }),
        'packages.piece': () => new Promise<never>(() => undefined),
        'packages.discard': () => ({}),
      },
    );
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'a.pkg', mimeType: 'application/octet-stream', buffer: Buffer.alloc(10) });
    await page.getByRole('button', { name: 'Add package', exact: true }).click();
    await page.getByRole('progressbar').waitFor();
    await page.getByRole('button', { name: 'Stop adding' }).click();
    await page.getByRole('button', { name: 'Add package', exact: true }).waitFor();
    await expect.poll(() => asked(host, 'packages.discard')).toEqual([{ upload: 'u' }]);
  });

  it('takes files that are dropped anywhere on it', async () => {
    const { page } = await show();
    const event = (type: string) =>
      page.evaluate(`{
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File(['abc'], 'dropped-1.2.pkg'));
        document.querySelector('h1').dispatchEvent(
          new DragEvent('${type}', { dataTransfer, bubbles: true, cancelable: true }));
      }`);
    await event('dragenter');
    await page.getByText('Drop the files to add them').waitFor();
    await event('drop');
    const dialog = page.getByRole('dialog', { name: 'Add a package' });
    expect(await dialog.getByLabel('Id').inputValue()).toBe('dropped-1.2');
    expect(await page.getByText('Drop the files to add them').count()).toBe(0);
  });

  it('fetches with a digest as work that goes on without the page, and shows it until it is seen', async () => {
    const task = FETCHING[0] ?? expect.fail('there is a fetch');
    const { page, host } = await show(
      {},
      {
        'packages.fetch': () => new Promise<never>(() => undefined),
        'tasks.cancel': () => ({}),
        'tasks.dismiss': () => ({}),
      },
    );
    await page.getByRole('button', { name: 'Fetch from address…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Address', { exact: true }).fill('https://packages.example.com/spring/office-4.0.pkg');
    await dialog.getByLabel(/^SHA-256/).fill('abc');
    await dialog.getByRole('button', { name: 'Fetch package' }).click();
    await dialog.getByText('A SHA-256 has 64 hexadecimal digits.').waitFor();
    await dialog.getByLabel('Nobody').check();
    await dialog.getByText('It is kept as unverified').waitFor();
    await dialog.getByLabel('A SHA-256 digest that I have').check();
    await dialog.getByLabel(/^SHA-256/).fill('a'.repeat(64));
    await dialog.getByRole('button', { name: 'Fetch package' }).click();
    await expect.poll(() => asked(host, 'packages.fetch').length).toBe(1);
    host.change({ kind: 'task', task });
    await dialog.waitFor({ state: 'detached' });
    expect(await page.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('36');
    await page.getByRole('button', { name: 'Stop fetching' }).click();
    await expect.poll(() => asked(host, 'tasks.cancel')).toEqual([{ task: 'f1' }]);
    const end = { at: '2026-11-21T10:00:00.000Z', ok: false, cancelled: true };
    host.change({ kind: 'task', task: { ...task, end } });
    await page.getByText('Stopped: https://packages.example.com/spring/office-4.0.pkg').waitFor();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await expect.poll(() => asked(host, 'tasks.dismiss')).toEqual([{ task: 'f1' }]);
  });

  it('says what lies in a package, and offers it with its address until the phone says how that ended', async () => {
    const [mail] = PACKAGES;
    const object = 'http://127.0.0.1:40123/1f2e/mail-2.1.0.pkg';
    let end: ((code: number) => void) | undefined;
    const { page, host } = await show(
      {},
      {
        'packages.offer': async (_params, { part }) => {
          part({ descriptor: `${object}.dd`, object, type: 'application/octet-stream' });
          const code = await new Promise<number>((resolve) => {
            end = resolve;
          });
          const notification = { code, text: code === 900 ? 'Success' : 'User Cancelled', success: code === 900 };
          return { package: mail ?? packageView('mail'), notification };
        },
      },
    );
    await page.getByRole('row', { name: 'Mail' }).click();
    const detail = page.getByRole('complementary', { name: 'Mail' });
    await detail.getByText('Needs antivirus-runtime 11.0 or newer.').waitFor();
    await detail.getByText('packages.example.com', { exact: true }).waitFor();
    await detail.getByRole('button', { name: 'Offer for download…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Offer Mail 2.1.0 for download' });
    await dialog.getByText('Vendor').waitFor();
    await dialog.getByRole('button', { name: 'Offer it' }).click();
    await dialog.getByText(`${object}.dd`).waitFor();
    expect(await faultsInBothSchemes(page)).toEqual([]);
    end?.(902);
    await dialog.getByText('The phone has not installed it').waitFor();
    await dialog.getByRole('button', { name: 'Offer it again' }).click();
    await expect.poll(() => asked(host, 'packages.offer')).toEqual([{ id: 'mail-2.1.0' }, { id: 'mail-2.1.0' }]);
    end?.(900);
    await dialog.getByText('The phone has installed it').waitFor();
  });

  it.each(usualOnes(pictures).map((picture) => [picture.name, picture] as const))(
    'has no fault that axe finds: %s',
    async (_name, picture) => {
      const { host, page } = await openPicture(rig, picture);
      expect(await faultsInBothSchemes(page)).toEqual([]);
      await page.context().close();
      if (picture.name !== 'packages-lost') await host.close();
    },
  );
});
