import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { concatBytes, utf8 } from '../../../src-main/base/bytes.ts';
import { nodeDigest } from '../../../src-main/base/node/digest.ts';
import { signatureVerifier } from '../../../src-main/base/node/signature-verifier.ts';
import { planInstallation } from '../../../src-main/scomo/agent/plan-installation.ts';
import { inventoryDifference } from '../../../src-main/scomo/inventory-difference.ts';
import { readSoftware, SOFTWARE_HEAD, writeSoftware } from '../../../src-main/scomo/software-package.ts';

const keys = generateKeyPairSync('ed25519');
const verify = signatureVerifier(keys.publicKey.export({ type: 'spki', format: 'pem' }).toString());
const signed = (octets: Uint8Array): Uint8Array => sign(null, octets, keys.privateKey);

const A = { id: 'a', name: 'A', version: '1.0', needs: [{ id: 'b', version: '2' }], content: utf8('aaa') };
const B = { id: 'b', name: 'B', version: '2.1', needs: [{ id: 'a' }], content: utf8('bb') };

/** The format as its description says, written by hand. */
const byHand = (manifest: unknown, signature = '', rest = 'aaabb') =>
  utf8(`PC-AGENT-SOFTWARE 1\n${JSON.stringify(manifest)}\n${signature}\n${rest}`);
const SHA_AAA = '9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0';
const one = { id: 'a', name: 'A', version: '1', size: 3, sha256: SHA_AAA };

/** Two components whose digests are right and whose sizes are not. */
const lying = (first: number, second: number) => [
  { ...one, size: first },
  { ...one, id: 'b', size: second },
];

describe('a package of several components', () => {
  it('is read as it is described, and written so', () => {
    expect(readSoftware(byHand({ components: [one] }, '', 'aaa'))).toMatchObject({
      kind: 'bundle',
      manifest: { components: [{ ...one, needs: [] }] },
      signature: undefined,
    });
    const reading = readSoftware(writeSoftware([A, B], { digest: nodeDigest, model: 'M', sign: signed }));
    if (reading.kind !== 'bundle') throw new Error('it is none');
    expect(reading.manifest.model).toBe('M');
    expect(reading.manifest.components).toMatchObject([
      { id: 'a', size: 3, sha256: SHA_AAA, needs: [{ id: 'b', version: '2' }] },
      { id: 'b', size: 2 },
    ]);
    expect(verify(reading.signed, reading.signature ?? utf8(''))).toBe(true);
    expect(verify(concatBytes([reading.signed, utf8(' ')]), reading.signature ?? utf8(''))).toBe(false);
  });

  it.each<readonly [string, Uint8Array, string]>([
    ['any file', utf8('PK\u0003\u0004'), 'other'],
    ['nothing', utf8(''), 'other'],
    ['another version', utf8('PC-AGENT-SOFTWARE 2\n{}\n\n'), 'unknown'],
    ['no manifest', utf8('PC-AGENT-SOFTWARE 1\n'), 'damaged'],
    ['a manifest that is too long', byHand({ components: [one], x: 'x'.repeat(SOFTWARE_HEAD) }), 'damaged'],
    ['no JSON', utf8('PC-AGENT-SOFTWARE 1\n{\n\n'), 'damaged'],
    ['no components', byHand({ components: [] }), 'damaged'],
    ['too many', byHand({ components: Array.from({ length: 201 }, (_, id) => ({ ...one, id: `c${id}` })) }), 'damaged'],
    ['one twice', byHand({ components: [one, one] }), 'damaged'],
    ['a size below 0', byHand({ components: [{ ...one, size: -1 }] }), 'damaged'],
    ['a digest in capitals', byHand({ components: [{ ...one, sha256: SHA_AAA.toUpperCase() }] }), 'damaged'],
    ['no id', byHand({ components: [{ ...one, id: '' }] }), 'damaged'],
    ['needs that are none', byHand({ components: [{ ...one, needs: [{}] }] }), 'damaged'],
    ['a signature of another length', byHand({ components: [one] }, 'AAAA'), 'damaged'],
    ['a signature that is no base64', byHand({ components: [one] }, '%'), 'damaged'],
  ])('with %s is %3$s', (_what, octets, kind) => {
    expect(readSoftware(octets).kind).toBe(kind);
  });
});

describe('an installation', () => {
  const rules = { digest: nodeDigest };
  const of = (data: Uint8Array, more: object = {}) => [{ pkgId: 'p', name: 'P', version: '1.0', data, ...more }];
  const planned = (data: Uint8Array, more: Parameters<typeof planInstallation>[2] = rules) =>
    planInstallation(of(data), [], more);
  const bundle = (sign?: typeof signed) =>
    writeSoftware([A, B], { digest: nodeDigest, ...(sign === undefined ? {} : { sign }) });

  it('of components that need each other in a circle is planned as a whole', () => {
    expect(planned(bundle())).toMatchObject({ kind: 'planned', components: [{ id: 'a' }, { id: 'b', pkgIdRef: 'p' }] });
    expect(planned(bundle(signed), { ...rules, verify })).toMatchObject({ kind: 'planned' });
  });

  it('of several packages has their needs and ids in common', () => {
    const [a, b] = [A, B].flatMap((each) => of(writeSoftware([each], { digest: nodeDigest })));
    if (a === undefined || b === undefined) throw new Error('two packages');
    expect(planInstallation([a], [], rules)).toMatchObject({ code: 1405, problem: 'a needs b 2, which is not there' });
    expect(planInstallation([a, b], [], rules)).toMatchObject({ kind: 'planned' });
    expect(planInstallation([a], [{ id: 'b', version: '1.9' }], rules)).toMatchObject({
      problem: 'a needs b 2, and there is 1.9',
    });
    expect(planInstallation([a], [{ id: 'b', version: '10' }], rules)).toMatchObject({ kind: 'planned' });
    expect(planInstallation([a, b, a], [], rules)).toMatchObject({ problem: 'a is in it twice' });
  });

  it.each<readonly [string, () => ReturnType<typeof planInstallation>, number]>([
    ['is not signed', () => planned(bundle(), { ...rules, verify }), 1407],
    ['is a plain file where signatures are wanted', () => planned(utf8('x'), { ...rules, verify }), 1407],
    [
      'is signed by another',
      () =>
        planned(
          bundle(() => new Uint8Array(64)),
          { ...rules, verify },
        ),
      1407,
    ],
    ['is longer than it says', () => planned(concatBytes([bundle(), utf8('x')])), 1407],
    ['is cut', () => planned(bundle().subarray(0, -1)), 1407],
    ['has other contents', () => planned(concatBytes([bundle().subarray(0, -1), utf8('x')])), 1407],
    ['lies about a size so that the sum is right', () => planned(byHand({ components: lying(2, 3) })), 1407],
    [
      'lies about sizes beyond all numbers',
      () => planned(byHand({ components: lying(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER) })),
      1407,
    ],
    ['lies about a size of nothing', () => planned(byHand({ components: lying(0, 5) })), 1407],
    [
      'needs a version of itself that it is not',
      () => planned(byHand({ components: [{ ...one, needs: [{ id: 'a', version: '2' }] }] }, '', 'aaa')),
      1405,
    ],
    [
      'needs what only a package of another day would bring',
      () => planned(byHand({ components: [{ ...one, needs: [{ id: '__proto__' }] }] }, '', 'aaa')),
      1405,
    ],
    ['is damaged', () => planned(utf8('PC-AGENT-SOFTWARE 1\n')), 1407],
    ['is of another version of the format', () => planned(utf8('PC-AGENT-SOFTWARE 9\n')), 1405],
    ['is for another model', () => planned(writeSoftware([A, B], { digest: nodeDigest, model: 'M' })), 1413],
    [
      'is for another environment',
      () => planInstallation(of(utf8('x'), { envType: 'java' }), [], { ...rules, environments: ['native'] }),
      1413,
    ],
    ['is too large', () => planned(bundle(), { ...rules, room: 4 }), 1406],
    [
      'is too large with what is there',
      () => planInstallation(of(utf8('x')), [{ id: 'o', version: '1', size: 9 }], { ...rules, room: 9 }),
      1406,
    ],
  ])('of a package that %s is refused', (_what, plan, code) => {
    expect(plan()).toMatchObject({ kind: 'refused', code, problem: expect.stringMatching(/./) });
  });

  it('takes no key that is none', () => {
    expect(() => signatureVerifier('x')).toThrow('no public key');
    const rsa = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' });
    expect(() => signatureVerifier(rsa.toString())).toThrow('Ed25519');
  });
});

describe('the difference of two inventories', () => {
  it('is what came, what went, and each field that has another value', () => {
    const a = { id: 'a', version: '1', state: 'active' };
    const b = { id: 'b', version: '1', state: 'active' };
    expect(inventoryDifference([a, b], [b, a])).toEqual({ added: [], removed: [], changed: [] });
    expect(inventoryDifference([a], [b])).toEqual({ added: [b], removed: [a], changed: [] });
    expect(
      inventoryDifference<Record<string, string | number> & { id: string }>(
        [{ ...a, pkgId: 'p' }],
        [{ ...a, version: '2', status: 20 }],
      ),
    ).toMatchObject({
      changed: [
        { id: 'a', field: 'pkgId', before: 'p' },
        { id: 'a', field: 'status', after: 20 },
        { id: 'a', field: 'version', before: '1', after: '2' },
      ],
    });
  });
});
