import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HostState } from '../../src-main/contract/host-state.ts';
import { thoroughly } from '../support/thoroughly.ts';
import { usualOnes } from './fixtures/all-pictures.ts';
import {
  aDemoPhone,
  aDoneTask,
  aFailedTask,
  aHandset,
  aPackage,
  aResult,
  aSession,
  aTask,
  pictures,
} from './fixtures/handsets.ts';
import { faultsInBothSchemes } from './page-checks.ts';
import { type ScriptedHandlers, ScriptedHost } from './scripted-host.ts';
import { noBrowser, WindowRig } from './window-rig.ts';

/** Name of what has the focus: its label, a button's text, else its kind. */
const FOCUSED = `(({ ariaLabel, localName, textContent }) =>
  ariaLabel ?? (localName === 'button' ? textContent : localName))(document.activeElement)`;
const NOW = '2026-11-21T10:00:00Z';
const PHONE = aDemoPhone();
const REAL = aHandset({ alias: 'Counter 3' });

describe.skipIf(noBrowser)('the handsets', () => {
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
    state: Partial<HostState> = {},
    handlers: ScriptedHandlers = {},
    scheme: 'light' | 'dark' = 'light',
  ): Promise<{ readonly host: ScriptedHost; readonly page: Page }> {
    const host = await ScriptedHost.open(rig.folder, state, handlers);
    opened.push(host);
    const page = await rig.page(host.address(), { colorScheme: scheme }, NOW);
    opened.push({ close: () => page.context().close() });
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('ERR_')) problems.push(message.text());
    });
    await page.getByRole('heading', { level: 1 }).waitFor();
    return { host, page };
  }

  const card = (page: Page, name: string) => page.getByRole('article', { name, exact: true });

  for (const picture of usualOnes(pictures).filter(({ name }) => name !== 'handsets-full')) {
    it(`has nothing that axe finds wrong: ${picture.name}`, async () => {
      const { host, page } = await start(picture.state, picture.handlers);
      await picture.prepare?.(page, host);
      expect(await faultsInBothSchemes(page)).toEqual([]);
    });
  }

  it('says what to plug in when there is nothing, and starts a demo phone', async () => {
    const { host, page } = await start({}, { 'virtual.start': () => ({ device: PHONE.device, address: 'tcp:a:1' }) });
    await expect.poll(() => page.getByRole('heading', { name: 'Plug in a phone' }).isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Try with a demo phone' }).click();
    await expect.poll(() => host.requests).toContainEqual({ name: 'virtual.start', params: {} });
    host.change({ kind: 'handset', handset: PHONE });
    await card(page, 'Demo phone').getByText('Virtual', { exact: true }).waitFor();
    expect(await page.getByRole('heading', { name: 'Plug in a phone' }).count()).toBe(0);
  });

  it('hides a real number until it is asked for, and shows every text as text', async () => {
    const hostile = '<img src=x onerror="document.title=1">';
    const { page } = await start({ handsets: [aHandset({ alias: hostile, model: hostile, manufacturer: hostile })] });
    const found = card(page, hostile);
    expect(await found.innerText()).not.toContain('IMEI:356938035643809');
    await found.getByRole('button', { name: 'Show the whole number' }).click();
    expect(await found.innerText()).toContain('IMEI:356938035643809');
    expect(await page.locator('article img').count()).toBe(0);
  });

  it('hides the number in the address of what could not be reached, written, copied and spoken', async () => {
    const address = 'usb:0421:0123:356938035643809';
    const { page } = await start(
      {},
      {
        inventory: ({ handset }) => {
          if (handset === address)
            throw { code: 'bearer/unavailable', message: `no such handset is there (${address})` };
          return aResult(REAL, { operation: 'inventory', jobs: [] });
        },
      },
    );
    await page.getByRole('button', { name: 'Add by address' }).click();
    const field = page.getByRole('textbox', { name: 'Address' });
    await field.fill(address);
    await page.keyboard.press('Enter');
    await page.getByText('no such handset is there (usb:0421:0123:35693803*******)').waitFor();
    await field.fill('serial:/dev/ttyACM0');
    await page.keyboard.press('Enter');
    await field.waitFor({ state: 'detached' });
    const spoken = page.locator('[data-announcer]');
    await spoken.getByText('IMEI:35693803*******').waitFor();
    expect(await page.locator('body').textContent()).not.toContain('356938035643809');
  });

  it('adds a handset by its address, and says in place why it could not', async () => {
    const answers: ScriptedHandlers = {
      inventory: ({ handset }) => {
        if (handset === 'tcp:127.0.0.1:1') throw { code: 'bearer/unavailable', message: 'refused' };
        return aResult(REAL, { operation: 'inventory', jobs: [] });
      },
    };
    const { host, page } = await start({}, answers);
    await page.getByRole('button', { name: 'Add by address' }).click();
    const field = page.getByRole('textbox', { name: 'Address' });
    await field.fill('nonsense');
    await page.keyboard.press('Enter');
    await page.getByText('bearer/address-invalid').waitFor();
    expect(host.requests).toEqual([]);
    await field.fill('tcp:127.0.0.1:1');
    await page.keyboard.press('Enter');
    await page.getByText('bearer/unavailable').waitFor();
    await field.fill('serial:/dev/ttyACM0');
    await page.keyboard.press('Enter');
    await field.waitFor({ state: 'detached' });
    expect(host.requests.map(({ params }) => params)).toEqual([
      { handset: 'tcp:127.0.0.1:1' },
      { handset: 'serial:/dev/ttyACM0' },
    ]);
  });

  it('shows phase, numbers, time and the word on the cable, as the host says them', async () => {
    const { host, page } = await start({ handsets: [PHONE], sessions: [aSession(PHONE)], tasks: [aTask(PHONE)] });
    const found = card(page, 'Demo phone');
    await found.getByText('820 kB of 2 MB · 40 % · 61 kB/s · 20 s left').waitFor();
    await found.getByText('Safe to unplug', { exact: true }).waitFor();
    host.change({ kind: 'session', session: aSession(PHONE, { phase: 'installing', unplug: 'unsafe' }) });
    await found.getByText('Not safe to unplug').waitFor();
    await found.getByText('no estimate yet').waitFor();
    await expect
      .poll(() => page.locator('[data-announcer] p:last-child').innerText())
      .toBe('Demo phone: Installing. Not safe to unplug.');
    const stalled = { since: '2026-11-21T09:59:30.000Z', waitingFor: 'handset' as const };
    host.change({ kind: 'session', session: aSession(PHONE, { stalled }) });
    await found.getByText('The handset has not answered for 30 s.').waitFor();
    await page.clock.setFixedTime('2026-11-21T10:00:05Z');
    await found.getByText('The handset has not answered for 35 s.').waitFor();
  });

  it('speaks once for a phase, not for every number', async () => {
    const { host, page } = await start({ handsets: [PHONE], sessions: [aSession(PHONE)] });
    await card(page, 'Demo phone').getByText('40 %').waitFor();
    await page.evaluate(`
      window.said = [];
      const region = document.querySelector('[data-announcer]');
      const write = () => window.said.push(region.lastElementChild.textContent);
      new MutationObserver(write).observe(region, { childList: true, characterData: true, subtree: true });
    `);
    for (const done of [900_000, 1_200_000, 1_800_000]) {
      host.change({ kind: 'session', session: aSession(PHONE, { transfer: { done, total: 2_000_000 } }) });
      await card(page, 'Demo phone')
        .getByText(`${done / 20_000} %`)
        .waitFor();
    }
    host.change({ kind: 'session', session: aSession(PHONE, { phase: 'installing', unplug: 'unsafe' }) });
    await card(page, 'Demo phone').getByText('Installing').waitFor();
    expect(await page.evaluate('window.said')).toEqual(['Demo phone: Installing. Not safe to unplug.']);
  });

  it('says of a phone that only calls by itself when it did, and offers nothing that would have to reach it', async () => {
    const { address: _address, ...caller } = aHandset({ presence: 'unknown', bearers: [] });
    const elsewhere = aDemoPhone(1);
    const { page } = await start({ handsets: [caller, elsewhere] });
    await card(page, 'Norva N7 Plus').getByText('Calls by itself, last at 21').waitFor();
    expect(await card(page, 'Norva N7 Plus').getByText('Install…').count()).toBe(0);
    // Only a virtual one that this host runs can be stopped by it.
    await card(page, 'Demo phone 2').getByText('Install…').waitFor();
    expect(await page.getByRole('button', { name: 'Stop the demo phone' }).count()).toBe(0);
  });

  it('draws only the card whose session differs', async () => {
    const [one, other] = [aDemoPhone(0), aDemoPhone(1)];
    const { host, page } = await start({ handsets: [one, other], sessions: [aSession(one), aSession(other)] });
    await card(page, 'Demo phone 2').getByText('40 %').waitFor();
    await page.evaluate(`
      window.touched = new Set();
      const write = (records) => {
        for (const { target } of records) {
          const element = target instanceof Element ? target : target.parentElement;
          window.touched.add(element?.closest('[data-device]')?.dataset.device ?? 'outside');
        }
      };
      const all = { subtree: true, childList: true, attributes: true, characterData: true };
      new MutationObserver(write).observe(document.body, all);
    `);
    host.change({ kind: 'session', session: aSession(one, { transfer: { done: 1_000_000, total: 2_000_000 } }) });
    await card(page, 'Demo phone').getByText('50 %').waitFor();
    expect(await page.evaluate('[...window.touched]')).toEqual([one.device]);
  });

  it('says in a sentence what the work came to, and what several did', async () => {
    const [one, other] = [aDemoPhone(0), aDemoPhone(1)];
    const { host, page } = await start(
      { handsets: [one, other], packages: [aPackage()], tasks: [aTask(one), aFailedTask(other)] },
      { 'tasks.dismiss': () => ({}) },
    );
    await page.getByText('1 working, 1 needs you').waitFor();
    host.change({ kind: 'task', task: aDoneTask(one) });
    await card(page, 'Demo phone').getByText('Installed Demo Maps 1.1.').waitFor();
    await expect
      .poll(() => page.locator('[data-announcer] p:last-child').innerText())
      .toBe('Demo phone: Installed Demo Maps 1.1.');
    await page.getByText('1 done, 1 needs you').waitFor();
    const failed = card(page, 'Demo phone 2');
    await failed.getByText('Demo phone 2: The link to the handset broke.').waitFor();
    await failed.getByRole('button', { name: 'Dismiss' }).click();
    await expect.poll(() => host.requests).toContainEqual({ name: 'tasks.dismiss', params: { task: aTask(other).id } });
  });

  it('cancels the work and links to its session while it goes on', async () => {
    const { host, page } = await start(
      { handsets: [PHONE], sessions: [aSession(PHONE)], tasks: [aTask(PHONE)] },
      { 'tasks.cancel': () => ({}) },
    );
    const found = card(page, 'Demo phone');
    const link = found.getByRole('link', { name: 'Open session' });
    expect(await link.getAttribute('href')).toBe(`#/sessions/${aSession(PHONE).key}`);
    await found.getByRole('button', { name: 'Cancel the work' }).click();
    await expect.poll(() => host.requests).toContainEqual({ name: 'tasks.cancel', params: { task: aTask(PHONE).id } });
  });

  it('renames in place, and Escape leaves the name as it was', async () => {
    const { host, page } = await start({ handsets: [REAL] }, { 'handsets.rename': () => ({ handset: REAL }) });
    await page.getByRole('button', { name: 'Rename Counter 3' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Nobody');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('article:focus, article :focus').count()).toBe(1);
    expect(host.requests).toEqual([]);
    await page.getByRole('button', { name: 'Rename Counter 3' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill(' Counter 4 ');
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Name' }).waitFor({ state: 'detached' });
    const params = { device: REAL.device, alias: 'Counter 4' };
    expect(host.requests).toEqual([{ name: 'handsets.rename', params }]);
  });

  it('forgets only after a second word, and gives the focus back', async () => {
    const { host, page } = await start({ handsets: [REAL] }, { 'handsets.forget': () => ({ forgotten: REAL.device }) });
    const open = page.getByRole('button', { name: 'Forget Counter 3' });
    await open.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => page.locator(':focus').getAttribute('aria-label')).toBe('Forget Counter 3');
    expect(host.requests).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Forget Counter 3' }).click();
    await expect.poll(() => host.requests).toEqual([{ name: 'handsets.forget', params: { device: REAL.device } }]);
  });

  it('keeps the focus when a card goes to another section and when its buttons change', async () => {
    const other = aDemoPhone(1);
    const { host, page } = await start({ handsets: [PHONE, other] });
    await card(page, 'Demo phone').getByRole('button', { name: 'Forget Demo phone' }).focus();
    host.change({ kind: 'handset', handset: { ...PHONE, presence: 'away' } });
    await page.getByRole('heading', { name: 'Not here now (1)' }).waitFor();
    const focus = () => page.evaluate(FOCUSED);
    await expect.poll(focus).toBe('Forget Demo phone');
    host.change({ kind: 'session', session: aSession(PHONE) });
    await card(page, 'Demo phone').getByText('Sending the package').waitFor();
    await expect.poll(focus).toBe('article');
  });

  it('is walked through by keyboard in the order in which it is read', async () => {
    const { page } = await start({ handsets: [{ ...PHONE, faults: [] }] });
    await page.getByRole('button', { name: 'Faults' }).waitFor();
    await page.getByRole('button', { name: 'Add by address' }).focus();
    const names: string[] = [];
    for (let step = 0; step < 7; step += 1) {
      await page.keyboard.press('Tab');
      names.push(String(await page.evaluate(FOCUSED)));
    }
    expect(names).toEqual([
      'Start a demo phone',
      'Rename Demo phone',
      'Faults of Demo phone',
      'Install…',
      'a',
      'Stop the demo phone',
      'Forget Demo phone',
    ]);
  });

  thoroughly('shows 50 busy handsets whose numbers change all the time, and makes no card anew for it', async () => {
    const phones = Array.from({ length: 50 }, (_, index) => aDemoPhone(index));
    const { host, page } = await start({
      handsets: phones,
      sessions: phones.map((each) => aSession(each)),
      tasks: phones.map((each) => aTask(each)),
    });
    await page.getByText('50 working').waitFor();
    // How long it takes is measured by `bench window`.
    await page.evaluate(`
      window.cards = [...document.querySelectorAll('article')];
      window.made = 0;
      const count = (list) => {
        for (const { addedNodes } of list) for (const node of addedNodes) if (node.nodeType === 1) window.made += 1;
      };
      window.watch = new MutationObserver(count);
    `);
    for (let turn = 1; turn <= 20; turn += 1) {
      for (const phone of phones) {
        const transfer = { done: turn * 100_000, total: 2_000_000, rate: 61_000, remaining: 20 - turn };
        host.change({ kind: 'session', session: aSession(phone, { transfer }) });
      }
      await page
        .getByText(`· ${turn * 5} %`)
        .nth(49)
        .waitFor();
      // The first numbers bring the bar that shows them.
      if (turn === 1) {
        await page.evaluate(`window.watch.observe(document.body, { childList: true, subtree: true })`);
      }
    }
    expect(await page.getByText('· 100 %').count()).toBe(50);
    const [same, made] = await page.evaluate<[boolean, number]>(`[
      window.cards.length === 50 && window.cards.every((card) => card.isConnected),
      window.made,
    ]`);
    expect({ same, made }).toEqual({ same: true, made: 0 });
  });
});
