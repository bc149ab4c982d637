import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HostState } from '../../src-main/contract/host-state.ts';
import { usualOnes } from './fixtures/all-pictures.ts';
import {
  FAILED_HOPS,
  HOPS,
  HOSTILE_NAME,
  pictures,
  profile,
  profiles,
  testing,
  testingFor,
} from './fixtures/servers.ts';
import { complaintsOf, faultsInBothSchemes, focused, openPicture } from './page-checks.ts';
import { type ScriptedHandlers, ScriptedHost } from './scripted-host.ts';
import { noBrowser, WindowRig } from './window-rig.ts';

describe.skipIf(noBrowser)('the Server profiles screen', () => {
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

  async function open(state: Partial<HostState> = {}, handlers: ScriptedHandlers = {}): Promise<void> {
    host = await ScriptedHost.open(rig.folder, state, handlers);
    page = await rig.page(host.address('/servers'));
    await page.getByRole('heading', { level: 1, name: 'Server profiles' }).waitFor();
  }
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const dialog = () => page.getByRole('dialog');
  const spoken = () => page.locator('[data-announcer] p:last-child');

  it('explains what a profile is for when there is none, and adds one by keyboard', async () => {
    const added = profile({ id: 'new', name: 'Shop' });
    await open({}, { 'dms.add': () => ({ profile: added }) });
    await page.getByText('A server profile tells PC Agent where a DM server is').waitFor();
    await button('Add server profile').focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate('document.activeElement.name')).toBe('name');
    await page.keyboard.type('Shop');
    await page.keyboard.press('Tab');
    await page.keyboard.type('https://dm.example.com/dm');
    await page.keyboard.press('Tab');
    await page.keyboard.type('https://dm2.example.com/somewhere\n\n https://dm2.example.com ');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await dialog().waitFor({ state: 'hidden' });
    host.change({ kind: 'profile', profile: added });
    await page.getByRole('heading', { name: 'Shop' }).waitFor();
    expect(host.requests).toContainEqual({
      name: 'dms.add',
      params: {
        name: 'Shop',
        url: 'https://dm.example.com/dm',
        allowedOrigins: ['https://dm2.example.com'],
        makeDefault: true,
      },
    });
    expect(await spoken().textContent()).toBe('Shop was added.');
  });

  it('says at each field what is wrong with it, goes to the first, and asks the host for nothing', async () => {
    await open({ profiles: profiles() });
    await button('Add server profile').click();
    await dialog().getByRole('textbox', { name: 'Name' }).fill('test BENCH');
    await dialog().getByLabel('Address').fill('https://meera:secret@dm.example.com/dm');
    await dialog().getByLabel('Other allowed origins').fill('https://dm2.example.com\nsomewhere');
    await dialog().getByRole('button', { name: 'Add server profile' }).click();
    await dialog().getByText('Another profile has this name').waitFor();
    await dialog().getByText('Leave user and password out of the address.').waitFor();
    await dialog().getByText('“somewhere” is not an address').waitFor();
    expect(await page.evaluate('document.activeElement.name')).toBe('name');
    expect(await dialog().getByRole('textbox', { name: 'Name' }).getAttribute('aria-invalid')).toBe('true');
    expect(host.requests.filter(({ name }) => name === 'dms.add')).toEqual([]);
    await dialog().getByRole('textbox', { name: 'Name' }).fill('Another');
    await dialog().getByText('Another profile has this name').waitFor({ state: 'hidden' });
  });

  it('keeps what was typed when the host refuses, and says why', async () => {
    const refuse = () => {
      throw { code: 'dms/profile-exists', message: 'there is a profile Shop already' };
    };
    await open({ profiles: profiles() }, { 'dms.edit': refuse });
    await button('Edit Head office').click();
    expect(await dialog().getByLabel('Address').inputValue()).toBe('https://dm.example.com/dm');
    expect(await dialog().getByLabel('Other allowed origins').inputValue()).toBe('https://dm2.example.com:8443');
    await dialog().getByRole('textbox', { name: 'Name' }).fill('Shop');
    await dialog().getByRole('button', { name: 'Save changes' }).click();
    await dialog().getByText('There is a profile of that name.').waitFor();
    expect(await dialog().getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Shop');
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'hidden' });
    await expect.poll(() => focused(page)).toBe('Edit Head office');
  });

  it('asks before it removes, and keeps the focus when the row goes', async () => {
    await open({ profiles: profiles() }, { 'dms.remove': () => ({ removed: 'Test bench' }) });
    await button('Remove Test bench').click();
    await dialog().getByText('reports that wait for it stay in the outbox').waitFor();
    expect(host.requests).toEqual([]);
    await dialog().getByRole('button', { name: 'Remove server profile' }).click();
    await dialog().waitFor({ state: 'hidden' });
    host.change({ kind: 'profile-gone', id: 'profile-2' });
    await page.getByRole('heading', { name: 'Test bench' }).waitFor({ state: 'detached' });
    expect(host.requests).toEqual([{ name: 'dms.remove', params: { dms: 'profile-2' } }]);
    await expect.poll(() => focused(page)).toBe('Add server profile');
  });

  const hopTexts = () => page.locator('.hop').allInnerTexts();

  it('shows each hop as soon as it is known, and stops when it is told to', async () => {
    await open({ profiles: profiles() }, testingFor(HOPS.slice(0, 2)));
    await button('Test Head office').click();
    await page.getByText('connected to 192.0.2.17:443').waitFor();
    const [name, tcp, tls, http] = await hopTexts();
    expect(name).toContain('3.4 ms');
    expect(tcp).toContain('Passed');
    expect(tls).toContain('Testing');
    expect(http).toContain('Waiting');
    await button('Stop test').click();
    await expect.poll(async () => (await hopTexts())[2]).toContain('Not tried');
    expect(await spoken().textContent()).toBe('The test was stopped.');
  });

  it('tells where the way ends, in the words of the error, and that later hops were not tried', async () => {
    await open({ profiles: profiles() }, testing(FAILED_HOPS));
    await button('Test Head office').click();
    await page.getByRole('heading', { name: 'Head office: the way to the DM server ends at TLS.' }).waitFor();
    const [, , tls, http, dm] = await hopTexts();
    for (const part of [
      'Failed',
      '53 ms',
      'its certificate is not accepted',
      'dms/tls-failed',
      'certificate has expired',
    ]) {
      expect(tls).toContain(part);
    }
    expect(http).toContain('Not tried');
    expect(dm).toContain('An earlier hop failed.');
    expect(await page.getByRole('link', { name: 'Read more' }).getAttribute('href')).toBe('#/help/dms/tls-failed');
  });

  it('calls a hop not needed, not untried, that is not on the way', async () => {
    const plain = HOPS.map((hop) =>
      hop.hop === 'tls'
        ? { hop: hop.hop, state: 'skipped' as const, why: 'the address has no TLS', milliseconds: 0 }
        : hop,
    );
    await open({ profiles: profiles() }, testing(plain));
    await button('Test Test bench').click();
    await page.getByRole('heading', { name: 'Test bench answers as a DM server. All of it took 120 ms.' }).waitFor();
    expect((await hopTexts())[2]).toContain('Not needed');
    expect(await spoken().textContent()).toBe('Test bench answers as a DM server. All of it took 120 ms.');
  });

  it('runs no test while the offline switch is on', async () => {
    await open({ profiles: profiles(), offline: true });
    await page.getByRole('heading', { name: 'The offline switch is on' }).waitFor();
    expect(await button('Test Head office').isDisabled()).toBe(true);
  });

  it('shows names as text, whatever they hold', async () => {
    await open({ profiles: [profile({ name: HOSTILE_NAME })] });
    const complaints = complaintsOf(page);
    await page.getByRole('heading', { name: HOSTILE_NAME }).waitFor();
    await button(`Remove ${HOSTILE_NAME}`).click();
    await dialog().getByText(`Remove ${HOSTILE_NAME}?`).waitFor();
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
