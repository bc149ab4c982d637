import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src-main/base/bytes.ts';
import { DEFAULT_NONCE, DEFAULT_NONCE_ASCII } from '../../../src-main/dm/auth/credentials.ts';
import { answerNotification } from '../../../src-main/virtual/handset/answer-notification.ts';
import { profileOf } from '../../support/profile-of.ts';
import { ACCOUNT, handsetOf, notificationOf } from './handset-fixture.ts';

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

describe('package 0', () => {
  it('[DMP-6-11] of a server that is known begins a session with its id and Alert 1200', () => {
    const { handset } = handsetOf();
    expect(answerNotification(handset, notificationOf(), 5000)).toEqual({
      kind: 'session',
      plan: {
        account: { ...ACCOUNT, addresses: [] },
        sessionId: '1A2B',
        alert: 1200,
        server: 'obex:dms.example',
        packetRoom: 5000,
      },
    });
  });

  it.each([
    ['four zero octets', DEFAULT_NONCE],
    ['ASCII 0x00000000', DEFAULT_NONCE_ASCII],
  ])('[DMP-6-12][DMP-6-14] made with the default nonce as %s begins a session with that nonce', (_form, nonce) => {
    const { handset } = handsetOf();
    expect(answerNotification(handset, notificationOf({ nonce }))).toMatchObject({ kind: 'session', plan: { nonce } });
  });

  it.each([
    ['a wrong digest', flipped(notificationOf(), 3), 'dm/notification-digest'],
    ['a changed trigger', flipped(notificationOf(), 22), 'dm/notification-digest'],
    ['a wrong password', notificationOf({ password: 'wrong' }), 'dm/notification-digest'],
    ['a nonce of another time', notificationOf({ nonce: utf8('old') }), 'dm/notification-digest'],
    ['an unknown server', notificationOf({ serverId: 'other.example' }), 'dm/notification-server'],
  ])('[DMP-6-12] with %s is ignored', (_what, bytes, code) => {
    expect(answerNotification(handsetOf().handset, bytes)).toMatchObject({ kind: 'ignored', code });
  });

  it('[DMP-6-06] of session 0 is ignored', () => {
    const bytes = flipped(notificationOf({ sessionId: 1 }), 22);
    expect(answerNotification(handsetOf().handset, bytes)).toMatchObject({
      kind: 'ignored',
      code: 'dm/notification-session',
    });
  });

  it.each([0, 1, 15, 16, 23, 24])('cut to %i octets is ignored with a code', (length) => {
    const answer = answerNotification(handsetOf().handset, notificationOf().slice(0, length));
    expect(answer).toMatchObject({ kind: 'ignored', code: expect.stringMatching(/^dm\//) });
  });

  it('is taken in spite of its digest and its server by a lax handset', () => {
    const { handset } = handsetOf({ laxNotification: true });
    for (const bytes of [flipped(notificationOf(), 3), notificationOf({ serverId: 'other.example' })]) {
      const answer = answerNotification(handset, bytes);
      expect(answer).toMatchObject({ kind: 'session', plan: { account: ACCOUNT } });
      expect(answer.kind === 'session' && answer.plan.nonce).toBeUndefined();
    }
  });

  it('with a wrong digest calls the first server of a lax handset, whichever it names', () => {
    const second = { ...ACCOUNT, serverId: 'second.example', serverPassword: 'other' };
    const { handset } = handsetOf({ laxNotification: true, accounts: [ACCOUNT, second] });
    const wrong = notificationOf({ serverId: 'second.example', password: 'wrong' });
    expect(answerNotification(handset, wrong)).toMatchObject({ kind: 'session', plan: { account: ACCOUNT } });
    const right = notificationOf({ serverId: 'second.example', password: 'other' });
    expect(answerNotification(handset, right)).toMatchObject({ kind: 'session', plan: { account: second } });
  });

  it('[DMP-6-16][DMP-12-14] is ignored while its session is open, and not after', () => {
    const { handset } = handsetOf();
    handset.openSessions.add('1A2B');
    expect(answerNotification(handset, notificationOf())).toMatchObject({ code: 'dm/notification-repeated' });
    expect(answerNotification(handset, notificationOf({ sessionId: 0x1a2c }))).toMatchObject({ kind: 'session' });
    handset.openSessions.delete('1A2B');
    expect(answerNotification(handset, notificationOf())).toMatchObject({ kind: 'session' });
  });

  it('is ignored by a handset that was told to', () => {
    const { handset } = handsetOf({ faults: [{ name: 'ignore-notification' }] });
    expect(answerNotification(handset, notificationOf())).toMatchObject({ code: 'dm/notification-ignored' });
  });

  it('gives a SessionID in decimal where handsets write it so', () => {
    const { handset } = handsetOf({ profile: profileOf('decimal-session') });
    expect(answerNotification(handset, notificationOf({ sessionId: 0x1234 }))).toMatchObject({
      plan: { sessionId: '4660' },
    });
  });

  it('chooses the account of the server that it names', () => {
    const second = { ...ACCOUNT, serverId: 'second.example', serverPassword: 'other' };
    const { handset } = handsetOf({ accounts: [ACCOUNT, second] });
    const bytes = notificationOf({ serverId: 'second.example', password: 'other' });
    expect(answerNotification(handset, bytes)).toMatchObject({
      plan: { account: second, server: 'obex:second.example' },
    });
  });
});

it.each([
  [[0, 0], '1'],
  [[0, 0x2c], '2C'],
  [[0x0a, 0x2b], 'A2B'],
  [[0xff, 0xff], 'FFFF'],
])('[REP-3-26] a session of its own accord, from the octets %j, is %s, and a call', (octets, id) => {
  const { handset } = handsetOf({ random: { bytes: () => Uint8Array.from(octets) } });
  expect(handset.planOwn('http://dms.example/dm')).toMatchObject({ sessionId: id, alert: 1201 });
});
