import { describe, expect, it } from 'vitest';
import { compareComponents, isComplete } from '../../../src-main/archive/compare-components.ts';
import { planSteps } from '../../../src-main/archive/plan-steps.ts';

/** `id version state`, the state shortened. */
function component(text: string) {
  const [id = '', version = '', state = ''] = text.split(' ').map((word) => (word === '-' ? '' : word));
  return { id, version, state: { a: 'active', i: 'inactive' }[state] ?? state };
}

const components = (texts: readonly string[]) => texts.map(component);

/** `packages`: component to package. */
const wantedOf = (texts: readonly string[], packages: Readonly<Record<string, string>> = {}) =>
  components(texts).map((each) => ({ ...each, package: packages[each.id] }));

describe('a handset beside what it is to have', () => {
  it.each<[string, string[], string[], { missing?: string[]; outdated?: string[]; extra?: string[] }]>([
    ['nothing is wanted and nothing is there', [], [], {}],
    ['all is as it is to be', ['game 2.0 a', 'notes 1.0 i'], ['notes 1.0 i', 'game 2.0 a'], {}],
    ['one is missing', ['game 2.0 a'], [], { missing: ['game 2.0'] }],
    ['one is more', [], ['game 2.0 a'], { extra: ['game 2.0'] }],
    ['an older version', ['game 2.0 a'], ['game 1.9 a'], { outdated: ['game version 1.9 2.0'] }],
    ['a newer version', ['game 2.0 a'], ['game 10.0 a'], { outdated: ['game version 10.0 2.0'] }],
    ['the same version in other words', ['game 2.0 a'], ['game 2 a'], { outdated: ['game version 2 2.0'] }],
    ['active and to be inactive', ['game 2.0 i'], ['game 2.0 a'], { outdated: ['game state active inactive'] }],
    ['inactive and to be active', ['game 2.0 a'], ['game 2.0 i'], { outdated: ['game state inactive active'] }],
    [
      'version and state',
      ['game 2.0 a'],
      ['game 1.0 i'],
      { outdated: ['game version 1.0 2.0', 'game state inactive active'] },
    ],
    ['a version that the handset does not tell', ['game 2.0 a'], ['game - a'], {}],
    ['a state that the handset does not tell', ['game 2.0 i'], ['game 2.0 -'], {}],
    ['a state of no table', ['game 2.0 a'], ['game 2.0 30'], { outdated: ['game state 30 active'] }],
    ['a component that is listed twice, once right', ['game 2.0 a'], ['game 1.0 a', 'game 2.0 a'], {}],
    ['letter case counts in ids', ['game 2.0 a'], ['Game 2.0 a'], { missing: ['game 2.0'], extra: ['Game 2.0'] }],
    [
      'a policy: what is mandated is missing, what is not mandated is more',
      ['antivirus 5 a', 'mail 1 a'],
      ['mail 1 a', 'toy 3 a'],
      { missing: ['antivirus 5'], extra: ['toy 3'] },
    ],
  ])('%s', (_title, wanted, present, { missing = [], outdated = [], extra = [] }) => {
    const found = compareComponents(wantedOf(wanted), components(present), 'IMEI:1');
    expect({
      missing: found.missing.map(({ id, version }) => `${id} ${version}`),
      outdated: found.outdated.map((each) => `${each.id} ${each.field} ${each.has} ${each.wanted}`),
      extra: found.extra.map(({ id, version }) => `${id} ${version}`),
    }).toEqual({ missing, outdated, extra });
    expect(found.device).toBe('IMEI:1');
    expect(isComplete(found)).toBe(missing.length + outdated.length === 0);
  });

  it('says which package what is not right can be put back from', () => {
    const wanted = wantedOf(['game 2.0 a', 'maps 1.0 a'], { game: 'game-pkg', maps: 'maps-pkg' });
    const { missing, outdated } = compareComponents(wanted, components(['maps 0.9 a']));
    expect([...missing, ...outdated].map((each) => each.package)).toEqual(['game-pkg', 'maps-pkg']);
  });
});

describe('the way from what is there to what is to be there', () => {
  const BUNDLE = { clock: 'suite', zones: 'suite' };

  it.each<[string, string[], string[], Record<string, string>, string[]]>([
    ['nothing to do', ['game 2.0 a'], ['game 2.0 a'], { game: 'game' }, []],
    ['what is missing is installed', ['game 2.0 a'], [], { game: 'game' }, ['install game']],
    ['what is to be inactive is installed so', ['game 2.0 i'], [], { game: 'game' }, ['install game, inactive']],
    ['a package once', ['clock 2 a', 'zones 1 a'], ['zones 0 a'], BUNDLE, ['install suite']],
    [
      'a package of which one component is to be inactive is installed and that one deactivated',
      ['clock 2 a', 'zones 1 i'],
      ['zones 1 i'],
      BUNDLE,
      ['install suite', 'deactivate zones'],
    ],
    ['only the state', ['a 1 i', 'b 1 a'], ['a 1 a', 'b 1 i'], {}, ['activate b', 'deactivate a']],
    ['what has no package is left alone', ['a 1 a', 'b 1 a'], [], { b: 'b' }, ['install b']],
    ['a version comes with its state', ['a 2 a'], ['a 1 i'], { a: 'a' }, ['install a']],
    ['what is unwanted goes last', ['a 1 a'], ['x 1 a'], { a: 'a' }, ['install a', 'remove x']],
  ])('%s', (_title, wanted, present, packages, steps) => {
    const list = wantedOf(wanted, packages);
    const comparison = compareComponents(list, components(present));
    const unwanted = comparison.extra.map(({ id }) => id);
    const planned = planSteps(list, comparison, unwanted).map((step) =>
      step.operation === 'install'
        ? `install ${step.package}${step.inactive ? ', inactive' : ''}`
        : `${step.operation} ${step.component}`,
    );
    expect(planned).toEqual(steps);
  });
});
