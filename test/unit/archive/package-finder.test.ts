import { describe, expect, it } from 'vitest';
import type { KeptPackage } from '../../../src-main/archive/kept-packages.ts';
import { PackageFinder } from '../../../src-main/archive/package-finder.ts';
import { PcAgentError } from '../../../src-main/base/errors.ts';
import { nodeDigest } from '../../../src-main/base/node/digest.ts';
import type { CachedPackage } from '../../../src-main/cache/cached-package.ts';
import { writeSoftware } from '../../../src-main/scomo/software-package.ts';

/** `digest: id version [component@version …]`. */
interface Written {
  readonly digest: string;
  readonly id: string;
  readonly version: string;
  readonly parts: readonly string[];
}

function written(text: string): Written {
  const [digest = '', id = '', version = '', ...parts] = text.split(/:? /);
  return { digest, id, version, parts };
}

function bytesOf({ id, parts }: Written): Uint8Array {
  if (parts.length === 0) return new TextEncoder().encode(id);
  const components = parts.map((part) => {
    const [name = '', version = ''] = part.split('@');
    return { id: name, name, version, needs: [], content: new Uint8Array(3) };
  });
  return writeSoftware(components, { digest: nodeDigest });
}

/** A finder over packages of the cache and such as are kept beside it, and how often their bytes were looked at. */
function finderOf(shown: readonly string[], beside: readonly string[] = [], damaged: readonly string[] = []) {
  const [list, kept] = [shown.map(written), beside.map(written)];
  const looked: string[] = [];
  const finder = new PackageFinder(
    {
      list: () => list.map((each) => ({ ...each, state: 'ready' }) as unknown as CachedPackage),
      content: () => ({ state: 'ready' }),
      head: async (digest) => {
        looked.push(digest);
        if (damaged.includes(digest)) throw new PcAgentError('cache/absent', 'it is gone');
        const found = [...list, ...kept].find((each) => each.digest === digest);
        return bytesOf(found ?? written(''));
      },
    },
    () => kept.map((each) => each as unknown as KeptPackage),
  );
  return { finder, looked };
}

const SHOWN = ['d1: game 2.0', 'd2: suite 1.0 clock@2.0 zones@1.0', 'd3: bundle 7 game@2.0 zones@1.1', 'd4: maps 1.0'];

describe('the package that a component came from', () => {
  it.each<[string, string, string, string | undefined, string | undefined]>([
    ['has its id', 'game', '2.0', undefined, 'd1'],
    ['is the one that it names', 'game', '2.0', 'bundle', 'd3'],
    ['is named though it has another id itself', 'com.maker.maps', '1.0', 'maps', 'd4'],
    ['contains it', 'clock', '2.0', undefined, 'd2'],
    ['contains it though it names another one', 'zones', '1.1', 'suite', 'd3'],
    ['is of that version', 'zones', '1.0', undefined, 'd2'],
    ['is one that the handset tells no version for', 'clock', '', 'suite', 'd2'],
    ['is not there in this version', 'game', '3.0', 'game', undefined],
    ['is kept beside a newer one', 'maps', '0.9', 'maps', 'd5'],
    ['is kept beside a newer one and contains it', 'clock', '1.9', undefined, 'd6'],
    ['is not the suite as a whole', 'suite', '1.0', 'suite', undefined],
    ['is nowhere', 'toy', '1.0', undefined, undefined],
  ])('%s', async (_title, id, version, pkgId, digest) => {
    const { finder } = finderOf(SHOWN, ['d5: maps 0.9', 'd6: suite 0.9 clock@1.9', 'd7: game 2.0']);
    expect((await finder.survey()).find({ id, version, pkgId })?.digest).toBe(digest);
  });

  it('is looked into once, and one that is damaged is no reason to find none', async () => {
    const { finder, looked } = finderOf(SHOWN, [], ['d2']);
    expect((await finder.survey()).find({ id: 'clock', version: '2.0' })).toBeUndefined();
    expect((await finder.survey()).find({ id: 'zones', version: '1.1' })?.digest).toBe('d3');
    expect(looked).toEqual(['d1', 'd2', 'd3', 'd4', 'd2']);
    expect((await finder.survey()).content('d4')?.id).toBe('maps');
  });
});
