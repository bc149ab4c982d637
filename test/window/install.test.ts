import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HostState } from '../../src-main/contract/host-state.ts';
import {
  aDemoPhone,
  aFailedTask,
  anItem,
  aPackage,
  aPlan,
  aResult,
  aSession,
  aTask,
  openInstall,
  openPlan,
} from './fixtures/handsets.ts';
import { type ScriptedHandlers, ScriptedHost } from './scripted-host.ts';
import { noBrowser, WindowRig } from './window-rig.ts';

const PHONE = aDemoPhone();
const { device } = PHONE;
const STATE: Partial<HostState> = {
  handsets: [PHONE],
  packages: [
    aPackage(),
    aPackage({ id: 'com.example.notes', name: 'Notes', trust: 'unverified' }),
    aPackage({ id: 'com.example.other', name: 'Radio', model: 'N7 Plus' }),
    aPackage({ id: 'com.example.bad', name: 'Calendar', quarantined: 'digest differs' }),
  ],
};
const FOREVER = () => new Promise<never>(() => undefined);

describe.skipIf(noBrowser)('installing', () => {
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
    handlers: ScriptedHandlers,
    state: Partial<HostState> = STATE,
  ): Promise<{ readonly host: ScriptedHost; readonly page: Page }> {
    const host = await ScriptedHost.open(rig.folder, state, handlers);
    opened.push(host);
    const page = await rig.page(host.address());
    opened.push({ close: () => page.context().close() });
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    return { host, page };
  }

  const asked = (host: ScriptedHost, name: string) => host.requests.filter((each) => each.name === name);
  const consent = (page: Page) => page.getByRole('dialog').getByRole('button', { name: 'Install on Demo phone' });

  it('changes nothing before the consent, and then goes on without the dialog', async () => {
    const { host, page } = await start({ 'install.plan': () => aPlan(PHONE), install: FOREVER });
    await openPlan(page, 'Demo Maps');
    await page.getByText('1.0 → 1.1').waitFor();
    await page.getByText('2 MB · about 40 s').waitFor();
    await page.getByText('While it installs: not safe.').waitFor();
    expect(asked(host, 'install')).toEqual([]);
    await consent(page).click();
    await expect.poll(() => asked(host, 'install')).toHaveLength(1);
    expect(asked(host, 'install')[0]?.params).toEqual({
      ...{ handset: device, device, packages: ['com.example.maps.demo'] },
      reconnect: 600,
    });
    host.change({ kind: 'task', task: aTask(PHONE) }, { ...STATE, tasks: [aTask(PHONE)] });
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    host.change({ kind: 'session', session: aSession(PHONE) }, { sessions: [aSession(PHONE)] });
    await page.getByText('Sending the package', { exact: true }).waitFor();
    await expect.poll(() => page.locator('article:focus, article :focus').count()).toBe(1);
    await page.reload();
    await page.getByText('Sending the package', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Cancel the work' }).waitFor();
  });

  it('is walked through by keyboard alone', async () => {
    const { host, page } = await start({ 'install.plan': () => aPlan(PHONE), install: FOREVER });
    await page.getByRole('button', { name: 'Install…' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('input[type="search"]:focus').waitFor();
    await page.keyboard.type('maps');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.getByText('1 package, 2 MB').waitFor();
    await page.keyboard.press('Enter');
    await consent(page).waitFor();
    await consent(page).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => asked(host, 'install')).toHaveLength(1);
  });

  it('wants a tick for what nobody vouches for', async () => {
    const items = [anItem({ package: 'com.example.notes', name: 'Notes', action: 'install', trust: 'unverified' })];
    const { host, page } = await start({ 'install.plan': () => aPlan(PHONE, { items }), install: FOREVER });
    await openPlan(page, 'Notes');
    await expect.poll(() => consent(page).isDisabled()).toBe(true);
    await page.getByRole('checkbox', { name: 'Nobody vouches for 1 of these packages' }).check();
    await consent(page).click();
    await expect.poll(() => asked(host, 'install')[0]?.params).toMatchObject({ allowUnverified: true });
  });

  it('cannot choose what was taken out of use, and leaves what is refused out of the work', async () => {
    const refused = {
      package: 'com.example.other',
      name: 'Radio',
      action: 'refuse',
      code: 'offline/wrong-model',
    } as const;
    const { host, page } = await start({
      'install.plan': () => aPlan(PHONE, { items: [anItem(), anItem(refused)] }),
      install: FOREVER,
    });
    await openInstall(page);
    expect(await page.getByRole('checkbox', { name: 'Calendar' }).isDisabled()).toBe(true);
    await page.getByRole('checkbox', { name: 'Demo Maps' }).check();
    await page.getByRole('checkbox', { name: 'Radio' }).check();
    await page.getByRole('button', { name: 'Make the plan' }).click();
    await page.getByText('The package is for another model.').waitFor();
    await consent(page).click();
    await expect.poll(() => asked(host, 'install')[0]?.params).toMatchObject({ packages: ['com.example.maps.demo'] });
  });

  it('ends well when there is nothing to do', async () => {
    const items = [anItem({ action: 'skip', installedVersion: '1.1', code: 'offline/nothing-to-do' })];
    const { page } = await start({ 'install.plan': () => aPlan(PHONE, { items, bytes: 0 }) });
    await openPlan(page, 'Demo Maps');
    await page.getByRole('heading', { name: 'Nothing to do: Demo phone has it already' }).waitFor();
    expect(await consent(page).count()).toBe(0);
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('gives the planning up when it is cancelled, and plans anew when it is wanted again', async () => {
    const stopped: boolean[] = [];
    const { host, page } = await start({
      'install.plan': (_params, { signal }) => {
        signal.addEventListener('abort', () => stopped.push(true));
        return FOREVER();
      },
    });
    await openPlan(page, 'Demo Maps');
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => stopped).toEqual([true]);
    await page.getByRole('button', { name: 'Make the plan' }).click();
    await expect.poll(() => asked(host, 'install.plan')).toHaveLength(2);
  });

  it('says why there is no plan, and tries again', async () => {
    let tries = 0;
    const { page } = await start({
      'install.plan': () => {
        tries += 1;
        if (tries === 1) throw { code: 'bearer/busy', message: 'the port is taken' };
        return aPlan(PHONE);
      },
    });
    await openPlan(page, 'Demo Maps');
    await page.getByText('bearer/busy').waitFor();
    await page.getByRole('button', { name: 'Make the plan again' }).click();
    await consent(page).waitFor();
  });

  it('says in the dialog why the host did not begin', async () => {
    const { page } = await start({
      'install.plan': () => aPlan(PHONE),
      install: () => {
        throw { code: 'host/too-many-requests', message: 'too many' };
      },
    });
    await openPlan(page, 'Demo Maps');
    await consent(page).click();
    await page.getByRole('dialog').getByText('host/too-many-requests').waitFor();
  });

  it('plans only what failed when it is tried again', async () => {
    const jobs = [
      { state: 'done' as const, package: 'com.example.maps.demo' },
      { state: 'failed' as const, package: 'com.example.notes', code: 'scomo/storage-full' },
    ];
    const failed = aFailedTask(PHONE);
    const task = {
      ...failed,
      packages: ['com.example.maps.demo', 'com.example.notes'],
      end: { at: failed.startedAt, ok: false, result: aResult(PHONE, { jobs }) },
    };
    const { host, page } = await start({ 'install.plan': FOREVER }, { ...STATE, tasks: [task] });
    await page.getByText('There is not enough room on the handset.').waitFor();
    await page.getByText('Finished before that: Demo Maps 1.1.').waitFor();
    await page.getByRole('button', { name: 'Retry this package' }).click();
    await expect.poll(() => asked(host, 'install.plan')[0]?.params).toMatchObject({ packages: ['com.example.notes'] });
  });
});
