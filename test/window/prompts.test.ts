import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HostState } from '../../src-main/contract/host-state.ts';
import { aDemoPhone, aPrompt, aSession } from './fixtures/handsets.ts';
import { type ScriptedHandlers, ScriptedHost } from './scripted-host.ts';
import { noBrowser, WindowRig } from './window-rig.ts';

const PHONE = aDemoPhone();
const ASKED: Partial<HostState> = {
  handsets: [PHONE],
  sessions: [aSession(PHONE, { phase: 'asking' })],
  prompts: [aPrompt(PHONE)],
};

describe.skipIf(noBrowser)('a question of the demo phone', { timeout: 60_000 }, () => {
  let rig: WindowRig;
  const opened: { close: () => Promise<void> }[] = [];

  beforeAll(async () => {
    rig = await WindowRig.open();
  }, 60_000);
  afterAll(() => rig?.close());
  afterEach(async () => {
    for (const each of opened.splice(0).reverse()) await each.close();
  });

  async function start(
    state: Partial<HostState>,
    handlers: ScriptedHandlers = { 'prompts.answer': () => ({}) },
  ): Promise<{ readonly host: ScriptedHost; readonly page: Page }> {
    const host = await ScriptedHost.open(rig.folder, state, handlers);
    opened.push(host);
    const page = await rig.page(host.address(), {}, '2026-11-21T10:00:00Z');
    opened.push({ close: () => page.context().close() });
    return { host, page };
  }

  it.each([
    ['Accept', 'accept'],
    ['Refuse', 'reject'],
    ['Answer later', 'cancel'],
  ])('is answered by %s', async (name, answer) => {
    const { host, page } = await start(ASKED);
    await page.getByRole('dialog', { name: 'Demo phone asks' }).getByRole('button', { name }).click();
    const params = { prompt: aPrompt(PHONE).id, answer };
    await expect.poll(() => host.requests).toEqual([{ name: 'prompts.answer', params }]);
    host.change({ kind: 'prompt-gone', id: aPrompt(PHONE).id });
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('takes the focus, counts down, and gives the focus back', async () => {
    const { host, page } = await start({ handsets: [PHONE] });
    const rename = page.getByRole('button', { name: 'Rename Demo phone' });
    await rename.focus();
    host.change({ kind: 'prompt', prompt: aPrompt(PHONE) });
    await page.getByText('The phone waits 42 s more.').waitFor();
    await expect.poll(() => page.locator(':focus').textContent()).toBe('Accept');
    await page.clock.setFixedTime('2026-11-21T10:00:10Z');
    await page.getByText('The phone waits 32 s more.').waitFor();
    host.change({ kind: 'prompt-gone', id: aPrompt(PHONE).id });
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => page.locator(':focus').getAttribute('aria-label')).toBe('Rename Demo phone');
  });

  it('comes one after the other, each with its own text as text', async () => {
    const hostile = '<img src=x onerror="document.title=1"> Restart?';
    const second = aPrompt(PHONE, { id: 'second', text: hostile });
    const { host, page } = await start({ ...ASKED, prompts: [aPrompt(PHONE), second] });
    await page.getByText('1 more question waits.').waitFor();
    host.change({ kind: 'prompt-gone', id: aPrompt(PHONE).id });
    await page.getByText(hostile, { exact: true }).waitFor();
    expect(await page.getByRole('dialog').locator('img').count()).toBe(0);
    await expect.poll(() => page.locator(':focus').textContent()).toBe('Accept');
  });

  it('is put aside by Escape without an answer, and its card brings it back', async () => {
    const { host, page } = await start(ASKED);
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(host.requests).toEqual([]);
    await page.getByText('Waiting for phone', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Answer for the demo phone' }).click();
    await page.getByRole('dialog').waitFor();
  });

  it('says when the answer came too late', async () => {
    const { page } = await start(ASKED, {
      'prompts.answer': () => {
        throw { code: 'prompt/gone', message: 'nobody waits for this answer' };
      },
    });
    await page.getByRole('button', { name: 'Accept' }).click();
    await page.getByRole('dialog').getByText('prompt/gone', { exact: true }).waitFor();
  });
});
