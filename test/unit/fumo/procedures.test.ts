import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src-main/base/bytes.ts';
import type { CommandReport, Procedure, WantedCommand } from '../../../src-main/dm/server/work.ts';
import { readFirmwareComplete, readFirmwareRequest } from '../../../src-main/fumo/firmware-alert.ts';
import { findFirmwareObjects } from '../../../src-main/fumo/procedure/find-object.ts';
import {
  type FirmwareOrder,
  readFirmwareState,
  updateFirmware,
} from '../../../src-main/fumo/procedure/update-firmware.ts';
import type { AlertCommand } from '../../../src-main/syncml/model.ts';

type Answer = Partial<CommandReport> & { readonly alerts?: readonly AlertCommand[] };

/** Runs a procedure against a handset that is a function; `said` are its commands in a line each. */
function ended<T>(procedure: Procedure<T>, answer: (line: string, command: WantedCommand) => Answer) {
  const said: string[] = [];
  let step = procedure.next();
  while (step.done !== true) {
    if (said.length > 300) throw new Error('it asks for ever');
    const alerts: AlertCommand[] = [];
    const reports = step.value.map((command) => {
      const line = lineOf(command);
      said.push(line);
      const { alerts: came = [], ...report } = answer(line, command);
      alerts.push(...came);
      return { code: 200, statuses: [], results: [], children: [], ...report };
    });
    step = procedure.next({ reports, alerts });
  }
  return { value: step.value, said };
}

function lineOf(command: WantedCommand): string {
  const [item] = 'items' in command ? command.items : [];
  const large = 'large' in command && command.large !== undefined ? ` large ${command.large.length}` : '';
  return `${command.kind} ${item?.target?.uri ?? ''}${item?.data === undefined ? '' : `=${String(item.data)}`}${large}`;
}

function alertOf(type: string, data: string, correlator?: string, source = './F/x'): AlertCommand {
  const items = [{ source: { uri: source }, meta: { type, format: 'int' }, data }];
  return { kind: 'Alert', cmdId: '2', code: 1226, items, ...(correlator === undefined ? {} : { correlator }) };
}

/** Children of interior nodes and types; a leaf is not listed. */
function tree(nodes: Readonly<Record<string, string>>, types: Readonly<Record<string, string>> | undefined) {
  return (line: string): Answer => {
    const [uri = '', query] = line.slice('Get '.length).split('?');
    if (query === 'prop=Type') {
      if (types === undefined) return { code: 406 };
      return nodes[uri] === undefined ? { code: 404 } : { results: [{ data: types[uri] ?? '' }] };
    }
    const names = nodes[uri];
    return names === undefined ? { code: 404 } : { results: [{ meta: { format: 'node' }, data: names }] };
  };
}

const TYPE = 'urn:oma:mo:oma-fumo:1.0';
const OBJECT = {
  '.': 'DevInfo/SCM/Vendor',
  './DevInfo': 'DevId',
  './SCM': 'Inventory',
  './Vendor': 'a/b',
  './Vendor/a': 'Update/State',
  './Vendor/b': 'x',
  './Vendor/b/x': 'State/Download/Update/DownloadAndUpdate/PkgName',
  './Vendor/b/x/Download': 'PkgURL',
  './Vendor/b/x/Update': 'PkgData',
  './Vendor/b/x/DownloadAndUpdate': 'PkgURL',
};

describe('finding the update object', () => {
  it('goes by its type, wherever it is and whatever it is called', () => {
    const types = { './Vendor/b/x': TYPE, './Vendor/a': 'urn:other' };
    const { value } = ended(findFirmwareObjects(), tree(OBJECT, types));
    expect(value.map(({ uri }) => uri)).toEqual(['./Vendor/b/x']);
    expect([...(value[0]?.nodes ?? [])]).toEqual(
      expect.arrayContaining(['State', 'PkgName', 'Download/PkgURL', 'Update/PkgData', 'DownloadAndUpdate/PkgURL']),
    );
  });

  it('goes by its shape where the handset does not tell types', () => {
    const { value } = ended(findFirmwareObjects(), tree(OBJECT, undefined));
    expect(value.map(({ uri }) => uri)).toEqual(['./Vendor/a']);
  });

  it('looks where implementations have it first, and finds several', () => {
    const nodes = {
      '.': 'SCM/FwUpdate',
      './SCM': 'x',
      './FwUpdate': 'p1/p2',
      './FwUpdate/p1': 'State/Update',
      './FwUpdate/p2': 'State/Update',
    };
    const { value, said } = ended(findFirmwareObjects(), tree(nodes, { './FwUpdate/p1': TYPE, './FwUpdate/p2': TYPE }));
    expect(value.map(({ uri }) => uri)).toEqual(['./FwUpdate/p1', './FwUpdate/p2']);
    expect(said).not.toContain('Get ./SCM');
  });

  it('ends without one where there is none, however large the tree is', () => {
    const wide = Array.from({ length: 500 }, (_none, index) => `n${index}`).join('/');
    const { value, said } = ended(findFirmwareObjects(), (line) =>
      line.includes('?') ? { code: 406 } : { results: [{ meta: { format: 'node' }, data: wide }] },
    );
    expect(value).toEqual([]);
    expect(said.length).toBeLessThan(250);
    expect(ended(findFirmwareObjects(), () => ({ code: 405 })).value).toEqual([]);
  });
});

const ALL = {
  uri: './F/x',
  nodes: new Set([
    'State',
    'PkgName',
    'Download',
    'Download/PkgURL',
    'Update',
    'Update/PkgData',
    'DownloadAndUpdate',
    'DownloadAndUpdate/PkgURL',
  ]),
};
const ORDER: FirmwareOrder = {
  deliveries: ['object', 'download-and-update', 'download'],
  update: true,
  correlator: 'c',
  name: 'fw',
  version: '2.0',
  content: utf8('octets'),
  url: 'http://s/fw',
};
const PREFIX = 'org.openmobilealliance.dm.firmwareupdate.';

/** Accepts what is executed; reports it with the second Get of the state. */
function handset(codes: Readonly<Record<string, number>> = {}, result: Readonly<Record<string, string>> = {}) {
  let running: string | undefined;
  let looks = 0;
  return (line: string): Answer => {
    const code =
      codes[line.replace(/[= ]\S*( \d+)?$/, '')] ??
      codes[line.split('=')[0] ?? ''] ??
      codes[line.split(' large')[0] ?? ''];
    if (code !== undefined) return { code };
    if (line.startsWith('Exec ')) {
      running = line.slice(line.lastIndexOf('/') + 1).toLowerCase();
      looks = 0;
      return { code: 202 };
    }
    if (line !== 'Get ./F/x/State') return {};
    looks += 1;
    const state = [{ data: running === 'download' ? '30' : '60' }];
    const alerts =
      looks === 2 && running !== undefined ? [alertOf(PREFIX + running, result[running] ?? '200', 'c')] : [];
    return { results: state, alerts };
  };
}

describe('updating the firmware', () => {
  it('puts the package into Update/PkgData and executes Update', () => {
    const { value, said } = ended(updateFirmware(ALL, ORDER), handset());
    expect(said).toEqual([
      'Replace ./F/x/PkgName=fw',
      'Replace ./F/x/Update/PkgData large 6',
      'Exec ./F/x/Update',
      'Get ./F/x/State',
      'Get ./F/x/State',
    ]);
    expect(value).toEqual({
      kind: 'completed',
      complete: { operation: 'update', resultCode: 200, object: './F/x', correlator: 'c' },
    });
  });

  it('only delivers where that is all that is wanted', () => {
    const done = ended(updateFirmware(ALL, { ...ORDER, update: false }), handset());
    expect([done.value, done.said.length]).toEqual([{ kind: 'delivered' }, 2]);
  });

  it('sets the URL of the operation that it executes', () => {
    const both = ended(updateFirmware(ALL, { ...ORDER, deliveries: ['download-and-update'] }), handset());
    expect(both.said.slice(1, 3)).toEqual([
      'Replace ./F/x/DownloadAndUpdate/PkgURL=http://s/fw',
      'Exec ./F/x/DownloadAndUpdate',
    ]);
    expect(both.value).toMatchObject({ kind: 'completed', complete: { operation: 'downloadandupdate' } });
    const first = ended(updateFirmware(ALL, { ...ORDER, deliveries: ['download'] }), handset());
    expect(first.said.filter((line) => !line.startsWith('Get'))).toEqual([
      'Replace ./F/x/PkgName=fw',
      'Replace ./F/x/Download/PkgURL=http://s/fw',
      'Exec ./F/x/Download',
      'Exec ./F/x/Update',
    ]);
    expect(first.value).toMatchObject({ kind: 'completed', complete: { operation: 'update' } });
  });

  it('does not update after a download that failed', () => {
    const { value, said } = ended(
      updateFirmware(ALL, { ...ORDER, deliveries: ['download'] }),
      handset({}, { download: '412' }),
    );
    expect(value).toMatchObject({ kind: 'completed', complete: { operation: 'download', resultCode: 412 } });
    expect(said).not.toContain('Exec ./F/x/Update');
  });

  it.each([413, 420, 404, 405])('takes another way when the handset refuses the package (%i)', (code) => {
    const { value, said } = ended(updateFirmware(ALL, ORDER), handset({ 'Replace ./F/x/Update/PkgData': code }));
    expect(value).toMatchObject({ kind: 'completed', complete: { operation: 'downloadandupdate' } });
    expect(said).toContain('Exec ./F/x/DownloadAndUpdate');
  });

  it('says what was refused when there is no other way, and that there was none', () => {
    const only = { ...ORDER, deliveries: ['object'] as const };
    expect(ended(updateFirmware(ALL, only), handset({ 'Replace ./F/x/Update/PkgData': 420 })).value).toEqual({
      kind: 'refused',
      step: 'Replace of Update/PkgData',
      code: 420,
    });
    expect(ended(updateFirmware(ALL, ORDER), handset({ 'Exec ./F/x/Update': 405 })).value).toMatchObject({
      step: 'Exec',
      code: 405,
    });
    const bare = { uri: './F/x', nodes: new Set(['State']) };
    expect(ended(updateFirmware(bare, ORDER), handset())).toEqual({ value: { kind: 'no-way' }, said: [] });
  });

  it('leaves the report to a later session when the handset works on', () => {
    const states: number[] = [];
    const order = { ...ORDER, deliveries: ['present'] as const, onWatch: (state: number) => void states.push(state) };
    const answer = (line: string): Answer => (line.startsWith('Exec') ? { code: 202 } : { results: [{ data: '60' }] });
    expect(ended(updateFirmware(ALL, order), answer).value).toEqual({ kind: 'accepted', operation: 'update' });
    expect(states).toEqual([60, 60, 60]);
    const silent = (line: string): Answer => (line.startsWith('Exec') ? { code: 202 } : { code: 405 });
    expect(ended(updateFirmware(ALL, order), silent).said).toEqual(['Exec ./F/x/Update', 'Get ./F/x/State']);
    expect(ended(readFirmwareState('./F/x'), silent).value).toBeUndefined();
    expect(ended(readFirmwareState('./F/x'), answer).value).toBe(60);
  });

  it('asks a person once, before the first of both operations', () => {
    const order = {
      ...ORDER,
      deliveries: ['download'] as const,
      consent: { text: 'Now?', policy: 'required' as const },
    };
    const { said } = ended(updateFirmware(ALL, order), handset());
    expect(said.filter((line) => line.startsWith('Alert'))).toHaveLength(1);
    const refused = ended(updateFirmware(ALL, order), (line) => (line.startsWith('Alert') ? { code: 304 } : {}));
    expect(refused.value).toEqual({ kind: 'declined', code: 304 });
    expect(refused.said.some((line) => line.startsWith('Exec'))).toBe(false);
    // Nobody waits for a package that they do not want.
    const object = ended(updateFirmware(ALL, { ...order, deliveries: ['object'] }), handset()).said;
    expect(object[0]).toMatch(/^Alert/);
    expect(refused.said).toHaveLength(1);
  });
});

describe('alerts of an update', () => {
  it.each<readonly [string, string, string, string, number]>([
    ['as the text says', `${PREFIX}update`, '402', './F/x', 402],
    ['with the operation as source', `${PREFIX}downloadandupdate`, '200', './F/x/DownloadAndUpdate', 200],
    ['in other letters', 'ORG.OpenMobileAlliance.DM.FirmwareUpdate.DownloadAndUpdate', '200', './F/x', 200],
    ['with the prefix of the DM text', `Reversed-Domain-Name: ${PREFIX}download`, ' 200 ', './F/x', 200],
    ['with an identifier of the later scheme', 'urn:oma:at:fumo:1.0:update', '250', './F/x', 250],
    ['as SCOMO writes it', `${PREFIX}update`, '<ResultCode>410</ResultCode>', './F/x/Update', 410],
  ])('are read %s', (_what, type, data, source, resultCode) => {
    expect(readFirmwareComplete(alertOf(type, data, 'c', source))).toMatchObject([
      { resultCode, object: './F/x', correlator: 'c' },
    ]);
  });

  it.each([
    ['urn:oma:at:scomo:1.0:OperationComplete', '200'],
    [`${PREFIX}update`, 'fine'],
    [`${PREFIX}update`, ''],
    [`${PREFIX}toString`, '200'],
    [`${PREFIX}userrequest`, '200'],
    [`${PREFIX}update`, `${' '.repeat(1_000_000)}200`],
  ])('are no report with the type %s and this data', (type, data) => {
    expect(readFirmwareComplete(alertOf(type, data))).toEqual([]);
  });

  it('are a wish where they say so, with or without an object', () => {
    expect(readFirmwareRequest(alertOf(`${PREFIX}userrequest`, ''))).toEqual({ requester: 'user', object: './F/x' });
    const plain: AlertCommand = {
      kind: 'Alert',
      cmdId: '1',
      code: 1226,
      items: [{ meta: { type: `${PREFIX}DeviceRequest` }, data: '' }],
    };
    expect(readFirmwareRequest(plain)).toEqual({ requester: 'device' });
    expect(readFirmwareRequest(alertOf(`${PREFIX}update`, '200'))).toBeUndefined();
  });
});
