import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { en } from '../../src-main/wording/en/index.ts';
import { thoroughly } from '../support/thoroughly.ts';
import { LONG } from '../support/thoroughness.ts';
import { usualOnes } from './fixtures/all-pictures.ts';
import { pictures } from './fixtures/help.ts';
import { complaintsOf, faultsInBothSchemes, openPicture } from './page-checks.ts';
import { type ScriptedHandlers, ScriptedHost } from './scripted-host.ts';
import { noBrowser, WindowRig } from './window-rig.ts';

describe.skipIf(noBrowser)('the help', () => {
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

  async function open(place: string, handlers: ScriptedHandlers = {}, locale = 'en-GB'): Promise<void> {
    host = await ScriptedHost.open(rig.folder, {}, handlers);
    page = await rig.page(host.address(place), { locale });
    await page.getByRole('heading', { level: 1 }).waitFor();
  }
  const go = (place: string) => page.evaluate(`location.hash = '${place}'`);
  const title = (name: string) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor();

  thoroughly('has a page for each code, with all three answers', async () => {
    await open('/help');
    const wrong: string[] = [];
    // A fourth of the codes; all where there is time.
    const codes = Object.entries(en.errors.byCode).filter((_entry, index) => LONG || index % 4 === 0);
    for (const [code, { what, phoneSafe, next }] of codes) {
      await go(`/help/${code}`);
      await title(code);
      const text = await page.locator('main').innerText();
      if (![what, phoneSafe, next].every((sentence) => text.includes(sentence))) wrong.push(code);
    }
    expect(wrong).toEqual([]);
  });

  it('finds a code as it was read from a screen, and Enter goes to its page', async () => {
    await open('/help');
    await page.getByRole('searchbox').fill('  Bearer/Lost ');
    await page.getByRole('heading', { name: '1 match' }).waitFor();
    await page.getByRole('searchbox').press('Enter');
    await title('bearer/lost');
    await page.getByText('The link to the handset broke.').waitFor();
    await page.getByRole('link', { name: 'All help' }).click();
    await title('Help');
  });

  it('finds words in any order, and numbers of the standards', async () => {
    await open('/help');
    await page.getByRole('searchbox').fill('accepted certificate');
    await page.getByRole('link', { name: 'dms/tls-failed' }).waitFor();
    await page.getByRole('searchbox').fill('1223');
    await page.getByRole('link', { name: 'Alerts 1223' }).waitFor();
    await page.getByRole('searchbox').fill('eaten by a dog');
    await page.getByRole('heading', { name: 'Nothing matches.' }).waitFor();
    await page.getByRole('button', { name: 'Clear search' }).click();
    await page.getByRole('heading', { name: 'Topics' }).waitFor();
  });

  it('says of an unknown code that it is unknown, and what its family tells', async () => {
    await open('/help/bearer/eaten-by-dog');
    await title('bearer/eaten-by-dog');
    await page.getByText('There is no page for bearer/eaten-by-dog.').waitFor();
    await page.getByText('Something is wrong with the link to the handset.').waitFor();
    await page.getByRole('link', { name: 'bearer/lost' }).waitFor();
    await go('/help/nobody/knows');
    await page.getByText('its family is not known either').waitFor();
    await page.getByText('Something went wrong that PC Agent has no words for.').waitFor();
  });

  it('shows a code from an address as text, whatever it holds', async () => {
    await open('/help');
    const complaints = complaintsOf(page);
    await go('/help/%3Cimg%20src%3Dx%20onerror%3D%22window.stolen%3D1%22%3E');
    await title('<img src=x onerror="window.stolen=1">');
    await go('/help/%E0%A4%A');
    await page.getByText('its family is not known either').waitFor();
    expect(await page.evaluate('window.stolen')).toBeUndefined();
    expect(complaints).toEqual([]);
  });

  it('needs no host once the window is there', async () => {
    await open('/help');
    await host.close();
    await page.getByText('Disconnected').waitFor();
    await page.getByRole('link', { name: 'Ways to a handset' }).click();
    await title('Ways to a handset');
    await go('/help/dms/timeout');
    await page.getByText('The DM server did not answer in time.').waitFor();
  });

  it('explains every state word', async () => {
    await open('/help/states');
    const text = await page.locator('main').innerText();
    const { states, unplug } = en.screens.common;
    for (const word of [...Object.values(states), ...Object.values(unplug)]) expect(text).toContain(word);
  });

  it('speaks German throughout', async () => {
    await open('/help/bearer/lost', {}, 'de-DE');
    await page.getByText('Ist das Handy sicher?').waitFor();
    await go('/help');
    await page.getByRole('searchbox').fill('uberschritten zeit');
    await page.getByRole('heading', { name: /Treffer|Nichts passt/ }).waitFor();
  });

  it.each(usualOnes(pictures).map((picture) => [picture.name, picture] as const))(
    'axe finds nothing wrong: %s',
    async (_, picture) => {
      ({ host, page } = await openPicture(rig, picture));
      expect(await faultsInBothSchemes(page)).toEqual([]);
    },
  );
});
