import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { KnownHandset } from '../../src-main/contract/handsets.ts';
import type { HostState } from '../../src-main/contract/host-state.ts';
import {
  AIRBORNE,
  ALIKE,
  aDoneTask,
  aHandset,
  aSession,
  aTask,
  BROKEN,
  CONTINUED,
  MERGED,
  UNPLUGGED,
} from './fixtures/handsets.ts';
import { focused } from './page-checks.ts';
import type { ScriptedHandlers, ScriptedHost } from './scripted-host.ts';
import { scriptedPages } from './scripted-pages.ts';
import { noBrowser } from './window-rig.ts';

const SINCE = '2026-11-21T09:59:00.000Z';

describe.skipIf(noBrowser)('the ways to a handset', () => {
  const pages = scriptedPages();
  let host: ScriptedHost;
  let page: Page;

  async function open(state: Partial<HostState>, { handlers = {} as ScriptedHandlers } = {}): Promise<void> {
    ({ host, page } = await pages.open({ state, handlers }));
  }
  const card = (name: string) => page.getByRole('article', { name, exact: true });
  const spoken = () => page.locator('[data-announcer] p').allTextContents();
  const say = (sentence: string) => expect.poll(spoken).toContain(sentence);

  it('are one card a phone: firmware, device management, each way with its port, and why one cannot be used', async () => {
    await open({ handsets: [MERGED] });
    const found = card('Counter 3');
    await found.waitFor();
    expect(await page.getByRole('article').count()).toBe(1);
    await found.getByText('Firmware 04.12 · Speaks device management').waitFor();
    expect(await found.locator('.chip').allInnerTexts()).toEqual([
      'USB port 1-2.3 · attached',
      'Serial · away',
      'Serial · USB port 1-2.3 · attached',
    ]);
    await found.getByText('Cannot be used: minicom (process 4711) uses it.').waitFor();
    expect(await found.getByRole('link', { name: 'Open doctor' }).count()).toBe(0);
    const html = await found.innerHTML();
    expect(html).not.toContain('356938035643809"');
    expect(html).not.toContain('0508:356938035643809');
    const denied = MERGED.bearers.map((way) =>
      way.reason === undefined ? way : { ...way, reason: 'bearer/permission-denied' },
    );
    host.change({ kind: 'handset', handset: { ...MERGED, bearers: denied } });
    expect(await found.getByRole('link', { name: 'Open doctor' }).getAttribute('href')).toBe(
      `#/doctor/${encodeURIComponent('serial:/dev/ttyACM0')}`,
    );
    for (const [speaksDm, text] of [
      [false, 'Does not speak device management'],
      [undefined, 'Not known yet whether it speaks device management'],
    ] as const) {
      const { speaksDm: _, ...known } = MERGED;
      const handset: KnownHandset = speaksDm === undefined ? known : { ...known, speaksDm };
      host.change({ kind: 'handset', handset });
      await found.getByText(text).waitFor();
    }
  });

  it('that cannot be used have one reason and one action each', async () => {
    await open({ attachments: [...BROKEN] }, { handlers: { inventory: () => new Promise(() => undefined) } });
    const seen: Record<string, readonly [string, string, string | null]> = {};
    for (const { name = '' } of BROKEN) {
      const found = card(name);
      await found.getByText('Cannot be used', { exact: true }).waitFor();
      const action = found.locator('footer :is(button, a)').first();
      const reason = await found.locator('.handset-reason strong').innerText();
      seen[name] = [reason, await action.innerText(), await action.getAttribute('href')];
      expect(await found.getByRole('button').count()).toBeLessThanOrEqual(1);
    }
    expect(seen).toEqual({
      'Telvane T1': ['You have no right to open this port.', 'Open doctor', '#/doctor/permission%3Ausb%3A1-1'],
      'Telvane T2': ['minicom (process 4711) uses it.', 'Try again', null],
      'Telvane T3': [
        'The modem service of this computer is trying out the handset.',
        'Open doctor',
        '#/doctor/modem-manager%3Ausb%3A1-3',
      ],
      'Telvane T4': ['This computer has no driver for the handset.', 'Open doctor', '#/doctor/driver%3Ausb%3A1-4'],
      'Telvane T5': ['The handset offers no OBEX at this port.', 'Open doctor', '#/doctor/service%3Ausb%3A1-5'],
      'Telvane T6': [
        'The handset is attached, but this computer cannot open it.',
        'Open doctor',
        '#/doctor/service%3Ausb%3A1-6',
      ],
    });
    await card('Telvane T2').getByRole('button', { name: 'Try again' }).click();
    await card('Telvane T2').getByText('Asking who it is').waitFor();
    // The page says so before the host has heard of it.
    await expect.poll(() => host.requests).toEqual([{ name: 'inventory', params: { handset: 'serial:/dev/ttyACM2' } }]);
  });

  it('a phone that cannot be used leads to the doctor by its way', async () => {
    const denied = { ...MERGED, reason: 'bearer/permission-denied' };
    const bearers = MERGED.bearers.slice(0, 1).map((way) => ({ ...way, reason: 'bearer/permission-denied' }));
    await open({ handsets: [{ ...denied, bearers }] });
    const link = card('Counter 3').getByRole('link', { name: 'Open doctor' });
    expect(await link.getAttribute('href')).toBe(`#/doctor/${encodeURIComponent(MERGED.address ?? '')}`);
    await link.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Doctor' }).waitFor();
  });

  it('a phone whose port another program has says which program, on its card and of each way', async () => {
    const holder = { name: 'minicom', pid: 4711 };
    const held = { ...MERGED.bearers[1], kind: 'serial', address: 'serial:/dev/ttyACM0', holder } as const;
    await open({ handsets: [{ ...MERGED, reason: 'bearer/busy', bearers: [held] }] });
    const reason = card('Counter 3').locator('.handset-reason');
    await reason.getByText('minicom (process 4711) uses it.').waitFor();
    expect(await reason.textContent()).toBe('minicom (process 4711) uses it. Close that program, then try again.');
    host.change({ kind: 'handset', handset: { ...MERGED, bearers: [MERGED.bearers[0] ?? held, held] } });
    await card('Counter 3').locator('.handset-way-reason').getByText('minicom (process 4711) uses it.').waitFor();
  });

  it('are said when they come, go and cannot be used, and what asks is shown', async () => {
    const gone = aHandset({ alias: 'Counter 4', device: 'IMEI:490154203237518', presence: 'away' });
    await open({ handsets: [gone] });
    await page.waitForLoadState('networkidle');
    const thing = { address: 'usb:0421:0600', kind: 'usb', place: '2-1', since: SINCE } as const;
    host.change({ kind: 'attachment', attachment: { ...thing, asking: true } });
    await say('Something at USB port 2-1 is attached.');
    await card('Something at USB port 2-1').getByText('Asking who it is').waitFor();
    host.change({ kind: 'attachment', attachment: { ...thing, reason: 'bearer/permission-denied' } });
    await say('Something at USB port 2-1 cannot be used. You have no right to open this port.');
    host.change({ kind: 'attachment-gone', address: thing.address });
    host.change({ kind: 'handset', handset: { ...gone, presence: 'attached' } });
    await say('Counter 4 is ready.');
    host.change({ kind: 'handset', handset: gone });
    await say('Counter 4 is not attached any more.');
    const hub = Array.from({ length: 5 }, (_, port) => ({
      ...thing,
      address: `usb:1-${port + 1}`,
      place: `1-${port}`,
    }));
    for (const attachment of hub) host.change({ kind: 'attachment', attachment });
    await say('5 attached, 0 not attached any more.');
  });

  it('by cable and by air are one card: which is used and why, and after the loss of one the other with its real time', async () => {
    const session = aSession(AIRBORNE, { handset: AIRBORNE.address ?? '' });
    await open({ handsets: [AIRBORNE] });
    const found = card('Counter 3');
    expect(await found.locator('.chip').allInnerTexts()).toEqual(['USB port 1-2.3 · attached', 'Bluetooth · in range']);
    await found
      .getByText('Over USB: faster and steadier than Bluetooth. 1 MB takes under 5 s, over Bluetooth 45 s.')
      .waitFor();
    host.change({ kind: 'handset', handset: UNPLUGGED });
    await found.getByText('Over Bluetooth, since USB is away. 1 MB takes 45 s.').waitFor();
    await say('Counter 3: Over Bluetooth, since USB is away.');
    // In the middle of work: it waits for either, and tells what each would cost.
    const away = UNPLUGGED.bearers.map((way) => ({ ...way, attached: false }));
    host.change({ kind: 'handset', handset: { ...UNPLUGGED, presence: 'away', bearers: away } });
    const lost = { since: SINCE, until: '2099-01-01T00:00:00.000Z', code: 'bearer/lost' };
    const ended = { ...session, endedAt: SINCE, state: 'failed', phase: 'over' } as const;
    host.change({ kind: 'session', session: ended });
    host.change({ kind: 'task', task: aTask(AIRBORNE, { sessions: [session.key], interrupted: lost }) });
    await found.getByText('2 MB take about 2 min there, over USB about 10 s.').waitFor();
    expect(await found.getByText('Over Bluetooth, since').count()).toBe(0);
    // It has gone on: what is left by the speed of before, until it is measured.
    const on = aSession(AIRBORNE, { key: 'on', handset: UNPLUGGED.bearers[0]?.address ?? '' });
    host.change({ kind: 'handset', handset: UNPLUGGED });
    host.change({ kind: 'session', session: { ...on, transfer: { done: 0, total: 1_200_000 } } });
    await found.getByText('About 50 s left at the speed that this way had before.').waitFor();
    host.change({ kind: 'handset', handset: AIRBORNE });
    await found.getByText('Over Bluetooth until this session is over, then over USB.').waitFor();
    host.change({ kind: 'session', session: on });
    await found.getByText('At the speed').waitFor({ state: 'detached' });
    await found.getByText('20 s left', { exact: false }).waitFor();
  });

  it('of two cards become one after consent, and the keyboard’s place stays with the card', async () => {
    const likeness = [{ device: ALIKE.device, why: 'model' as const }];
    const joined = { ...MERGED, bearers: [...MERGED.bearers, ...ALIKE.bearers] };
    await open(
      { handsets: [{ ...MERGED, likeness }, ALIKE] },
      {
        handlers: {
          'handsets.join': () => {
            host.change({ kind: 'handset-gone', device: ALIKE.device }, { handsets: [joined] });
            host.change({ kind: 'handset', handset: joined });
            return { handset: joined };
          },
        },
      },
    );
    const alike = card('Norva N7 Plus');
    await alike.getByText('May be the same phone as Counter 3 (IMEI:35693803*******)').waitFor();
    await alike.getByText('The model agrees.').waitFor();
    const same = alike.getByRole('button', { name: 'Same phone as Counter 3' });
    await same.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Make one card of these two?' });
    await dialog.getByText('Norva N7 Plus (no number said yet)').waitFor();
    await expect.poll(() => focused(page)).toBe('Cancel');
    await page.keyboard.press('Escape');
    await expect.poll(() => focused(page)).toBe('Same phone as Counter 3 (IMEI:35693803*******)');
    expect(host.requests).toEqual([]);
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'They are one phone' }).press('Enter');
    await alike.waitFor({ state: 'detached' });
    const params = { device: ALIKE.device, other: MERGED.device };
    expect(host.requests).toEqual([{ name: 'handsets.join', params }]);
    const device = () => page.evaluate("document.activeElement.getAttribute('data-device')");
    await expect.poll(device).toBe(MERGED.device);
    await say('It is one card now: Counter 3');
    expect(await page.getByText('May be the same phone').count()).toBe(0);
  });

  it('of two phones stay two, what the host refuses is said, and the focus stays on the card', async () => {
    let refuse = true;
    const { likeness: _, ...known } = ALIKE;
    await open(
      { handsets: [MERGED, ALIKE] },
      {
        handlers: {
          'handsets.differ': () => {
            if (refuse) throw { code: 'handset/unknown', message: 'gone' };
            host.change({ kind: 'handset', handset: known });
            return {};
          },
        },
      },
    );
    const different = card('Norva N7 Plus').getByRole('button', { name: 'Different phones' });
    await different.press('Enter');
    await page.getByRole('alert').getByText('This handset was never met.').waitFor();
    refuse = false;
    await different.press('Enter');
    await different.waitFor({ state: 'detached' });
    const device = () => page.evaluate("document.activeElement.getAttribute('data-device')");
    await expect.poll(device).toBe(ALIKE.device);
    await say('Counter 3 (IMEI:35693803*******) is another phone. It is not proposed again.');
  });

  it('tell how work went on when one was lost: on the card, the software page, the session, and aloud', async () => {
    const [anew, resumed] = CONTINUED;
    const repeated = { at: SINCE, from: 'serial:/dev/ttyACM0', over: 'tcp:10.0.0.7:4444', how: 'repeated' as const };
    const task = aTask(MERGED, { continuations: anew === undefined ? [] : [anew] });
    await open({ handsets: [MERGED], sessions: [aSession(MERGED)], tasks: [task] });
    const found = card('Counter 3');
    await found.getByText('USB cable lost – went on when it was back, new session began').waitFor();
    const more = { ...task, continuations: [...CONTINUED, repeated] };
    host.change({ kind: 'task', task: { ...task, continuations: [...CONTINUED] } });
    await found.getByText('USB cable lost – went on over serial, download resumed from 3.1 MB').waitFor();
    await say('Counter 3: USB cable lost – went on over serial, download resumed from 3.1 MB.');
    expect(resumed?.kept).toBe(3_100_000);
    host.change({ kind: 'task', task: more }, { tasks: [more] });
    await found.getByText('Serial cable lost – went on over the network, last message repeated').waitFor();
    await found.getByText('3 losses of the link in all').waitFor();
    const software = `/handsets/${encodeURIComponent(MERGED.device)}/software`;
    await page.evaluate(`location.hash = '${software}'`);
    await page.locator('.software-work').getByText('last message repeated').waitFor();
    await page.evaluate(`location.hash = '/sessions/${aSession(MERGED).key}'`);
    await expect
      .poll(() => page.getByRole('list', { name: 'How it went on' }).getByRole('listitem').allInnerTexts())
      .toHaveLength(3);
    const done = { ...aDoneTask(MERGED), continuations: [...CONTINUED] };
    host.change({ kind: 'task', task: done });
    await page.evaluate("location.hash = '/handsets'");
    await found.getByText('download resumed from 3.1 MB').waitFor();
  });
});
