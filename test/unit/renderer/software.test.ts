import { describe, expect, it } from 'vitest';
import type { PackageView } from '../../../src-main/contract/results.ts';
import { outcomeOf } from '../../../src-renderer/screens/handsets/outcome.ts';
import { deviceOfPlace, softwarePlace } from '../../../src-renderer/screens/handsets/software-place.ts';
import { planNeeds } from '../../../src-renderer/screens/install/plan-needs.ts';
import { firmwarePackages, softwareRows, updatePackages } from '../../../src-renderer/screens/software/reading.ts';
import { isSame, lostOf, putBackOf, snapshotsFor } from '../../../src-renderer/screens/software/snapshots.ts';
import { aDemoPhone, anItem, aPackage, aResult, aTask } from '../../window/fixtures/handsets.ts';
import { PACKAGES } from '../../window/fixtures/software.ts';

const PHONE = aDemoPhone();
const CLOCK = { id: 'clock', version: '1.9', state: 'active' };
const clock = (version: string, more: Partial<PackageView> = {}) =>
  aPackage({ id: 'clock', version, model: 'M1', ...more });

describe('what is newer for a handset', () => {
  const newer = (...packages: readonly PackageView[]) =>
    softwareRows([CLOCK], packages, 'M1').map(({ update }) => update?.version);

  it('is the newest usable package for its model, by numbers and not by letters', () => {
    expect(newer(clock('1.10'))).toEqual(['1.10']);
    expect(newer(clock('1.9'))).toEqual([undefined]);
    expect(newer(clock('2.0', { model: 'M2' }))).toEqual([undefined]);
    expect(newer(clock('2.0', { quarantined: 'absent' }))).toEqual([undefined]);
    expect(newer(clock('2.0', { contents: { kind: 'firmware', from: [], to: '2.0' } }))).toEqual([undefined]);
  });

  it('is also a bundle that has the component, and each package is named once', () => {
    const components = ['clock', 'mail'].map((id) => ({ id, name: id, version: '3', needs: [] }));
    const bundle = aPackage({ id: 'all', version: '1', model: '', contents: { kind: 'software', components } });
    const rows = softwareRows([CLOCK, { ...CLOCK, id: 'mail' }], [clock('2'), bundle], 'M1');
    expect(rows.map(({ update }) => update?.version)).toEqual(['3', '3']);
    expect(updatePackages(rows)).toEqual(['all']);
    expect(firmwarePackages(PACKAGES, PHONE.model).map(({ id }) => id)).toEqual(['firmware-5.22', 'firmware-6.0']);
    expect(firmwarePackages(PACKAGES, 'Another')).toEqual([]);
  });
});

describe('what a bundle needs', () => {
  const item = anItem({ package: 'com.example.office' });
  const where = (components: Parameters<typeof planNeeds>[2], more: Parameters<typeof planNeeds>[0] = []) =>
    planNeeds([item, ...more], PACKAGES, components)
      .get('com.example.office')
      ?.needs.map((need) => need.where);

  it('is on the handset new enough, comes along, is missing, or nobody knows', () => {
    expect(where(undefined)).toEqual(['unknown', 'unknown']);
    const runtime = { id: 'com.example.runtime', version: '1.9', state: 'active' };
    expect(where([runtime, { ...CLOCK, id: 'com.example.clock' }])).toEqual(['missing', 'here']);
    expect(where([{ ...runtime, version: '2.0' }])).toEqual(['here', 'missing']);
  });
});

describe('a snapshot beside a handset', () => {
  it('tells what can be put back and what has no package; a state needs none', () => {
    const comparison = {
      missing: [{ id: 'a', version: '1' }],
      outdated: [
        { id: 'b', has: '1', wanted: '2', field: 'version', package: 'b' },
        { id: 'c', has: 'active', wanted: 'inactive', field: 'state' },
        { id: 'd', has: '1', wanted: '2', field: 'version' },
      ],
      extra: [],
    };
    const lost = [
      { id: 'a', version: '1' },
      { id: 'd', version: '2' },
    ];
    expect(putBackOf(comparison)).toEqual({ work: 2, lost });
    expect(isSame(comparison)).toBe(false);
    const component = { version: '1', state: 'active', package: 'p' };
    const components = [
      { ...component, id: 'good' },
      { ...component, id: 'unvouched', code: 'cache/unverified' },
      { ...component, id: 'damaged', code: 'cache/digest-mismatch' },
      { id: 'gone', version: '1', state: 'active' },
    ];
    expect(lostOf({ components }).map(({ id }) => id)).toEqual(['damaged', 'gone']);
    const about = { name: 'n', virtual: false, takenAt: '2026-11-20T10:00:00Z', components: [] };
    const kept = [
      { ...about, id: '1', device: 'IMEI:1', model: 'M1' },
      { ...about, id: '2', device: 'IMEI:2', model: 'M2', takenAt: '2026-11-21T10:00:00Z' },
      { ...about, id: '3', device: 'IMEI:3', takenAt: '2026-11-22T10:00:00Z' },
    ];
    expect(snapshotsFor(kept, { device: 'IMEI:9', model: 'M1' }).map(({ id }) => id)).toEqual(['3', '1']);
  });
});

describe('an outcome', () => {
  const ended = (jobs: ReturnType<typeof aResult>['jobs']) =>
    aTask(PHONE, {
      ...{ name: 'firmware', packages: ['firmware-5.22'] },
      end: { at: '2026-11-21T09:59:00.000Z', ok: false, result: aResult(PHONE, { operation: 'firmware', jobs }) },
    });
  const job = { package: 'firmware-5.22' };

  it('is waiting while a handset restarts, and no failure, unless another job failed', () => {
    expect(outcomeOf(ended([{ ...job, state: 'waiting' }]), PACKAGES)?.kind).toBe('waiting');
    const both = [
      { ...job, state: 'waiting' as const },
      { component: 'mail', state: 'failed' as const },
    ];
    expect(outcomeOf(ended(both), PACKAGES)?.kind).toBe('failed');
  });

  it('has the changes of all its jobs, each once', () => {
    const gone = { id: 'mail', name: 'Mail', version: '2', state: 'active' };
    const difference = { added: [], removed: [gone], changed: [] };
    const outcome = outcomeOf(
      ended([
        { ...job, state: 'done', difference },
        { ...job, state: 'done', difference },
      ]),
      [],
    );
    expect(outcome?.difference).toEqual(difference);
  });
});

it('a place names a handset whatever its number is made of', () => {
  for (const device of ['IMEI:004999010640000', 'a/b %41', 'ü?#']) {
    const part = softwarePlace(device).split('/')[2] ?? '';
    expect(deviceOfPlace(part)).toBe(device);
  }
  expect(deviceOfPlace('%zz')).toBe('%zz');
});
