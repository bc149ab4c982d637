import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { isPcAgentError } from '../../../src-main/base/errors.ts';
import { EMPTY_STATE, HandsetStateFile } from '../../../src-main/virtual/handset/handset-state.ts';
import { ACCOUNT, handsetOf } from './handset-fixture.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'handset-'));
  folders.push(made);
  return made;
}

const NONCES = { nonces: { 'dms.example': { client: 'YQ==', server: 'Yg==' } } };

describe("a handset's state", () => {
  it('is empty in a new folder, which it makes, and nothing is written before something changes', () => {
    const place = join(folder(), 'deep', 'down');
    expect(new HandsetStateFile(place).state).toEqual(EMPTY_STATE);
    expect(readdirSync(place)).toEqual([]);
  });

  it('is on disk when a change returns, whole, and nothing else is left beside it', () => {
    const place = folder();
    new HandsetStateFile(place).change(NONCES);
    expect(readdirSync(place)).toEqual(['handset.json']);
    expect(JSON.parse(readFileSync(join(place, 'handset.json'), 'utf8'))).toEqual({
      version: 1,
      alerts: [],
      ...NONCES,
    });
    expect(new HandsetStateFile(place).state).toMatchObject(NONCES);
  });

  it('is the old one when the process died while it wrote the new one', () => {
    const place = folder();
    new HandsetStateFile(place).change(NONCES);
    writeFileSync(join(place, `handset.json.${process.pid}.tmp`), '{"version":1,"comp');
    const again = new HandsetStateFile(place);
    expect(again.state).toMatchObject(NONCES);
    again.change({ nonces: {} });
    expect(readdirSync(place)).toEqual(['handset.json']);
  });

  it('stays as it was when the disk does not take the new one', () => {
    const place = folder();
    const file = new HandsetStateFile(place);
    file.change(NONCES);
    mkdirSync(join(place, `handset.json.${process.pid}.tmp`));
    expect(() => file.change({ nonces: {} })).toThrow();
    expect(new HandsetStateFile(place).state).toMatchObject(NONCES);
  });

  it.each([
    ['empty', ''],
    ['cut', '{"version":1,'],
    ['no object', '[]'],
    ['of another version', '{"version":2}'],
    ['without version', '{}'],
    ['with alerts that are none', '{"version":1,"alerts":[{"id":1}]}'],
    ['with components that are none', '{"version":1,"components":[{}]}'],
    ['with nonces that are none', '{"version":1,"nonces":{"a":1}}'],
  ])('is refused as settings/invalid when the file is %s', (_how, text) => {
    const place = folder();
    writeFileSync(join(place, 'handset.json'), text);
    let code = 'nothing';
    try {
      new HandsetStateFile(place);
    } catch (error) {
      if (isPcAgentError(error)) code = error.code;
    }
    expect(code).toBe('settings/invalid');
    // What was there is not touched: a person may want to mend it.
    expect(readFileSync(join(place, 'handset.json'), 'utf8')).toBe(text);
  });

  it('is refused as settings/unreadable when there is no file to read in its place', () => {
    const place = folder();
    mkdirSync(join(place, 'handset.json'));
    expect(() => new HandsetStateFile(place)).toThrow(expect.objectContaining({ code: 'settings/unreadable' }));
  });

  it('without a folder is kept as long as the process', () => {
    const file = new HandsetStateFile(undefined);
    file.change(NONCES);
    expect(file.state).toMatchObject(NONCES);
    expect(new HandsetStateFile(undefined).state).toEqual(EMPTY_STATE);
  });
});

describe('a handset that starts again', () => {
  it('has the software, the alerts and the nonces that it had', () => {
    const place = folder();
    const { handset } = handsetOf({ state: new HandsetStateFile(place) });
    handset.device.tree.exec('./SCM/Inventory/Deployed/clock/Operations/Remove', 'c', undefined, 'virtual-dms');
    handset.device.settle();
    new HandsetStateFile(place);
    const again = handsetOf({ state: new HandsetStateFile(place) }).handset;
    expect(again.device.agent.components.map(({ node }) => node)).toEqual(['notes']);
    expect(again.device.waitingAlerts()).toEqual(handset.device.waitingAlerts());
    expect(again.device.waitingAlerts()).toHaveLength(1);
    expect(again.nonces.of(ACCOUNT)).toEqual(handset.nonces.of(ACCOUNT));
  });

  it('has done what it accepted in a session that broke off', () => {
    const { handset } = handsetOf();
    const plan = handset.planOwn('http://dms.example/dm');
    const session = handset.begin(plan);
    session.start();
    handset.device.tree.exec('./SCM/Inventory/Deployed/clock/Operations/Remove', 'c', undefined, 'virtual-dms');
    handset.finish(plan.account, session);
    expect(handset.device.agent.components.map(({ node }) => node)).toEqual(['notes']);
    expect(handset.device.waitingAlerts()).toHaveLength(1);
  });

  it('keeps no nonce of a server that did not prove itself', () => {
    const { handset } = handsetOf();
    const before = handset.nonces.of(ACCOUNT);
    const session = handset.begin(handset.planOwn('http://dms.example/dm'));
    session.start();
    session.wire.prover.learn(212, { type: 'syncml:auth-md5', nextNonce: 'ZXZpbA==' });
    handset.finish(ACCOUNT, session);
    expect(handset.nonces.of(ACCOUNT)).toEqual(before);
  });
});

describe('a session of its own accord', () => {
  it('has an id from 1 and Alert 1201', () => {
    for (const octets of [
      [0, 0],
      [0, 1],
      [0x1a, 0x2b],
    ]) {
      const { handset } = handsetOf({ random: { bytes: () => Uint8Array.from(octets) } });
      const id = Math.max(1, (octets[0] ?? 0) * 256 + (octets[1] ?? 0));
      expect(handset.planOwn('x', 9)).toMatchObject({
        sessionId: id.toString(16).toUpperCase(),
        alert: 1201,
        packetRoom: 9,
      });
    }
  });
});
