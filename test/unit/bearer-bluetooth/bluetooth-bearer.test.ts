import { describe, expect, it } from 'vitest';
import type { ByteStream } from '../../../src-main/base/byte-stream.ts';
import type { Clock } from '../../../src-main/base/clock.ts';
import { seconds } from '../../../src-main/base/durations.ts';
import { nodeClock } from '../../../src-main/base/node/clock.ts';
import { createBluetoothBearer } from '../../../src-main/bearer/bluetooth/bluetooth-bearer.ts';
import type { RfcommHost } from '../../../src-main/bearer/bluetooth/rfcomm-host.ts';
import { servicesOf } from '../../../src-main/bearer/bluetooth/services.ts';
import { rfcommError } from '../../../src-main/bearer/child/native/rfcomm-errors.ts';
import { DM_CLIENT, listOf, PUSH } from './records.ts';

const never = new AbortController().signal;
const PHONE = '00:1A:89:10:20:30';
const STREAM: ByteStream = { read: async () => undefined, write: async () => undefined, close: async () => undefined };
/** Sleeps take no time, and time passes by them. */
function quickClock(): Clock {
  let now = 0;
  return {
    ...nodeClock,
    monotonic: () => now,
    sleep: async (duration, signal) => {
      signal.throwIfAborted();
      now += duration;
    },
  };
}

interface Calls {
  readonly host: RfcommHost;
  readonly connected: number[];
  readonly asked: string[];
}

/** A computer whose connections come about, or end with the errors given, one after the other. */
function computer(options: { readonly records?: Uint8Array; readonly errors?: readonly string[] } = {}): Calls {
  const errors = [...(options.errors ?? [])];
  const connected: number[] = [];
  const asked: string[] = [];
  const { records } = options;
  const host: RfcommHost = {
    connect: async ({ channel }) => {
      connected.push(channel);
      const error = errors.shift();
      if (error !== undefined) throw rfcommError(error);
      return STREAM;
    },
    listen: async ({ channel }) => ({ channel: channel ?? 7, close: async () => undefined }),
    ...(records === undefined
      ? {}
      : {
          records: async (address: string) => {
            asked.push(address);
            return records;
          },
        }),
  };
  return { host, connected, asked };
}

describe('a handset over Bluetooth', () => {
  it('is dialled at the channel of its SyncML DM client when the address names none', async () => {
    const { host, connected, asked } = computer({ records: listOf(PUSH, DM_CLIENT) });
    const bearer = createBluetoothBearer(host);
    await bearer.dial(bearer.parse(`bluetooth:${PHONE.toLowerCase()}`), { signal: never });
    await bearer.dial(bearer.parse(`bluetooth:${PHONE}@5`), { signal: never });
    expect({ connected, asked }).toEqual({ connected: [13, 5], asked: [PHONE] });
  });

  it('that has no such service is not dialled at another one', async () => {
    const { host, connected } = computer({ records: listOf(PUSH) });
    const bearer = createBluetoothBearer(host);
    await expect(bearer.dial(bearer.parse(`bluetooth:${PHONE}`), { signal: never })).rejects.toMatchObject({
      code: 'bearer/no-service',
      details: { address: `bluetooth:${PHONE}`, offers: 'obex-push' },
    });
    expect(connected).toEqual([]);
    expect(await servicesOf(host, PHONE, never)).toEqual([{ kind: 'obex-push', channel: 9 }]);
  });

  it('wants its channel named where services cannot be looked up', async () => {
    const bearer = createBluetoothBearer(computer().host);
    await expect(bearer.dial(bearer.parse(`bluetooth:${PHONE}`), { signal: never })).rejects.toMatchObject({
      code: 'bearer/no-look-up',
    });
  });

  it('is asked again while the system says goodbye to it, for three seconds', async () => {
    const passing = computer({ errors: ['EBUSY', 'ECONNRESET', 'EBUSY'] });
    const clock = quickClock();
    const bearer = createBluetoothBearer(passing.host, { clock, connectLimit: seconds(1) });
    await bearer.dial(bearer.parse(`bluetooth:${PHONE}@5`), { signal: never });
    expect(passing.connected).toHaveLength(4);
    const busy = computer({ errors: new Array(100).fill('EBUSY') });
    const other = createBluetoothBearer(busy.host, { clock });
    await expect(other.dial(other.parse(`bluetooth:${PHONE}@5`), { signal: never })).rejects.toMatchObject({
      code: 'bearer/busy',
    });
    expect(busy.connected).toHaveLength(31);
    const refused = computer({ errors: ['ECONNREFUSED', 'ECONNREFUSED'] });
    const third = createBluetoothBearer(refused.host, { clock });
    await expect(third.dial(third.parse(`bluetooth:${PHONE}@5`), { signal: never })).rejects.toMatchObject({
      code: 'bearer/unavailable',
    });
    expect(refused.connected).toHaveLength(2);
  });

  it.each([
    ['EACCES', 'bearer/not-paired', 'after-operator'],
    ['EAFNOSUPPORT', 'bearer/unavailable', 'after-operator'],
    ['ECONNREFUSED', 'bearer/unavailable', 'later'],
    ['EHOSTDOWN', 'bearer/unavailable', 'later'],
    ['EHOSTUNREACH', 'bearer/unavailable', 'after-operator'],
    ['EPERM', 'bearer/permission-denied', 'after-operator'],
    ['ETIMEDOUT', 'bearer/timeout', 'later'],
    ['error 9999', 'bearer/unavailable', 'later'],
  ])('that cannot be dialled for %s is %s', async (os, code, retry) => {
    const bearer = createBluetoothBearer(computer({ errors: [os, os] }).host, { clock: quickClock() });
    await expect(bearer.dial(bearer.parse(`bluetooth:${PHONE}@5`), { signal: never })).rejects.toMatchObject({
      ...{ code, retry },
      details: { address: `bluetooth:${PHONE}@5`, bearer: 'bluetooth', os },
    });
  });
});
