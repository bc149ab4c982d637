import { describe, expect, it } from 'vitest';
import { toBase64 } from '../../../src-main/base/base64.ts';
import { utf8 } from '../../../src-main/base/bytes.ts';
import { nodeDigest } from '../../../src-main/base/node/digest.ts';
import { formatHmacHeader, macCredential } from '../../../src-main/dm/auth/credentials.ts';
import { nonceOf } from '../../../src-main/dm/auth/prover.ts';
import {
  byHand,
  DEVICE,
  gist,
  PAIR_NONCE,
  readEnvelope,
  SERVER,
  statusesOf,
  statusXml,
  verifierOf,
} from '../../support/dm-pair.ts';
import { alertXml, CHAL_XML, DEV_INFO_XML, eventXml, get, PACKAGE_1, RIGHT_CRED, rigOf } from './server-rig.ts';

const ACCEPTED = statusXml(1, 1, 0, 'SyncHdr', 212);
const OTHER = 'IMEI:490000000000000';
const devInfo = (leaf: string, value: string) =>
  DEV_INFO_XML.replace('./DevInfo/DevId', `./DevInfo/${leaf}`).replace(DEVICE, value);

/** A client whose first message came without a proof. */
function refused(body = PACKAGE_1) {
  const rig = rigOf([[get('./a')]]);
  const { send } = rig.say(body, { header: '' });
  const codes = statusesOf(send).map(({ code }) => code);
  expect(new Set(codes)).toEqual(new Set([407]));
  expect([rig.begun, rig.alerts]).toEqual([[], []]);
  return rig;
}

describe('a client that proves itself and does not say package 1 again', () => {
  it('is believed what its refused message said, once it has proved itself', () => {
    const rig = refused(alertXml(1, 1200) + devInfo('Mod', 'V1') + eventXml(3, 1226));
    const { send } = rig.say(ACCEPTED);
    expect(gist(send)).toEqual([`Status 2/0 SyncHdr 212`, 'Get ./a=no long', 'Final']);
    expect(rig.begun).toEqual([{ device: DEVICE, alert: 1200, devInfo: new Map([['./DevInfo/Mod', 'V1']]) }]);
    // An event was refused with the rest: only what the session cannot begin without is remembered.
    expect(rig.alerts).toEqual([]);
  });

  it('may ask the server for a better proof at the same time, and has it with the first commands', () => {
    const rig = refused();
    const { send } = rig.say(statusXml(1, 1, 0, 'SyncHdr', 401, CHAL_XML));
    expect(gist(send)).toContain('Get ./a=no long');
    expect(readEnvelope(send).header.cred?.meta?.type).toBe('syncml:auth-md5');
  });

  it('is asked for the rest when it leaves its package open, and goes on from there', () => {
    const rig = refused();
    expect(gist(rig.say(ACCEPTED, { final: false }).send)).toEqual(['Status 2/0 SyncHdr 212', 'Alert 1222']);
    expect(gist(rig.say(rig.answers()).send)).toContain('Get ./a=no long');
  });

  it('counts for nothing when it had not said why it calls', () => {
    const rig = refused(DEV_INFO_XML);
    expect(rig.say(ACCEPTED).outcome).toMatchObject({ ok: false, code: 'dm/out-of-turn' });
  });

  it('is not believed what another device said', () => {
    const rig = refused();
    expect(rig.say(ACCEPTED, { source: OTHER }).outcome).toMatchObject({ ok: false, code: 'dm/out-of-turn' });
  });

  it('that says it again is taken at its new word alone', () => {
    const rig = refused(alertXml(1, 1200) + devInfo('Mod', 'old'));
    rig.say(ACCEPTED + alertXml(2, 1201) + devInfo('Man', 'new').replace('<CmdID>2<', '<CmdID>3<'));
    expect(rig.begun).toEqual([{ device: DEVICE, alert: 1201, devInfo: new Map([['./DevInfo/Man', 'new']]) }]);
  });

  it('tells nothing of itself by a message that no MAC covers, where MAC is used', () => {
    const rig = rigOf([[get('./a')]], { verifier: verifierOf('mac', 'handset', 'secret') });
    const challenge = rig.say(PACKAGE_1, { header: '' });
    const nonce = nonceOf(statusesOf(challenge.send)[0]?.chal?.nextNonce) ?? PAIR_NONCE;
    const plain = byHand(ACCEPTED, { msgId: 2, source: DEVICE, target: SERVER });
    const proof = { user: 'handset', password: 'secret', nonce };
    const hmac = formatHmacHeader('handset', macCredential(nodeDigest, proof, plain.body));
    expect(gist(rig.raw({ ...plain, hmac }).send)).toContain('Get ./a=no long');
    expect(rig.begun).toEqual([{ device: DEVICE, alert: 1201, devInfo: new Map() }]);
  });

  it('has its proof checked like any other', () => {
    const rig = refused();
    const wrong = RIGHT_CRED.replace(toBase64(utf8('handset:secret')), toBase64(utf8('handset:guess')));
    expect(rig.say(ACCEPTED, { header: wrong }).outcome).toMatchObject({ ok: false, code: 'dm/auth-refused' });
    expect(rig.begun).toEqual([]);
  });
});
