import { Variant } from 'dbus-native';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { milliseconds, seconds } from '../../../src-main/base/durations.ts';
import { nodeClock } from '../../../src-main/base/node/clock.ts';
import type { AirView, AskPairing, PairingQuestion } from '../../../src-main/bearer/air/air.ts';
import { BluezAir } from '../../../src-main/bearer/air/bluez/bluez-air.ts';
import { BluezObjects } from '../../../src-main/bearer/air/bluez/objects.ts';
import { ACCESS_DENIED, ADAPTER, bluezError, DEVICE, FalseBluez, no, PHONE, text, yes } from './false-bluez.ts';

const DM_CLIENT = '00000004-0000-1000-8000-0002ee000002';
const never = new AbortController().signal;
const nobody: AskPairing = async () => undefined;

let bluez: FalseBluez;
let blocks: Map<string, boolean>;
let air: BluezAir;

beforeEach(async () => {
  bluez = await FalseBluez.start();
  blocks = new Map();
  air = new BluezAir({ clock: nodeClock, path: bluez.path, radioBlocks: async () => blocks });
});

afterEach(async () => {
  await air.close();
  await bluez.close();
});

test('a computer without the service, an adapter, power or with its radio off says so and never throws', async () => {
  const nowhere = new BluezAir({ clock: nodeClock, path: '/nowhere/bus', radioBlocks: async () => blocks });
  expect((await nowhere.look(never)).reason).toBe('air/no-service');
  await expect(nowhere.search({ limit: seconds(1), signal: never })).rejects.toMatchObject({ code: 'air/no-service' });
  await nowhere.close();

  expect(await air.look(never)).toEqual({ reason: 'air/no-service', adapters: [], phones: [], searching: false });
  await bluez.appear();
  await vi.waitFor(() => expect(air.view.reason).toBe('air/no-adapter'));
  blocks = new Map([['tpacpi_bluetooth_sw', true]]);
  expect((await air.look(never)).reason).toBe('air/blocked');
  blocks = new Map([['hci1', true]]);
  const path = bluez.addAdapter('hci1', { Powered: no });
  await vi.waitFor(() => expect(air.view).toMatchObject({ reason: 'air/blocked', adapters: [{ blocked: true }] }));
  blocks = new Map();
  expect((await air.look(never)).reason).toBe('air/not-powered');
  await expect(air.pair(PHONE, { ask: nobody, signal: never })).rejects.toMatchObject({ code: 'air/not-powered' });
  bluez.change(path, ADAPTER, { Powered: yes });
  await vi.waitFor(() => expect(air.view.reason).toBeUndefined());
  await bluez.vanish();
  await vi.waitFor(() => expect(air.view).toMatchObject({ reason: 'air/no-service', adapters: [] }));
});

test('who is not let in by the bus is told so, for all of it or for what was asked', async () => {
  bluez.fails.set('GetManagedObjects', ACCESS_DENIED);
  await bluez.appear();
  expect(await air.look(never)).toMatchObject({ reason: 'air/permission-denied' });
  await expect(air.forget(PHONE, never)).rejects.toMatchObject({ code: 'air/permission-denied' });
  bluez.fails.clear();
  await bluez.vanish();
  await vi.waitFor(() => expect(air.view.reason).toBe('air/no-service'), { interval: 5 });
  bluez.addAdapter();
  bluez.addDevice();
  await bluez.appear();
  await vi.waitFor(() => expect(air.view.phones).toHaveLength(1), { interval: 5 });
  for (const member of ['RegisterProfile', 'StartDiscovery', 'RegisterAgent', 'RemoveDevice']) {
    bluez.fails.set(member, ACCESS_DENIED);
  }
  const denied = { code: 'air/permission-denied' };
  await expect(air.search({ limit: seconds(9), signal: never })).rejects.toMatchObject(denied);
  await expect(air.pair(PHONE, { ask: nobody, signal: never })).rejects.toMatchObject(denied);
  await expect(air.show({ limit: seconds(9), ask: nobody, signal: never })).rejects.toMatchObject(denied);
  await expect(air.forget(PHONE, never)).rejects.toMatchObject(denied);
  const offer = await air.offer({ uuid: DM_CLIENT, name: 'x', channel: 1 }, { signal: never });
  expect(offer.reason).toBe('air/permission-denied');
  await offer.close();
  // Who was refused for want of an answer may have been heard.
  expect(bluez.calls.at(-1)).toBe('UnregisterProfile');
});

test('a service that could not say what there is is asked again, not at every look', async () => {
  let later = 0;
  const clock = { ...nodeClock, monotonic: () => nodeClock.monotonic() + later };
  const patient = new BluezAir({ clock, path: bluez.path, radioBlocks: async () => blocks });
  bluez.addAdapter();
  bluez.fails.set('GetManagedObjects', bluezError('Failed'));
  await bluez.appear();
  expect((await patient.look(never)).reason).toBe('air/no-service');
  bluez.fails.clear();
  expect((await patient.look(never)).reason).toBe('air/no-service');
  later = seconds(11);
  expect(await patient.look(never)).toMatchObject({ adapters: [{ id: 'hci1' }] });
  expect(patient.view.reason).toBeUndefined();
  await patient.close();
});

test('who breaks off does not wait for a service that hangs', async () => {
  await bluez.appear();
  bluez.addAdapter();
  bluez.addDevice();
  await air.look(never);
  for (const member of ['RemoveDevice', 'RegisterProfile', 'RegisterAgent']) bluez.hangs.add(member);
  const soon = () => AbortSignal.timeout(20);
  const began = performance.now();
  const aborted = { name: 'TimeoutError' };
  await expect(air.forget(PHONE, soon())).rejects.toMatchObject(aborted);
  await expect(air.pair(PHONE, { ask: nobody, signal: soon() })).rejects.toMatchObject(aborted);
  await air.show({ limit: seconds(60), ask: nobody, signal: soon() });
  expect((await air.offer({ uuid: DM_CLIENT, name: 'x', channel: 1 }, { signal: soon() })).reason).toBe(
    'air/no-service',
  );
  expect(performance.now() - began).toBeLessThan(5000);
});

test('phones are those that the service knows: plain short names, none of Low Energy, each once, the nearest first', async () => {
  await bluez.appear();
  bluez.addAdapter('hci0', { Address: text('00:AA:01:00:00:09') });
  bluez.addAdapter();
  bluez.addDevice('00:AA:01:00:00:01', { Alias: text(`\u202eevil\u0007${'n'.repeat(240)}`) });
  bluez.addDevice('00:AA:01:00:00:02', { AddressType: text('random') });
  bluez.addDevice('00:AA:01:00:00:03', { Alias: text('00-AA-01-00-00-03'), RSSI: new Variant('n', -40) });
  bluez.addDevice(PHONE, { Paired: yes });
  bluez.addDevice(PHONE, {}, 'hci0');
  const { phones, adapters } = await air.look(never);
  expect(phones.map(({ address }) => address)).toEqual([PHONE, '00:AA:01:00:00:03', '00:AA:01:00:00:01']);
  const [paired, unnamed, evil] = phones;
  expect(paired).toMatchObject({ name: 'Handset 0', deviceClass: 0x5a020c, paired: true, signal: -60 });
  expect(paired?.services).toEqual([DM_CLIENT]);
  expect(Date.parse(paired?.seenAt ?? '')).toBeGreaterThan(Date.now() - 10_000);
  expect(unnamed?.name).toBeUndefined();
  expect(evil?.name).toBe(` evil ${'n'.repeat(100)}`.trim().slice(0, 100));
  expect(adapters.map(({ id, name, visible }) => [id, name, visible])).toEqual([
    ['hci0', 'Computer', false],
    ['hci1', 'Computer', false],
  ]);
  const one = new BluezAir({ clock: nodeClock, path: bluez.path, adapter: 'hci0' });
  expect((await one.look(never)).phones.map(({ address, paired: isPaired }) => [address, isPaired])).toEqual([
    [PHONE, false],
  ]);
  await one.close();
});

test('a search of several is one inquiry of BR/EDR, and shows phones as they come, hundreds of them', async () => {
  await bluez.appear();
  bluez.addAdapter();
  const views: AirView[] = [];
  const unfollow = air.follow((view) => void views.push(view));
  const stop = new AbortController();
  const first = air.search({ limit: seconds(60), signal: stop.signal });
  const second = air.search({ limit: seconds(60), signal: stop.signal });
  await vi.waitFor(() => expect(bluez.calls).toContain('StartDiscovery'));
  for (let n = 0; n < 300; n += 1) {
    const address = `00:AA:02:00:${(n >> 8).toString(16).padStart(2, '0')}:${(n & 255).toString(16).padStart(2, '0')}`;
    bluez.addDevice(address.toUpperCase(), { RSSI: new Variant('n', -90) });
  }
  const path = bluez.addDevice(PHONE, { RSSI: new Variant('n', -30) });
  await vi.waitFor(() => expect(views.at(-1)?.phones[0]).toMatchObject({ address: PHONE, signal: -30 }));
  expect(views.at(-1)).toMatchObject({ searching: true });
  expect(views.at(-1)?.phones).toHaveLength(200);
  expect(views.length).toBeLessThan(20);
  // When the inquiry is over nobody knows how near it is, but that it was there.
  bluez.change(path, DEVICE, {}, ['RSSI']);
  stop.abort();
  expect((await first).phones.find(({ address }) => address === PHONE)).toMatchObject({ seenAt: expect.anything() });
  await second;
  await vi.waitFor(() => expect(views.at(-1)?.searching).toBe(false));
  expect(bluez.calls).toEqual(['SetDiscoveryFilter', 'StartDiscovery', 'StopDiscovery']);
  unfollow();
});

test('a search ends when the adapter is pulled out or cannot begin, and goes on when the service was started anew', async () => {
  await bluez.appear();
  const adapter = bluez.addAdapter();
  await air.look(never);
  bluez.fails.set('StartDiscovery', bluezError('InProgress'));
  await expect(air.search({ limit: seconds(60), signal: never })).rejects.toMatchObject({ code: 'air/busy' });
  expect(bluez.calls).not.toContain('StopDiscovery');
  // One that was not confirmed may have begun.
  bluez.fails.set(
    'StartDiscovery',
    Object.assign(new Error('late'), { dbusName: 'org.freedesktop.DBus.Error.NoReply' }),
  );
  await expect(air.search({ limit: seconds(60), signal: never })).rejects.toMatchObject({ code: 'air/failed' });
  await vi.waitFor(() => expect(bluez.calls.at(-1)).toBe('StopDiscovery'), { interval: 5 });
  bluez.fails.clear();
  const pulled = air.search({ limit: seconds(60), signal: never });
  pulled.catch(() => undefined);
  await vi.waitFor(() => expect(bluez.calls.at(-1)).toBe('StartDiscovery'));
  bluez.remove(adapter);
  await expect(pulled).rejects.toMatchObject({ code: 'air/no-adapter' });
  await expect(air.search({ limit: seconds(60), signal: AbortSignal.abort() })).rejects.toThrow('aborted');

  bluez.addAdapter('hci2');
  await vi.waitFor(() => expect(air.view.reason).toBeUndefined());
  bluez.calls.length = 0;
  const stop = new AbortController();
  const search = air.search({ limit: seconds(60), signal: stop.signal });
  await vi.waitFor(() => expect(bluez.calls.at(-1)).toBe('StartDiscovery'));
  bluez.addAdapter('hci3');
  await vi.waitFor(() => expect(bluez.calls.filter((each) => each === 'StartDiscovery')).toHaveLength(2));
  stop.abort();
  await search;
  expect(bluez.calls.filter((each) => each === 'StopDiscovery')).toHaveLength(2);
});

const QUESTIONS: readonly {
  readonly member: string;
  readonly signature: string;
  readonly body: readonly unknown[];
  readonly put: PairingQuestion;
  readonly said: string | boolean;
  readonly answer: unknown;
}[] = [
  { member: 'RequestPinCode', signature: 'o', body: [], put: { kind: 'enter-pin' }, said: '0000', answer: '0000' },
  { member: 'RequestPasskey', signature: 'o', body: [], put: { kind: 'enter-passkey' }, said: '001234', answer: 1234 },
  {
    member: 'RequestConfirmation',
    signature: 'ou',
    body: [4321],
    put: { kind: 'confirm', code: '004321' },
    said: true,
    answer: undefined,
  },
  { member: 'RequestAuthorization', signature: 'o', body: [], put: { kind: 'allow' }, said: true, answer: undefined },
  {
    member: 'DisplayPasskey',
    signature: 'ouq',
    body: [77, 0],
    put: { kind: 'show', code: '000077' },
    said: true,
    answer: undefined,
  },
  {
    member: 'DisplayPinCode',
    signature: 'os',
    body: ['123456'],
    put: { kind: 'show', code: '123456' },
    said: true,
    answer: undefined,
  },
];

test('each kind of question of the service is put to a person', async () => {
  await bluez.appear();
  bluez.addAdapter();
  await air.look(never);
  for (const { member, signature, body, put, said, answer } of QUESTIONS) {
    const path = bluez.addDevice();
    await vi.waitFor(() => expect(air.view.phones[0]?.paired).toBe(false), { interval: 5 });
    const questions: PairingQuestion[] = [];
    let answered: unknown = 'nothing';
    bluez.onPair = async (ask) => {
      answered = await ask(member, signature, body);
    };
    const ask: AskPairing = async (question, phone) => {
      questions.push(question);
      expect(phone).toMatchObject({ address: PHONE, name: 'Handset 0' });
      return said;
    };
    expect(await air.pair(PHONE.toLowerCase(), { ask, signal: never })).toMatchObject({ address: PHONE, paired: true });
    expect(questions).toEqual([put]);
    expect(answered).toEqual(answer);
    expect(bluez.calls).toEqual(['RegisterAgent', 'Pair', 'UnregisterAgent']);
    bluez.remove(path);
    await vi.waitFor(() => expect(air.view.phones).toEqual([]), { interval: 5 });
    bluez.calls.length = 0;
  }
  bluez.addDevice(PHONE, { Paired: yes });
  await vi.waitFor(() => expect(air.view.phones).toHaveLength(1), { interval: 5 });
  expect(await air.pair(PHONE, { ask: nobody, signal: never })).toMatchObject({ paired: true });
  await air.forget(PHONE, never);
  expect(bluez.calls).toEqual(['RemoveDevice']);
  await vi.waitFor(() => expect(air.view.phones).toEqual([]), { interval: 5 });
  await expect(air.forget(PHONE, never)).rejects.toMatchObject({ code: 'air/phone-unknown' });
});

test('a phone that nobody has seen yet is looked for first, and a PIN that is never entered is waited for not for ever', async () => {
  const brief = new BluezAir({ clock: nodeClock, path: bluez.path, questionLimit: milliseconds(20) });
  await bluez.appear();
  bluez.addAdapter();
  let taken: boolean | undefined;
  bluez.onPair = async (put) => {
    await put('RequestPinCode', 'o', []).catch(() => undefined);
    throw bluezError('AuthenticationFailed');
  };
  const ask: AskPairing = (_question, _phone, signal) =>
    new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        taken = true;
        resolve(undefined);
      });
    });
  const pairing = brief.pair(PHONE, { ask, signal: never });
  pairing.catch(() => undefined);
  await vi.waitFor(() => expect(bluez.calls).toContain('StartDiscovery'));
  bluez.addDevice();
  await expect(pairing).rejects.toMatchObject({ code: 'air/pairing-timeout' });
  expect(taken).toBe(true);
  expect(bluez.calls).toEqual([
    ...['SetDiscoveryFilter', 'StartDiscovery', 'StopDiscovery', 'RegisterAgent', 'Pair', 'UnregisterAgent'],
  ]);
  const stop = AbortSignal.timeout(30);
  await expect(brief.pair('00:AA:01:00:00:77', { ask, signal: stop })).rejects.toThrow('timeout');
  await brief.close();
});

test('what no service would say changes nothing and stops nothing', async () => {
  const objects = new BluezObjects(() => new Date(0));
  const path = '/org/bluez/hci0/dev_1';
  const told = (name: string, member: string, ...body: readonly unknown[]) =>
    objects.apply({ sender: ':1.1', path, interface: name, member, body });
  objects.replace([1, 2]);
  objects.replace({ a: null, b: { [DEVICE]: 7 }, '/org/bluez/hci0': { [ADAPTER]: { Address: 5, Powered: 'yes' } } });
  told('org.freedesktop.DBus.ObjectManager', 'InterfacesAdded');
  told('org.freedesktop.DBus.ObjectManager', 'InterfacesAdded', path, 'x');
  told('org.freedesktop.DBus.ObjectManager', 'InterfacesRemoved', path, 7);
  told('org.freedesktop.DBus.Properties', 'PropertiesChanged', DEVICE, { RSSI: -1 }, 'x');
  expect(objects.devices).toEqual([]);
  expect(objects.adapters).toEqual([
    expect.objectContaining({ address: '', name: 'hci0', powered: false, discoverableTimeout: 0 }),
  ]);
  const odd = { Address: PHONE, Class: -1, RSSI: 9999, UUIDs: ['x', 7, DM_CLIENT], Paired: 1, Adapter: 3, Alias: 9 };
  told('org.freedesktop.DBus.ObjectManager', 'InterfacesAdded', path, { [DEVICE]: odd });
  expect(objects.devices).toEqual([
    expect.objectContaining({
      ...{ address: PHONE, adapter: '/org/bluez/hci0', services: [DM_CLIENT], paired: false },
      ...{ name: undefined, deviceClass: undefined, signal: undefined },
    }),
  ]);
  for (let n = 0; n < 3000; n += 1) {
    told('org.freedesktop.DBus.ObjectManager', 'InterfacesAdded', `/d${n}`, { [DEVICE]: odd });
  }
  // One of the thousand that are kept has no address.
  expect(objects.devices).toHaveLength(999);
});

test.each<[string, AskPairing, string]>([
  ['No', async () => false, 'air/pairing-refused'],
  ['an answer that was broken off', async () => undefined, 'air/pairing-cancelled'],
  ['a PIN of more than 16 octets', async () => 'x'.repeat(17), 'air/pairing-failed'],
])('%s to a question is no pairing', async (_name, ask, code) => {
  await bluez.appear();
  bluez.addAdapter();
  bluez.addDevice();
  await air.look(never);
  bluez.onPair = async (put) => {
    await put('RequestPinCode', 'o', []).catch(() => {
      throw bluezError('AuthenticationFailed');
    });
  };
  await expect(air.pair(PHONE, { ask, signal: never })).rejects.toMatchObject({ code });
});

test.each([
  ['AuthenticationTimeout', 'air/pairing-timeout'],
  ['AuthenticationRejected', 'air/pairing-refused'],
  ['ConnectionAttemptFailed', 'air/phone-unreachable'],
  ['Failed', 'air/failed'],
])('the answer %s of the service is %s', async (name, code) => {
  await bluez.appear();
  bluez.addAdapter();
  bluez.addDevice();
  await air.look(never);
  bluez.fails.set('Pair', bluezError(name));
  await expect(air.pair(PHONE, { ask: nobody, signal: never })).rejects.toMatchObject({ code });
});

test('a pairing that is broken off, or whose adapter, service or phone goes, ends and takes its question back', async () => {
  await bluez.appear();
  const adapter = bluez.addAdapter();
  bluez.addDevice();
  await air.look(never);
  let asked = Promise.withResolvers<AbortSignal>();
  const ask: AskPairing = (_question, _phone, signal) =>
    new Promise((resolve) => {
      asked.resolve(signal);
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
    });
  bluez.onPair = async (put) => void (await put('RequestConfirmation', 'ou', [1]));

  const stop = new AbortController();
  const stopped = air.pair(PHONE, { ask, signal: stop.signal });
  stopped.catch(() => undefined);
  const first = await asked.promise;
  await expect(air.pair(PHONE, { ask, signal: never })).rejects.toMatchObject({ code: 'air/busy' });
  stop.abort();
  await expect(stopped).rejects.toThrow('aborted');
  expect(first.aborted).toBe(true);
  expect(bluez.calls).toContain('CancelPairing');

  // The phone takes it back.
  asked = Promise.withResolvers();
  bluez.onPair = async (put) => {
    const refusal = put('RequestConfirmation', 'ou', [2]).catch((error) => error);
    await asked.promise;
    await bluez.ask('Cancel', '', []);
    await refusal;
    throw bluezError('AuthenticationCanceled');
  };
  await expect(air.pair(PHONE, { ask, signal: never })).rejects.toMatchObject({ code: 'air/pairing-cancelled' });
  expect((await asked.promise).aborted).toBe(true);

  for (const [go, code] of [
    [() => bluez.remove(`${adapter}/dev_${PHONE.replaceAll(':', '_')}`), 'air/phone-unknown'],
    [() => bluez.remove(adapter), 'air/no-adapter'],
    [() => void bluez.vanish(), 'air/no-service'],
  ] as const) {
    bluez.addAdapter();
    bluez.addDevice();
    await vi.waitFor(() => expect(air.view.phones).toHaveLength(1));
    asked = Promise.withResolvers();
    bluez.onPair = async (put) => void (await put('RequestConfirmation', 'ou', [3]).catch(() => undefined));
    const pairing = air.pair(PHONE, { ask, signal: never });
    pairing.catch(() => undefined);
    const signal = await asked.promise;
    go();
    await expect(pairing).rejects.toMatchObject({ code });
    expect(signal.aborted).toBe(true);
  }
});

test('only the service may ask, and about other phones only while this computer is shown', async () => {
  await bluez.appear();
  const adapter = bluez.addAdapter();
  const other = bluez.addDevice('00:AA:01:00:00:05', { Alias: text('Other') });
  bluez.addDevice();
  await air.look(never);
  const put: string[] = [];
  const ask: AskPairing = async (_question, { address }) => put.push(address) > 0;
  const stranger = await bluez.stranger();
  bluez.onPair = async (question) => {
    await expect(bluez.ask('RequestAuthorization', 'o', [other], stranger)).rejects.toThrow('Rejected');
    await expect(bluez.ask('RequestAuthorization', 'o', [other])).rejects.toThrow('Rejected');
    await expect(bluez.ask('AuthorizeService', 'os', [other, DM_CLIENT])).rejects.toThrow('Rejected');
    await question('RequestAuthorization', 'o', []);
  };
  await air.pair(PHONE, { ask, signal: never });
  expect(put).toEqual([PHONE]);

  bluez.calls.length = 0;
  const stop = new AbortController();
  const shown = air.show({ limit: seconds(60), ask, signal: stop.signal });
  await vi.waitFor(() => expect(air.view.adapters[0]?.visible).toBe(true));
  await bluez.ask('RequestAuthorization', 'o', [other]);
  expect(put).toEqual([PHONE, '00:AA:01:00:00:05']);
  stop.abort();
  await shown;
  expect(bluez.calls).toEqual([
    ...['RegisterAgent', 'RequestDefaultAgent', 'DiscoverableTimeout=61', 'Pairable=true', 'Discoverable=true'],
    ...['Discoverable=false', 'Pairable=false', 'DiscoverableTimeout=180', 'UnregisterAgent'],
  ]);
  expect(adapter).toBe('/org/bluez/hci1');
  await stranger.close();
});

test('a record names our own channel, is published by the service alone, and again when it was started anew', async () => {
  const changes: (string | undefined)[] = [];
  const record = { uuid: DM_CLIENT, name: 'Phone & <PC>', channel: 11 };
  const stop = new AbortController();
  const offer = await air.offer(record, { signal: stop.signal, onChange: ({ reason }) => changes.push(reason) });
  expect(offer.reason).toBe('air/no-service');
  bluez.addAdapter();
  await bluez.appear();
  await vi.waitFor(() => expect(offer.reason).toBeUndefined());
  const [published] = bluez.profiles.values();
  expect(published?.uuid).toBe(DM_CLIENT);
  // A channel of its own would make it listen there itself.
  expect(published?.options).toEqual(
    new Set(['Name', 'Role', 'RequireAuthentication', 'RequireAuthorization', 'AutoConnect']),
  );
  expect(published?.record).toContain('<uuid value="0x0003"/><uint8 value="0x0b"/>');
  expect(published?.record).toContain('<text value="Phone &#38; &#60;PC&#62;"/>');
  await bluez.vanish();
  await vi.waitFor(() => expect(offer.reason).toBe('air/no-service'));
  await bluez.appear();
  await vi.waitFor(() => expect(offer.reason).toBeUndefined());
  expect(bluez.profiles.size).toBe(1);
  expect(changes).toEqual([undefined, 'air/no-service', undefined]);

  bluez.fails.set('RegisterProfile', bluezError('NotPermitted'));
  const refused = await air.offer(record, { signal: stop.signal });
  expect(refused.reason).toBe('air/record-refused');
  stop.abort();
  await vi.waitFor(() => expect(bluez.profiles.size).toBe(0));
});
