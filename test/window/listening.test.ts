import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { HostState } from '../../src-main/contract/host-state.ts';
import type { CallerView } from '../../src-main/contract/listening.ts';
import { usualOnes } from './fixtures/all-pictures.ts';
import { aHandset } from './fixtures/handsets.ts';
import { ALL_OFF, aCaller, aKnownCaller, aListener, HANDLERS, pictures } from './fixtures/listening.ts';
import { profiles } from './fixtures/servers.ts';
import { faultsInBothSchemes, focused } from './page-checks.ts';
import type { ScriptedHandlers, ScriptedHost } from './scripted-host.ts';
import { scriptedPages } from './scripted-pages.ts';
import { noBrowser } from './window-rig.ts';

describe.skipIf(noBrowser)('phones that call by themselves', () => {
  const pages = scriptedPages();
  let host: ScriptedHost;
  let page: Page;

  const open = async (state: Partial<HostState> = {}, handlers: ScriptedHandlers = {}, place = '/listening') => {
    const all = { listeners: [...ALL_OFF], profiles: profiles(), ...state };
    ({ host, page } = await pages.open({ state: all, handlers: { ...HANDLERS, ...handlers }, place }));
  };
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const asked = (name: string) => host.requests.filter((each) => each.name === name).map(({ params }) => params);
  const spoken = async () => (await page.locator('[data-announcer] p').allTextContents()).join('\n');

  it('have four ways in, off at first: a switch asks where, opens one, and says where and what it has to do without', async () => {
    await open(
      {},
      {
        'listeners.set': ({ kind, on, address, dms }) => {
          const listener = aListener(kind, {
            ...(on ? { state: 'listening', address: 'tcp:0.0.0.0:10650', reason: 'listening/other-port' } : {}),
            ...(address === undefined ? {} : { wanted: address }),
            ...(dms === undefined ? {} : { dms }),
          });
          host.change({ kind: 'listener', listener });
          return { listener };
        },
      },
    );
    expect(await page.locator('.listener .badge').allInnerTexts()).toEqual(['Off', 'Off', 'Off', 'Off']);
    const tcp = page.locator('.listener[data-kind="tcp"]');
    const turn = page.getByRole('switch', { name: 'OBEX over TCP: let phones call' });
    await turn.press('Space');
    const dialog = page.getByRole('dialog', { name: 'Let phones call: OBEX over TCP' });
    await dialog.getByText('Every network of this computer').waitFor({ state: 'attached' });
    expect(asked('listeners.set')).toEqual([]);
    await dialog.getByRole('button', { name: 'Switch on' }).press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await tcp.getByText('Open', { exact: true }).waitFor();
    expect(asked('listeners.set')).toEqual([{ kind: 'tcp', on: true }]);
    expect(await tcp.locator('dd').first().locator('code').allInnerTexts()).toEqual([
      'tcp:192.168.1.20:10650',
      'tcp:192.168.42.1:10650',
    ]);
    await tcp.getByText('on every network of this computer').waitFor();
    await tcp.getByText('The usual port was not to be had').waitFor();
    await button('Change OBEX over TCP').press('Enter');
    await page.getByRole('textbox', { name: 'Port' }).fill('0');
    await page.keyboard.press('Enter');
    await page.getByText('A port is a number from 1 to 65535.').waitFor();
    await page.getByRole('textbox', { name: 'Port' }).fill('4650');
    await page.getByRole('combobox', { name: 'Interface' }).selectOption('eth0');
    await page.getByRole('combobox', { name: 'Sessions go to' }).selectOption({ label: 'Head office' });
    await button('Save').press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const chosen = { kind: 'tcp', on: true, address: 'eth0:4650', dms: 'profile-1' };
    expect(asked('listeners.set').at(-1)).toEqual(chosen);
    await tcp.getByText('Head office').waitFor();
    await page.getByRole('switch', { name: 'OBEX over TCP: let phones call' }).press('Space');
    await tcp.getByText('Off', { exact: true }).waitFor();
    // What was chosen is there still for the next time.
    await button('Choose how OBEX over TCP is opened').press('Enter');
    expect(await page.getByRole('textbox', { name: 'Port' }).inputValue()).toBe('4650');
  });

  it('reach the network link at one interface, chosen by the keyboard alone, after it was said what it means', async () => {
    let refuse = true;
    await open(
      {},
      {
        'listeners.set': ({ kind }) => {
          if (refuse)
            throw { code: 'listening/interface-absent', message: 'no interface of this computer is usb0 now' };
          const waiting = { state: 'waiting', wanted: 'usb0', reason: 'listening/interface-absent' } as const;
          host.change({ kind: 'listener', listener: aListener(kind, waiting) });
          return { listener: aListener(kind, waiting) };
        },
      },
    );
    const turn = page.getByRole('switch', { name: 'Network link: let phones call' });
    await turn.press('Space');
    const dialog = page.getByRole('dialog', { name: 'Let phones call: Network link' });
    await dialog.getByText('no other network of it is open').waitFor();
    expect(await turn.isChecked()).toBe(false);
    expect(await dialog.getByRole('radio').count()).toBe(3);
    expect(await dialog.getByText('Every network of this computer').count()).toBe(0);
    await dialog.getByRole('button', { name: 'Switch on' }).press('Enter');
    await dialog.getByText('Choose an interface.').waitFor();
    await expect.poll(() => page.locator('input[type=radio]:focus').count()).toBe(1);
    await page.keyboard.press('ArrowDown');
    await page.getByRole('radio', { name: 'usb0', checked: true }).waitFor();
    await page.keyboard.press('Enter');
    await dialog.getByText('no interface of this computer is usb0 now').waitFor();
    refuse = false;
    await dialog.getByRole('button', { name: 'Switch on' }).press('Enter');
    await dialog.waitFor({ state: 'detached' });
    expect(asked('listeners.set').at(-1)).toEqual({ kind: 'network', on: true, address: 'usb0' });
    await page.getByText('The interface that handsets are to call at is not there.').waitFor();
    await expect.poll(() => focused(page)).toBe('Network link: let phones call');
  });

  it('are seen and heard on every place until somebody answers, and are let in or sent away there', async () => {
    const caller = aCaller({ until: new Date(Date.now() + 100_000).toISOString() });
    const card = aHandset({ alias: 'Front desk' });
    await open(
      { handsets: [card] },
      {
        'callers.answer': ({ caller: id, answer }) => {
          const { until: _until, ...rest } = caller;
          const answered: CallerView = { ...rest, id, state: answer === 'accept' ? 'accepted' : 'refused' };
          host.change({ kind: 'caller', caller: answered }, { callers: [answered] });
          return { caller: answered };
        },
      },
      '/network',
    );
    host.change({ kind: 'caller', caller }, { callers: [caller] });
    await page.getByRole('heading', { name: 'Norva N5 calls over Bluetooth' }).waitFor();
    await page.getByRole('navigation').getByText('1 calling').waitFor();
    expect(await spoken()).toContain(
      'Norva N5 calls over Bluetooth, and you have not let it in yet. It waits 2 min more.',
    );
    expect(await page.locator('main').innerHTML()).not.toContain('356938035643809');
    // Who asks is named as it says itself; that its number is on a card, and what the answer means, is said beside it.
    const question = page.locator('.notice', { hasText: 'Norva N5 calls' });
    for (const part of ['Front desk', 'bluetooth:20:C9:D0:11:22:33', 'without asking again'])
      await question.getByText(part).waitFor();
    host.drop();
    await question.getByText('you can answer when it is back').waitFor();
    expect(await button('Let in Norva N5').isDisabled()).toBe(true);
    await expect.poll(() => button('Let in Norva N5').isEnabled()).toBe(true);
    await button('Let in Norva N5').press('Enter');
    await page.getByRole('heading', { name: 'Norva N5 calls over Bluetooth' }).waitFor({ state: 'detached' });
    expect(asked('callers.answer')).toEqual([{ caller: caller.id, answer: 'accept' }]);
    expect(await spoken()).toContain('Norva N5 is let in.');
    await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('main');
  });

  it('stay known with the answer that was given, which can be changed or forgotten, also among many', async () => {
    const many = Array.from({ length: 60 }, (_, index) => aKnownCaller(index));
    await open(
      { callers: many },
      {
        'callers.answer': ({ caller: id, answer }) => {
          const caller = aKnownCaller(0, { id, state: answer === 'accept' ? 'accepted' : 'refused' });
          host.change({ kind: 'caller', caller });
          return { caller };
        },
        'callers.forget': ({ caller }) => {
          host.change({ kind: 'caller-gone', id: caller });
          return { forgotten: caller };
        },
      },
    );
    await page.getByRole('heading', { name: 'Phones that have called (60)' }).waitFor();
    expect(await page.locator('.listening-row').count()).toBe(50);
    await page.getByRole('searchbox').fill('n1');
    const first = page.locator('[data-caller="known-0"]');
    await first.getByText('Allowed', { exact: true }).waitFor();
    await button('Send away Norva N1').press('Enter');
    await first.getByText('Sent away', { exact: true }).waitFor();
    await button('Forget Norva N1').press('Enter');
    await first.waitFor({ state: 'detached' });
    expect(asked('callers.answer')).toEqual([{ caller: 'known-0', answer: 'refuse' }]);
    expect(asked('callers.forget')).toEqual([{ caller: 'known-0' }]);
    expect(await spoken()).toContain('Norva N1 is a stranger again.');
  });

  it.each(
    usualOnes(pictures)
      .filter(({ name }) => !['listening-off', 'listening-open'].includes(name))
      .map((picture) => [picture.name, picture] as const),
  )('axe finds nothing wrong: %s', async (_, picture) => {
    ({ host, page } = await pages.picture(picture));
    expect(await faultsInBothSchemes(page)).toEqual([]);
  });
});
