import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { anAir, aPairing, aPhone, LONGEST_NAME, manyPhones, pictures } from './fixtures/air.ts';
import { usualOnes } from './fixtures/all-pictures.ts';
import { faultsInBothSchemes, focused } from './page-checks.ts';
import type { ScriptedHandlers, ScriptedHost } from './scripted-host.ts';
import { scriptedPages } from './scripted-pages.ts';
import { noBrowser } from './window-rig.ts';

const place = '/handsets/bluetooth';
/** Made of nothing but what others have. */
const SIMPLE: readonly string[] = ['air-empty', 'air-many', 'air-off'];

describe.skipIf(noBrowser)('phones over Bluetooth', () => {
  const pages = scriptedPages();
  let host: ScriptedHost;
  let page: Page;

  const open = async (air = anAir(), handlers: ScriptedHandlers = {}, where = place) => {
    ({ host, page } = await pages.open({
      state: { air },
      handlers: { 'air.look': () => ({ air }), ...handlers },
      place: where,
    }));
  };
  const say = (sentence: string | RegExp) =>
    expect.poll(async () => (await page.locator('[data-announcer] p').allTextContents()).join('\n')).toMatch(sentence);
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
  const row = (address: string) => page.locator(`[data-address="${address}"]`);

  it('are nobody’s matter who has no Bluetooth: one link, and there the reason and one thing to do', async () => {
    await open(anAir({ reason: 'air/no-adapter', adapters: [] }), {}, '/handsets');
    expect(await page.getByRole('link', { name: 'Bluetooth' }).count()).toBe(1);
    expect(await page.locator('.notice, .badge[data-tone="failed"]').count()).toBe(0);
    expect(host.requests).toEqual([]);
    await page.getByRole('link', { name: 'Bluetooth' }).press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Phones over Bluetooth' }).waitFor();
    await page.getByText('Cables, serial ports and the network work as ever.').waitFor();
    expect(await page.locator('main :is(button, a)').allInnerTexts()).toEqual([
      'Back to the handsets',
      'Look again',
      'Read more',
    ]);
    const reasons = ['air/no-service', 'air/permission-denied', 'air/blocked', 'air/not-powered'];
    for (const reason of reasons) {
      host.change({ kind: 'air', air: anAir({ reason, adapters: [] }) });
      await page.locator(`main a[href="#/help/${reason}"]`).waitFor();
      expect(await page.locator('.notice :is(button, a)').allInnerTexts(), reason).toEqual([
        // The command that its sentence names.
        ...(reason === 'air/permission-denied' ? [] : ['Copy']),
        'Open doctor',
        'Read more',
      ]);
    }
    host.change({ kind: 'air', air: anAir({ reason: 'air/not-supported', adapters: [] }) });
    await expect.poll(() => page.locator('.notice :is(button, a)').allInnerTexts()).toEqual(['Read more']);
    host.change({ kind: 'air', air: anAir() });
    await button('Look for phones').waitFor();
    expect(host.requests.map(({ name }) => name)).toEqual(['air.look']);
  });

  it('are looked for until the search is stopped, and are found by name among a hundred', async () => {
    let given: AbortSignal | undefined;
    await open(anAir(), {
      'air.search': (_params, { signal }) => {
        given = signal;
        return new Promise(() => undefined);
      },
    });
    await button('Look for phones').press('Enter');
    await page.getByRole('progressbar', { name: 'Progress of the search' }).waitFor();
    expect(await focused(page)).toBe('Stop looking');
    const many = [
      ...manyPhones(98),
      aPhone({ name: LONGEST_NAME }),
      aPhone({ address: '0C:00:00:00:00:01', type: 'computer' }),
    ];
    host.change({ kind: 'air', air: anAir({ phones: many, searching: true }) });
    await page.getByRole('heading', { name: 'Nearby (99)' }).waitFor();
    await button('Stop looking').press('Enter');
    await expect.poll(() => given?.aborted).toBe(true);
    await say('The search was stopped.');
    expect(await focused(page)).toBe('Look again');
    const long = await row(aPhone().address).getByRole('heading').innerText();
    expect([...long].filter((sign) => sign < ' ' || /\p{C}/u.test(sign))).toEqual([]);
    expect(long.length).toBeLessThanOrEqual(100);
    await page.getByRole('searchbox').fill('k2 (1');
    await page.getByText(/^\d of 99 shown$/).waitFor();
    // Stronger or weaker, rows stay where they are.
    const names = () => page.locator('.air-phone h3').allInnerTexts();
    const before = await names();
    host.change({ kind: 'air', air: anAir({ phones: many.toReversed() }) });
    await expect.poll(names).toEqual(before);
    await page.getByRole('checkbox', { name: 'Also what is no phone (1)' }).check();
    await page.getByRole('searchbox').fill('0c:00');
    await expect.poll(names).toEqual(['Norva N7 Plus']);
  });

  it('are paired and forgotten by the keyboard alone, and the place stays with the phone', async () => {
    const near = aPhone();
    const paired = aPhone({ paired: true });
    let fail = true;
    await open(anAir({ phones: [near] }), {
      'air.pair': () => {
        if (fail) throw { code: 'air/pairing-refused', message: 'org.bluez.Error.AuthenticationRejected' };
        host.change({ kind: 'air', air: anAir({ phones: [paired] }) });
        return { phone: paired };
      },
      'air.forget': ({ address }) => {
        host.change({ kind: 'air', air: anAir() });
        return { forgotten: address };
      },
    });
    await button('Pair with Norva N7 Plus').press('Enter');
    await page.getByText('org.bluez.Error.AuthenticationRejected').waitFor();
    fail = false;
    await button('Pair with Norva N7 Plus').press('Enter');
    await page.getByRole('heading', { name: 'Paired (1)' }).waitFor();
    await say('Norva N7 Plus is paired.');
    await expect.poll(() => focused(page)).toBe('Forget Norva N7 Plus');
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toBe('Cancel');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await say('Norva N7 Plus is no longer paired.');
    const { address } = near;
    expect(host.requests.slice(-2)).toEqual([
      { name: 'air.pair', params: { address } },
      { name: 'air.forget', params: { address } },
    ]);
  });

  it('are asked here: what agrees is never under the finger, codes are spelt, and who closes it can come back', async () => {
    await open(anAir({ phones: [aPhone()] }), { 'prompts.answer': () => ({}) });
    await button('Look for phones').or(button('Look again')).focus();
    const until = new Date(Date.now() + 60_000).toISOString();
    const ask = (more: Parameters<typeof aPairing>[0]) => {
      const { code: _code, ...rest } = aPairing({ until });
      host.change({ kind: 'prompt', prompt: { ...rest, ...more } });
    };
    const answers = () => host.requests.filter(({ name }) => name === 'prompts.answer').map(({ params }) => params);
    const gone = async (id: string) => {
      host.change({ kind: 'prompt-gone', id });
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    };
    ask({ id: 'a', question: 'confirm', code: '048213' });
    await page.getByRole('dialog', { name: 'Pair with Norva N5' }).getByText('048 213').waitFor();
    await say(/Pair with Norva N5\. Does the phone show the same number\? 0 4 8 2 1 3\. \d+ s left/);
    await expect.poll(() => focused(page)).toBe('It differs');
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Norva N5 waits for your answer' }).waitFor();
    await button('Answer').press('Enter');
    await button('It is the same').press('Enter');
    await expect.poll(answers).toEqual([{ prompt: 'a', answer: 'accept' }]);
    await gone('a');
    ask({ id: 'b', question: 'enter-passkey' });
    await expect.poll(() => page.locator('input:focus').count()).toBe(1);
    await page.keyboard.type('12x');
    await page.keyboard.press('Enter');
    await page.getByText('Enter up to six digits.', { exact: true }).waitFor();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('001234');
    await page.keyboard.press('Enter');
    await expect.poll(answers).toContainEqual({ prompt: 'b', text: '001234' });
    await gone('b');
    ask({ id: 'c', question: 'show', code: '739105', until: new Date(Date.now() + 11_200).toISOString() });
    await expect.poll(() => focused(page)).toBe('Cancel the pairing');
    await say(/^10 s left$/m);
    await page.keyboard.press('Enter');
    await expect.poll(answers).toContainEqual({ prompt: 'c', answer: 'cancel' });
    await gone('c');
    ask({ id: 'd', question: 'allow' });
    await expect.poll(() => focused(page)).toBe('Refuse');
    await page.keyboard.press('Enter');
    await expect.poll(answers).toContainEqual({ prompt: 'd', answer: 'reject' });
    await gone('d');
  });

  it.each(
    usualOnes(pictures)
      .filter(({ name }) => !SIMPLE.includes(name))
      .map((picture) => [picture.name, picture] as const),
  )('axe finds nothing wrong: %s', async (_, picture) => {
    ({ host, page } = await pages.picture(picture));
    expect(await faultsInBothSchemes(page)).toEqual([]);
  });
});
