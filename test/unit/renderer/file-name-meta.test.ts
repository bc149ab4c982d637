import { describe, expect, it } from 'vitest';
import { metaOfFileName, metaProblems } from '../../../src-renderer/screens/packages/file-name-meta.ts';

describe('what the name of a file says of the package in it', () => {
  it.each([
    ['mail-2.1.0.pkg', 'mail-2.1.0', 'mail', '2.1.0'],
    ['office suite v4.0.2.sis', 'office suite v4.0.2', 'office suite', '4.0.2'],
    ['mail_1.4-beta2.bin', 'mail_1.4-beta2', 'mail', '1.4-beta2'],
    ['firmware-9500.bin', 'firmware-9500', 'firmware-9500', '1.0'],
    ['notes', 'notes', 'notes', '1.0'],
    ['.hidden', '.hidden', '.hidden', '1.0'],
    ['2.1.0.pkg', '2.1.0', '2.1.0', '1.0'],
    ['a\u0007b.pkg', 'ab', 'ab', '1.0'],
  ])('%j: id %j, name %j, version %j', (file, id, name, version) => {
    expect(metaOfFileName(file)).toEqual({ id, name, version, model: '' });
  });

  it('is no longer than the host takes, however long the name is', () => {
    const { id, name, version } = metaOfFileName(`${'x'.repeat(400)}-1.${'2'.repeat(100)}.pkg`);
    expect([id.length, name.length <= 256, version.length <= 64]).toEqual([256, true, true]);
  });

  it('takes no long time over a name made to be slow', () => {
    const begin = performance.now();
    metaOfFileName(`${'- '.repeat(5000)}1.${'1.'.repeat(5000)}x.pkg`);
    expect(performance.now() - begin).toBeLessThan(500);
  });
});

describe('what is wrong with what is said of files', () => {
  const meta = { id: 'a', name: 'A', version: '1', model: '' };

  it.each([
    ['nothing', [meta, { ...meta, id: 'b' }], [{}, {}]],
    ['an id that two have', [meta, { ...meta, id: ' a ' }], [{ id: 'sameId' }, { id: 'sameId' }]],
    [
      'what is empty',
      [{ ...meta, id: ' ', name: '', version: ' ' }],
      [{ id: 'missing', name: 'missing', version: 'missing' }],
    ],
  ])('%s', (_name, metas, problems) => {
    expect(metaProblems(metas)).toEqual(problems);
  });
});
