import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BUILT_IN_PROFILES } from '../../../src-main/virtual/handset/built-in-profiles.ts';
import { ProfileFile, readProfile, readProfileFile } from '../../../src-main/virtual/handset/profile-file.ts';
import { handsetOf } from './handset-fixture.ts';

const WHOLE = {
  name: 'field-phone',
  help: 'a phone for trying',
  identity: { manufacturer: 'Example', model: 'F-1', dmVersion: '1.2', language: 'de' },
  details: { type: 'tablet', oem: 'Example OEM', firmware: '3.1', software: '3.0', hardware: 'rev-c' },
  limits: { maxMessage: 9000, maxObject: 50_000, maxPacket: 2048 },
  components: [
    {
      id: 'com.example.mail',
      version: '2.0',
      name: 'Mail',
      description: 'letters',
      state: 'inactive',
      package: 'mail-dp',
    },
    { id: 'com.example.mail2', version: '1', name: 'Mail' },
  ],
  habits: { scomoRoot: 'Software', nobodyThere: false, messages: 'odd-order' },
  faults: ['slow-link=9000/20', 'wrong-nonce'],
  answers: ['reject', { text: 'typed' }, { chosen: [1, 3] }, 'accept'],
};

const problemOf = (value: unknown): string => {
  try {
    readProfile(typeof value === 'string' ? value : JSON.stringify(value));
    return 'none';
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return `${code} ${message}`;
  }
};

describe('a profile of a virtual handset as data', () => {
  it.each(BUILT_IN_PROFILES.map((data) => [data.name, data] as const))('%s has the form of a file', (_name, data) => {
    expect(ProfileFile.safeParse(data).error).toBeUndefined();
  });

  it('makes the handset that it describes', () => {
    const profile = readProfile(JSON.stringify(WHOLE));
    expect(profile).toMatchObject({ name: 'field-phone', model: 'F-1', maxMessage: 9000, scomoRoot: 'Software' });
    const { handset } = handsetOf({ profile, model: 'F-1' });
    const { tree, agent } = handset.device;
    const leaves = ['DevInfo/Man', 'DevInfo/Mod', 'DevInfo/DmV', 'DevInfo/Lang', 'DevDetail/DevTyp', 'DevDetail/OEM'];
    expect([...leaves, 'DevDetail/FwV', 'DevDetail/SwV', 'DevDetail/HwV'].map((uri) => tree.text(`./${uri}`))).toEqual([
      ...['Example', 'F-1', '1.2', 'de', 'tablet', 'Example OEM', '3.1', '3.0', 'rev-c'],
    ]);
    expect(agent.components).toMatchObject([
      { node: 'Mail', id: 'com.example.mail', version: '2.0', state: 10, pkgIdRef: 'mail-dp', description: 'letters' },
      { node: 'Mail-2', id: 'com.example.mail2', version: '1', state: 20, pkgIdRef: 'com.example.mail2' },
    ]);
    expect(tree.text('./Software/Inventory/Deployed/Mail/ID')).toBe('com.example.mail');
    expect(handset.faults.texts).toEqual(['slow-link=9000/20', 'stale-nonce']);
    expect([1, 2, 3, 4, 5].map(() => handset.nextAnswer())).toEqual([...WHOLE.answers, 'accept']);
    const bag = './Software/Inventory/Delivered/p';
    tree.add(bag, { format: 'node', type: undefined, value: undefined }, 'dms.example');
    const put = (length: number) =>
      tree.add(`${bag}/Data`, { format: 'bin', type: undefined, value: new Uint8Array(length) }, 'dms.example');
    expect([put(50_001), put(50_000)]).toEqual([420, 200]);
  });

  it('is added to what the command line says, which counts more', () => {
    const profile = readProfile(JSON.stringify(WHOLE));
    const faults = [{ name: 'slow-link', value: '1' }, { name: 'no-final' }];
    const { handset } = handsetOf({ profile, faults, answers: ['cancel'] });
    expect(handset.faults.texts).toEqual(['slow-link=1', 'stale-nonce', 'no-final']);
    expect(handset.nextAnswer()).toBe('cancel');
  });

  it.each<readonly [string, unknown, RegExp]>([
    ['no JSON', '{"name":', /no JSON/],
    ['no object', 'null', /expected object/],
    ['no name', {}, /name: /],
    ['a name with blanks', { name: 'A b' }, /name: must be lower-case/],
    ['an unknown key', { name: 'x', colour: 'red' }, /Unrecognized key: "colour"/],
    ['an unknown key inside', { name: 'x', limits: { maxMesage: 5000 } }, /limits: Unrecognized key: "maxMesage"/],
    ['a habit that there is not', { name: 'x', habits: { messages: 'shouting' } }, /habits\.messages: /],
    ['a message without room', { name: 'x', limits: { maxMessage: 10 } }, /limits\.maxMessage: /],
    ['a packet that OBEX forbids', { name: 'x', limits: { maxPacket: 254 } }, /limits\.maxPacket: /],
    ['a fault that there is not', { name: 'x', faults: ['nope'] }, /faults: no fault is called nope/],
    ['a value that a fault does not take', { name: 'x', faults: ['vanish=x'] }, /the value of vanish/],
    ['a component twice', { name: 'x', components: Array(2).fill({ id: 'a', version: '1' }) }, /different ids/],
    ['a component without version', { name: 'x', components: [{ id: 'a' }] }, /components\.0\.version: /],
    ['a number as model', { name: 'x', identity: { model: 7 } }, /identity\.model: /],
    ['a root that is a path', { name: 'x', habits: { scomoRoot: 'a/b' } }, /habits\.scomoRoot: must be letters/],
    [
      'a root that is a place of others',
      { name: 'x', habits: { scomoRoot: 'DevInfo' } },
      /habits\.scomoRoot: must be a/,
    ],
    ['a parent that is no name', { name: 'x', habits: { firmwareParent: '..' } }, /habits\.firmwareParent: must be a/],
    ['one place for two objects', { name: 'x', habits: { firmwareParent: 'SCM' } }, /habits: must keep/],
    ['no answer at all', { name: 'x', answers: [] }, /answers: /],
    ['too long a text', { name: 'x', help: 'x'.repeat(201) }, /help: /],
  ])('with %s is refused, and it is said what', (_what, value, problem) => {
    expect(problemOf(value)).toMatch(/^virtual\/profile-invalid /);
    expect(problemOf(value)).toMatch(problem);
  });

  it('comes from a file that is not too long', () => {
    const folder = mkdtempSync(join(tmpdir(), 'profile-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'phone.json');
    writeFileSync(file, JSON.stringify(WHOLE));
    expect(readProfileFile(file).name).toBe('field-phone');
    writeFileSync(file, ' '.repeat(256 * 1024 + 1));
    const invalid = expect.objectContaining({ code: 'virtual/profile-invalid' });
    expect(() => readProfileFile(file)).toThrow(invalid);
    expect(() => readProfileFile(join(folder, 'none.json'))).toThrow(invalid);
  });
});
