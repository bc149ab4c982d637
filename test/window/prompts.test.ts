import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HostState } from '../../src-main/contract/host-state.ts';
import type { Prompt } from '../../src-main/contract/prompts.ts';
import { aChoice, aDemoPhone, aDisplay, anInput, aPrompt, aSession } from './fixtures/handsets.ts';
import { type ScriptedHandlers, ScriptedHost } from './scripted-host.ts';
import { noBrowser, WindowRig } from './window-rig.ts';

const PHONE = aDemoPhone();
const ASKED: Partial<HostState> = {
  handsets: [PHONE],
  sessions: [aSession(PHONE, { phase: 'asking' })],
  prompts: [aPrompt(PHONE)],
};

describe.skipIf(noBrowser)('a question of the demo phone', () => {
  let rig: WindowRig;
  const opened: { close: () => Promise<void> }[] = [];

  beforeAll(async () => {
    rig = await WindowRig.open();
  });
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

  const ID = aPrompt(PHONE).id;
  const asking = (prompt: Prompt) => start({ ...ASKED, prompts: [prompt] });
  const focusOn = (page: Page, what: string) => page.locator(`${what}:focus`).waitFor();

  it('shows a text, with nothing but an OK', async () => {
    const { host, page } = await asking(aDisplay(PHONE));
    const dialog = page.getByRole('dialog', { name: 'Demo phone shows a text' });
    await dialog.getByText('The phone shows this for 42 s more.').waitFor();
    await focusOn(page, 'button:has-text("OK")');
    expect(await dialog.getByRole('button').count()).toBe(2);
    await page.keyboard.press('Enter');
    await expect.poll(() => host.requests.map(({ params }) => params)).toEqual([{ prompt: ID, answer: 'accept' }]);
  });

  it('has what the server suggests under the finger', async () => {
    const { page } = await asking(aPrompt(PHONE, { suggested: 'reject' }));
    await focusOn(page, 'button:has-text("Refuse")');
  });

  it('is typed and sent by the keyboard alone, once it is what the server takes', async () => {
    const { host, page } = await asking(anInput(PHONE, { suggested: '+49 30', maxLength: 8 }));
    const field = page.getByRole('textbox', { name: 'Your answer' });
    await focusOn(page, 'input[inputmode=tel]');
    expect(await field.inputValue()).toBe('+49 30');
    await page.getByText('At most 8 characters.', { exact: false }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('That is not a phone number.').waitFor();
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('+493012345678');
    expect(await field.inputValue()).toBe('+4930123');
    expect(host.requests).toEqual([]);
    await page.keyboard.press('Enter');
    await expect.poll(() => host.requests.map(({ params }) => params)).toEqual([{ prompt: ID, text: '+4930123' }]);
  });

  it('keeps a secret from the screen', async () => {
    const { page } = await asking(anInput(PHONE, { hidden: true, inputType: 'numeric' }));
    const field = page.getByLabel('Your answer');
    expect(await field.getAttribute('type')).toBe('password');
    expect(await field.getAttribute('inputmode')).toBe('decimal');
    expect(await field.getAttribute('autocomplete')).toBe('off');
  });

  it('offers one choice, and asks for it when none was made', async () => {
    const { host, page } = await asking(aChoice(PHONE));
    await focusOn(page, 'input[type=radio]');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('Choose one of them.').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('radio', { name: 'At the weekend', checked: true }).waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => host.requests.map(({ params }) => params)).toEqual([{ prompt: ID, chosen: [2] }]);
  });

  it('offers several choices, those that the server suggests chosen', async () => {
    const { host, page } = await asking(aChoice(PHONE, { multiple: true, suggested: [3, 2] }));
    await focusOn(page, 'input[type=checkbox]');
    expect(await page.getByText('Suggested by the server').count()).toBe(2);
    expect(await page.getByRole('checkbox', { checked: true }).count()).toBe(2);
    await page.keyboard.press('Space');
    await page.getByRole('checkbox', { name: 'At the weekend' }).uncheck();
    await page.keyboard.press('Enter');
    await expect.poll(() => host.requests.map(({ params }) => params)).toEqual([{ prompt: ID, chosen: [1, 3] }]);
  });

  it.each([anInput(PHONE), aChoice(PHONE, { suggested: [1] })])(
    'of the kind $kind is put off unanswered',
    async (prompt) => {
      const { host, page } = await asking(prompt);
      await page.getByRole('button', { name: 'Answer later' }).click();
      await expect.poll(() => host.requests.map(({ params }) => params)).toEqual([{ prompt: ID, answer: 'cancel' }]);
    },
  );
});
