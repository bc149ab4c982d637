import { describe, expect, it } from 'vitest';
import type { CommandReport, Procedure, WantedCommand } from '../../../src-main/dm/server/work.ts';
import { deliverAndInstall, removeComponent } from '../../../src-main/scomo/procedure/deliver.ts';
import { findScomoRoot, readInventory } from '../../../src-main/scomo/procedure/inventory.ts';
import type { Item } from '../../../src-main/syncml/model.ts';

/** A handset as a table: what it answers to a Get of a URI, with which Meta. */
interface Handset {
  /** `undefined` in place of a text: 404. A list: names of children. */
  readonly nodes: Readonly<Record<string, string | readonly string[]>>;
  readonly prop?: boolean;
  readonly list?: 'yes' | 'refused' | 'ignored' | 'ignored-without-meta';
  readonly withoutSource?: boolean;
  readonly withoutDot?: boolean;
  readonly types?: Readonly<Record<string, string>>;
  readonly refused?: Readonly<Record<string, number>>;
}

interface Ended<T> {
  readonly value: T;
  readonly packages: readonly (readonly WantedCommand[])[];
}

/** Runs a procedure to its end against a handset that is a function. */
function ended<T>(procedure: Procedure<T>, answer: (command: WantedCommand) => Partial<CommandReport>): Ended<T> {
  const packages: (readonly WantedCommand[])[] = [];
  let step = procedure.next();
  while (step.done !== true) {
    packages.push(step.value);
    if (packages.length > 500) throw new Error('it asks for ever');
    const reports = step.value.map((command) => ({
      code: 200,
      statuses: [],
      results: [],
      children: [],
      ...answer(command),
    }));
    step = procedure.next({ reports, alerts: [] });
  }
  return { value: step.value, packages };
}

function itemOf(uri: string, data: string | undefined, handset: Handset, format?: string): Item {
  const shown = handset.withoutDot === true && uri.startsWith('./') ? uri.slice(2) : uri;
  return {
    ...(handset.withoutSource === true ? {} : { source: { uri: shown } }),
    ...(format === undefined ? {} : { meta: { format } }),
    ...(data === undefined ? {} : { data }),
  };
}

function get(handset: Handset) {
  return (command: WantedCommand): Partial<CommandReport> => {
    const target = 'items' in command ? (command.items[0]?.target?.uri ?? '') : '';
    const [uri = '', query] = target.split('?');
    const code = handset.refused?.[target];
    if (code !== undefined) return { code };
    const node = handset.nodes[uri];
    if (node === undefined) return { code: 404 };
    if (query === 'prop=Type') {
      if (handset.prop === false) return { code: 406 };
      return { results: [itemOf(target, handset.types?.[uri] ?? '', handset)] };
    }
    if (query === 'list=StructData' && handset.list === 'yes') {
      const below = Object.entries(handset.nodes).filter(([name]) => name === uri || name.startsWith(`${uri}/`));
      return {
        results: below.map(([name, value]) =>
          typeof value === 'string' ? itemOf(name, value, handset, 'chr') : itemOf(name, undefined, handset, 'node'),
        ),
      };
    }
    if (query !== undefined && handset.list !== 'ignored' && handset.list !== 'ignored-without-meta')
      return { code: 406 };
    if (typeof node === 'string') return { results: [itemOf(uri, node, handset)] };
    const format = handset.list === 'ignored-without-meta' ? undefined : 'node';
    return { results: [itemOf(target, node.join('/'), handset, format)] };
  };
}

function withObject(name: string, more: Partial<Handset> = {}): Handset {
  const base = `./${name}/Inventory/Deployed`;
  return {
    nodes: {
      '.': ['DevInfo', 'DevDetail', name],
      './DevInfo': ['DevId'],
      './DevDetail': ['FwV'],
      [`./${name}`]: ['Inventory'],
      [`./${name}/Inventory`]: ['Delivered', 'Deployed'],
      [base]: ['one', 'two'],
      [`${base}/one`]: ['ID', 'Name', 'Version', 'State', 'PkgIDRef'],
      [`${base}/one/ID`]: 'com.one',
      [`${base}/one/Name`]: 'One',
      [`${base}/one/Version`]: '1.0',
      [`${base}/one/State`]: '20',
      [`${base}/one/PkgIDRef`]: 'pkg.one',
      [`${base}/two`]: ['ID', 'State'],
      [`${base}/two/ID`]: 'com.two',
      [`${base}/two/State`]: ' 10 ',
    },
    types: { [`./${name}`]: 'urn:oma:mo:oma-scomo:1.0' },
    ...more,
  };
}

describe('the SCOMO object', () => {
  it.each([
    ['SCM', {}],
    ['SCOMO', {}],
    ['SCM', { prop: false }],
    ['SCOMO', { prop: false }],
    ['Software', {}],
    ['Software', { prop: false }],
    ['Software', { withoutSource: true }],
  ])('is found as %s on a handset %j', (name, more) => {
    expect(ended(findScomoRoot(), get(withObject(name, more))).value).toBe(`./${name}`);
  });

  it('is found deeper, where it tells its type, and not below another object', () => {
    const type = 'urn:oma:mo:oma-scomo:1.0';
    const nodes = {
      '.': ['DevInfo', 'Apps', 'Fw', 'Note'],
      './DevInfo': ['Store'],
      './DevInfo/Store': [],
      './Apps': ['Main', 'Name'],
      './Apps/Main': ['Store'],
      './Apps/Main/Store': ['Inventory'],
      './Apps/Name': 'Main',
      './Fw': ['Store'],
      './Fw/Store': [],
      './Note': 'Store',
    };
    const types = { './DevInfo/Store': type, './Fw': 'urn:oma:mo:oma-fumo:1.0', './Fw/Store': type };
    const find = (more: Readonly<Record<string, string>>) =>
      ended(findScomoRoot(), get({ nodes, types: { ...types, ...more } }));
    expect(find({ './Apps/Main/Store': type }).value).toBe('./Apps/Main/Store');
    // A later version is the same object with more nodes.
    expect(find({ './Apps/Main': 'urn:oma:mo:oma-scomo:1.1' }).value).toBe('./Apps/Main');
    const none = find({});
    expect(none.value).toBeUndefined();
    expect(none.packages.length).toBeLessThan(10);
  });

  it('is found under a usual name when the root may not be read', () => {
    expect(ended(findScomoRoot(), get(withObject('SCOMO', { refused: { '.': 405 } }))).value).toBe('./SCOMO');
  });

  it('is not a node that only has its name', () => {
    const handset = withObject('Software');
    const nodes = { ...handset.nodes, '.': ['SCM', 'Software'], './SCM': ['x'] };
    expect(ended(findScomoRoot(), get({ ...handset, nodes })).value).toBe('./Software');
  });

  it('is not a node of another type, whatever is below it', () => {
    const handset = withObject('Software', { types: { './Software': 'urn:other' } });
    expect(ended(findScomoRoot(), get(handset)).value).toBeUndefined();
  });

  it('is not an inventory of something else', () => {
    const handset = withObject('Store', { prop: false });
    const nodes = { ...handset.nodes, './Store/Inventory': ['Shelf'] };
    expect(ended(findScomoRoot(), get({ ...handset, nodes })).value).toBeUndefined();
  });

  it.each([
    ['nothing', { '.': [] }],
    ['nothing of it', { '.': ['DevInfo'], './DevInfo': ['DevId'] }],
  ])('is missing on a handset that has %s', (_what, nodes) => {
    expect(ended(findScomoRoot(), get({ nodes })).value).toBeUndefined();
  });

  it('is missing on a handset that refuses everything', () => {
    expect(ended(findScomoRoot(), () => ({ code: 405 })).value).toBeUndefined();
  });
});

describe('the inventory', () => {
  const ENTRIES = [
    {
      id: 'com.one',
      name: 'One',
      version: '1.0',
      state: 'active',
      pkgId: 'pkg.one',
      uri: './SCM/Inventory/Deployed/one',
    },
    { id: 'com.two', version: '', state: 'inactive', uri: './SCM/Inventory/Deployed/two' },
  ];

  it.each(['yes', 'refused', 'ignored', 'ignored-without-meta'] as const)('is read where ?list= is %s', (list) => {
    const read = ended(readInventory('./SCM'), get(withObject('SCM', { list })));
    expect(read.value).toEqual(ENTRIES);
    if (list === 'yes') expect(read.packages).toHaveLength(1);
  });

  it.each([
    ['that leaves out ./', { list: 'yes', withoutDot: true }],
    ['that ignores ?list= and leaves out ./', { list: 'ignored', withoutDot: true }],
    ['that names no Source, node by node', { list: 'refused', withoutSource: true }],
    ['that names no Source and ignores ?list=', { list: 'ignored-without-meta', withoutSource: true }],
  ] as const)('is read from a handset %s', (_how, more) => {
    expect(ended(readInventory('./SCM'), get(withObject('SCM', more))).value).toEqual(ENTRIES);
  });

  it.each(['yes', 'refused', 'ignored', 'ignored-without-meta'] as const)(
    'is empty where nothing is installed and ?list= is %s',
    (list) => {
      const nodes = { './SCM/Inventory/Deployed': [] };
      expect(ended(readInventory('./SCM'), get({ nodes, list })).value).toEqual([]);
    },
  );

  it('is empty where it may not be read', () => {
    expect(ended(readInventory('./SCM'), () => ({ code: 425 })).value).toEqual([]);
  });

  it('asks for many components in packages of a size that handsets take', () => {
    const names = Array.from({ length: 30 }, (_, index) => `n${index}`);
    const base = './SCM/Inventory/Deployed';
    const leaves = names.flatMap((name) => [
      [`${base}/${name}/ID`, `id ${name}`],
      [`${base}/${name}/Status`, '40'],
    ]);
    const read = ended(
      readInventory('./SCM'),
      get({ nodes: Object.fromEntries([[base, names], ...leaves]), list: 'refused' }),
    );
    expect(read.value).toMatchObject(names.map((name) => ({ id: `id ${name}`, status: 40 })));
    for (const commands of read.packages) expect(commands.length).toBeLessThanOrEqual(20);
    expect(read.packages).toHaveLength(2 + Math.ceil(30 / 3));
  });

  it('names a component by its node when it has no ID, and shows a state that it does not know', () => {
    const base = './SCM/Inventory/Deployed';
    const nodes = { [base]: ['x'], [`${base}/x`]: ['State'], [`${base}/x/State`]: '30' };
    expect(ended(readInventory('./SCM'), get({ nodes, list: 'yes' })).value).toEqual([
      { id: 'x', version: '', state: '30', uri: `${base}/x` },
    ]);
  });
});

describe('delivery', () => {
  const PKG = { id: 'com.fun.game', name: 'My game', version: '2.0', type: 'a/b', content: Uint8Array.of(1, 2, 3) };
  const D = './SCM/Inventory/Delivered';
  const uriOf = (command: WantedCommand) => ('items' in command ? (command.items[0]?.target?.uri ?? '') : '');
  const deliver = (codes: Readonly<Record<string, number>>) =>
    ended(deliverAndInstall('./SCM', PKG, { correlator: 'job 1' }), (command) => ({
      code: codes[`${command.kind} ${uriOf(command)}`] ?? (command.kind === 'Exec' ? 202 : 200),
    }));

  it('adds the package, fills it and orders its installation', () => {
    const done = deliver({});
    expect(done.value).toEqual({ kind: 'accepted', alerts: [], consent: 'not-asked' });
    expect(done.packages).toEqual([
      [{ kind: 'Add', items: [{ target: { uri: `${D}/My-game` }, meta: { format: 'node' } }] }],
      [
        {
          kind: 'Add',
          items: [
            {
              target: { uri: `${D}/My-game/PkgID` },
              meta: { format: 'chr', type: 'text/plain' },
              data: 'com.fun.game',
            },
          ],
        },
        {
          kind: 'Add',
          items: [
            { target: { uri: `${D}/My-game/Name` }, meta: { format: 'chr', type: 'text/plain' }, data: 'My game' },
          ],
        },
        {
          kind: 'Add',
          items: [
            {
              target: { uri: `${D}/My-game/InstallParams` },
              meta: { format: 'chr', type: 'text/plain' },
              data: 'version=2.0',
            },
          ],
        },
        {
          kind: 'Add',
          items: [{ target: { uri: `${D}/My-game/Data` }, meta: { format: 'bin', type: 'a/b' } }],
          large: PKG.content,
        },
      ],
      [{ kind: 'Exec', correlator: 'job 1', items: [{ target: { uri: `${D}/My-game/Operations/Install` } }] }],
    ]);
  });

  it('takes another name when something of that name lies there', () => {
    const done = deliver({ [`Add ${D}/My-game`]: 418 });
    expect(done.value.kind).toBe('accepted');
    expect(done.packages[1]).toMatchObject([{ items: [{ target: { uri: `${D}/My-game-job-1` } }] }]);
    expect(uriOf(done.packages.at(-1)?.[0] ?? { kind: 'Get', items: [] })).toBe(
      `${D}/My-game-job-1/Operations/Install`,
    );
  });

  it.each([
    ['the node', { [`Add ${D}/My-game`]: 425 }, { kind: 'refused', step: 'Delivered', code: 425 }, 1],
    [
      'both nodes',
      { [`Add ${D}/My-game`]: 418, [`Add ${D}/My-game-job-1`]: 418 },
      // The second one has the job's own name, so what lies there is taken away first.
      { kind: 'refused', step: 'Delivered', code: 418 },
      4,
    ],
    ['PkgID', { [`Add ${D}/My-game/PkgID`]: 405 }, { kind: 'refused', step: 'PkgID', code: 405 }, 3],
    ['Data', { [`Add ${D}/My-game/Data`]: 420 }, { kind: 'refused', step: 'Data', code: 420 }, 3],
    [
      'Name and InstallParams',
      { [`Add ${D}/My-game/Name`]: 405, [`Add ${D}/My-game/InstallParams`]: 405 },
      { kind: 'accepted', alerts: [], consent: 'not-asked' },
      3,
    ],
    ['Exec', { [`Exec ${D}/My-game/Operations/Install`]: 405 }, { kind: 'refused', step: 'Exec', code: 405 }, 4],
  ])('ends as it must when %s is refused', (_what, codes, outcome, packages) => {
    const done = deliver(codes);
    expect(done.value).toEqual(outcome);
    expect(done.packages).toHaveLength(packages);
  });

  it('takes what was not installed away again', () => {
    const done = deliver({ [`Exec ${D}/My-game/Operations/Install`]: 405 });
    expect(done.packages.at(-1)).toEqual([{ kind: 'Delete', items: [{ target: { uri: `${D}/My-game` } }] }]);
  });

  it('is done at once where the handset does not keep it waiting', () => {
    expect(deliver({ [`Exec ${D}/My-game/Operations/Install`]: 200 }).value).toEqual({
      kind: 'done',
      consent: 'not-asked',
    });
  });

  it('removes a component by its own operation', () => {
    const removed = ended(removeComponent('./SCM/Inventory/Deployed/x', { correlator: 'c' }), () => ({ code: 404 }));
    expect(removed.value).toEqual({ kind: 'refused', step: 'Exec', code: 404 });
    expect(removed.packages[0]).toEqual([
      { kind: 'Exec', correlator: 'c', items: [{ target: { uri: './SCM/Inventory/Deployed/x/Operations/Remove' } }] },
    ]);
  });
});
