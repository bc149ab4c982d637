import { describe, expect, it } from 'vitest';
import { faultsOfLock } from '../../tools/check-lock.ts';

describe('lock file', () => {
  it('is in order when every optional package has an entry and none an address', () => {
    const packages = {
      '': { optionalDependencies: { 'tool-linux': '1.0.0' } },
      'node_modules/tool-linux': { integrity: 'sha512-' },
      'node_modules/a/node_modules/b': { link: true, resolved: 'libraries/b' },
    };
    expect(faultsOfLock(JSON.stringify({ packages }))).toEqual([]);
  });

  it('names an optional package without an entry and a package with an address', () => {
    const packages = {
      'node_modules/tool': {
        optionalDependencies: { 'tool-win': '1.0.0' },
        resolved: 'https://registry.example/tool.tgz',
      },
    };
    expect(faultsOfLock(JSON.stringify({ packages }))).toEqual([
      'node_modules/tool holds an address',
      'tool-win, optional for node_modules/tool, has no entry',
    ]);
  });
});
