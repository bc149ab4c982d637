import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src-main/contract/doctor.ts';
import type { HostState } from '../../src-main/contract/host-state.ts';
import { usualOnes } from './fixtures/all-pictures.ts';
import {
  AIRLESS,
  DENIED,
  looking,
  MENDED,
  MODEM,
  outcome,
  pictures,
  RULES,
  RULES_PATH,
  TROUBLED,
} from './fixtures/doctor.ts';
import { faultsInBothSchemes, focused } from './page-checks.ts';
import type { ScriptedHandlers, ScriptedHost } from './scripted-host.ts';
import { scriptedPages } from './scripted-pages.ts';
import { noBrowser } from './window-rig.ts';

/** Made of the same parts as the others. */
const AS_CALM = ['doctor-mended', 'doctor-no-cables'];

describe.skipIf(noBrowser)('the doctor', () => {
  const pages = scriptedPages();
  let host: ScriptedHost;
  let page: Page;

  async function open(
    handlers: ScriptedHandlers,
    { place = '/doctor', locale = 'en-GB', state = {} as Partial<HostState> } = {},
  ): Promise<void> {
    ({ host, page } = await pages.open({ state, handlers, place, locale }));
  }
  const card = (finding: Finding) => page.locator(`[data-finding="${finding.id}"]`);
  const heading = (name: string) => page.getByRole('heading', { name });
  const spoken = () => page.locator('[data-announcer] p:last-child').textContent();

  for (const picture of usualOnes(pictures).filter(({ name }) => !AS_CALM.includes(name))) {
    it(`has nothing that axe finds wrong: ${picture.name}`, async () => {
      ({ host, page } = await pages.picture(picture));
      expect(await faultsInBothSchemes(page)).toEqual([]);
    });
  }

  it('says of a radio that is off, and of ways in that wait for it, that they are the computer’s', async () => {
    await open(looking(AIRLESS), { place: '/doctor/bluetooth' });
    await heading('Way in for phones (Bluetooth): The Bluetooth radio').waitFor();
    expect(await page.locator('main h2').allInnerTexts()).toEqual(['This computer']);
    await expect.poll(() => page.evaluate("document.activeElement.getAttribute('data-finding')")).toBe('bluetooth');
    await card(AIRLESS[1] as Finding)
      .locator('pre', { hasText: 'rfkill unblock bluetooth' })
      .waitFor();
  });

  it('unfolds what somebody came for with its reason and what to do, though it is no trouble', async () => {
    const quiet: Finding = { id: 'bluetooth', check: 'bluetooth', state: 'unknown', code: 'air/no-service', facts: [] };
    await open(looking([quiet]), { place: '/doctor/bluetooth' });
    await card(quiet).getByText('The Bluetooth service of this computer is not running.').waitFor();
    await card(quiet).getByText('systemctl start bluetooth').waitFor();
    expect(await page.locator('.doctor-quiet').count()).toBe(0);
  });

  it('shows trouble first, exactly what would be written, and who asks for the password', async () => {
    await open(looking(TROUBLED));
    await heading('Norva N7 Plus, USB port 1-2.3').waitFor();
    expect(await page.locator('main h2').allInnerTexts()).toEqual([
      'This computer',
      'Norva N7 Plus, USB port 1-2.3',
      'Telvane T1, USB port 1-4',
    ]);
    expect(await spoken()).toBe('The doctor has looked: 3 things need you.');
    const denied = card(DENIED);
    await denied.getByText('PC Agent sees it, but the system does not let it speak with it.').waitFor();
    await denied.getByText('/dev/bus/usb/001/014').waitFor();
    await denied.getByText('What stands in 70-pc-agent.rules').click();
    expect(await denied.locator('pre').first().textContent()).toBe(RULES.trimEnd());
    await denied.getByText('Do it yourself in a terminal').click();
    const byHand = (await denied.locator('pre').last().textContent()) ?? '';
    expect(byHand.split('\n')[0]).toBe(`sudo tee ${RULES_PATH} > /dev/null <<'PC_AGENT_END'`);
    expect(byHand).toContain(`${RULES.trimEnd()}\nPC_AGENT_END\nsudo udevadm control --reload-rules\n`);
    await page.getByText('kill 4711').waitFor();
    expect(await page.locator('main').textContent()).toContain('usb:0421:0508:35693803******* (SYNCML-DM)');
    expect(await page.locator('main').textContent()).not.toContain('356938035643809');
    expect(await card(MODEM).getByText('Not certain').count()).toBe(1);
    expect(host.requests.map(({ name }) => name)).toEqual(['doctor.look']);
  });

  it('applies only after consent, by keyboard, shows that it was tried, and takes it back', async () => {
    await open(
      looking(TROUBLED, {
        'doctor.apply': () => outcome('applied', MENDED),
        'doctor.undo': () => outcome('undone', TROUBLED),
      }),
    );
    const apply = card(DENIED).getByRole('button', { name: 'Apply…' });
    await apply.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Put the rule file in place?' });
    await dialog.getByText('The system asks for an administrator’s password.').waitFor();
    expect(await dialog.locator('pre').first().textContent()).toBe(RULES.trimEnd());
    expect(await focused(page)).toBe('Cancel');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => focused(page)).toBe('Apply…');
    expect(host.requests.map(({ name }) => name)).toEqual(['doctor.look']);
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Apply', exact: true }).press('Enter');
    await heading('The remedy was applied, and it helped.').waitFor();
    expect(host.requests.at(-1)).toEqual({ name: 'doctor.apply', params: { remedy: DENIED.remedy?.id } });
    await expect.poll(() => focused(page)).toBe('The remedy was applied, and it helped.');
    await page.getByText('Nothing keeps phones from being used').waitFor();
    const undo = page.getByRole('button', { name: 'Undo… Put the rule file in place' });
    await undo.press('Enter');
    const taking = page.getByRole('dialog', { name: 'Undo: Put the rule file in place?' });
    await taking.getByText(RULES_PATH).waitFor();
    await taking.getByRole('button', { name: 'Undo', exact: true }).press('Enter');
    await heading('The remedy was taken back.').waitFor();
    expect(host.requests.at(-1)).toEqual({ name: 'doctor.undo', params: { remedy: 'udev-rules' } });
    await page.getByText('3 things need you', { exact: true }).waitFor();
  });

  it('says what came of a remedy: declined, nobody to ask, failed, or without help', async () => {
    const ends = [
      ['declined', 'The administrator’s rights were not given.', 'Not authorized'],
      ['no-agent', 'Nobody could be asked for the administrator’s password.', 'pkexec: not found'],
      ['failed', 'The remedy could not be applied.', 'Read-only file system'],
      ['applied', 'The remedy was applied, but the trouble is still there.', undefined],
    ] as const;
    let turn = 0;
    const next = () => {
      const [state, , said] = ends[turn] ?? ends[0];
      turn += 1;
      return outcome(state, TROUBLED, said);
    };
    await open(looking(TROUBLED, { 'doctor.apply': next }));
    for (const [state, title, said] of ends) {
      await card(DENIED).getByRole('button', { name: 'Apply…' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Apply', exact: true }).click();
      await heading(title).waitFor();
      if (said !== undefined) await page.getByText(`The system said: ${said}`).waitFor();
      await expect.poll(() => focused(page)).toBe(title);
      const byHand = page.getByRole('group', { name: title }).getByText('sudo udevadm settle');
      expect(await byHand.count()).toBe(state === 'no-agent' || state === 'failed' ? 1 : 0);
      await page.getByRole('button', { name: 'Dismiss' }).click();
      await heading(title).waitFor({ state: 'detached' });
    }
    expect(await card(DENIED).count()).toBe(1);
  });

  it('stops asking for the password when the person stops, and says what the host refuses', async () => {
    let stopped = false;
    await open(
      looking(TROUBLED, {
        'doctor.apply': (_params, { signal }) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => {
              stopped = true;
              reject({ code: 'host/cancelled', message: 'broken off' });
            });
          }),
        'doctor.undo': () => ({ ...outcome('undone', []) }),
      }),
    );
    await card(DENIED).getByRole('button', { name: 'Apply…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Apply', exact: true }).click();
    await page.getByText('Answer the system’s question').waitFor();
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => stopped).toBe(true);
    await expect.poll(() => focused(page)).toBe('Apply…');
  });

  it('is calm on a computer without USB and serial ports, also in German', async () => {
    const none = pictures.find(({ name }) => name === 'doctor-no-cables');
    await open(none?.handlers ?? {}, { locale: 'de-DE' });
    await heading('Dieser Computer hat keine Anschlüsse für Kabel').waitFor();
    expect(await page.getByRole('article').count()).toBe(0);
    expect(await spoken()).toBe('Der Doktor hat nachgesehen: keine Störung gefunden.');
    await page.getByText('3 weitere Prüfungen').click();
    await page.getByText('/sys/bus/usb/devices: not there').waitFor();
  });

  it('says when it could not look, looks again, and looks by itself when something is plugged in', async () => {
    let answers = 0;
    await open({
      'doctor.look': () => {
        answers += 1;
        if (answers === 1) throw { code: 'bearer/child-lost', message: 'the process ended' };
        return { findings: answers === 2 ? [...MENDED] : [...TROUBLED] };
      },
    });
    await page.getByText('bearer/child-lost').waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Nothing keeps phones from being used').waitFor();
    const since = '2026-11-21T10:00:00.000Z';
    host.change({
      kind: 'attachment',
      attachment: { address: 'serial:/dev/ttyACM0', kind: 'serial', place: '1-4', reason: 'bearer/busy', since },
    });
    await page.getByText('3 things need you', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Look again' }).click();
    await expect.poll(() => answers).toBe(4);
  });

  it('leads who comes from a card to the finding, by its name or by the way, and says when it has gone', async () => {
    await open(looking(TROUBLED), { place: `/doctor/${encodeURIComponent(DENIED.id)}` });
    const focusedFinding = () => page.evaluate("document.activeElement.getAttribute('data-finding')");
    await expect.poll(focusedFinding).toBe(DENIED.id);
    await page.evaluate(`location.hash = '/doctor/${encodeURIComponent('serial:/dev/ttyACM0')}'`);
    await expect.poll(focusedFinding).toBe('holder:usb:1-4');
    await page.evaluate("location.hash = '/doctor/driver%3Ausb%3A9-9'");
    await heading('What you came for is not found any more.').waitFor();
  });
});
