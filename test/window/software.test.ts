import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HostState } from '../../src-main/contract/host-state.ts';
import { usualOnes } from './fixtures/all-pictures.ts';
import { aFailedTask, aResult, aSession, aTask } from './fixtures/handsets.ts';
import { COMPONENTS, HANDLERS, PHONE, pictures, place, RESTARTING, STATE } from './fixtures/software.ts';
import { faultsInBothSchemes, focused, openPicture, tooWide } from './page-checks.ts';
import { type ScriptedHandlers, ScriptedHost } from './scripted-host.ts';
import { noBrowser, WindowRig } from './window-rig.ts';

const NOW = '2026-11-21T10:00:00Z';
const { device } = PHONE;
const FOREVER = () => new Promise<never>(() => undefined);

describe.skipIf(noBrowser)("the page of a handset's software", () => {
  let rig: WindowRig;
  const opened: { close: () => Promise<void> }[] = [];
  const problems: string[] = [];
  beforeAll(async () => {
    rig = await WindowRig.open();
  });
  afterAll(() => rig?.close());
  afterEach(async () => {
    for (const each of opened.splice(0).reverse()) await each.close();
    expect(problems.splice(0)).toEqual([]);
  });

  async function start(
    more: ScriptedHandlers = {},
    state: Partial<HostState> = STATE,
    locale = 'en-GB',
  ): Promise<{ readonly host: ScriptedHost; readonly page: Page }> {
    const host = await ScriptedHost.open(rig.folder, state, { ...HANDLERS, ...more });
    opened.push(host);
    const page = await rig.page(host.address(place), { locale }, NOW);
    opened.push({ close: () => page.context().close() });
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    await page.getByRole('heading', { level: 1 }).waitFor();
    return { host, page };
  }

  const asked = (host: ScriptedHost, name: string) =>
    host.requests.filter((each) => each.name === name).map(({ params }) => params);
  const row = (page: Page, name: string | RegExp) => page.getByRole('row', { name });
  const dialog = (page: Page) => page.getByRole('dialog');

  it('has nothing that axe finds wrong, and is never too wide, in each of its states', async () => {
    const found: string[] = [];
    for (const picture of usualOnes(pictures)) {
      const { host, page } = await openPicture(rig, picture);
      found.push(...(await faultsInBothSchemes(page)).map((fault) => `${picture.name} ${fault}`));
      await page.setViewportSize({ width: 900, height: 600 });
      found.push(...(await tooWide(page)).map((box) => `${picture.name} ${box}`));
      await page.context().close();
      await host.close();
    }
    expect(found).toEqual([]);
  });

  it('reads the handset when nothing is known of it, and says when that was and what is newer', async () => {
    const { host, page } = await start({}, { ...STATE, tasks: [] });
    await expect.poll(() => asked(host, 'inventory')).toEqual([{ handset: device, device }]);
    const result = aResult(PHONE, { operation: 'inventory', jobs: [], components: [...COMPONENTS] });
    const read = aTask(PHONE, { name: 'inventory', end: { at: '2026-11-21T09:59:30.000Z', ok: true, result } });
    host.change({ kind: 'task', task: read });
    await page.getByText('5 components · read 21 Nov 2026, 09:59').waitFor();
    await row(page, /Demo Maps.*1\.1 is here.*Inactive/).waitFor();
    await row(page, /Mail.*from package com\.example\.office.*4\.0 is here.*Active.*Deactivating failed/).waitFor();
    await page.getByRole('button', { name: 'Check again' }).click();
    await expect.poll(() => asked(host, 'inventory')).toHaveLength(2);
  });

  it('activates and deactivates at once, and takes a component off only after consent', async () => {
    const answers = { activate: FOREVER, remove: FOREVER, archive: FOREVER };
    const { host, page } = await start(answers);
    await page.getByRole('button', { name: 'Activate Notes' }).click();
    const component = 'com.example.notes';
    const order = { handset: device, device, component, reconnect: 600 };
    await expect.poll(() => asked(host, 'activate')).toEqual([order]);
    await page.getByRole('button', { name: 'Remove Notes' }).click();
    await expect.poll(() => focused(page)).toBe('Cancel');
    await dialog(page).getByText('Notes is taken off the phone, with its settings.').waitFor();
    await page.keyboard.press('Escape');
    expect(asked(host, 'remove')).toEqual([]);
    await expect.poll(() => focused(page)).toBe('Remove Notes');
    await page.keyboard.press('Enter');
    await dialog(page).getByRole('button', { name: 'Remove Notes' }).click();
    await expect.poll(() => asked(host, 'remove')).toEqual([order]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Archive Notes' }).click();
    await dialog(page).getByRole('textbox', { name: 'Note' }).fill(' blue skin ');
    await dialog(page).getByRole('button', { name: 'Archive Notes' }).click();
    await expect.poll(() => asked(host, 'archive')).toEqual([{ ...order, note: 'blue skin' }]);
  });

  it('updates what the plan shows, with what a bundle needs, and can leave what it installs inactive', async () => {
    const { host, page } = await start({ update: FOREVER, install: FOREVER });
    await page.getByRole('button', { name: 'Update all 2 packages…' }).click();
    await dialog(page).getByText('Holds Mail 4.0 and Calendar 4.0.').waitFor();
    await dialog(page).getByText('Needs com.example.runtime 2.0 or newer: it is not on the phone').waitFor();
    await dialog(page).getByText('Needs com.example.clock: it is on the phone.').waitFor();
    await dialog(page).getByRole('button', { name: 'Update on Demo phone' }).click();
    const packages = ['com.example.maps.demo', 'com.example.office'];
    await expect.poll(() => asked(host, 'update')).toEqual([{ handset: device, device, packages, reconnect: 600 }]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Install…' }).click();
    await page.getByRole('checkbox', { name: 'Office' }).check();
    await page.getByRole('button', { name: 'Make the plan' }).click();
    await page.getByRole('checkbox', { name: 'Leave inactive' }).check();
    await dialog(page).getByRole('button', { name: 'Install on Demo phone' }).click();
    await expect
      .poll(() => asked(host, 'install'))
      .toEqual([{ handset: device, device, packages: ['com.example.office'], inactive: true, reconnect: 600 }]);
  });

  it('warns before firmware, asks for the battery, and calls a restart waiting and no failure', async () => {
    const { host, page } = await start({ firmware: FOREVER });
    await page.getByRole('button', { name: 'Update firmware…' }).click();
    await dialog(page).getByText('not even for emergency calls').waitFor();
    await dialog(page).getByText('Do not unplug it').waitFor();
    await dialog(page).getByText('24 MB to send, about 40 s.').waitFor();
    const begin = dialog(page).getByRole('button', { name: 'Update Demo phone' });
    expect(await begin.isDisabled()).toBe(true);
    await dialog(page).getByRole('radio', { name: /6\.0/ }).check();
    await dialog(page)
      .getByRole('checkbox', { name: /battery/ })
      .check();
    expect(await begin.isDisabled()).toBe(true);
    await dialog(page)
      .getByRole('checkbox', { name: /Nobody vouches/ })
      .check();
    await begin.click();
    const order = { handset: device, device, package: 'firmware-6.0', allowUnverified: true, reconnect: 600 };
    await expect.poll(() => asked(host, 'firmware')).toEqual([order]);
    const running = aTask(PHONE, { id: 'firmware', name: 'firmware', packages: ['firmware-5.22'] });
    host.change({ kind: 'task', task: running });
    await dialog(page).waitFor({ state: 'detached' });
    host.change({ kind: 'session', session: aSession(PHONE, { phase: 'installing', unplug: 'unsafe' }) });
    await page.getByText('Not safe to unplug', { exact: true }).waitFor();
    const over = { endedAt: '2026-11-21T09:59:00.000Z', state: 'done', phase: 'over' } as const;
    host.change({ kind: 'session', session: aSession(PHONE, over) });
    const lost = { since: '2026-11-21T09:59:00.000Z', until: '2026-11-21T10:09:00.000Z', code: 'bearer/lost' };
    host.change({ kind: 'task', task: { ...running, interrupted: lost } });
    await page.locator('main').getByText('If the phone restarts, that is part of the update').waitFor();
    host.change({ kind: 'task', task: RESTARTING });
    await page.locator('main').getByText('The phone is updating itself and restarts.').waitFor();
    expect(await page.locator('.notice[data-tone="failed"]').count()).toBe(0);
    const result = aResult(PHONE, { operation: 'firmware', jobs: [{ state: 'done', package: 'firmware-5.22' }] });
    host.change({ kind: 'task', task: { ...RESTARTING, end: { at: '2026-11-21T09:59:50.000Z', ok: true, result } } });
    await page.locator('main').getByText('Updated the firmware: Firmware 5.22.').waitFor();
  });

  it('shows what changed, and that nothing did when a whole installation was taken back', async () => {
    for (const [name, texts] of [
      ['software-changed', ['Runtime 2.0 is new, active', 'Demo Maps: version 1.0 → 1.1', 'state inactive → active']],
      ['software-as-it-was', ['Nothing changed: everything is as it was.', 'Retry this package']],
    ] as const) {
      const picture = pictures.find((each) => each.name === name);
      if (picture === undefined) throw new Error(`there is no picture ${name}`);
      const { host, page } = await openPicture(rig, picture);
      opened.push(host, { close: () => page.context().close() });
      for (const text of texts) await page.getByText(text).waitFor();
    }
  });

  it('keeps, compares and puts back a snapshot, restores and deletes what is archived', async () => {
    const snapshot = { id: 's', name: 'Today', device, virtual: false, takenAt: NOW, components: [] };
    const { host, page } = await start({
      'snapshots.take': () => ({ snapshot }),
      'snapshots.restore': FOREVER,
      restore: FOREVER,
      'archives.remove': () => ({ removed: 'archive-2' }),
    });
    await page.getByText('No usable package is kept for: Radio 1.1').waitFor();
    await page.getByRole('textbox', { name: 'Name of a new snapshot' }).fill(' Today ');
    await page.keyboard.press('Enter');
    await expect.poll(() => asked(host, 'snapshots.take')).toEqual([{ handset: device, device, name: 'Today' }]);
    await expect.poll(() => asked(host, 'snapshots.list')).toHaveLength(2);
    await page.getByRole('button', { name: 'Compare with Spring build' }).click();
    await dialog(page).getByRole('region', { name: 'Missing on the phone (1)' }).getByText('Radio').waitFor();
    await dialog(page).getByRole('region', { name: 'Another version or state (2)' }).getByText('1.0 → 1.1').waitFor();
    await dialog(page).getByRole('region', { name: 'Not in the snapshot (2)' }).getByText('Mail').waitFor();
    await dialog(page).getByRole('button', { name: 'Put back…' }).click();
    await dialog(page).getByText('These cannot be put back until you add their packages anew.').waitFor();
    await dialog(page).getByRole('checkbox', { name: 'Remove the 2 components' }).check();
    await dialog(page).getByRole('button', { name: 'Put back on Demo phone and remove the rest' }).click();
    const order = { handset: device, device, reconnect: 600 };
    await expect
      .poll(() => asked(host, 'snapshots.restore'))
      .toEqual([{ ...order, snapshot: 'snapshot-1', removeExtra: true, partial: true }]);
    await page.keyboard.press('Escape');
    expect(await page.getByRole('button', { name: 'Restore com.example.radio' }).getAttribute('aria-disabled')).toBe(
      'true',
    );
    await page.getByRole('button', { name: 'Restore Sea Battle' }).click();
    await dialog(page).getByRole('button', { name: 'Restore Sea Battle 2.0' }).click();
    await expect.poll(() => asked(host, 'restore')).toEqual([{ ...order, archive: 'archive-1' }]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Delete com.example.radio from the archive' }).click();
    await dialog(page).getByRole('button', { name: 'Delete from the archive' }).click();
    await expect.poll(() => asked(host, 'archives.remove')).toEqual([{ archive: 'archive-2' }]);
    await dialog(page).waitFor({ state: 'detached' });
  });

  it('is walked through by keyboard, keeps the focus, and has no English in German', async () => {
    const { host, page } = await start();
    await page.getByRole('link', { name: 'Handsets' }).last().focus();
    const names: string[] = [];
    for (let step = 0; step < 7; step += 1) {
      await page.keyboard.press('Tab');
      names.push(await focused(page));
    }
    expect(names).toEqual([
      ...['Update firmware…', 'Install…', 'Check again', 'Update all 2 packages…'],
      ...['Deactivate Clock', 'Archive Clock', 'Remove Clock'],
    ]);
    host.change({ kind: 'task', task: aFailedTask(PHONE) });
    await page.locator('main').getByText('Demo phone: The link to the handset broke.').waitFor();
    expect(await focused(page)).toBe('Remove Clock');
    const german = await start({}, STATE, 'de-DE');
    await german.page.getByText('Komponenten', { exact: true }).first().waitFor();
    const text = await german.page.locator('main').innerText();
    expect(text).not.toMatch(/\b(the|Install…|Update|Active|Restore|Compare|package|read)\b/);
  });
});
