import { createHash, generateKeyPairSync, sign as signWith } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { nodeDigest } from '../../../src-main/base/node/digest.ts';
import { signatureVerifier } from '../../../src-main/base/node/signature-verifier.ts';
import { checkFirmware, readFirmware, writeFirmware } from '../../../src-main/fumo/firmware-package.ts';
import { isSuccessfulUpdate, RESULT_CODES, resultRow } from '../../../src-main/fumo/result-codes.ts';

const PAYLOAD = 'new\nfirmware';
const sha = (text: string) => createHash('sha256').update(text).digest('hex');
const fields = { model: 'V1', from: ['1.0', '1.1'], to: '2.0', size: PAYLOAD.length, sha256: sha(PAYLOAD) };
const made = (more: object = {}, { magic = 'PC-AGENT-FIRMWARE 1', payload = PAYLOAD } = {}) =>
  Buffer.from(`${magic}\n${JSON.stringify({ ...fields, ...more })}\n${payload}`);
const check = (octets: Uint8Array, version = '1.0', model = 'V1') =>
  checkFirmware(octets, { model, version }, nodeDigest);

describe('a firmware package', () => {
  it('may be applied to the model and the firmware that it names', () => {
    expect(check(made())).toEqual(fields);
    expect(check(made(), '1.1')).toEqual(fields);
    expect(check(made({ from: [] }), 'anything')).toMatchObject({ to: '2.0' });
    expect(check(made({ unknown: 1 }))).toEqual(fields);
    expect(check(made({ size: 0, sha256: sha('') }, { payload: '' }))).toMatchObject({ size: 0 });
  });

  it.each<readonly [string, Uint8Array, number]>([
    ['another model', made({ model: 'V2' }), 403],
    ['another firmware to begin with', made({ from: ['3.0'] }), 403],
    ['a wrong checksum', made({}, { payload: 'new\nFirmware' }), 402],
    ['a payload that is cut', made().subarray(0, -1), 402],
    ['a payload that is longer than it says', Buffer.concat([made(), Buffer.from('x')]), 402],
    ['another version of the format', made({}, { magic: 'PC-AGENT-FIRMWARE 3' }), 405],
    ['the version of signed ones and no signature', made({}, { magic: 'PC-AGENT-FIRMWARE 2' }), 402],
    ['nothing in it', Buffer.alloc(0), 402],
    ['no magic', made({}, { magic: 'ZIP' }), 402],
    ['no end of its first line', Buffer.from('PC-AGENT-FIRMWARE 1'), 402],
    ['no end of its manifest', Buffer.from(`PC-AGENT-FIRMWARE 1\n${'{'.repeat(10_000)}`), 402],
    ['a manifest of 10 MB', made({ model: 'x'.repeat(10_000_000) }), 402],
    ['a manifest that is no JSON', Buffer.from('PC-AGENT-FIRMWARE 1\n{"model"\n'), 402],
    ['a manifest that is no object', Buffer.from('PC-AGENT-FIRMWARE 1\n"model"\n'), 402],
    ['a manifest that is no text', Buffer.from([...Buffer.from('PC-AGENT-FIRMWARE 1\n'), 0xff, 0x0a]), 402],
    ['no model', made({ model: '' }), 402],
    ['no version to come', made({ to: 7 }), 402],
    ['no list of versions', made({ from: '1.0' }), 402],
    ['a size below nothing', made({ size: -1 }), 402],
    ['a size that no number is', made({ size: '12' }), 402],
    ['a digest of another length', made({ sha256: 'abc' }), 402],
  ])('with %s is refused', (_what, octets, code) => {
    expect(check(octets)).toBe(code);
  });

  it('is taken unsigned, or with the signature of the key that is asked for, and with no other', () => {
    const [ours, other] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
    const pem = String(ours.publicKey.export({ type: 'spki', format: 'pem' }));
    const verify = signatureVerifier(pem);
    const signed = (signature: string, more: object = {}) =>
      Buffer.from(`PC-AGENT-FIRMWARE 2\n${JSON.stringify({ ...fields, ...more })}\n${signature}\n${PAYLOAD}`);
    const by = ({ privateKey }: typeof ours) =>
      signWith(null, Buffer.from(JSON.stringify(fields)), privateKey).toString('base64');
    const checked = (octets: Uint8Array) => checkFirmware(octets, { model: 'V1', version: '1.0', verify }, nodeDigest);
    expect(checked(signed(by(ours)))).toEqual(fields);
    expect(check(signed(by(other)))).toEqual(fields);
    expect(checked(signed(by(other)))).toBe(404);
    expect(checked(signed(by(ours), { to: '9.9' }))).toBe(404);
    expect(checked(made())).toBe(404);
    for (const line of ['', 'AAAA', 'no base64!', 'A'.repeat(10_000)]) expect(checked(signed(line)), line).toBe(402);
    const written = writeFirmware({ model: 'V1', from: ['1.0'], to: '2.0' }, Buffer.from('p'), nodeDigest, (octets) =>
      signWith(null, octets, ours.privateKey),
    );
    expect(checked(written)).toMatchObject({ to: '2.0', size: 1 });
  });

  it('is read in pieces, whatever its length', () => {
    const payload = Buffer.alloc(1_000_000, 'p');
    const whole = writeFirmware({ model: 'V1', from: [], to: '3' }, payload, nodeDigest);
    const asked: number[] = [];
    const source = {
      length: whole.length,
      subarray: (from: number, to: number) => {
        asked.push(to - from);
        return whole.subarray(from, to);
      },
    };
    expect(check(source as Uint8Array)).toMatchObject({ to: '3', size: 1_000_000 });
    expect(Math.max(...asked)).toBeLessThanOrEqual(64 * 1024);
    const head = readFirmware(whole);
    expect(typeof head === 'number' ? head : whole.subarray(head.at).length).toBe(1_000_000);
  });
});

describe('result codes', () => {
  it('cover what the sheet lists, each with the half of the work that it comes from', () => {
    const listed = [200, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 500, 501, 502, 503];
    for (const code of [...listed, 250, 299, 450, 499, 550, 599]) expect(resultRow(code), String(code)).toBeDefined();
    for (const code of [0, 201, 249, 300, 413, 449, 504, 549, 600])
      expect(resultRow(code), String(code)).toBeUndefined();
    const classOf = (kind: string) => RESULT_CODES.filter((row) => row.class === kind).map(({ from }) => from);
    expect(classOf('success')).toEqual([200, 250]);
    expect(classOf('download')).toEqual([406, 407, 411, 412, 500, 501, 503, 550]);
    expect(classOf('update')).toEqual([402, 403, 404, 410, 502]);
    expect([200, 255, 230].every(isSuccessfulUpdate)).toBe(true);
    expect([199, 300, 401, 500].some(isSuccessfulUpdate)).toBe(false);
  });
});
