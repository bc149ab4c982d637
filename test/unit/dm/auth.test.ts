import { describe, expect, it } from 'vitest';
import { fromBase64, toBase64 } from '../../../src-main/base/base64.ts';
import { hexOf, utf8 } from '../../../src-main/base/bytes.ts';
import type { Random } from '../../../src-main/base/digest.ts';
import { nodeDigest } from '../../../src-main/base/node/digest.ts';
import {
  AUTH_TYPES,
  type AuthType,
  atLeast,
  authTypeOf,
  basicCredential,
  DEFAULT_NONCE,
  DEFAULT_NONCE_ASCII,
  formatHmacHeader,
  macCredential,
  md5Credential,
  parseHmacHeader,
} from '../../../src-main/dm/auth/credentials.ts';
import { nonceOf, Prover } from '../../../src-main/dm/auth/prover.ts';
import { type Verdict, Verifier } from '../../../src-main/dm/auth/verifier.ts';
import type { Cred, Header, Meta } from '../../../src-main/syncml/model.ts';

const NONCE = utf8('Nonce');
const OTHER = utf8('another nonce');

/** Body of the second MAC example of the DM protocol sheet, section 4. */
const WBXML_BODY = Uint8Array.from(
  `02A4016A006D6C7103312E3200017203444D2F312E3200016503310001 5B03310001 6E5703494D45493A343933303035313030353932383030
   000101 6757 03687474703A2F2F646D732E6578616D706C652F646D0001 5603646D730001 0101 6B 694B03310001 5C03310001 4C03300001
   4A0353796E634864720001 4F033230300001 01 12 01 01`
    .replace(/\s/g, '')
    .match(/../g)
    ?.map((octet) => Number.parseInt(octet, 16)) ?? [],
);

describe('credentials', () => {
  const bruce = { user: 'Bruce2', password: 'OhBehave', nonce: NONCE };
  const dms = { user: 'dms', password: 'srv-secret', nonce: NONCE };

  it('[DMP-4-06] are those that the DM 1.2 texts publish', () => {
    expect(basicCredential('Bruce2', 'OhBehave')).toBe('QnJ1Y2UyOk9oQmVoYXZl');
    expect(toBase64(nodeDigest.md5(utf8('Bruce2:OhBehave')))).toBe('PtEdr8lBQ45IbT1bZIkrOQ==');
    expect(toBase64(md5Credential(nodeDigest, bruce))).toBe('Zz6EivR3yeaaENcRN6lpAQ==');
  });

  it('[DMP-4-31] cover the body with MAC as both examples of the sheet say', () => {
    expect(toBase64(macCredential(nodeDigest, dms, utf8('<SyncML/>')))).toBe('XSyvwd2YM0lhmXu8JllsNg==');
    expect(WBXML_BODY.length).toBe(134);
    expect(toBase64(macCredential(nodeDigest, dms, WBXML_BODY))).toBe('moe1afL+wZglu3yzHeYmrA==');
  });

  it('[DMP-6-14] prove a notification with each form of the nonce', () => {
    const trigger = fromBase64('AtAAAAASNBJjb20ubWdtdHNydi5tYW5hZ2U=') ?? new Uint8Array();
    const digest = (nonce: Uint8Array) =>
      hexOf(
        macCredential(nodeDigest, { user: 'com.mgmtsrv.manage', password: 'srv-secret', nonce }, trigger),
      ).toUpperCase();
    expect(digest(NONCE)).toBe('5A3DF3C693BD096F5CC2C97BA500020A');
    expect(digest(DEFAULT_NONCE)).toBe('100EB006F776519720C42B947BE26D57');
    expect(digest(DEFAULT_NONCE_ASCII)).toBe('EE0F4A6EB600AA10180C291BFDC1D5A1');
  });

  it('have their types in order of strength', () => {
    for (const [a, left] of AUTH_TYPES.entries()) {
      for (const [b, right] of AUTH_TYPES.entries()) expect(atLeast(left, right)).toBe(a >= b);
    }
  });

  it.each([
    ['syncml:auth-basic', 'basic'],
    ['syncml:auth-md5', 'md5'],
    ['syncml:auth-MAC', 'mac'],
    [' SYNCML:AUTH-MD5 ', 'md5'],
    ['syncml:auth-sha', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('of type %j are %s', (name, type) => {
    expect(authTypeOf(name)).toBe(type);
  });
});

describe('the x-syncml-hmac header', () => {
  const mac = fromBase64('XSyvwd2YM0lhmXu8JllsNg==') ?? new Uint8Array();

  it('[DMP-4-27] is written as the sheet shows it and read back', () => {
    const text = formatHmacHeader('dms', mac);
    expect(text).toBe('algorithm=MD5, username="dms", mac=XSyvwd2YM0lhmXu8JllsNg==');
    expect(parseHmacHeader(text)).toEqual({ algorithm: 'MD5', username: 'dms', mac });
  });

  it.each([
    ['without algorithm', 'username="dms", mac=XSyvwd2YM0lhmXu8JllsNg=='],
    ['in another order', 'mac=XSyvwd2YM0lhmXu8JllsNg==, username="dms",algorithm=md5'],
    ['with blanks', '  algorithm = MD5 ,username= "dms" ,  mac = XSyvwd2YM0lhmXu8JllsNg==  '],
    ['with names in capitals', 'ALGORITHM=MD5, UserName="dms", MAC=XSyvwd2YM0lhmXu8JllsNg=='],
    ['with a user without quotes', 'algorithm=MD5, username=dms, mac=XSyvwd2YM0lhmXu8JllsNg=='],
    ['with a quoted mac', 'username="dms", mac="XSyvwd2YM0lhmXu8JllsNg=="'],
    ['with a field that nobody knows', 'realm=x, username="dms", mac=XSyvwd2YM0lhmXu8JllsNg=='],
  ])('[DMP-4-27] is read %s', (_how, text) => {
    expect(parseHmacHeader(text)).toMatchObject({ username: 'dms', mac });
  });

  it('keeps commas and equal signs inside a quoted user', () => {
    expect(parseHmacHeader('username="a,b=c", mac=XSyvwd2YM0lhmXu8JllsNg==')?.username).toBe('a,b=c');
  });

  it.each([
    ['empty', ''],
    ['without user', 'algorithm=MD5, mac=XSyvwd2YM0lhmXu8JllsNg=='],
    ['without mac', 'algorithm=MD5, username="dms"'],
    ['with a mac that is no base64', 'username="dms", mac=%%%%'],
    ['with a mac too short', 'username="dms", mac=XSyvwd2YM0lhmXu8Jlls'],
    ['with another algorithm', 'algorithm=SHA-1, username="dms", mac=XSyvwd2YM0lhmXu8JllsNg=='],
    ['without any field', 'nonsense'],
    ['over a thousand characters', `username="${'u'.repeat(1000)}", mac=XSyvwd2YM0lhmXu8JllsNg==`],
  ])('[DMP-4-29] is refused %s', (_how, text) => {
    expect(parseHmacHeader(text)).toBeUndefined();
  });

  it('is read in time when it is long and hostile', () => {
    const start = performance.now();
    for (const text of [' '.repeat(1024), 'a=,'.repeat(341), 'a'.repeat(1024), `${'a ='.repeat(300)}"`]) {
      parseHmacHeader(text);
    }
    expect(performance.now() - start).toBeLessThan(500);
  });
});

describe('a nonce from a peer', () => {
  it.each([
    ['base64 text', 'Tm9uY2U=', 'Nonce'],
    ['raw octets', utf8('Nonce'), 'Nonce'],
    ['256 octets', new Uint8Array(256).fill(65), 'A'.repeat(256)],
    ['one octet', 'QQ==', 'A'],
  ])('is taken as %s', (_how, data, text) => {
    expect(nonceOf(data)).toEqual(utf8(text));
  });

  it.each([
    ['absent', undefined],
    ['empty', ''],
    ['no base64', '!'],
    ['empty octets', new Uint8Array(0)],
    ['257 octets', new Uint8Array(257)],
  ])('is not taken when it is %s', (_how, data) => {
    expect(nonceOf(data)).toBeUndefined();
  });
});

function prover(type: AuthType): Prover {
  return new Prover({ type, user: 'u', password: 'p', nonce: NONCE, digest: nodeDigest });
}

const chal = (type: 'basic' | 'md5' | 'MAC', nonce?: Uint8Array | string): Meta => ({
  format: 'b64',
  type: `syncml:auth-${type}`,
  ...(nonce === undefined ? {} : { nextNonce: typeof nonce === 'string' ? nonce : toBase64(nonce) }),
});

/** The nonce that the prover's next proof is made with, among those known here. */
function nonceIn(side: Prover): string | undefined {
  const body = utf8('body');
  const proofs = (nonce: Uint8Array) => ({ user: 'u', password: 'p', nonce });
  const [wanted, cred] = [side.hmac(body), side.cred()?.data];
  for (const [name, nonce] of [
    ['old', NONCE],
    ['new', OTHER],
    ['zero', DEFAULT_NONCE],
  ] as const) {
    if (wanted === formatHmacHeader('u', macCredential(nodeDigest, proofs(nonce), body))) return name;
    if (cred === toBase64(md5Credential(nodeDigest, proofs(nonce)))) return name;
  }
  return undefined;
}

describe('the prover', () => {
  it.each([
    ['none', undefined, false],
    ['basic', 'dTpw', false],
    ['md5', toBase64(md5Credential(nodeDigest, { user: 'u', password: 'p', nonce: NONCE })), false],
    ['mac', undefined, true],
  ] as const)('of type %s shows Cred %s', (type, data, hmac) => {
    const side = prover(type);
    expect(side.cred()?.data).toBe(data);
    if (data !== undefined) expect(side.cred()?.meta).toEqual({ format: 'b64', type: `syncml:auth-${type}` });
    expect(side.hmac(utf8('x')) !== undefined).toBe(hmac);
  });

  type Input = readonly [code: number, chal?: Meta];
  const table: readonly {
    readonly name: string;
    readonly type: AuthType;
    readonly inputs: readonly Input[];
    readonly outcome: string;
    readonly nonce?: string | undefined;
    readonly after?: AuthType;
    readonly kept?: string;
  }[] = [
    { name: '212', type: 'md5', inputs: [[212]], outcome: 'accepted', nonce: 'old', kept: 'old' },
    {
      name: '212 with a nonce: for the next session',
      type: 'md5',
      inputs: [[212, chal('md5', OTHER)]],
      outcome: 'accepted',
      nonce: 'old',
      kept: 'new',
    },
    {
      name: '200 with a nonce: for the next message',
      type: 'mac',
      inputs: [[200, chal('MAC', OTHER)]],
      outcome: 'accepted',
      nonce: 'new',
      kept: 'new',
    },
    { name: '200 without a nonce', type: 'mac', inputs: [[200]], outcome: 'accepted', nonce: 'old', kept: 'old' },
    {
      name: '200 with an opaque nonce',
      type: 'mac',
      inputs: [[200, { type: 'syncml:auth-MAC', nextNonce: OTHER }]],
      outcome: 'accepted',
      nonce: 'new',
      kept: 'new',
    },
    {
      name: '407, then right',
      type: 'md5',
      inputs: [[407, chal('md5', OTHER)], [212]],
      outcome: 'accepted',
      nonce: 'new',
      kept: 'new',
    },
    { name: '401 for a stale nonce', type: 'md5', inputs: [[401, chal('md5', OTHER)]], outcome: 'retry', nonce: 'new' },
    {
      name: '401 for a stale nonce, then right',
      type: 'md5',
      inputs: [[401, chal('md5', OTHER)], [212]],
      outcome: 'accepted',
      nonce: 'new',
      kept: 'new',
    },
    {
      name: 'a second 401 is final',
      type: 'md5',
      inputs: [
        [401, chal('md5', OTHER)],
        [401, chal('md5', NONCE)],
      ],
      outcome: 'refused',
    },
    {
      name: '407 and then 401 may be followed once more',
      type: 'md5',
      inputs: [
        [407, chal('md5', OTHER)],
        [401, chal('md5', DEFAULT_NONCE)],
      ],
      outcome: 'retry',
      nonce: 'zero',
    },
    {
      name: '407, 401, 401 is final',
      type: 'md5',
      inputs: [
        [407, chal('md5', OTHER)],
        [401, chal('md5', OTHER)],
        [401, chal('md5', OTHER)],
      ],
      outcome: 'refused',
    },
    {
      name: '407 for ever is final',
      type: 'md5',
      inputs: [
        [407, chal('md5', OTHER)],
        [407, chal('md5', OTHER)],
        [407, chal('md5', OTHER)],
        [407, chal('md5', OTHER)],
      ],
      outcome: 'refused',
    },
    { name: '401 without challenge', type: 'md5', inputs: [[401]], outcome: 'refused' },
    { name: '407 without challenge', type: 'md5', inputs: [[407]], outcome: 'refused' },
    {
      name: 'a challenge for a weaker type',
      type: 'md5',
      inputs: [[407, chal('basic')]],
      outcome: 'refused',
      after: 'md5',
    },
    {
      name: 'a challenge for basic against MAC',
      type: 'mac',
      inputs: [[401, chal('md5', OTHER)]],
      outcome: 'refused',
      after: 'mac',
    },
    {
      name: 'a challenge for a stronger type',
      type: 'basic',
      inputs: [[401, chal('md5', OTHER)]],
      outcome: 'retry',
      nonce: 'new',
      after: 'md5',
    },
    {
      name: 'a challenge from md5 to MAC',
      type: 'md5',
      inputs: [[401, chal('MAC', OTHER)]],
      outcome: 'retry',
      nonce: 'new',
      after: 'mac',
    },
    {
      name: 'a challenge of a type that nobody knows',
      type: 'md5',
      inputs: [[401, { type: 'syncml:auth-sha', nextNonce: toBase64(OTHER) }]],
      outcome: 'refused',
    },
    {
      name: 'a challenge where no proof was wanted',
      type: 'none',
      inputs: [[407, chal('md5', OTHER)]],
      outcome: 'refused',
      after: 'none',
    },
    { name: 'a challenge without a nonce', type: 'md5', inputs: [[401, chal('md5')]], outcome: 'refused' },
    {
      name: 'a challenge with a nonce that is no base64',
      type: 'md5',
      inputs: [[401, chal('md5', '!!')]],
      outcome: 'refused',
    },
    {
      name: 'a challenge for basic needs no nonce',
      type: 'basic',
      inputs: [[407, chal('basic')]],
      outcome: 'retry',
      after: 'basic',
    },
    { name: 'a Status that speaks of something else', type: 'md5', inputs: [[500]], outcome: 'refused' },
    { name: '513', type: 'none', inputs: [[513]], outcome: 'refused' },
    { name: '300', type: 'md5', inputs: [[300]], outcome: 'refused' },
    { name: '199', type: 'md5', inputs: [[199]], outcome: 'refused' },
  ];
  it.each(table)('$type: $name gives $outcome', ({ type, inputs, outcome, nonce, after, kept }) => {
    const side = prover(type);
    const outcomes = inputs.map(([code, meta]) => side.learn(code, meta));
    expect(outcomes.at(-1)).toBe(outcome);
    expect(outcomes.slice(0, -1).every((each) => each === 'retry')).toBe(true);
    if (nonce !== undefined) expect(nonceIn(side)).toBe(nonce);
    if (after !== undefined) expect(side.type).toBe(after);
    const names = new Map([
      ['old', NONCE],
      ['new', OTHER],
    ]);
    expect(side.nonceToKeep).toEqual(kept === undefined ? undefined : names.get(kept));
    expect(side.accepted).toBe(outcome === 'accepted' || type === 'none');
  });

  it('keeps no default nonce, which served to begin anew', () => {
    const side = new Prover({ type: 'md5', user: 'u', password: 'p', nonce: DEFAULT_NONCE, digest: nodeDigest });
    side.learn(212, undefined);
    expect(side.nonceToKeep).toBeUndefined();
    side.learn(212, chal('md5', OTHER));
    expect(side.nonceToKeep).toEqual(OTHER);
  });

  it('gives a new proof for each refusal that follows something accepted', () => {
    const side = prover('md5');
    for (let count = 0; count < 3; count += 1) {
      expect(side.learn(401, chal('md5', OTHER))).toBe('retry');
      expect(side.learn(212, undefined)).toBe('accepted');
    }
    expect(side.learn(401, chal('md5', OTHER))).toBe('retry');
    expect(side.learn(401, chal('md5', OTHER))).toBe('refused');
  });

  it('was accepted for the session by 212 and not by 200, until it is challenged again', () => {
    const side = prover('md5');
    side.learn(200, undefined);
    expect(side.acceptedForSession).toBe(false);
    side.learn(212, undefined);
    expect(side.acceptedForSession).toBe(true);
    side.learn(401, chal('md5', OTHER));
    expect(side.acceptedForSession).toBe(false);
    expect(side.accepted).toBe(false);
  });
});

/** Octets that can be told apart: each call gives the next letter sixteen times. */
function lettered(): Random {
  let next = 0x61;
  return { bytes: (count) => new Uint8Array(count).fill(next++) };
}

const LETTER = (letter: string) => utf8(letter.repeat(16));

function verifier(demand: AuthType, nonces: readonly Uint8Array[] = [NONCE], spentProof?: Uint8Array): Verifier {
  const passwords = new Map([
    ['u', 'p'],
    ['v', 'q'],
  ]);
  return new Verifier({
    demand,
    passwordOf: (user) => passwords.get(user),
    defaultUser: 'u',
    nonces,
    ...(spentProof === undefined ? {} : { spentProof }),
    digest: nodeDigest,
    random: lettered(),
  });
}

function headerWith(cred?: Cred, name?: string): Header {
  return {
    verDtd: '1.2',
    verProto: 'DM/1.2',
    sessionId: '1',
    msgId: 1,
    target: { uri: 't' },
    source: name === undefined ? { uri: 's' } : { uri: 's', name },
    ...(cred === undefined ? {} : { cred }),
  };
}

const BODY = utf8('the message');
const md5Data = (nonce: Uint8Array, user = 'u', password = 'p') =>
  toBase64(md5Credential(nodeDigest, { user, password, nonce }));
const md5Cred = (nonce: Uint8Array, user = 'u', password = 'p'): Cred => ({
  meta: { format: 'b64', type: 'syncml:auth-md5' },
  data: md5Data(nonce, user, password),
});
const basicCred = (user: string, password: string): Cred => ({
  meta: { format: 'b64', type: 'syncml:auth-basic' },
  data: basicCredential(user, password),
});
const macOf = (nonce: Uint8Array, user = 'u', password = 'p', body = BODY) =>
  formatHmacHeader(user, macCredential(nodeDigest, { user, password, nonce }, body));

interface Shown {
  readonly cred?: Cred | undefined;
  readonly name?: string;
  readonly hmac?: string;
}

function show(side: Verifier, { cred, name, hmac }: Shown): Verdict {
  const verdict = side.check(headerWith(cred, name), BODY, hmac);
  if (verdict.chal !== undefined) side.challengeSent();
  return verdict;
}

describe('the verifier', () => {
  const good = { ok: true, final: false };
  const bad = { ok: false, final: false };
  const asks = (type: string, letter: string) => ({
    format: 'b64',
    type: `syncml:auth-${type}`,
    nextNonce: toBase64(LETTER(letter)),
  });

  const table: readonly {
    readonly name: string;
    readonly demand: AuthType;
    readonly shown: readonly Shown[];
    readonly verdict: Partial<Verdict>;
  }[] = [
    { name: 'anything', demand: 'none', shown: [{ cred: md5Cred(OTHER) }], verdict: { ...good, code: 200 } },
    { name: 'nothing', demand: 'none', shown: [{}], verdict: { ...good, code: 200 } },
    {
      name: 'the right password',
      demand: 'basic',
      shown: [{ cred: basicCred('u', 'p') }],
      verdict: { ...good, code: 212 },
    },
    {
      name: 'Cred without Meta',
      demand: 'basic',
      shown: [{ cred: { data: 'dTpw' } }],
      verdict: { ...good, code: 212 },
    },
    {
      name: 'opaque base64',
      demand: 'basic',
      shown: [{ cred: { data: utf8('dTpw') } }],
      verdict: { ...good, code: 212 },
    },
    {
      name: 'a wrong password',
      demand: 'basic',
      shown: [{ cred: basicCred('u', 'x') }],
      verdict: { ...bad, code: 401, chal: { format: 'b64', type: 'syncml:auth-basic' } },
    },
    {
      name: 'an unknown user',
      demand: 'basic',
      shown: [{ cred: basicCred('w', 'p') }],
      verdict: { ...bad, code: 401 },
    },
    {
      name: 'no colon',
      demand: 'basic',
      shown: [{ cred: { data: toBase64(utf8('up')) } }],
      verdict: { ...bad, code: 401 },
    },
    {
      name: 'an empty user',
      demand: 'basic',
      shown: [{ cred: { data: toBase64(utf8(':p')) } }],
      verdict: { ...bad, code: 401 },
    },
    { name: 'no base64', demand: 'basic', shown: [{ cred: { data: '!' } }], verdict: { ...bad, code: 401 } },
    {
      name: 'nothing',
      demand: 'basic',
      shown: [{}],
      verdict: { ...bad, code: 407, chal: { format: 'b64', type: 'syncml:auth-basic' } },
    },
    { name: 'the stronger md5', demand: 'basic', shown: [{ cred: md5Cred(NONCE) }], verdict: { ...good, code: 212 } },
    {
      name: 'the right digest',
      demand: 'md5',
      shown: [{ cred: md5Cred(NONCE) }],
      verdict: { ...good, code: 212, chal: asks('md5', 'a') },
    },
    {
      name: 'raw digest octets',
      demand: 'md5',
      shown: [{ cred: { meta: { type: 'syncml:auth-md5' }, data: fromBase64(md5Data(NONCE)) ?? '' } }],
      verdict: { ...good, code: 212 },
    },
    {
      name: 'another user by LocName',
      demand: 'md5',
      shown: [{ cred: md5Cred(NONCE, 'v', 'q'), name: 'v' }],
      verdict: { ...good, code: 212 },
    },
    {
      name: 'another user without LocName',
      demand: 'md5',
      shown: [{ cred: md5Cred(NONCE, 'v', 'q') }],
      verdict: { ...bad, code: 401 },
    },
    {
      name: 'a LocName that nobody has',
      demand: 'md5',
      shown: [{ cred: md5Cred(NONCE), name: 'w' }],
      verdict: { ...bad, code: 401 },
    },
    {
      name: 'a stale nonce',
      demand: 'md5',
      shown: [{ cred: md5Cred(OTHER) }],
      verdict: { ...bad, code: 401, chal: asks('md5', 'a') },
    },
    { name: 'nothing', demand: 'md5', shown: [{}], verdict: { ...bad, code: 407, chal: asks('md5', 'a') } },
    {
      name: 'nothing, then right',
      demand: 'md5',
      shown: [{}, { cred: md5Cred(LETTER('a')) }],
      verdict: { ...good, code: 212, chal: asks('md5', 'b') },
    },
    {
      name: 'a stale nonce, then right',
      demand: 'md5',
      shown: [{ cred: md5Cred(OTHER) }, { cred: md5Cred(LETTER('a')) }],
      verdict: { ...good, code: 212 },
    },
    {
      name: 'nothing, then another type than was asked for, though a stronger one',
      demand: 'md5',
      shown: [{}, { hmac: macOf(LETTER('a')) }],
      verdict: { ok: false, code: 401, final: true },
    },
    {
      name: 'another user after the first',
      demand: 'md5',
      shown: [{ cred: md5Cred(NONCE) }, { cred: md5Cred(NONCE, 'v', 'q'), name: 'v' }],
      verdict: { ...bad, code: 401 },
    },
    {
      name: 'another user by basic after the first',
      demand: 'basic',
      shown: [{ cred: basicCred('u', 'p') }, { cred: basicCred('v', 'q') }],
      verdict: { ...bad, code: 401 },
    },
    {
      name: 'a stale nonce twice',
      demand: 'md5',
      shown: [{ cred: md5Cred(OTHER) }, { cred: md5Cred(OTHER) }],
      verdict: { ok: false, code: 401, final: true },
    },
    {
      name: 'the old nonce after the challenge',
      demand: 'md5',
      shown: [{ cred: md5Cred(OTHER) }, { cred: md5Cred(NONCE) }],
      verdict: { ok: false, code: 401, final: true },
    },
    {
      name: 'nothing after a challenge',
      demand: 'md5',
      shown: [{}, {}],
      verdict: { ok: false, code: 401, final: true },
    },
    {
      name: 'a weaker type',
      demand: 'md5',
      shown: [{ cred: basicCred('u', 'p') }],
      verdict: { ...bad, code: 401, chal: asks('md5', 'a') },
    },
    {
      name: 'Cred without Meta',
      demand: 'md5',
      shown: [{ cred: { data: md5Data(NONCE) } }],
      verdict: { ...bad, code: 401 },
    },
    {
      name: 'a type that nobody knows',
      demand: 'md5',
      shown: [{ cred: { meta: { type: 'syncml:auth-x' }, data: md5Data(NONCE) } }],
      verdict: { ...bad, code: 401 },
    },
    {
      name: 'nothing more after 212',
      demand: 'md5',
      shown: [{ cred: md5Cred(NONCE) }, {}],
      verdict: { ...good, code: 212 },
    },
    {
      name: 'the same again after 212',
      demand: 'md5',
      shown: [{ cred: md5Cred(NONCE) }, { cred: md5Cred(NONCE) }],
      verdict: { ...good, code: 212 },
    },
    {
      name: 'the next nonce at once after 212',
      demand: 'md5',
      shown: [{ cred: md5Cred(NONCE) }, { cred: md5Cred(LETTER('a')) }],
      verdict: { ...good, code: 212 },
    },
    {
      name: 'a wrong one after 212',
      demand: 'md5',
      shown: [{ cred: md5Cred(NONCE) }, { cred: md5Cred(OTHER) }],
      verdict: { ...bad, code: 401 },
    },
    {
      name: 'nothing after a wrong one after 212',
      demand: 'md5',
      shown: [{ cred: md5Cred(NONCE) }, { cred: md5Cred(OTHER) }, {}],
      verdict: { ok: false, code: 401, final: true },
    },
    {
      name: 'a failure, a success, a failure',
      demand: 'md5',
      shown: [{}, { cred: md5Cred(LETTER('a')) }, { cred: md5Cred(OTHER) }],
      verdict: { ...bad, code: 401 },
    },
    {
      name: 'the right MAC',
      demand: 'mac',
      shown: [{ hmac: macOf(NONCE) }],
      verdict: { ...good, code: 200, chal: asks('MAC', 'a') },
    },
    {
      name: 'MAC with the next nonce',
      demand: 'mac',
      shown: [{ hmac: macOf(NONCE) }, { hmac: macOf(LETTER('a')) }],
      verdict: { ...good, code: 200, chal: asks('MAC', 'b') },
    },
    {
      name: 'MAC with a nonce used before',
      demand: 'mac',
      shown: [{ hmac: macOf(NONCE) }, { hmac: macOf(NONCE) }],
      verdict: { ...bad, code: 401, chal: asks('MAC', 'b') },
    },
    {
      name: 'MAC of another body',
      demand: 'mac',
      shown: [{ hmac: macOf(NONCE, 'u', 'p', utf8('other')) }],
      verdict: { ...bad, code: 401 },
    },
    {
      name: 'MAC of an unknown user',
      demand: 'mac',
      shown: [{ hmac: macOf(NONCE, 'w') }],
      verdict: { ...bad, code: 401 },
    },
    { name: 'a header that is none', demand: 'mac', shown: [{ hmac: 'nonsense' }], verdict: { ...bad, code: 401 } },
    { name: 'nothing', demand: 'mac', shown: [{}], verdict: { ...bad, code: 407, chal: asks('MAC', 'a') } },
    {
      name: 'md5 where MAC is demanded',
      demand: 'mac',
      shown: [{ cred: md5Cred(NONCE) }],
      verdict: { ...bad, code: 401, chal: asks('MAC', 'a') },
    },
    {
      name: 'MAC where md5 would do',
      demand: 'md5',
      shown: [{ hmac: macOf(NONCE) }],
      verdict: { ...good, code: 200, chal: asks('MAC', 'a') },
    },
    {
      name: 'md5 after MAC has begun',
      demand: 'md5',
      shown: [{ hmac: macOf(NONCE) }, { cred: md5Cred(LETTER('a')) }],
      verdict: { ...bad, code: 401, chal: asks('MAC', 'b') },
    },
    {
      name: 'nothing after MAC has begun',
      demand: 'md5',
      shown: [{ hmac: macOf(NONCE) }, {}],
      verdict: { ...bad, code: 407, chal: asks('MAC', 'b') },
    },
    {
      name: 'MAC after 212',
      demand: 'md5',
      shown: [{ cred: md5Cred(NONCE) }, { hmac: macOf(NONCE) }],
      verdict: { ...good, code: 200 },
    },
  ];
  it.each(table)('that demands $demand and is shown $name', ({ demand, shown, verdict }) => {
    const side = verifier(demand);
    const verdicts = shown.map((each) => show(side, each));
    expect(verdicts.at(-1)).toMatchObject(verdict);
    for (const early of verdicts.slice(0, -1)) expect(early.final).toBe(false);
    expect(side.accepted).toBe(verdict.ok);
    if (verdict.ok !== true) expect(side.nonceToKeep).toBeUndefined();
  });

  it('takes the second of two nonces that the peer may know, and then only that', () => {
    const side = verifier('md5', [DEFAULT_NONCE, NONCE]);
    expect(show(side, { cred: md5Cred(NONCE) }).ok).toBe(true);
    expect(show(side, { cred: md5Cred(DEFAULT_NONCE) }).ok).toBe(false);
  });

  it('binds the session to the user of the first message', () => {
    const side = verifier('md5');
    expect(side.user).toBeUndefined();
    show(side, { cred: md5Cred(NONCE, 'v', 'q'), name: 'v' });
    expect(side.user).toBe('v');
    expect(show(side, { cred: md5Cred(NONCE, 'v', 'q') }).ok).toBe(true);
  });

  it('refuses a proof that an earlier session has taken, and says so', () => {
    const spentProof = md5Credential(nodeDigest, { user: 'u', password: 'p', nonce: NONCE });
    const side = verifier('md5', [NONCE], spentProof);
    expect(show(side, { cred: md5Cred(NONCE) })).toMatchObject({ ok: false, code: 401, final: false, spent: true });
    expect(show(side, { cred: md5Cred(LETTER('a')) })).toMatchObject({ ok: true, code: 212 });
    const mac = macCredential(nodeDigest, { user: 'u', password: 'p', nonce: NONCE }, BODY);
    const other = verifier('mac', [NONCE], mac);
    expect(show(other, { hmac: macOf(NONCE) })).toMatchObject({ ok: false, spent: true });
    // The same nonce over another message is another proof.
    const wrong = verifier(
      'mac',
      [NONCE],
      macCredential(nodeDigest, { user: 'u', password: 'p', nonce: NONCE }, NONCE),
    );
    expect(show(wrong, { hmac: macOf(NONCE) }).ok).toBe(true);
  });

  it('asks for what a wrong proof was of, where that is more than it demands', () => {
    expect(show(verifier('basic'), { cred: md5Cred(OTHER) }).chal).toMatchObject({ type: 'syncml:auth-md5' });
    expect(show(verifier('md5'), { hmac: macOf(OTHER) }).chal).toMatchObject({ type: 'syncml:auth-MAC' });
    expect(show(verifier('mac'), { cred: basicCred('u', 'p') }).chal).toMatchObject({ type: 'syncml:auth-MAC' });
  });

  it('knows a fresh nonce for the next session as soon as it has taken a proof, and none after a refusal', () => {
    const side = verifier('md5');
    expect(side.freshNonce).toBeUndefined();
    side.check(headerWith(md5Cred(NONCE)), BODY, undefined);
    expect(side.freshNonce).toEqual(LETTER('a'));
    expect(toBase64(side.spentProof ?? NONCE)).toBe(md5Data(NONCE));
    side.challengeSent();
    expect([side.freshNonce, side.nonceToKeep, side.spentProof]).toEqual([LETTER('a'), LETTER('a'), undefined]);
    show(side, { cred: md5Cred(OTHER) });
    expect([side.freshNonce, side.nonceToKeep]).toEqual([undefined, undefined]);
  });

  it('keeps no default nonce, though it was taken', () => {
    for (const nonce of [DEFAULT_NONCE, DEFAULT_NONCE_ASCII]) {
      const side = verifier('md5', [DEFAULT_NONCE, DEFAULT_NONCE_ASCII]);
      side.check(headerWith(md5Cred(nonce)), BODY, undefined);
      expect([side.nonceToKeep, side.spentProof]).toEqual([undefined, undefined]);
      expect(side.freshNonce).toEqual(LETTER('a'));
    }
  });

  it('keeps the nonce that it gave out', () => {
    const side = verifier('md5');
    show(side, { cred: md5Cred(NONCE) });
    expect(side.nonceToKeep).toEqual(LETTER('a'));
    const mac = verifier('mac');
    show(mac, { hmac: macOf(NONCE) });
    show(mac, { hmac: macOf(LETTER('a')) });
    expect(mac.nonceToKeep).toEqual(LETTER('b'));
  });

  it('keeps the nonce that was used last when its own challenge never went out', () => {
    const side = verifier('mac');
    show(side, { hmac: macOf(NONCE) });
    side.check(headerWith(), BODY, macOf(LETTER('a')));
    expect(side.nonceToKeep).toEqual(LETTER('a'));
    const md5 = verifier('md5');
    md5.check(headerWith(md5Cred(NONCE)), BODY, undefined);
    expect(md5.nonceToKeep).toEqual(NONCE);
  });

  it('keeps no nonce for basic', () => {
    const side = verifier('basic');
    show(side, { cred: basicCred('u', 'p') });
    expect(side.nonceToKeep).toBeUndefined();
  });
});
