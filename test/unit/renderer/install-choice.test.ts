import { describe, expect, it } from 'vitest';
import { packageChoices, SHOWN_PACKAGES } from '../../../src-renderer/screens/install/package-choice.ts';
import { planOutlook } from '../../../src-renderer/screens/install/plan-outlook.ts';
import { anItem, aPackage } from '../../window/fixtures/handsets.ts';

describe('packages to choose from', () => {
  const packages = [
    aPackage({ id: 'q', name: 'A quarantined', quarantined: 'digest differs' }),
    aPackage({ id: 'o', name: 'B other', model: 'N7 Plus' }),
    aPackage({ id: 'u', name: 'C unverified', trust: 'unverified' }),
    aPackage({ id: 'v', name: 'D verified', model: 'virtual  HANDSET' }),
  ];

  it('come with those for this handset first, of these the verified ones', () => {
    const { suitable, others, more } = packageChoices(packages, 'Virtual Handset', '');
    expect(suitable.map(({ package: { id } }) => id)).toEqual(['v', 'u']);
    expect(others.map(({ package: { id }, fit }) => [id, fit])).toEqual([
      ['o', 'other-model'],
      ['q', 'quarantined'],
    ]);
    expect(more).toBe(0);
  });

  it('are narrowed by a part of the name, the version or the id, whatever the case', () => {
    expect(packageChoices(packages, 'Virtual Handset', ' VERIFIED ').suitable).toHaveLength(2);
    expect(packageChoices(packages, 'Virtual Handset', 'd verified 1.1').suitable).toHaveLength(1);
  });

  it('may all suit a handset whose model is not known', () => {
    expect(packageChoices(packages, undefined, '').suitable).toHaveLength(3);
  });

  it('are drawn only so many at once, and the others counted', () => {
    const many = Array.from({ length: SHOWN_PACKAGES + 40 }, (_, index) => aPackage({ id: `p${index}` }));
    const { suitable, more } = packageChoices(many, 'Virtual Handset', '');
    expect(suitable).toHaveLength(SHOWN_PACKAGES);
    expect(more).toBe(40);
  });
});

describe('what a plan comes to', () => {
  it('is work for what would be installed or updated, with how much of it nobody vouches for', () => {
    const items = [
      anItem({ package: 'a' }),
      anItem({ package: 'b', action: 'install', trust: 'unverified' }),
      anItem({ package: 'c', action: 'skip', trust: 'unverified' }),
      anItem({ package: 'd', action: 'refuse' }),
    ];
    expect(planOutlook({ items })).toEqual({ kind: 'work', packages: ['a', 'b'], unverified: 1 });
  });

  it('is a good end only when all of it is there already', () => {
    expect(planOutlook({ items: [anItem({ action: 'skip' })] }).kind).toBe('nothing');
    const mixed = [anItem({ action: 'skip' }), anItem({ action: 'refuse' })];
    expect(planOutlook({ items: mixed }).kind).toBe('refused');
  });

  it('is refused when nothing of it can be done', () => {
    expect(planOutlook({ items: [anItem({ action: 'refuse' })] }).kind).toBe('refused');
  });
});
