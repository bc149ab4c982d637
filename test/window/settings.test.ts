import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HostState } from '../../src-main/contract/host-state.ts';
import { usualOnes } from './fixtures/all-pictures.ts';
import { answering, demoPhone, pictures } from './fixtures/settings.ts';
import { complaintsOf, faultsInBothSchemes, focused, openPicture } from './page-checks.ts';
import { type ScriptedHandlers, ScriptedHost } from './scripted-host.ts';
import { noBrowser, WindowRig } from './window-rig.ts';

describe.skipIf(noBrowser)('the Settings screen', () => {
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
    host = await ScriptedHost.open(rig.folder, state, { ...answering(), ...handlers });
    page = await rig.page(host.address('/settings'));
    await page.getByText('4711').waitFor();
  }
  const radio = (name: string) => page.getByRole('radio', { name });
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const asked = (name: string) => host.requests.filter((request) => request.name === name).map(({ params }) => params);
  const ground = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');

  it('speaks German at once and after a reload', async () => {
    await open();
    await radio('Deutsch').click();
    await page.getByRole('heading', { level: 1, name: 'Einstellungen' }).waitFor();
    expect(await page.evaluate('document.documentElement.lang')).toBe('de');
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Einstellungen' }).waitFor();
    expect(await radio('Deutsch').isChecked()).toBe(true);
  });

  it('is dark at once and after a reload, whatever the system says, by keyboard', async () => {
    await open();
    const light = await ground();
    await radio('As the system').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(await radio('Dark').isChecked()).toBe(true);
    const dark = await ground();
    expect(dark).not.toBe(light);
    await page.reload();
    await page.getByText('4711').waitFor();
    expect(await ground()).toBe(dark);
  });

  it('says that raw messages hold credentials, and sets how long they are kept', async () => {
    await open();
    await page.getByText('They hold credentials').waitFor();
    await page.getByLabel('Days').fill('2');
    await page.getByLabel('At most, in MB').fill('0,5');
    await page.getByText('Saving removes those that are older or too many.').waitFor();
    await button('Save').press('Enter');
    await expect.poll(() => asked('settings.set')).toEqual([{ journalBodies: { days: 2, bytes: 500_000 } }]);
    host.change({ kind: 'settings', settings: { journalBodies: { days: 2, bytes: 500_000 } } });
    await page.getByText('Now: 2 days, at most 500 kB.').waitFor();
    expect(await focused(page)).toBe('Save');
    expect(await page.locator('[data-announcer] p:last-child').textContent()).toBe('Saved.');
  });

  it('asks for nothing while a number is wrong, and says what is possible', async () => {
    await open();
    await page.getByLabel('Days').fill('3651');
    await page.getByText('Give a number from 0 to 3,650.').waitFor();
    await button('Save').click();
    await radio('Do not keep them').check();
    await page.getByText('Saving removes those that are kept now.').waitFor();
    await button('Save').click();
    await expect.poll(() => asked('settings.set')).toEqual([{ journalBodies: 'off' }]);
  });

  it('tells where packages lie and what room there is', async () => {
    await open();
    await page.getByText('/home/meera/.local/share/pc-agent/content').waitFor();
    await page.getByText('14 packages, 812 MB').waitFor();
    expect(await page.getByRole('link', { name: 'Where settings and journal lie' }).getAttribute('href')).toBe(
      '#/help/places',
    );
  });

  it('starts a demo phone and stops it, and says so', async () => {
    await open();
    await button('Start demo phone').click();
    await expect.poll(() => asked('virtual.start')).toEqual([{}]);
    host.change({ kind: 'handset', handset: demoPhone() });
    await button('Stop Demo phone').click();
    await expect.poll(() => asked('virtual.stop')).toEqual([{ device: 'IMEI:004999010640000' }]);
    host.change({ kind: 'handset-gone', device: 'IMEI:004999010640000' });
    await page.getByText('No demo phone runs.').waitFor();
    expect(await page.locator('[data-announcer] p:last-child').textContent()).toBe('Demo phone was stopped.');
    expect(await focused(page)).toBe('Start demo phone');
  });

  it('offers no phone to be stopped that is real, away, or run by somebody else', async () => {
    const { faults: _faults, ...elsewhere } = demoPhone();
    await open({
      handsets: [
        elsewhere,
        { ...elsewhere, device: 'IMEI:356938035643809', virtual: false },
        demoPhone({ device: 'IMEI:004999010640018', presence: 'away' }),
      ],
    });
    await page.getByText('No demo phone runs.').waitFor();
    expect(await page.getByRole('button', { name: /^Stop/ }).count()).toBe(0);
  });

  it('says what it is, and that nothing is sent anywhere', async () => {
    await open();
    await page.getByText('nothing is sent anywhere unless you set a server').waitFor();
    await page.getByText('the licence texts come with the program').waitFor();
    await page.getByText('21 Nov 2026, 08:02').waitFor();
  });

  it('shows what it can when the host cannot say where things lie', async () => {
    const broken = () => {
      throw { code: 'store/unreadable', message: '<img src=x onerror="window.stolen=1">' };
    };
    await open({}, { 'host.storage': broken });
    const complaints = complaintsOf(page);
    await page.getByText('The database cannot be opened, or its disk failed.').waitFor();
    await page.getByText('<img src=x').waitFor();
    expect(await page.evaluate('window.stolen')).toBeUndefined();
    expect(complaints).toEqual([]);
  });

  it.each(usualOnes(pictures).map((picture) => [picture.name, picture] as const))(
    'axe finds nothing wrong: %s',
    async (_, picture) => {
      ({ host, page } = await openPicture(rig, picture));
      expect(await faultsInBothSchemes(page)).toEqual([]);
    },
  );
});
