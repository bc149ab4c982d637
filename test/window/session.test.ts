import { readFile } from 'node:fs/promises';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HostState } from '../../src-main/contract/host-state.ts';
import type { SessionPart } from '../../src-main/contract/sessions.ts';
import { usualOnes } from './fixtures/all-pictures.ts';
import {
  busySession,
  endedSession,
  gone,
  HALF,
  handset,
  KEY,
  liveSession,
  MESSAGES,
  pictures,
  REAL_DEVICE,
  sessionRow,
  watching,
} from './fixtures/session.ts';
import { manyMessages, traffic } from './fixtures/session-messages.ts';
import { faultsInBothSchemes } from './page-checks.ts';
import { type ScriptedHandlers, ScriptedHost } from './scripted-host.ts';
import { noBrowser, WindowRig } from './window-rig.ts';

const NOW = '2026-11-21T10:00:00Z';
const PLACE = `/sessions/${KEY}`;

describe.skipIf(noBrowser)('the session screen', () => {
  let rig: WindowRig;
  let host: ScriptedHost | undefined;
  const complaints: string[] = [];
  const pages: Page[] = [];
  beforeAll(async () => {
    rig = await WindowRig.open();
  });
  afterAll(() => rig.close());
  afterEach(async () => {
    // First the pages: one that has lost its host complains.
    for (const page of pages.splice(0)) await page.context().close();
    await host?.close();
    expect(complaints.splice(0)).toEqual([]);
  });

  async function open(
    state: Partial<HostState>,
    handlers: ScriptedHandlers,
    options: BrowserContextOptions = {},
  ): Promise<Page> {
    host = await ScriptedHost.open(rig.folder, state, handlers);
    const page = await rig.page('about:blank', options, NOW);
    page.on('console', (message) => {
      if (message.type() === 'error') {
        complaints.push(message.text());
      }
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    pages.push(page);
    await page.goto(host.address(PLACE));
    return page;
  }

  function openEnded(options: BrowserContextOptions = {}): Promise<Page> {
    const session = endedSession();
    return open({ handsets: [handset()] }, watching({ session, messages: MESSAGES }), options);
  }

  const count = (page: Page, name: string) => page.locator(`[data-count="${name}"]`).textContent();

  it.each(usualOnes(pictures).filter(({ name }) => name !== 'session-offline'))(
    'has no fault of accessibility: $name',
    async ({ state, handlers, prepare }) => {
      const page = await open(state ?? {}, handlers ?? {});
      await page.locator('main h1').waitFor();
      await prepare?.(page, host as ScriptedHost);
      expect(await faultsInBothSchemes(page)).toEqual([]);
    },
  );

  it('counts exactly what the messages are', async () => {
    const messages = manyMessages(700);
    const session = sessionRow({ state: 'done', endedAt: '2026-11-21T10:00:00.000Z' });
    const page = await open(
      {},
      watching({ session, messages: messages.slice(0, 500) }, { session, messages: messages.slice(500) }),
    );
    await page.getByText('350 messages').first().waitFor();
    const way = { 'to-dms': traffic(messages, 'to-dms'), 'to-handset': traffic(messages, 'to-handset') };
    for (const [name, sum] of Object.entries(way)) {
      expect(await count(page, `${name}-messages`)).toBe('350 messages');
      expect(await count(page, `${name}-bytes`)).toBe(`${sum.bytes.toLocaleString('en-GB')} B`);
    }
    expect(await page.locator('[data-message]').count()).toBeLessThan(40);
    const first = page.locator('[data-message="1"]');
    expect(await first.getAttribute('data-sha256')).toBe(messages[0]?.sha256);
    expect(await first.getAttribute('data-bytes')).toBe(String(messages[0]?.bytes));
  });

  it('shows messages as they come, with phase, word on the cable and the step', async () => {
    let tell: (part: SessionPart) => void = () => undefined;
    const page = await open(
      { handsets: [handset()] },
      {
        'sessions.watch': async (_params, { part, signal }) => {
          tell = part;
          part({ session: liveSession([], { phase: 'connecting' }), messages: [] });
          await gone(signal);
          return {};
        },
      },
    );
    await page.getByText('No message yet. The first').waitFor();
    tell({ session: busySession({ phase: 'delivering', unplug: 'safe' }), messages: HALF });
    await page.getByText('Sending the package', { exact: true }).waitFor();
    await page.getByText('Safe to unplug', { exact: true }).waitFor();
    expect(await page.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('53');
    expect(await page.locator('[aria-current="step"]').textContent()).toContain('Server sends the package');
    await page.locator(`[data-message="${HALF.length}"]`).waitFor();
    tell({
      session: endedSession({ state: 'running', phase: 'installing', unplug: 'unsafe' }),
      messages: MESSAGES.slice(HALF.length),
    });
    await page.getByText('Not safe to unplug', { exact: true }).waitFor();
    await page.locator(`[data-message="${MESSAGES.length}"]`).waitFor();
    expect(await page.getByRole('status').filter({ hasText: 'Installing. Not safe to unplug.' }).count()).toBe(1);
  });

  it('goes on behind the last message after a lost connection', async () => {
    const asked: unknown[] = [];
    const rest = { session: endedSession(), messages: MESSAGES.slice(HALF.length) };
    const page = await open(
      {},
      {
        'sessions.watch': async ({ after }, { part, signal }) => {
          asked.push(after);
          if (after !== 0) part(rest);
          else {
            part({ session: busySession(), messages: HALF });
            await gone(signal);
          }
          return {};
        },
      },
    );
    await page.getByText('6 messages').waitFor();
    host?.drop();
    await page.getByText('13 messages').waitFor();
    expect(asked).toEqual([0, HALF.length]);
    expect(await page.getByRole('option').last().getAttribute('aria-setsize')).toBe(String(MESSAGES.length));
  });

  it('takes back the word on the cable while the host cannot be heard', async () => {
    const page = await open({}, watching({ session: busySession(), messages: HALF }));
    await page.getByText('Safe to unplug', { exact: true }).waitFor();
    await host?.close();
    await page.getByText('PC Agent does not answer.').waitFor();
    expect(await page.getByText('Safe to unplug', { exact: true }).count()).toBe(0);
    expect(await page.getByText('Sending the package', { exact: true }).count()).toBe(1);
    complaints.splice(0);
  });

  it('follows the newest until a reader scrolls up, and again when asked', async () => {
    let tell: (part: SessionPart) => void = () => undefined;
    const messages = manyMessages(120);
    const session = busySession();
    const page = await open(
      {},
      {
        'sessions.watch': async (_params, { part, signal }) => {
          tell = part;
          part({ session, messages: messages.slice(0, 100) });
          await gone(signal);
          return {};
        },
      },
    );
    await page.locator('[data-message="100"]').waitFor();
    const follow = page.getByRole('button', { name: 'Follow the newest' });
    expect(await follow.count()).toBe(0);
    await page.getByRole('listbox').hover();
    await page.mouse.wheel(0, -1500);
    await follow.waitFor();
    tell({ session, messages: messages.slice(100) });
    await page.getByRole('listbox', { name: '120' }).waitFor();
    expect(await page.locator('[data-message="120"]').count()).toBe(0);
    await follow.click();
    await page.locator('[data-message="120"]').waitFor();
    expect(await follow.count()).toBe(0);
  });

  it('can be read with the keyboard alone', async () => {
    const page = await openEnded();
    const list = page.getByRole('listbox');
    await list.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await list.getAttribute('aria-activedescendant')).toBe('message-3');
    await page.keyboard.press('End');
    const last = `message-${MESSAGES.length}`;
    expect(await list.getAttribute('aria-activedescendant')).toBe(last);
    expect(await page.locator(`#${last}`).textContent()).toContain('Server has nothing more to say');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Message 2' }).waitFor();
    await page.getByRole('tab', { name: 'In words' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByText('<SessionID>').waitFor();
    expect(await page.getByText('2 secrets are hidden.').count()).toBe(1);
    expect(await page.getByRole('tabpanel').textContent()).toContain('•••');
    await page.keyboard.press('Escape');
    expect(await page.getByRole('heading', { name: 'Message 2' }).count()).toBe(0);
    expect(await page.locator(':focus').getAttribute('role')).toBe('listbox');
  });

  it('puts a message over the list where there is no room beside it', async () => {
    const page = await openEnded({ viewport: { width: 900, height: 600 } });
    await page.locator('[data-message="2"]').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('tab', { name: 'Bytes' }).click();
    await dialog.getByText('000000').waitFor();
    expect(await faultsInBothSchemes(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await page.locator(':focus').getAttribute('role')).toBe('listbox');
  });

  it('explains why there are no bytes, and offers to try again when they cannot be had', async () => {
    const session = endedSession();
    let tries = 0;
    const page = await open(
      {},
      {
        ...watching({ session, messages: MESSAGES }),
        'sessions.message': ({ number }) => {
          tries += 1;
          if (tries === 1) throw { code: 'journal/message-unknown', message: 'the session has no such message' };
          const summary = MESSAGES[number - 1]?.summary;
          if (summary === undefined) throw new TypeError('the page asks for a message that it has');
          return { body: 'damaged', detail: { sequence: number, summary, xml: '', hex: '', masked: 0 } };
        },
      },
    );
    await page.locator('[data-message="2"]').click();
    await page.getByRole('tab', { name: 'Bytes' }).click();
    await page.getByText('journal/message-unknown').waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('their SHA-256 is another').waitFor();
    await page.getByRole('tab', { name: 'In words' }).click();
    await page.getByRole('tabpanel').getByText('Handset says who it is').waitFor();
  });

  it('masks a real handset’s number, and saves a file without it unless a person says otherwise', async () => {
    const real = handset({ device: REAL_DEVICE, virtual: false, alias: 'Meera’s phone' });
    const session = endedSession({ device: REAL_DEVICE, virtual: false });
    const page = await open(
      { handsets: [real] },
      {
        ...watching({ session, messages: MESSAGES }),
        'sessions.export': ({ unmask }, { part }) => {
          part({ text: 'device\r\n' });
          part({ text: unmask === true ? REAL_DEVICE : 'IMEI:35693803*******' });
          return {};
        },
      },
    );
    await page.getByRole('heading', { name: 'Session with Meera’s phone' }).waitFor();
    await page.getByText('IMEI:35693803*******').first().waitFor();
    expect(await page.getByText('356938035643809').count()).toBe(0);
    const save = async (tick: boolean) => {
      await page.getByRole('button', { name: 'Export' }).click();
      if (tick) await page.getByRole('checkbox').check();
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Save as CSV' }).click(),
      ]);
      expect(file.suggestedFilename()).toBe(`pc-agent-session-${KEY}.csv`);
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      return readFile(await file.path(), 'utf8');
    };
    expect(await save(false)).toBe('device\r\nIMEI:35693803*******');
    expect(await save(true)).toBe(`device\r\n${REAL_DEVICE}`);
  });

  it('names the phone of a failed session, and says which session is not there', async () => {
    const failed = endedSession({ state: 'failed', code: 'bearer/lost' });
    const page = await open(
      { handsets: [handset({ alias: 'Bench 3' })] },
      watching({ session: failed, messages: MESSAGES }),
    );
    await page.getByRole('heading', { name: 'Bench 3: The link to the handset broke.' }).waitFor();
    await page.getByText('Is the phone safe?').waitFor();
    await page.context().close();
    await host?.close();
    const missing = await open({}, pictures.find(({ name }) => name === 'session-unknown')?.handlers ?? {});
    await missing.getByText('journal/session-unknown').first().waitFor();
    expect(await missing.getByRole('link', { name: 'Go to the journal' }).getAttribute('href')).toBe('#/journal');
  });

  it('shows what a handset says as text', async () => {
    const hostile = '<img src=x onerror="document.title = 1">';
    const first = MESSAGES[1];
    const said = { kind: 'Results', cmdId: '1', items: 1, uri: `./Vendor/${hostile}`, text: hostile };
    const message = {
      ...first,
      number: 1,
      summary: { ...first?.summary, commands: [said] },
    } as (typeof MESSAGES)[number];
    const session = endedSession({ dms: hostile, sessionId: hostile });
    const page = await open({ handsets: [handset({ alias: hostile })] }, watching({ session, messages: [message] }));
    await page.getByRole('heading', { name: `Session with ${hostile}` }).waitFor();
    await page.locator('[data-message="1"]').click();
    await page.getByRole('tabpanel').getByText(`“${hostile}”`).waitFor();
    expect(await page.title()).toBe('PC Agent');
  });
});
