/** One phone, one card: whose card a meeting belongs to, and where its phone is. */
import { describe, expect, it } from 'vitest';
import type { AttachedFunction, AttachedThing } from '../../../src-main/bearer/discovery.ts';
import type { Identity } from '../../../src-main/handset/identify/identity.ts';
import { isProvisionalName, markOf, meetingOf, provisionalName } from '../../../src-main/handset/identity.ts';
import { createHandsetRegistry } from '../../../src-main/handset/registry.ts';
import type { WayStanding } from '../../../src-main/handset/ways.ts';
import { scratch } from '../store/scratch.ts';

const files = scratch();
const ANNA = 'IMEI:351234567890120';
const BERT = 'IMEI:351234567890138';
const PORT = '/dev/ttyUSB0';

function registry() {
  const told: string[] = [];
  const standings = new Map<string, WayStanding>();
  let seconds = 0;
  const store = files.open(files.file());
  const handsets = createHandsetRegistry({
    store,
    clock: { now: () => new Date(Date.UTC(2026, 10, 21, 10, 0, seconds++)) },
    onChange: ({ device }, how) => void told.push(`${how} ${device}`),
    onGone: ({ device }) => void told.push(`gone ${device}`),
    standingOf: (address) => standings.get(address),
  });
  const meet = async (identity: Partial<Identity>, thing: AttachedThing) => {
    const meeting = meetingOf(
      { strong: false, ...plugOf(thing), via: thing.functions[0]?.address ?? '', ...identity },
      thing,
    );
    if (meeting === undefined) throw new Error('it is nobody');
    return handsets.met(meeting);
  };
  return { handsets, told, standings, store, meet };
}

function adapter(path = PORT, place = '1-2'): AttachedThing {
  const functions: AttachedFunction[] = [{ kind: 'serial', address: `serial:${path}` }];
  return { id: `usb:${place}`, place, vendorId: 0x0403, productId: 0x6001, serial: 'FT1234', functions };
}

function usbPhone(serial: string | undefined, place = '1-1'): AttachedThing {
  const address = serial === undefined ? `usb:0421:0123@${place}` : `usb:0421:0123:${serial}`;
  const functions: AttachedFunction[] = [
    { kind: 'usb', address, service: 'SYNCML-DM' },
    { kind: 'serial', address: `serial:/dev/ttyACM${place.at(-1)}` },
  ];
  const product = { vendorId: 0x0421, productId: 0x0123, manufacturer: 'Nokia', product: 'E62' };
  return { id: `usb:${place}`, place, ...product, ...(serial === undefined ? {} : { serial }), functions };
}

/** What is told of a thing that says nothing else. */
function plugOf({ manufacturer, product, serial }: AttachedThing): Partial<Identity> {
  return {
    ...(manufacturer === undefined ? {} : { manufacturer }),
    ...(product === undefined ? {} : { model: product }),
    ...(serial === undefined ? {} : { serial }),
  };
}

const strong = (device: string, more: Partial<Identity> = {}): Partial<Identity> => ({ device, strong: true, ...more });
const E62 = { manufacturer: 'Nokia', model: 'E62' };

describe('the name of a phone that has not said its DevId', () => {
  it('is the same for the same make, model and serial number, and does not hold the number', () => {
    const name = provisionalName({ ...E62, serial: '351234567890120' }, '1-1');
    expect(name).toBe(provisionalName({ manufacturer: 'NOKIA ', model: 'e62', serial: '35-123456-789012-0' }, '1-4'));
    expect(name).toMatch(/^card-nokia-e62-[0-9a-f]{12}$/);
    expect(isProvisionalName(name ?? '')).toBe(true);
    expect(name).not.toContain('351234567890120');
    expect(name).not.toBe(provisionalName({ ...E62, serial: '351234567890138' }, '1-1'));
    // Without a serial number the place tells two of a model apart; the same digit throughout is no number.
    expect(provisionalName(E62, '1-1')).not.toBe(provisionalName(E62, '1-2'));
    expect(provisionalName(E62, '1-1')).toBe(provisionalName({ ...E62, serial: '000000000' }, '1-1'));
    expect(provisionalName({ serial: '12345' }, '1-1')).toBeUndefined();
    expect([ANNA, 'Anna', 'card-', 'card-x'].some(isProvisionalName)).toBe(false);
  });

  it('is made of what the USB device says of itself when it is the phone, not when it is an adapter', () => {
    const plug = { strong: false, manufacturer: 'Nokia', model: 'E62', serial: 'SN77', via: 'usb:0421:0123:SN77' };
    expect(meetingOf(plug, usbPhone('SN77'))).toMatchObject({ ...E62, serial: 'SN77', mark: 'usb:0421:0123:sn77' });
    expect(meetingOf({ ...plug, reason: 'bearer/no-obex' }, usbPhone('SN77'))).toBeUndefined();
    const cable = { ...adapter(), manufacturer: 'FTDI', product: 'FT232R' };
    const silent = { strong: false, manufacturer: 'FTDI', model: 'FT232R', serial: 'FT1234', via: 'serial:x' };
    expect(meetingOf({ ...silent, reason: 'bearer/unusable' }, cable)).toBeUndefined();
    expect(meetingOf(silent, cable)).toBeUndefined();
    expect(meetingOf({ ...silent, model: 'E62' }, cable)).toMatchObject({ model: 'E62', serial: undefined });
    expect(meetingOf({ ...silent, device: ANNA, strong: true }, cable)).toMatchObject({
      device: ANNA,
      model: undefined,
    });
    // A number of the cable is no DevId, whatever it looks like.
    const NUMBER = 'IMEI:351234567890124';
    const numbered = { ...cable, serial: '351234567890124' };
    expect(meetingOf({ ...silent, device: NUMBER, strong: true, serial: '351234567890124' }, numbered)).toBeUndefined();
    expect(meetingOf({ ...silent, device: NUMBER, strong: true, model: 'E62' }, numbered)).toMatchObject({
      device: expect.stringMatching(/^card-e62-/),
    });
    expect(markOf(adapter())).toBeUndefined();
    expect(markOf(usbPhone(undefined))).toBeUndefined();
  });
});

describe('a phone with several ways', () => {
  it('is one card by its DevId, reached by the best way that is attached', async () => {
    const { handsets, standings, meet } = registry();
    await handsets.met({ device: ANNA, address: 'tcp:127.0.0.1:650', ...E62 });
    await meet(strong('imei:351234567890120', { firmware: 'V 3.0', speaksDm: true }), usbPhone('SN77'));
    await meet(strong('351234567890120'), adapter());
    const [card, ...others] = handsets.list();
    expect(others).toEqual([]);
    expect(card).toMatchObject({ device: ANNA, firmware: 'V 3.0', speaksDm: true, provisional: false });
    expect(card?.ways.map(({ address, kind, place, confidence }) => [address, kind, place, confidence])).toEqual([
      ['usb:0421:0123:SN77', 'usb', '1-1', 'strong'],
      ['serial:/dev/ttyUSB0', 'serial', '1-2', 'strong'],
      ['serial:/dev/ttyACM1', 'serial', '1-1', 'strong'],
      ['tcp:127.0.0.1:650', 'tcp', undefined, 'strong'],
    ]);
    // Nobody has looked: where it was met last.
    expect(card?.address).toBe('serial:/dev/ttyUSB0');
    standings.set('tcp:127.0.0.1:650', { attached: true });
    expect(handsets.find(ANNA)?.address).toBe('tcp:127.0.0.1:650');
    standings.set('serial:/dev/ttyACM1', { attached: true, device: ANNA });
    expect(handsets.find(ANNA)?.address).toBe('serial:/dev/ttyACM1');
    standings.set('usb:0421:0123:SN77', { attached: true, place: '1-4', reason: 'bearer/permission-denied' });
    expect(handsets.find(ANNA)?.address).toBe('serial:/dev/ttyACM1');
    expect(handsets.ways('351234567890120').map(({ address, attached, place }) => [address, attached, place])).toEqual([
      ['serial:/dev/ttyACM1', true, '1-1'],
      ['tcp:127.0.0.1:650', true, undefined],
      ['usb:0421:0123:SN77', true, '1-4'],
      ['serial:/dev/ttyUSB0', false, '1-2'],
    ]);
    for (const address of ['serial:/dev/ttyUSB0@9600', 'USB:0421:0123:SN77', 'tcp:127.0.0.1:650']) {
      expect(handsets.at(address)?.device).toBe(ANNA);
    }
    expect(handsets.marked('usb:0421:0123:sn77')?.device).toBe(ANNA);
  });

  it('stays what it has said of itself, whatever its plug says, and speaks DM when any of its ways does', async () => {
    const { handsets, meet } = registry();
    const plug = { ...usbPhone('SN77'), product: 'USB Phone', manufacturer: 'Acme' };
    await meet(strong(ANNA, { ...plugOf(plug), speaksDm: false }), plug);
    expect(handsets.find(ANNA)).toMatchObject({ manufacturer: 'Acme', model: 'USB Phone', speaksDm: false });
    await handsets.met({ device: ANNA, address: 'usb:0421:0123:SN77', ...E62, speaksDm: true });
    await meet(strong(ANNA, { ...plugOf(plug), speaksDm: false }), plug);
    expect(handsets.find(ANNA)).toMatchObject({ ...E62, speaksDm: true });
    await meet(strong(ANNA, { manufacturer: 'Nokia', model: 'E63' }), plug);
    expect(handsets.find(ANNA)?.model).toBe('E63');
    const { device: nameless } = await meet({ ...E62, speaksDm: false }, adapter());
    expect((await handsets.join(nameless, ANNA)).speaksDm).toBe(true);
  });

  it.each([
    ['its plug has another name', { product: 'USB Phone' }, {}],
    ['its OBEX service names the maker too', {}, { model: 'Nokia E62' }],
  ])('is known by its USB number after a session though %s', async (_what, plug, said) => {
    const { handsets, meet } = registry();
    await handsets.met({ device: ANNA, address: 'usb:0421:0123:SN77', ...E62, speaksDm: true });
    const thing = { ...usbPhone('SN77'), ...plug };
    expect((await meet({ ...plugOf(thing), ...said }, thing)).device).toBe(ANNA);
    expect(handsets.marked('usb:0421:0123:sn77')?.device).toBe(ANNA);
    expect(handsets.list()).toHaveLength(1);
  });

  it('is called by nothing that cannot be seen', async () => {
    const { handsets } = registry();
    const texts = {
      manufacturer: '\u001b[31mNokia\u0000',
      model: ' E\n62\u202e',
      firmware: '\u0007',
      serial: '12\u000034',
    };
    await handsets.met({ device: ANNA, mark: 'usb:0421:0123:sn77', ...texts });
    expect(handsets.find(ANNA)).toMatchObject({
      ...{ manufacturer: '[31mNokia', model: 'E 62', firmware: undefined, serial: '12 34' },
    });
    // And by the same name the next time.
    const { device } = await handsets.met({
      device: 'card-nokia-e62-0123456789ab',
      mark: 'usb:0421:0123:sn77',
      ...texts,
    });
    expect(device).toBe(ANNA);
  });

  it('has one network address, and not more than a few places', async () => {
    const { handsets } = registry();
    for (let port = 1; port <= 20; port += 1) {
      await handsets.met({ device: ANNA, address: `tcp:127.0.0.1:${port}` });
      await handsets.met({ device: ANNA, address: `serial:/dev/ttyUSB${port}` });
    }
    const ways = handsets.ways(ANNA).map(({ address }) => address);
    expect(ways).toHaveLength(16);
    expect(ways.filter((address) => address.startsWith('tcp:'))).toEqual(['tcp:127.0.0.1:20']);
    // A phone may be an OBEX server and have a network link as well.
    for (const host of ['192.0.2.7', '192.0.2.8']) await handsets.met({ device: ANNA, address: `http://${host}/` });
    const network = handsets.ways(ANNA).filter(({ kind }) => kind === 'tcp' || kind === 'http');
    expect(network.map(({ address }) => address)).toEqual(['tcp:127.0.0.1:20', 'http://192.0.2.8/']);
    expect(ways).not.toContain('serial:/dev/ttyUSB1');
  });
});

describe('a serial port', () => {
  it('is a place: it belongs to who identified itself there last, also when two phones are swapped', async () => {
    const { handsets, meet } = registry();
    await meet(strong(ANNA, E62), adapter('/dev/ttyUSB0', '1-1'));
    await meet(strong(BERT, E62), adapter('/dev/ttyUSB1', '1-2'));
    await meet(strong(BERT, E62), adapter('/dev/ttyUSB0', '1-1'));
    expect(handsets.ways(ANNA)).toEqual([]);
    await meet(strong(ANNA, E62), adapter('/dev/ttyUSB1', '1-2'));
    expect(handsets.list()).toHaveLength(2);
    expect(handsets.ways(ANNA).map(({ address }) => address)).toEqual(['serial:/dev/ttyUSB1']);
    expect(handsets.ways(BERT).map(({ address }) => address)).toEqual(['serial:/dev/ttyUSB0']);
    expect(handsets.at('serial:/dev/ttyUSB0')?.device).toBe(BERT);
  });

  it('at which another one has identified itself is no attached way of who was there before', async () => {
    const { handsets, standings, meet } = registry();
    await meet(strong(ANNA), adapter());
    standings.set('serial:/dev/ttyUSB0', { attached: true, device: BERT });
    expect(handsets.find(ANNA)?.ways).toMatchObject([{ attached: false }]);
  });
});

describe('a USB device with a serial number', () => {
  it('is the same phone at another port', async () => {
    const { handsets, meet } = registry();
    const first = await meet({ ...E62 }, usbPhone('SN77', '1-1'));
    const again = await meet({}, usbPhone('SN77', '1-4'));
    expect(again.device).toBe(first.device);
    expect(handsets.list()).toHaveLength(1);
    expect(again.ways.find(({ kind }) => kind === 'usb')?.place).toBe('1-4');
  });

  it('under whose number two phones were met tells nothing any more', async () => {
    const { handsets, meet } = registry();
    await meet(strong(ANNA, E62), usbPhone('0123456789'));
    await meet(strong(BERT, E62), usbPhone('0123456789'));
    await meet(strong(ANNA, E62), usbPhone('0123456789'));
    expect(handsets.list().map(({ device }) => device)).toEqual([ANNA, BERT]);
    expect(handsets.marked('usb:0421:0123:0123456789')).toBeUndefined();
  });
});

describe('a provisional card', () => {
  it('is that of the phone that tells its DevId at the same cable, with all that was done with it', async () => {
    const { handsets, told, store, standings, meet } = registry();
    const { device } = await meet({ ...E62, serial: 'SN1234' }, adapter());
    await handsets.rename(device, 'Annas Handy');
    await store.write((db) => {
      db.run(
        `INSERT INTO journal_sessions (kind, handset, device, dms, virtual, started_at, recorded, clock_set_back, state, bodies)
           VALUES ('relay', 'serial:/dev/ttyUSB0', ?, 'x', 0, 'x', 0, 0, 'done', 'off')`,
        device,
      );
      db.run(
        `INSERT INTO archives (id, device, component, version, component_state, state, made_at)
           VALUES ('a', ?, 'c', '1', 'active', 'archived', 'x')`,
        device,
      );
      for (const account of [device, ANNA]) {
        db.run('INSERT INTO accounts (device, server_id) VALUES (?, ?)', account, 'pc-agent');
      }
    });
    standings.set('serial:/dev/ttyUSB0', { attached: true, device });
    // A session tells at first nothing but the DevId.
    expect(await handsets.met({ device: ANNA, address: 'serial:/dev/ttyUSB0' })).toMatchObject({
      ...{ device: ANNA, alias: 'Annas Handy', model: 'E62', serial: 'SN1234', provisional: false },
      ways: [{ address: 'serial:/dev/ttyUSB0', confidence: 'strong', place: '1-2' }],
    });
    expect(handsets.list()).toHaveLength(1);
    expect(handsets.find(device)?.device).toBe(ANNA);
    expect(told.slice(-2)).toEqual([`gone ${device}`, `met ${ANNA}`]);
    for (const table of ['journal_sessions', 'archives', 'accounts']) {
      expect(store.read((db) => db.all(`SELECT device FROM ${table}`))).toEqual([{ device: ANNA }]);
    }
    // Told by its cable alone once more, it is known.
    expect((await meet({ ...E62, serial: 'SN1234' }, adapter('/dev/ttyUSB7', '1-7'))).device).toBe(ANNA);
  });

  it.each([
    ['the same model at a place that nobody watched', E62, undefined, 2],
    ['another model', { model: 'E70' }, undefined, 2],
    ['what has said nothing but its DevId', {}, undefined, 2],
    ['the same model after the cable was out', E62, 'another', 2],
  ])('at a place: %s', async (_what, more, there, cards) => {
    const { handsets, standings, meet } = registry();
    await meet({ ...E62 }, adapter());
    if (there !== undefined) standings.set('serial:/dev/ttyUSB0', { attached: true, device: there });
    await handsets.met({ device: ANNA, address: 'serial:/dev/ttyUSB0', ...more });
    expect(handsets.list()).toHaveLength(cards);
  });

  it('is not the phone that had its name before, when the name is that of a place', async () => {
    const { handsets, standings, meet } = registry();
    const first = await meet({ ...E62 }, adapter());
    standings.set('serial:/dev/ttyUSB0', { attached: true, device: first.device });
    await handsets.met({ device: ANNA, address: 'serial:/dev/ttyUSB0' });
    expect(handsets.list().map(({ device }) => device)).toEqual([ANNA]);
    // Who has its page open finds it.
    expect(handsets.find(first.device)?.device).toBe(ANNA);
    standings.delete('serial:/dev/ttyUSB0');
    const next = await meet({ ...E62 }, adapter());
    expect(next).toMatchObject({ device: first.device, provisional: true });
    expect(handsets.find(first.device)?.device).toBe(first.device);
    expect(handsets.list()).toHaveLength(2);
    expect(handsets.likenesses().get(next.device)).toEqual([{ device: ANNA, why: 'model-and-place' }]);
    // What is known of it by its mark has its number there already.
    await handsets.met({ device: BERT, address: 'serial:/dev/ttyUSB0', ...E62 });
    expect(handsets.list()).toHaveLength(3);
  });

  it('is found by its USB number or by its own name wherever its DevId is told', async () => {
    const { handsets, meet } = registry();
    await meet({}, usbPhone('SN77'));
    await meet({ ...E62, serial: 'SN1234' }, adapter());
    expect(handsets.list()).toHaveLength(2);
    await handsets.met({ device: ANNA, address: 'usb:0421:0123:SN77' });
    await meet(strong(BERT, { ...E62, serial: 'SN1234' }), adapter('/dev/ttyUSB5', '1-5'));
    expect(handsets.list().map(({ device }) => device)).toEqual([BERT, ANNA]);
  });
});

describe('two cards that are alike', () => {
  it('are proposed, and joined or told apart by a person', async () => {
    const { handsets, meet } = registry();
    await handsets.met({ device: ANNA, address: 'tcp:127.0.0.1:650', ...E62 });
    await handsets.met({ device: BERT, address: 'tcp:127.0.0.1:651', ...E62 });
    const { device: numbered } = await meet({ ...E62, serial: '351234567890120' }, adapter());
    const { device: nameless } = await meet({ ...E62 }, adapter());
    const like = (device: string) => handsets.likenesses().get(device) ?? [];
    expect(like(numbered)).toEqual([
      { device: ANNA, why: 'serial-number' },
      { device: nameless, why: 'model-and-place' },
      { device: BERT, why: 'model' },
    ]);
    // Two DevIds are two phones.
    expect(like(ANNA).map(({ device }) => device)).toEqual([numbered, nameless]);
    await handsets.differ(nameless, ANNA);
    expect(like(nameless).map(({ device }) => device)).toEqual([numbered, BERT]);
    await expect(handsets.join(ANNA, BERT)).rejects.toMatchObject({ code: 'handset/ids-differ' });
    await expect(handsets.join(ANNA, 'IMEI:1')).rejects.toMatchObject({ code: 'handset/unknown' });
    // What has a DevId stays, whichever is named first.
    expect((await handsets.join(numbered, ANNA)).device).toBe(ANNA);
    expect((await meet({ ...E62, serial: '351234567890120' }, adapter())).device).toBe(ANNA);
    expect(like(ANNA)).toEqual([]);
    expect(handsets.list()).toHaveLength(3);
    await handsets.forget(nameless);
    expect(like(BERT)).toEqual([]);
  });

  it('are found among thousands at once', async () => {
    const { handsets, store } = registry();
    const [strongOnes, numbered, nameless] = [3000, 500, 30];
    await store.write((db) => {
      const add = (device: string, serial: string | null) =>
        db.run(
          `INSERT INTO handsets (device, model, serial, provisional, first_seen, last_seen, virtual)
             VALUES (?, 'E62', ?, ?, '', '', 0)`,
          ...[device, serial, Number(isProvisionalName(device))],
        );
      const name = (n: number) => `card-nokia-e62-${String(n).padStart(12, '0')}`;
      for (let n = 0; n < strongOnes; n += 1) add(`IMEI:35${String(n).padStart(13, '0')}`, null);
      for (let n = 0; n < numbered; n += 1) add(name(1000 + n), n === 7 ? '35-0000000-000007' : `SERIAL${n}`);
      for (let n = 0; n < nameless; n += 1) add(name(n), null);
    });
    const began = performance.now();
    const like = handsets.likenesses();
    expect(performance.now() - began).toBeLessThan(2000);
    expect(like.size).toBe(strongOnes + numbered + nameless);
    expect(like.get('IMEI:350000000000007')).toHaveLength(5);
    expect(like.get('IMEI:350000000000007')?.[0]).toEqual({
      device: 'card-nokia-e62-000000001007',
      why: 'serial-number',
    });
    expect(
      like.get('card-nokia-e62-000000001001')?.every(({ device }) => !device.startsWith('card-nokia-e62-0000000010')),
    ).toBe(true);
  });

  it('are not taken for one by their USB number after they were told apart', async () => {
    const { handsets, meet } = registry();
    await meet(strong(ANNA, E62), usbPhone('SN77'));
    const { device } = await meet({ ...E62, serial: 'OTHER' }, adapter());
    await handsets.differ(ANNA, device);
    expect((await meet({ ...E62, serial: 'OTHER' }, usbPhone('SN77'))).device).toBe(device);
    expect(handsets.marked('usb:0421:0123:sn77')).toBeUndefined();
  });
});

describe('handsets that an earlier version has met', () => {
  it('have their last address as their way', async () => {
    const { cardsMigration } = await import('../../../src-main/store/migrations/008-cards.ts');
    const { MIGRATIONS } = await import('../../../src-main/store/migrations/index.ts');
    const file = files.file();
    const old = files.open(file, { migrations: MIGRATIONS.filter(({ number }) => number < cardsMigration.number) });
    await old.write((db) => {
      for (const [device, address, seen] of [
        [ANNA, 'serial:/dev/ttyUSB0@9600', '2026-01-01'],
        [BERT, 'serial:/dev/ttyUSB0', '2026-01-02'],
        ['IMEI:3', null, '2026-01-03'],
        ['IMEI:4', 'nonsense', '2026-01-03'],
      ] as const) {
        db.run(
          'INSERT INTO handsets (device, last_address, first_seen, last_seen) VALUES (?, ?, ?, ?)',
          ...[device, address, seen, seen],
        );
      }
    });
    await old.close();
    const handsets = createHandsetRegistry({
      store: files.open(file),
      clock: { now: () => new Date(0) },
      onChange: () => undefined,
    });
    expect(handsets.ways(BERT).map(({ address }) => address)).toEqual(['serial:/dev/ttyUSB0']);
    expect(handsets.find(ANNA)).toMatchObject({ address: 'serial:/dev/ttyUSB0@9600', ways: [] });
    expect(handsets.at('serial:/dev/ttyUSB0@9600')?.device).toBe(BERT);
  });
});
