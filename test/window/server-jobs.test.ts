import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HostState } from '../../src-main/contract/host-state.ts';
import type { DmsJobView } from '../../src-main/contract/software-views.ts';
import { usualOnes } from './fixtures/all-pictures.ts';
import { aDemoPhone, aHandset } from './fixtures/handsets.ts';
import { FAULTS, JOBS, KINDS, pictures, serving } from './fixtures/server-jobs.ts';
import { HOSTILE_NAME, profile, profiles } from './fixtures/servers.ts';
import { complaintsOf, faultsInBothSchemes, focused, openPicture } from './page-checks.ts';
import { type ScriptedHandlers, ScriptedHost } from './scripted-host.ts';
import { noBrowser, WindowRig } from './window-rig.ts';

describe.skipIf(noBrowser)('jobs of DM servers, and faults of virtual handsets', () => {
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

  async function open(place: string, state: Partial<HostState>, handlers: ScriptedHandlers): Promise<void> {
    host = await ScriptedHost.open(rig.folder, state, handlers);
    page = await rig.page(host.address(place));
    await page.locator('main h1').waitFor();
  }
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const spoken = () => page.locator('[data-announcer] p:last-child');
  const asked = (name: string) => host.requests.filter((request) => request.name === name).map(({ params }) => params);
  const row = (id: string) => page.locator(`[data-job="${id}"]`);
  const phone = aDemoPhone(0, { faults: [] });
  const RESULT = { operation: 'sync', handset: '', virtual: true, sessions: ['1A2B'], jobs: [] } as const;

  it('shows a job as it comes, goes on and ends, says its end, and carries it when the phone is attached', async () => {
    let tell: (job: DmsJobView) => void = () => undefined;
    const handlers: ScriptedHandlers = {
      'dms.jobs': () => ({ jobs: JOBS.slice(1) }),
      'dms.watch': (_params, { part }) => {
        tell = part;
        return new Promise(() => undefined);
      },
      sync: () => ({ ...RESULT, sessions: [...RESULT.sessions], jobs: [] }),
    };
    await open('/servers', { profiles: profiles(), handsets: [phone] }, handlers);
    await page.getByRole('link', { name: 'Jobs of Head office' }).click();
    await row('job-4').getByText('40 %').waitFor();
    expect(await row('job-5').innerText()).toContain('Waits for approval');
    expect(await row('job-2').innerText()).toContain('Removal failed (1408)');
    expect(await row('job-5').getByRole('button').count()).toBe(0);
    await expect.poll(() => asked('dms.watch')).toEqual([{ dms: 'profile-1' }]);
    tell({ id: 'job-8', operation: 'inventory', device: phone.device, state: 'queued' });
    await row('job-8').waitFor();
    expect(await page.locator('tbody tr').first().getAttribute('data-job')).toBe('job-8');
    await button('Carry now: Read the inventory, Demo phone').click();
    await expect.poll(() => asked('sync')).toEqual([{ handset: phone.device, device: phone.device, dms: 'profile-1' }]);
    await expect.poll(() => spoken().textContent()).toBe('The sessions with Demo phone are over.');
    tell({ id: 'job-8', operation: 'inventory', device: phone.device, state: 'running' });
    await row('job-8').getByText('At work').waitFor();
    expect(await page.evaluate('document.activeElement.dataset.job')).toBe('job-8');
    tell({ id: 'job-8', operation: 'inventory', device: phone.device, state: 'done' });
    await expect.poll(() => spoken().textContent()).toBe('Read the inventory, Demo phone: Done');
    await page.getByLabel('Phone', { exact: true }).selectOption({ label: 'Demo phone' });
    expect(await page.locator('tbody tr').count()).toBe(JOBS.filter(({ device }) => device === phone.device).length);
  });

  it('says why it hears nothing more, keeps what it knows, and asks again', async () => {
    const failing: { broken: boolean } = { broken: true };
    const handlers: ScriptedHandlers = {
      ...serving(JOBS),
      'dms.watch': () => {
        if (!failing.broken) return new Promise(() => undefined);
        throw { code: 'dms/timeout', message: 'https://dm.example.com sent nothing more within 90 s' };
      },
    };
    await open('/servers/profile-1/jobs', { profiles: profiles() }, handlers);
    await page.getByText('dms/timeout').waitFor();
    expect(await page.locator('tbody tr').count()).toBe(JOBS.length);
    failing.broken = false;
    await button('Ask again').click();
    await page.getByText('Changes are shown as they happen.').waitFor();
    expect(await page.getByText('dms/timeout').count()).toBe(0);
  });

  it('says on the card what waits where, asks each server once for all cards, and none while offline', async () => {
    const handsets = [phone, aHandset(), aDemoPhone(1)];
    const handlers: ScriptedHandlers = {
      'dms.jobs': ({ dms }) => ({ jobs: dms === 'profile-1' ? [...JOBS] : [] }),
      sync: () => ({ ...RESULT, sessions: [...RESULT.sessions], jobs: [] }),
    };
    await open('/handsets', { profiles: profiles(), handsets }, handlers);
    const card = page.locator(`[data-device="${phone.device}"]`);
    const link = card.getByRole('link', { name: '2 jobs wait at Head office' });
    await link.waitFor();
    // One for the model of the real phone; what waits for approval is not counted.
    await page.getByRole('link', { name: '1 job waits at Head office' }).waitFor();
    expect(asked('dms.jobs')).toHaveLength(profiles().length);
    await card.getByRole('button', { name: 'Sync with Head office' }).click();
    await expect.poll(() => asked('sync')).toHaveLength(1);
    host.change({ kind: 'offline', offline: true });
    await link.waitFor({ state: 'detached' });
    expect(await button('Sync with Head office').count()).toBe(0);
  });

  it('switches faults of a virtual handset by keyboard, with their values, and clears them', async () => {
    const handlers: ScriptedHandlers = {
      'virtual.catalogue': () => ({ faults: [...FAULTS], profiles: [...KINDS] }),
      'virtual.faults': ({ device, faults }) => ({ device, faults }),
    };
    await open('/handsets', { handsets: [aDemoPhone(0, { faults: ['user-refuses'] }), aDemoPhone(1)] }, handlers);
    // One that another program runs cannot be told.
    await expect.poll(() => page.locator('.faults-button').count()).toBe(1);
    await button('Faults of Demo phone: 1 fault set').focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await expect.poll(() => page.evaluate('document.activeElement.type')).toBe('search');
    await page.keyboard.type('cable byte');
    await expect.poll(() => dialog.getByRole('switch').count()).toBe(1);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.type('sent:5000');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    expect(asked('virtual.faults')).toEqual([
      { device: phone.device, faults: ['user-refuses', 'cable-at-byte=sent:5000'] },
    ]);
    expect(await spoken().textContent()).toBe('Demo phone does 2 things wrong from now on.');
    await expect.poll(() => focused(page)).toBe('Faults of Demo phone: 1 fault set');
    host.change({ kind: 'handset', handset: aDemoPhone(0, { faults: ['user-refuses', 'cable-at-byte=sent:5000'] }) });
    await button('Faults of Demo phone: 2 faults set').click();
    await button('Clear all').click();
    await expect.poll(() => asked('virtual.faults').at(-1)).toEqual({ device: phone.device, faults: [] });
  });

  it('starts a virtual handset of a kind and a model, and keeps the form when the host refuses', async () => {
    let refuse = true;
    const handlers: ScriptedHandlers = {
      'virtual.catalogue': () => ({ faults: [], profiles: [...KINDS] }),
      'virtual.start': () => {
        if (!refuse) return { device: 'IMEI:004999010640000', address: 'tcp:127.0.0.1:40001' };
        throw { code: 'virtual/too-many', message: '8 virtual handsets run already' };
      },
    };
    await open('/settings', {}, handlers);
    await button('Choose its kind…').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('small-messages').check();
    await dialog.getByLabel('Model').fill('Till 3');
    await dialog.getByRole('button', { name: 'Start demo phone' }).click();
    await dialog.getByText('virtual/too-many').waitFor();
    refuse = false;
    await dialog.getByRole('button', { name: 'Start demo phone' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect(asked('virtual.start').at(-1)).toEqual({ profile: 'small-messages', model: 'Till 3' });
  });

  it('shows what a server says as text, whatever it holds', async () => {
    const hostile: DmsJobView = {
      ...{ id: HOSTILE_NAME, operation: HOSTILE_NAME, package: HOSTILE_NAME, device: HOSTILE_NAME },
      ...{ state: 'failed', resultCode: -1, message: HOSTILE_NAME },
    };
    await open('/servers/profile-1/jobs', { profiles: [profile({ name: HOSTILE_NAME })] }, serving([hostile]));
    const complaints = complaintsOf(page);
    await page.getByRole('heading', { name: `Jobs of ${HOSTILE_NAME}` }).waitFor();
    await page.getByRole('rowheader', { name: HOSTILE_NAME }).waitFor();
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
