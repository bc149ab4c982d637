import { describe, expect, it } from 'vitest';
import { fromBase64 } from '../../../src-main/base/base64.ts';
import { concatBytes, hexOf, utf8 } from '../../../src-main/base/bytes.ts';
import { nodeDigest } from '../../../src-main/base/node/digest.ts';
import { DEFAULT_NONCE, DEFAULT_NONCE_ASCII } from '../../../src-main/dm/auth/credentials.ts';
import {
  buildNotification,
  isNotificationSession,
  type NotificationFields,
  notificationSessionText,
  parseNotification,
} from '../../../src-main/dm/notification/notification.ts';
import { verifyNotification } from '../../../src-main/dm/notification/verify-notification.ts';

function octets(hex: string): Uint8Array {
  return Uint8Array.from(hex.trim().split(/\s+/), (pair) => Number.parseInt(pair, 16));
}

/** The worked example: trigger bytes of the appendix of DM Notification 1.2, digests recomputed from the formula. */
const TRIGGER = octets('02 D0 00 00 00 12 34 12 63 6F 6D 2E 6D 67 6D 74 73 72 76 2E 6D 61 6E 61 67 65');
const DIGEST = octets('5A 3D F3 C6 93 BD 09 6F 5C C2 C9 7B A5 00 02 0A');
const DIGEST_ZERO_OCTETS = octets('10 0E B0 06 F7 76 51 97 20 C4 2B 94 7B E2 6D 57');
const DIGEST_ASCII = octets('EE 0F 4A 6E B6 00 AA 10 18 0C 29 1B FD C1 D5 A1');
const NONCE = fromBase64('Tm9uY2U=') ?? new Uint8Array();
const FIELDS: NotificationFields = {
  serverId: 'com.mgmtsrv.manage',
  password: 'srv-secret',
  nonce: NONCE,
  sessionId: 0x1234,
  uiMode: 'background',
  initiator: 'client',
};
const SECRET = { password: 'srv-secret', nonce: NONCE };

describe('building a notification', () => {
  it('[DMP-6-01][DMP-6-09][DMP-6-10] writes the worked example octet for octet', () => {
    const built = buildNotification(FIELDS, nodeDigest);
    expect(hexOf(built)).toBe(hexOf(concatBytes([DIGEST, TRIGGER])));
    expect(built.length).toBe(42);
  });

  it('[DMP-6-14] makes the published digests of both readings of the default nonce', () => {
    const zero = buildNotification({ ...FIELDS, nonce: DEFAULT_NONCE }, nodeDigest);
    const ascii = buildNotification({ ...FIELDS, nonce: DEFAULT_NONCE_ASCII }, nodeDigest);
    expect(hexOf(zero.subarray(0, 16))).toBe(hexOf(DIGEST_ZERO_OCTETS));
    expect(hexOf(ascii.subarray(0, 16))).toBe(hexOf(DIGEST_ASCII));
  });

  it('[DMP-6-03][DMP-6-10] writes the second worked header: informative, started by the server, session 1', () => {
    const built = buildNotification(
      { ...FIELDS, serverId: 'dms.example', sessionId: 1, uiMode: 'informative', initiator: 'server' },
      nodeDigest,
    );
    expect(hexOf(built.subarray(16))).toBe(hexOf(octets('02 E8 00 00 00 00 01 0B 64 6D 73 2E 65 78 61 6D 70 6C 65')));
  });

  it('[DMP-6-08] appends vendor data under the digest', () => {
    const built = buildNotification({ ...FIELDS, vendorData: Uint8Array.of(1, 2, 3) }, nodeDigest);
    expect([...parseNotification(built).vendorData]).toEqual([1, 2, 3]);
    expect(verifyNotification(built, SECRET, nodeDigest)).toBe('stored');
    expect(hexOf(built.subarray(0, 16))).not.toBe(hexOf(DIGEST));
  });

  it.each([
    ['session id 0', { sessionId: 0 }],
    ['a session id of 17 bits', { sessionId: 0x10000 }],
    ['a session id that is no whole number', { sessionId: 1.5 }],
    ['an empty ServerID', { serverId: '' }],
    ['a ServerID of 256 octets', { serverId: 'ä'.repeat(128) }],
  ])('refuses %s', (_name, change) => {
    expect(() => buildNotification({ ...FIELDS, ...change }, nodeDigest)).toThrowError(
      expect.objectContaining({ code: 'dm/notification-field' }),
    );
  });

  it('[DMP-6-06][DMP-6-11] writes the session id as upper-case hex without leading zeros', () => {
    expect(notificationSessionText(0x1234)).toBe('1234');
    expect(notificationSessionText(0xabc)).toBe('ABC');
  });
});

describe('reading a notification', () => {
  it('[DMP-6-02][DMP-6-07] reads every field of the worked example', () => {
    const read = parseNotification(concatBytes([DIGEST, TRIGGER]));
    expect(read).toMatchObject({
      version: '1.1',
      uiMode: 'background',
      initiator: 'client',
      futureUse: 0,
      sessionId: 0x1234,
      serverId: 'com.mgmtsrv.manage',
    });
    expect(hexOf(read.digest)).toBe(hexOf(DIGEST));
    expect(hexOf(read.trigger)).toBe(hexOf(TRIGGER));
    expect(read.vendorData.length).toBe(0);
  });

  it.each(['1.0', '1.1', '1.2'] as const)('[DMP-6-02][DMP-6-17] tolerates version %s', (version) => {
    expect(parseNotification(buildNotification({ ...FIELDS, version }, nodeDigest)).version).toBe(version);
  });

  it.each([
    ['not-specified', 'client'],
    ['background', 'server'],
    ['informative', 'client'],
    ['user-interaction', 'server'],
  ] as const)('[DMP-6-03][DMP-6-04] keeps ui-mode %s and initiator %s apart', (uiMode, initiator) => {
    const read = parseNotification(buildNotification({ ...FIELDS, uiMode, initiator }, nodeDigest));
    expect([read.uiMode, read.initiator]).toEqual([uiMode, initiator]);
  });

  it.each([9, 13, 0, 1023])('refuses version number %i and names its place', (number) => {
    const bytes = concatBytes([DIGEST, TRIGGER]).slice();
    bytes[16] = number >> 2;
    bytes[17] = ((number & 3) << 6) | 0x10;
    expect(() => parseNotification(bytes)).toThrowError(
      expect.objectContaining({ code: 'dm/notification-version', offset: 16 }),
    );
  });

  it('[DMP-6-02][DMP-6-03][DMP-6-04][DMP-6-05][DMP-6-06] has each field of the header in its own bits', () => {
    // One field at a time at its most, written out as 40 bits and then 16: version, ui, initiator, future use, id.
    const fields: readonly (readonly [bits: string, fields: object])[] = [
      ['0000001011 00 0 000000000000000000000000000 0000000000000001', { version: '1.1', sessionId: 1 }],
      ['0000001010 00 0 000000000000000000000000000 0000000000000001', { version: '1.0' }],
      ['0000001100 00 0 000000000000000000000000000 0000000000000001', { version: '1.2' }],
      ['0000001011 11 0 000000000000000000000000000 0000000000000001', { uiMode: 'user-interaction' }],
      ['0000001011 10 0 000000000000000000000000000 0000000000000001', { uiMode: 'informative' }],
      ['0000001011 01 0 000000000000000000000000000 0000000000000001', { uiMode: 'background' }],
      ['0000001011 00 1 000000000000000000000000000 0000000000000001', { initiator: 'server' }],
      ['0000001011 00 0 111111111111111111111111111 0000000000000001', { futureUse: 0x7ffffff, sessionId: 1 }],
      ['0000001011 00 0 100000000000000000000000000 0000000000000001', { futureUse: 0x4000000 }],
      ['0000001011 00 0 000000000000000000000000001 0000000000000001', { futureUse: 1 }],
      ['0000001011 00 0 000000000000000000000000000 1111111111111111', { sessionId: 0xffff }],
      ['0000001011 00 0 000000000000000000000000000 1000000000000000', { sessionId: 0x8000 }],
    ];
    const plain = { version: '1.1', uiMode: 'not-specified', initiator: 'client', futureUse: 0 };
    for (const [bits, read] of fields) {
      const header = Uint8Array.from(bits.replaceAll(' ', '').match(/.{8}/g) ?? [], (octet) =>
        Number.parseInt(octet, 2),
      );
      const bytes = concatBytes([new Uint8Array(16), header, Uint8Array.of(1, 0x73)]);
      expect(parseNotification(bytes), bits).toMatchObject({ ...plain, serverId: 's', ...read });
    }
  });

  it('shows session id 0 as it is, for whoever starts sessions to ignore', () => {
    const bytes = concatBytes([DIGEST, TRIGGER]).slice();
    bytes[21] = 0;
    bytes[22] = 0;
    expect(parseNotification(bytes).sessionId).toBe(0);
  });

  it('[DMP-6-05] keeps the 27 future-use bits without shifting the session id', () => {
    const bytes = concatBytes([DIGEST, TRIGGER]).slice();
    bytes[17] = (bytes[17] ?? 0) | 0x07;
    bytes.fill(0xff, 18, 21);
    const read = parseNotification(bytes);
    expect(read.futureUse).toBe(0x7ffffff);
    expect(read.sessionId).toBe(0x1234);
    expect(read.initiator).toBe('client');
  });

  it('fails with a stable code and offset when cut at any octet', () => {
    const whole = concatBytes([DIGEST, TRIGGER]);
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => parseNotification(whole.subarray(0, length))).toThrowError(
        expect.objectContaining({ code: 'dm/notification-truncated', offset: length }),
      );
    }
  });

  it('[DMP-6-07] takes the longest identifier only when its octets are there', () => {
    const long = buildNotification({ ...FIELDS, serverId: 's'.repeat(255) }, nodeDigest);
    expect(parseNotification(long).serverId.length).toBe(255);
    expect(() => parseNotification(long.subarray(0, long.length - 1))).toThrowError(
      expect.objectContaining({ code: 'dm/notification-truncated' }),
    );
  });

  it('refuses an empty identifier and an absurd length', () => {
    const bytes = concatBytes([DIGEST, TRIGGER]).slice();
    bytes[23] = 0;
    expect(() => parseNotification(bytes)).toThrowError(
      expect.objectContaining({ code: 'dm/notification-field', offset: 23 }),
    );
    expect(() => parseNotification(new Uint8Array(0x10000))).toThrowError(
      expect.objectContaining({ code: 'dm/notification-too-large' }),
    );
  });
});

describe('the session that a notification calls for', () => {
  it('[DMP-6-11] is known by its id in hex, with zeros or small letters too, or in decimal', () => {
    for (const text of ['1A2B', '1a2b', ' 1A2B ', '6699']) expect(isNotificationSession(0x1a2b, text), text).toBe(true);
    expect(isNotificationSession(0xa, '000A')).toBe(true);
    for (const text of ['', '1A2C', '0x1A2B', '6698', '01A2B', '1A2B0', '-6699', '6699.0', '6.699e3']) {
      expect(isNotificationSession(0x1a2b, text), text).toBe(false);
    }
    // 0x1234 in decimal, and the id whose hex text looks like that.
    expect(isNotificationSession(0x1234, '4660')).toBe(true);
    expect(isNotificationSession(0x4660, '4660')).toBe(true);
  });
});

describe('verifying a notification', () => {
  it.each([
    ['stored', DIGEST],
    ['zero-octets', DIGEST_ZERO_OCTETS],
    ['ascii', DIGEST_ASCII],
  ] as const)('[DMP-6-12][DMP-6-14] finds the %s nonce', (form, digest) => {
    expect(verifyNotification(concatBytes([digest, TRIGGER]), SECRET, nodeDigest)).toBe(form);
  });

  it('[DMP-6-01][DMP-6-09] refuses a wrong password, a wrong server and every single flipped octet', () => {
    const whole = concatBytes([DIGEST, TRIGGER]);
    expect(verifyNotification(whole, { password: 'other', nonce: NONCE }, nodeDigest)).toBeUndefined();
    for (let index = 0; index < whole.length; index += 1) {
      const flipped = whole.slice();
      flipped[index] = (flipped[index] ?? 0) ^ 0x01;
      let form: string | undefined;
      try {
        form = verifyNotification(flipped, SECRET, nodeDigest);
      } catch {
        form = undefined;
      }
      expect(form, `octet ${index}`).toBeUndefined();
    }
  });

  it('does not take another nonce for the stored one', () => {
    const built = buildNotification({ ...FIELDS, nonce: utf8('other') }, nodeDigest);
    expect(verifyNotification(built, SECRET, nodeDigest)).toBeUndefined();
    expect(verifyNotification(built, { password: 'srv-secret', nonce: utf8('other') }, nodeDigest)).toBe('stored');
  });
});
