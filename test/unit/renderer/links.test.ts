import { beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../../src-main/contract/doctor.ts';
import type { HostState } from '../../../src-main/contract/host-state.ts';
import { catalogue, loadAllWords } from '../../../src-main/wording/catalogue.ts';
import { links as german } from '../../../src-main/wording/de/screens/links.ts';
import { links as english } from '../../../src-main/wording/en/screens/links.ts';
import { deviceName } from '../../../src-renderer/components/device-name.ts';
import { examined, wantedFinding } from '../../../src-renderer/screens/doctor/finding-groups.ts';
import { remedyByHand } from '../../../src-renderer/screens/doctor/remedy-words.ts';
import { arrivals, standingsOf } from '../../../src-renderer/screens/handsets/arrivals.ts';
import { continuedText } from '../../../src-renderer/screens/handsets/continued-text.ts';
import { doctorOfThing } from '../../../src-renderer/screens/handsets/doctor-place.ts';
import { aDemoPhone, aSession } from '../../window/fixtures/handsets.ts';

const PHONE = aDemoPhone();
const NOTHING = { handsets: [], attachments: [], sessions: [], tasks: [], prompts: [] };

beforeAll(() => loadAllWords('en'));

describe('how work went on', () => {
  const USB = 'usb:0421:0508:1';
  it.each([
    ['resumed', USB, 'serial:/dev/ttyACM0', 'USB-Kabel verloren – ging seriell weiter, Download ab 3,1 MB fortgesetzt'],
    ['repeated', 'serial:COM3', USB, 'Serielles Kabel verloren – ging über USB weiter, letzte Nachricht wiederholt'],
    ['new-session', USB, USB, 'USB-Kabel verloren – ging nach dem Wiederanschließen weiter, neue Sitzung begonnen'],
    ['repeated', 'IMEI:1', 'Counter 3', 'Verbindung verloren – ging weiter, letzte Nachricht wiederholt'],
  ] as const)('is said in one line: %s from %s over %s', (how, from, over, text) => {
    const continuation = { at: '2026-11-21T10:00:00Z', how, from, over, kept: 3_100_000 };
    expect(continuedText(continuation, german.continued, 'de')).toBe(text);
  });
});

describe('what comes and goes', () => {
  const standings = (state: Partial<HostState>) => standingsOf({ ...NOTHING, ...state }, catalogue('en').screens);
  const said = (before: Partial<HostState>, now: Partial<HostState>) =>
    arrivals(standings(before), standings(now), english, 'en');
  const thing = { address: 'serial:/dev/ttyACM7', kind: 'serial', since: '' } as const;

  it('is not said of work, nor of a thing that has said who it is', () => {
    const busy = { handsets: [PHONE], sessions: [aSession(PHONE)] };
    expect(said({ handsets: [PHONE] }, busy)).toEqual([]);
    expect(said(busy, { handsets: [PHONE] })).toEqual([]);
    expect(said({ attachments: [thing] }, { handsets: [PHONE] })).toEqual([`${deviceName(PHONE)} is ready.`]);
    expect(said({ attachments: [thing] }, {})).toEqual(['serial:/dev/ttyACM7 is not attached any more.']);
  });
});

describe('where the doctor is', () => {
  it('is at the finding, at the way, and nowhere where it is better to try again', () => {
    const address = 'serial:/dev/ttyACM0';
    expect(doctorOfThing({ address, reason: 'bearer/permission-denied', finding: 'permission:usb:1-2' })).toBe(
      '/doctor/permission%3Ausb%3A1-2',
    );
    expect(doctorOfThing({ address, reason: 'bearer/driver-missing' })).toBe('/doctor/serial%3A%2Fdev%2FttyACM0');
    expect(doctorOfThing({ address, reason: 'bearer/busy', finding: 'holder:usb:1-2' })).toBeUndefined();
    expect(doctorOfThing({ address: 'usb:1-2', reason: 'bearer/no-obex' })).toBe('/doctor/usb%3A1-2');
    expect(doctorOfThing({ address, reason: undefined })).toBeUndefined();
  });
});

describe('what the doctor found', () => {
  const finding = (id: string, state: Finding['state'], more: Partial<Finding> = {}): Finding => ({
    ...{ id, check: id.split(':', 1)[0] as Finding['check'], state, facts: [] },
    ...more,
  });
  const remedy = { id: 'udev-rules', kind: 'apply', commands: [], needsAdministrator: true, applied: false } as const;

  it('is grouped by thing, those with trouble first, and what nobody needs is folded', () => {
    const findings = [
      finding('usb-system', 'good'),
      finding('udev-rules', 'good', { remedy: { ...remedy, commands: [], applied: true } }),
      finding('service:usb:1-2', 'unknown', { code: 'bearer/busy' }),
      finding('modem-manager:usb:1-2', 'unknown', { remedy: { ...remedy, commands: [] } }),
      finding('holder:usb:1-2', 'trouble', { code: 'bearer/busy', name: 'T1', place: '1-2' }),
    ];
    const { groups, trouble, things, noCables } = examined(findings, undefined);
    expect([trouble, things, noCables]).toEqual([1, 1, false]);
    const ids = (list: readonly Finding[]) => list.map(({ id }) => id);
    expect(groups.map(({ thing, name, shown, quiet }) => [thing, name, ids(shown), ids(quiet)])).toEqual([
      ['usb:1-2', 'T1', ['holder:usb:1-2', 'modem-manager:usb:1-2'], ['service:usb:1-2']],
      ['', undefined, ['udev-rules'], ['usb-system']],
    ]);
    expect(ids(examined(findings, findings[0]).groups[1]?.shown ?? [])).toEqual(['usb-system', 'udev-rules']);
  });

  it('is no trouble on a computer without ports, but is where something is attached all the same', () => {
    const none = [
      finding('usb-system', 'trouble', { code: 'doctor/no-usb' }),
      finding('udev-rules', 'trouble', { code: 'doctor/rules-missing' }),
    ];
    expect(examined(none, undefined)).toMatchObject({ trouble: 0, noCables: true });
    const lost = finding('bearer-process', 'trouble', { code: 'bearer/child-lost' });
    expect(examined([...none, lost], undefined)).toMatchObject({ trouble: 1, noCables: true });
    const serial = finding('service:serial:/dev/ttyS0', 'good');
    expect(examined([...none, serial], undefined)).toMatchObject({ trouble: 2, noCables: false });
  });

  it('is come for by its name, or by the way that is in trouble', () => {
    const address = 'serial:/dev/ttyACM0';
    const good = finding('driver:usb:1-2', 'good', { address });
    const ill = finding('permission:usb:1-2', 'trouble', { address });
    expect(wantedFinding([good, ill], 'driver:usb:1-2')).toBe(good);
    expect(wantedFinding([good, ill], address)).toBe(ill);
    expect(wantedFinding([good], address)).toBe(good);
    expect(wantedFinding([good], 'usb:1-9')).toBeUndefined();
    expect(wantedFinding([good], undefined)).toBeUndefined();
  });

  it('can be mended by hand, with the same octets and rights', () => {
    const file = { path: "/etc/udev/it's.rules", content: 'A=="b"\n', commands: ['udevadm settle'] };
    expect(remedyByHand({ ...remedy, ...file })).toBe(
      `sudo tee '/etc/udev/it'\\''s.rules' > /dev/null <<'PC_AGENT_END'\nA=="b"\nPC_AGENT_END\nsudo udevadm settle`,
    );
    expect(remedyByHand({ ...remedy, commands: ['modprobe cdc_acm'], needsAdministrator: false })).toBe(
      'modprobe cdc_acm',
    );
  });
});
