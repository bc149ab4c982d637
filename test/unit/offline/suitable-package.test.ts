import { describe, expect, it } from 'vitest';
import { type OfferedPackage, suitablePackage, usablePackage } from '../../../src-main/offline/suitable-package.ts';

const GAME: OfferedPackage = {
  ...{ id: 'game', name: 'Game', version: '2.0', model: ' M  One', digest: 'ab'.repeat(32) },
  ...{ trust: 'verified', state: 'ready', size: 5_000_000_000 },
};

function chosen(change: Partial<OfferedPackage> | undefined, model: string | undefined, allowUnverified = false) {
  const find = () => (change === undefined ? undefined : { ...GAME, ...change });
  return suitablePackage({ find }, { id: GAME.id, model, allowUnverified });
}

describe('a package of the cache', () => {
  it('may go onto a handset of its model, however that is written, or of any', () => {
    expect(chosen({}, 'm one ').id).toBe('game');
    expect(chosen({ model: '' }, undefined).id).toBe('game');
    expect(chosen({ trust: 'unverified' }, 'm one', true).id).toBe('game');
  });

  it.each([
    ['is not there', undefined, 'cache/absent'],
    ['was taken out of use', { state: 'quarantined' }, 'cache/quarantined'],
    ['nobody vouches for', { trust: 'unverified' }, 'cache/unverified'],
  ] as const)('that %s may go onto none', (_what, change, code) => {
    const refused = expect.objectContaining({ code });
    expect(() => chosen(change, 'm one')).toThrow(refused);
    const found = change === undefined ? undefined : { ...GAME, ...change };
    expect(() => usablePackage(found, { id: GAME.id, allowUnverified: false })).toThrow(refused);
  });

  it('for another model, or for one where the handset does not say its own, stays here', () => {
    const refused = expect.objectContaining({ code: 'offline/wrong-model' });
    for (const model of ['M Two', 'MOne', '', undefined]) expect(() => chosen({}, model)).toThrow(refused);
  });
});
