import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../src-main/base/clock.ts';
import { PcAgentError } from '../../../src-main/base/errors.ts';
import { nodeClock } from '../../../src-main/base/node/clock.ts';
import { ownProcessBearers } from '../../../src-main/bearer/bearers.ts';
import { createTcpBearer } from '../../../src-main/bearer/tcp/tcp-bearer.ts';
import { KeyedLock } from '../../../src-main/cache/keyed-lock.ts';
import { createProfileStore, profileFor } from '../../../src-main/dms/profile-store.ts';
import { createHandsetRegistry, type HandsetRecord } from '../../../src-main/handset/registry.ts';
import { serveObex } from '../../../src-main/obex/server.ts';
import { bootstrap } from '../../../src-main/operations/bootstrap.ts';
import type { Engine, WorkContext } from '../../../src-main/operations/engine.ts';
import { findAddress, handsetPlace } from '../../../src-main/operations/handset-place.ts';
import { createNonceKeeper, ownAccount } from '../../../src-main/operations/own-account.ts';
import { createOwnAccounts } from '../../../src-main/operations/own-accounts.ts';
import { inboxService } from '../../../src-main/virtual/handset/inbox.ts';
import { scratch } from '../store/scratch.ts';

const files = scratch();
const clock: Pick<Clock, 'now'> = { now: () => new Date('2026-11-21T10:00:00Z') };
const DMS = 'http://dms.example/dm';

describe('profiles of DM servers', () => {
  const open = () => createProfileStore(files.open(files.file()), clock);

  it('are found by name or id; the first is the default until another is made it', async () => {
    const profiles = open();
    const one = await profiles.add({ name: 'One', url: DMS });
    await profiles.add({ name: 'Two', url: 'https://two.example:8443/x', makeDefault: true });
    expect(profiles.list().map(({ name, isDefault }) => [name, isDefault])).toEqual([
      ['One', false],
      ['Two', true],
    ]);
    expect(profiles.find('one')).toMatchObject({ id: one.id, allowedOrigins: ['http://dms.example'] });
    expect(profiles.find(one.id)?.name).toBe('One');
    expect((await profiles.remove('TWO')).name).toBe('Two');
    await expect(profiles.remove('two')).rejects.toMatchObject({ code: 'dms/profile-unknown' });
  });

  it('are changed where something is given', async () => {
    const profiles = open();
    const one = await profiles.add({ name: 'One', url: DMS, allowedOrigins: ['http://b.example'] });
    await profiles.add({ name: 'Two', url: 'http://two.example/dm' });
    expect(await profiles.edit('one', { name: 'First' })).toEqual({ ...one, name: 'First' });
    // Another address is not followed to the old one any more.
    expect(await profiles.edit(one.id, { url: 'https://new.example/dm' })).toMatchObject({
      url: 'https://new.example/dm',
      allowedOrigins: ['https://new.example', 'http://b.example'],
      isDefault: true,
    });
    expect((await profiles.edit(one.id, { allowedOrigins: [] })).allowedOrigins).toEqual(['https://new.example']);
    await profiles.edit('two', { makeDefault: true });
    expect(profiles.list().map(({ name, isDefault }) => [name, isDefault])).toEqual([
      ['First', false],
      ['Two', true],
    ]);
  });

  it('keep their name to themselves when they are changed', async () => {
    const profiles = open();
    await profiles.add({ name: 'One', url: DMS });
    await profiles.add({ name: 'Two', url: DMS });
    await expect(profiles.edit('Two', { name: 'ONE' })).rejects.toMatchObject({ code: 'dms/profile-exists' });
    expect((await profiles.edit('Two', { name: 'TWO' })).name).toBe('TWO');
    await expect(profiles.edit('Two', { url: 'ftp://x/' })).rejects.toMatchObject({ code: 'dms/profile-invalid' });
    await expect(profiles.edit('Three', {})).rejects.toMatchObject({ code: 'dms/profile-unknown' });
  });

  it('have a name of their own and an address that may be used', async () => {
    const profiles = open();
    await profiles.add({ name: 'one', url: DMS });
    await expect(profiles.add({ name: 'ONE', url: DMS })).rejects.toMatchObject({ code: 'dms/profile-exists' });
    for (const url of ['ftp://x/', 'http://user:secret@x/', 'nothing', 'http://']) {
      const added = profiles.add({ name: url, url });
      await expect(added).rejects.toMatchObject({ code: 'dms/profile-invalid' });
      await expect(added).rejects.not.toThrow('secret');
    }
    expect(profiles.list()).toHaveLength(1);
  });

  it('lend their allowed origins to the address alone', async () => {
    const profiles = open();
    await profiles.add({ name: 'one', url: DMS, allowedOrigins: ['http://b.example/x'] });
    for (const text of ['one', DMS]) {
      expect([...profileFor(text, profiles).allowedOrigins]).toEqual(['http://dms.example', 'http://b.example']);
    }
    expect([...profileFor('http://dms.example/other', profiles).allowedOrigins]).toEqual(['http://dms.example']);
    expect(() => profileFor('none', profiles)).toThrow(expect.objectContaining({ code: 'dms/profile-unknown' }));
  });
});

describe('known handsets', () => {
  const open = () => {
    const changes: HandsetRecord[] = [];
    const registry = createHandsetRegistry({
      store: files.open(files.file()),
      clock,
      onChange: (record) => changes.push(record),
    });
    return { registry, changes };
  };
  const DEVICE = 'IMEI:490154203237518';

  it('are found by DevId and by its digits, and keep what was known', async () => {
    const { registry, changes } = open();
    await registry.met({ device: DEVICE, address: 'tcp:127.0.0.1:650', model: 'M1', manufacturer: 'Maker' });
    await registry.met({ device: DEVICE });
    expect(changes).toHaveLength(2);
    for (const name of [DEVICE, '490154203237518', 'imei:490154203237518']) {
      expect(registry.find(name)).toMatchObject({ address: 'tcp:127.0.0.1:650', model: 'M1', virtual: false });
    }
    expect(registry.find('49015420323751')).toBeUndefined();
    await registry.met({ device: 'IMEI:004999010640000' });
    expect(registry.find('004999010640000')?.virtual).toBe(true);
  });

  it('must have said who they are', async () => {
    const { registry } = open();
    for (const device of ['', 'x'.repeat(201)]) {
      await expect(registry.met({ device })).rejects.toMatchObject({ code: 'handset/id-invalid' });
    }
  });

  it('lead to a place, where that very handset has to be', async () => {
    const { registry } = open();
    await registry.met({ device: DEVICE, address: 'tcp:127.0.0.1:650' });
    await registry.met({ device: 'IMEI:1', address: 'http://h/x' });
    await registry.met({ device: 'IMEI:2' });
    const notNeeded = async () => expect.unreachable('it was met at no port');
    const { signal } = new AbortController();
    const from = { handsets: registry, bearers: ownProcessBearers() };
    expect(handsetPlace('490154203237518', undefined, from)).toMatchObject({
      address: { text: 'tcp:127.0.0.1:650' },
      device: DEVICE,
    });
    expect(handsetPlace('tcp:127.0.0.1:650', undefined, from).device).toBeUndefined();
    for (const alias of ['Übung', 'Meera’s phone', 'a/b']) {
      await registry.rename(DEVICE, alias);
      expect(handsetPlace(alias, undefined, from), alias).toMatchObject({ device: DEVICE });
      expect(await findAddress({ handsets: registry, lookAround: notNeeded }, alias, { signal })).toBe(
        'tcp:127.0.0.1:650',
      );
    }
    const codes = {
      '1': 'handset/calls-only',
      '2': 'handset/nowhere',
      '3': 'handset/unknown',
      'Meera’s other phone': 'handset/unknown',
      'tcp:x': 'bearer/address-invalid',
    };
    for (const [name, code] of Object.entries(codes)) {
      expect(() => handsetPlace(name, undefined, from)).toThrow(expect.objectContaining({ code }));
    }
  });

  it('do not take a place back by what is told of them late', async () => {
    const { registry } = open();
    const address = 'serial:/dev/ttyACM0';
    await registry.met({ device: DEVICE, address });
    await registry.met({ device: 'IMEI:1', address });
    await registry.met({ device: DEVICE, address, model: 'M2', left: true });
    expect(registry.at(address)?.device).toBe('IMEI:1');
    expect(registry.find(DEVICE)?.model).toBe('M2');
  });

  it.each(['tcp:192.0.2.1:80', 'urn:uuid:1'])(
    'are led to by a DevId that looks like an address (%s)',
    async (device) => {
      const { registry } = open();
      await registry.met({ device, address: 'tcp:127.0.0.1:650' });
      const from = { handsets: registry, bearers: ownProcessBearers() };
      expect(handsetPlace(device, device, from)).toMatchObject({ address: { text: 'tcp:127.0.0.1:650' }, device });
      await registry.forget(device);
      expect(() => handsetPlace(device, device, from)).toThrow(expect.objectContaining({ code: 'handset/unknown' }));
    },
  );
});

describe('our account on a handset', () => {
  it('goes on with the nonces that were left there', async () => {
    const nonces = createNonceKeeper(files.open(files.file()));
    expect(nonces.find('IMEI:1', 'pc-agent')).toBeUndefined();
    await nonces.keep('IMEI:1', 'pc-agent', { client: Uint8Array.of(1), server: Uint8Array.of(2) });
    await nonces.keep('IMEI:1', 'pc-agent', { client: Uint8Array.of(3), server: Uint8Array.of(4) });
    expect(nonces.find('IMEI:1', 'pc-agent')).toEqual({ client: Uint8Array.of(3), server: Uint8Array.of(4) });
    expect(ownAccount(nonces, 'IMEI:1')).toMatchObject({ clientNonce: 'Aw==', serverNonce: 'BA==' });
    expect(ownAccount(nonces, 'IMEI:2').serverNonce).toBe(ownAccount(nonces, undefined).serverNonce);
  });

  it('that was sent is tried before the one before, and takes its place when the handset has proved that it has it', async () => {
    const store = files.open(files.file());
    const nonces = createNonceKeeper(store);
    await nonces.keep('IMEI:1', 'pc-agent', { client: Uint8Array.of(3), server: Uint8Array.of(4) });
    const accounts = createOwnAccounts(store, nonces, clock);
    const passwords = (device: string | undefined, address = 'tcp:h:1') =>
      accounts.candidates(device, address).map(({ account }) => account.password);
    const preset = ownAccount(nonces, undefined);
    const fresh = { ...preset, password: 'fresh', serverPassword: 'ours', serverNonce: 'AA==', clientNonce: 'AQ==' };
    // Nobody knew yet who is at the address.
    await accounts.sent(undefined, 'tcp:h:1', fresh);
    expect(passwords('IMEI:1')).toEqual(['fresh', preset.password]);
    expect(passwords('IMEI:1', 'tcp:h:2')).toEqual([preset.password]);
    expect(accounts.candidates('IMEI:1', 'tcp:h:1')[0].nonces.find('IMEI:1', 'pc-agent')).toBeUndefined();
    await accounts.proven('IMEI:1', 'tcp:h:1', preset);
    expect(accounts.isTaken('IMEI:1', fresh)).toBe(false);
    await accounts.proven('IMEI:1', 'tcp:h:1', fresh);
    expect(accounts.isTaken('IMEI:1', fresh)).toBe(true);
    expect(passwords('IMEI:1', 'tcp:h:2')).toEqual(['fresh']);
    // The nonces of the account before are none of this one's.
    expect(nonces.find('IMEI:1', 'pc-agent')).toBeUndefined();
    await accounts.sent('IMEI:1', 'tcp:h:1', { ...fresh, password: 'fresher' });
    expect(passwords('IMEI:1')).toEqual(['fresher', 'fresh']);
    expect(passwords('IMEI:2')).toEqual([preset.password]);
  });

  it('that nobody lets in within an hour is tried after the one before', async () => {
    const store = files.open(files.file());
    const nonces = createNonceKeeper(store);
    let now = new Date('2026-11-21T10:00:00Z');
    const accounts = createOwnAccounts(store, nonces, { now: () => now });
    const preset = ownAccount(nonces, undefined);
    const passwords = () => accounts.candidates('IMEI:1', 'tcp:h:1').map(({ account }) => account.password);
    await accounts.sent('IMEI:1', 'tcp:h:1', { ...preset, password: 'fresh', serverPassword: 'ours' });
    now = new Date('2026-11-21T10:59:00Z');
    await accounts.proven('IMEI:1', 'tcp:h:1', preset);
    expect(passwords()).toEqual(['fresh', preset.password]);
    now = new Date('2026-11-21T11:01:00Z');
    await accounts.proven('IMEI:1', 'tcp:h:1', preset);
    expect(passwords()).toEqual([preset.password, 'fresh']);
    // Should it be let in after all, it takes its place.
    await accounts.proven('IMEI:1', 'tcp:h:1', { ...preset, password: 'fresh', serverPassword: 'ours' });
    expect(passwords()).toEqual(['fresh']);
  });

  it('is kept once the handset is there, whoever chose its passwords; one broken off while it is asked was cancelled', async () => {
    const store = files.open(files.file());
    const accounts = createOwnAccounts(store, createNonceKeeper(store), clock);
    const preset = ownAccount(createNonceKeeper(store), undefined);
    const known = (address: string) => accounts.candidates(undefined, address)[0].account.password;
    const stop = new AbortController();
    const order = (handset: string, serverId?: string) => {
      const account = {
        serverId: serverId ?? '',
        serverPassword: 's',
        user: 'u',
        password: 'chosen',
        auth: 'md5',
        nonce: '',
      } as const;
      const engine = {
        ...{ accounts, turns: new KeyedLock(), clock: nodeClock, handsets: { at: () => undefined } },
        bearers: ownProcessBearers(),
        ownServer: {
          run: async () => {
            stop.abort();
            throw new PcAgentError('dm/cancelled', 'the session was broken off');
          },
        },
      };
      const params = { handset, pin: '1', ...(serverId === undefined ? {} : { account }) };
      return bootstrap(engine as unknown as Engine, params, { signal: stop.signal } as unknown as WorkContext);
    };
    const absent = 'tcp:127.0.0.1:9';
    await accounts.sent(undefined, absent, { ...preset, password: 'sent before' });
    await expect(order(absent)).rejects.toMatchObject({ code: 'bearer/unavailable' });
    expect(known(absent)).toBe('sent before');

    const tcp = createTcpBearer();
    const listener = await tcp.listen(tcp.parse('tcp:127.0.0.1:0'), {
      signal: new AbortController().signal,
      onStream: (stream) =>
        void serveObex(stream, { services: [inboxService()], signal: new AbortController().signal }),
    });
    try {
      const there = listener.address.text;
      expect(await order(there, 'other')).toMatchObject({ account: 'unknown', dms: 'other', sessions: [] });
      expect(known(there)).toBe(preset.password);
      await expect(order(there, preset.serverId)).rejects.toMatchObject({ name: 'AbortError' });
      expect(known(there)).toBe('chosen');
    } finally {
      await listener.close();
    }
  });
});
