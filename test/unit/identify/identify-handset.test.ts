import { describe, expect, it } from 'vitest';
import type { ByteStream } from '../../../src-main/base/byte-stream.ts';
import { textOf, utf8 } from '../../../src-main/base/bytes.ts';
import type { Clock } from '../../../src-main/base/clock.ts';
import { milliseconds } from '../../../src-main/base/durations.ts';
import { PcAgentError } from '../../../src-main/base/errors.ts';
import type { Bearer } from '../../../src-main/bearer/bearer.ts';
import type { BluetoothService, Rfcomm } from '../../../src-main/bearer/bluetooth/rfcomm-host.ts';
import type { AttachedFunction, AttachedThing } from '../../../src-main/bearer/discovery.ts';
import { memoryPair } from '../../../src-main/bearer/memory/memory-stream.ts';
import { identifyHandset } from '../../../src-main/handset/identify/identify-handset.ts';
import { dmService } from '../../../src-main/link/obex-dm-service.ts';
import { HeaderId, textOfHeader, typeOf } from '../../../src-main/obex/header.ts';
import { serveObex } from '../../../src-main/obex/server.ts';
import type { ObexService } from '../../../src-main/obex/service.ts';
import { serveAtLine } from '../../../src-main/virtual/handset/at-prelude.ts';
import { capabilityObject } from '../../../src-main/virtual/handset/capability-object.ts';
import { FaultBoard, readFaults } from '../../../src-main/virtual/handset/fault-board.ts';
import { inboxService } from '../../../src-main/virtual/handset/inbox.ts';
import { patientClock } from '../../support/patient-clock.ts';

const never = new AbortController().signal;
const LABEL = { manufacturer: 'Example', model: 'M <1>', firmware: '2.1', imei: '490154203237518' };
const DEVICE = 'IMEI:490154203237518';

/** A handset's end of what is dialled. */
type Peer = (stream: ByteStream) => void;

/** Functions that are dialled by address, each with its peer or with why it cannot be dialled. */
function cable(
  peers: Readonly<Record<string, Peer | PcAgentError>>,
  services: readonly BluetoothService[] | PcAgentError = [],
) {
  const dialled: string[] = [];
  let open = 0;
  const bearer: Bearer = {
    kind: 'memory',
    parse: (text) => ({ bearer: 'memory', text }),
    dial: async ({ text }) => {
      dialled.push(text);
      const peer = peers[text];
      if (peer instanceof PcAgentError) throw peer;
      const [near, far] = memoryPair();
      peer?.(far);
      open += 1;
      let closed = false;
      return {
        read: (signal) => near.read(signal),
        write: (bytes, signal) => near.write(bytes, signal),
        close: async () => {
          if (!closed) open -= 1;
          closed = true;
          await near.close();
        },
      };
    },
    listen: async () => {
      throw new TypeError('nobody listens here');
    },
  };
  const rfcomm: Rfcomm = {
    services: async (address) => {
      dialled.push(`services ${address}`);
      if (services instanceof PcAgentError) throw services;
      return services;
    },
    state: () => Promise.reject(new TypeError('nobody asks for it here')),
  };
  return { bearers: { for: () => bearer, rfcomm }, dialled, open: () => open };
}

function thing(...functions: (string | AttachedFunction)[]): AttachedThing {
  return {
    id: 'usb:1-2',
    place: '1-2',
    functions: functions.map((way) =>
      typeof way === 'string' ? { kind: way.startsWith('serial:') ? 'serial' : 'usb', address: way } : way,
    ),
  };
}

/** A modem that says what the table says, else ERROR; nothing to what stands there as empty. */
function modem(
  answers: Readonly<Record<string, string>>,
  before: (command: string, line: ByteStream) => void = () => {},
) {
  const heard: string[] = [];
  const peer: Peer = (line) =>
    void (async () => {
      for (;;) {
        const command = textOf((await line.read(never)) ?? utf8('')).trim();
        if (command === '') return;
        heard.push(command);
        before(command, line);
        const answer = answers[command] ?? 'ERROR';
        if (answer !== '') await line.write(utf8(`\r\n${answer}\r\n`), never);
      }
    })().catch(() => undefined);
  return { peer, heard };
}

async function identify(
  attached: AttachedThing,
  peers: Readonly<Record<string, Peer | PcAgentError>>,
  clock: Clock = patientClock(),
  services?: readonly BluetoothService[] | PcAgentError,
) {
  const { bearers, dialled, open } = cable(peers, services);
  const identity = await identifyHandset(attached, { bearers, clock, signal: never });
  expect(open()).toBe(0);
  return { identity, dialled };
}

const virtualLine =
  (...faults: readonly string[]): Peer =>
  (line) =>
    void serveAtLine(line, {
      signal: never,
      about: () => LABEL,
      faults: new FaultBoard(readFaults(faults)),
      serve: (peer) => serveObex(peer, { services: [inboxService()], signal: never }).catch(() => undefined),
    }).catch(() => undefined);

describe('a handset at a serial port', () => {
  const SERIAL = 'serial:/dev/ttyACM0';
  const identity = (peer: Peer) => identify(thing(SERIAL), { [SERIAL]: peer }).then((done) => done.identity);

  it.each([
    [
      'Motorola, as its manual and other programs have it',
      {
        'AT+CGMI': '+CGMI: "Motorola"\r\n\r\nOK',
        'AT+CGMM': '+CGMM: "GSM900","GSM1800","GSM1900","GSM850","MODEL=V3"\r\n\r\nOK',
        'AT+CGMR': '+CGMR: "G24-L SW 4-0.210-000"\r\n\r\nOK',
        'AT+CGSN': '+CGSN: "004400013805666"\r\n\r\nOK',
      },
      {
        ...{ manufacturer: 'Motorola', model: 'V3', firmware: 'G24-L SW 4-0.210-000' },
        ...{ device: 'IMEI:004400013805666', strong: true },
      },
    ],
    [
      'a handset that knows only the commands of V.250',
      {
        'AT+GMI': 'Maker\r\n\r\nOK',
        'AT+GMM': 'Model\r\n\r\nOK',
        'AT+GMR': '1.0\r\n\r\nOK',
        'AT+GSN': '35-209900-176148-1\r\nOK',
      },
      { manufacturer: 'Maker', model: 'Model', firmware: '1.0', device: 'IMEI:352099001761481', strong: true },
    ],
    [
      'a module whose serial number is no IMEI',
      { 'AT+CGSN': '2623CKLQ0009707\r\n\r\nOK', 'AT+CGSN=1': '+CGSN: "869777028421538"\r\n\r\nOK' },
      { serial: '2623CKLQ0009707', device: 'IMEI:869777028421538', strong: true },
    ],
    [
      'a CDMA module of Sony Ericsson',
      { 'AT+GMR': '+GMR: DEC 06 2004 19:45:00 R1A00\r\nOK', 'AT+GSN': '+GSN: 922DC6CF\r\nOK' },
      { firmware: 'DEC 06 2004 19:45:00 R1A00', serial: '922DC6CF', strong: false },
    ],
    [
      'a handset with a wrong number',
      { 'AT+CGSN': '866262031290908\r\nOK' },
      { serial: '866262031290908', strong: false },
    ],
    ['a modem that says nothing of itself', {}, { strong: false }],
  ])('%s', async (_name, answers, expected) => {
    const { peer, heard } = modem({ ATE0: 'OK', ...answers });
    expect(await identity(peer)).toEqual({ ...expected, via: SERIAL });
    expect(heard[0]).toBe('ATE0');
  });

  it.each([[[]], [['at-echo']], [['at-babble']], [['at-echo', 'at-babble']]])(
    'is known with the faults %j',
    async (faults) => {
      expect(await identity(virtualLine(...faults))).toEqual({
        ...{ manufacturer: 'Example', model: 'M <1>', firmware: '2.1' },
        ...{ device: DEVICE, strong: true, via: SERIAL },
      });
    },
  );

  it('that talks without an end is told by that', async () => {
    expect(await identity(virtualLine('at-endless'))).toEqual({ strong: false, via: SERIAL, reason: 'bearer/no-obex' });
  });

  it('that says nothing is given up soon', async () => {
    const clock = patientClock();
    const { identity: found } = await identify(thing(SERIAL), { [SERIAL]: virtualLine('at-mute') }, clock);
    expect(found).toEqual({ strong: false, via: SERIAL, reason: 'bearer/unusable' });
    expect(clock.monotonic()).toBeLessThan(5000);
  });

  it('that goes in the middle has said what it has said', async () => {
    const texts = { ATE0: 'OK', 'AT+CGMI': 'Maker\r\nOK', 'AT+CGMM': 'Model\r\nOK' };
    const gone = modem({ ...texts, 'AT+CGMR': '' }, (command, line) => void (command === 'AT+CGMR' && line.close()));
    const said = { manufacturer: 'Maker', model: 'Model', strong: false, via: SERIAL, reason: 'bearer/unusable' };
    expect(await identity(gone.peer)).toEqual(said);
    // It starts again: two commands are not answered, and no more are sent.
    const starting = modem({ ...texts, 'AT+CGMR': '', 'AT+GMR': '' });
    expect(await identity(starting.peer)).toEqual(said);
    expect(starting.heard.at(-1)).toBe('AT+GMR');
  });

  it('that answers one command too late is not misunderstood', async () => {
    const clock = patientClock();
    const texts = { ATE0: 'OK', 'AT+CGMI': '', 'AT+GMI': 'Maker\r\nOK', 'AT+CGMM': 'Model\r\nOK' };
    const late = modem(texts, (command, line) => {
      if (command !== 'AT+CGMI') return;
      // The limit of a command is 1.5 s.
      void clock.sleep(milliseconds(1600), never).then(() => line.write(utf8('\r\nLate\r\n\r\nOK\r\n'), never));
    });
    const found = await identify(thing(SERIAL), { [SERIAL]: late.peer }, clock);
    expect(found.identity).toMatchObject({ manufacturer: 'Maker', model: 'Model' });
  });

  it.each([
    [new PcAgentError('bearer/busy', 'taken meanwhile'), 'bearer/busy'],
    [new PcAgentError('bearer/permission-denied', 'not yours'), 'bearer/permission-denied'],
    [new PcAgentError('bearer/unavailable', 'gone'), 'bearer/unusable'],
  ])('that cannot be opened has a reason: %s', async (error, reason) => {
    expect((await identify(thing(SERIAL), { [SERIAL]: error })).identity).toEqual({
      strong: false,
      via: SERIAL,
      reason,
    });
  });
});

describe('a handset with an OBEX function', () => {
  const USB = 'usb:0421:0123';

  const obex =
    (...services: readonly ObexService[]): Peer =>
    (stream) =>
      void serveObex(stream, { services, signal: never }).catch(() => undefined);
  const dm = dmService({ onLink: (link) => void link.receive(never).catch(() => undefined) });
  const inbox = inboxService({ capability: () => capabilityObject(LABEL) });
  const KNOWN = { manufacturer: 'Example', model: 'M <1>', firmware: '2.1', device: DEVICE, strong: true };

  /** The inbox's objects are one text by its name. */
  function files(objects: Readonly<Record<string, string>>, asked: string[] = []): ObexService {
    return {
      serves: (target) => target === undefined,
      connect: () => ({
        ...{ maxObject: 0, aborted: () => undefined, ended: () => undefined },
        put: async () => ({ code: 0xc3 }),
        get: async (headers) => {
          const name = typeOf(headers) ?? textOfHeader(headers, HeaderId.Name) ?? '';
          asked.push(name);
          const body = objects[name];
          return body === undefined ? { code: 0xc4 } : { code: 0xa0, body: utf8(body) };
        },
      }),
    };
  }

  it('says all of itself in one conversation, and whether it speaks device management', async () => {
    for (const [services, speaksDm] of [
      [[inbox, dm], true],
      [[inbox], false],
    ] as const) {
      const { identity, dialled } = await identify(thing(USB), { [USB]: obex(...services) });
      expect(identity).toEqual({ ...KNOWN, speaksDm, via: USB });
      expect(dialled).toEqual([USB]);
    }
  });

  it('is asked with folder browsing where a connection without Target is refused', async () => {
    const directed: ObexService = {
      serves: (target) => target?.length === 16,
      connect: (request) => inbox.connect(request),
    };
    expect((await identify(thing(USB), { [USB]: obex(dm, directed) })).identity).toEqual({
      ...{ ...KNOWN, speaksDm: true, via: USB },
    });
    expect((await identify(thing(USB), { [USB]: obex(dm) })).identity).toEqual({
      ...{ strong: false, speaksDm: true, via: USB },
    });
  });

  it('is asked for its device information where the capability object says too little or cannot be read', async () => {
    const asked: string[] = [];
    const peer = obex(
      files(
        {
          'x-obex/capability': '<Capability><General>',
          'telecom/devinfo.txt': 'MANU:M\r\nMOD:T39\r\nSN:490154203237518\r\n',
        },
        asked,
      ),
    );
    expect((await identify(thing(USB), { [USB]: peer })).identity).toEqual({
      ...{ manufacturer: 'M', model: 'T39', device: DEVICE, strong: true, speaksDm: false, via: USB },
    });
    expect(asked).toEqual(['x-obex/capability', 'telecom/devinfo.txt']);
    const huge = obex(files({ 'x-obex/capability': 'x'.repeat(200_000), 'telecom/devinfo.txt': 'MOD:T39' }));
    expect((await identify(thing(USB), { [USB]: huge })).identity).toMatchObject({ model: 'T39', strong: false });
  });

  it('that ends its link with each connection is dialled again for device management', async () => {
    const peer: Peer = (stream) =>
      void serveObex(
        {
          read: async (signal) => {
            const bytes = await stream.read(signal);
            // DISCONNECT: the link goes down without a word.
            if (bytes?.[0] === 0x81) await stream.close();
            return bytes;
          },
          write: (bytes, signal) => stream.write(bytes, signal),
          close: () => stream.close(),
        },
        { services: [inbox, dm], signal: never },
      ).catch(() => undefined);
    const { identity, dialled } = await identify(thing(USB), { [USB]: peer });
    expect(identity).toEqual({ ...KNOWN, speaksDm: true, via: USB });
    expect(dialled).toEqual([USB, USB]);
  });

  it('that does not speak OBEX is told by that, within ten seconds of the clock', async () => {
    const garbage: Peer = (stream) => void stream.write(Uint8Array.of(1, 0, 1, 1, 1, 1, 1), never);
    expect((await identify(thing(USB), { [USB]: garbage })).identity).toMatchObject({ reason: 'bearer/no-obex' });
    // It says nothing at all: the clock ends it.
    const mute: Peer = () => undefined;
    const { identity } = await identify(thing(USB), { [USB]: mute });
    expect(identity).toEqual({ strong: false, via: USB, reason: 'bearer/unusable' });
  });

  it('is believed by the number of its plug, which its own word goes before', async () => {
    const attached: AttachedThing = {
      ...thing(USB),
      serial: '356938035643809',
      manufacturer: 'Nokia',
      product: 'Phone',
    };
    expect((await identify(attached, { [USB]: obex(dm) })).identity).toEqual({
      ...{
        device: 'IMEI:356938035643809',
        strong: true,
        manufacturer: 'Nokia',
        model: 'Phone',
        speaksDm: true,
        via: USB,
      },
    });
    expect((await identify(attached, { [USB]: obex(inbox, dm) })).identity).toEqual({
      ...KNOWN,
      speaksDm: true,
      via: USB,
    });
    const plain = { ...attached, serial: 'A1B2' };
    expect((await identify(plain, { [USB]: obex(dm) })).identity).toMatchObject({ serial: 'A1B2', strong: false });
  });
});

describe('a phone over the air', () => {
  const AIR = 'bluetooth:00:1A:89:10:20:30';
  const PHONE: AttachedThing = {
    ...{ id: AIR, place: '00:1A:89:10:20:30', product: 'Anna’s phone' },
    functions: [{ kind: 'bluetooth', address: AIR }],
  };
  const DM: BluetoothService = { kind: 'syncml-dm-client', channel: 13 };
  const PUSH: BluetoothService = { kind: 'obex-push', channel: 9 };
  const FTP: BluetoothService = { kind: 'obex-file-transfer', channel: 10 };
  const inbox = inboxService({ capability: () => capabilityObject(LABEL) });
  const obex: Peer = (stream) => void serveObex(stream, { services: [inbox], signal: never }).catch(() => undefined);
  const KNOWN = { manufacturer: 'Example', model: 'M <1>', firmware: '2.1', device: DEVICE, strong: true, via: AIR };

  it.each([
    [[DM, PUSH, FTP], '@10', true],
    [[DM, PUSH], '@9', true],
    [[DM], '@13', true],
    [[PUSH], '@9', false],
  ])('with %j says who it is on channel %s, and by its records whether it speaks DM', async (services, at, dm) => {
    const found = await identify(PHONE, { [`${AIR}${at}`]: obex }, undefined, services);
    expect(found.identity).toEqual({ ...KNOWN, speaksDm: dm });
    expect(found.dialled).toEqual(['services 00:1A:89:10:20:30', `${AIR}${at}`]);
  });

  it('without a service, or out of range, is called what it calls itself', async () => {
    const mute = { model: 'Anna’s phone', strong: false, via: AIR };
    const none = await identify(PHONE, {}, undefined, []);
    expect(none.identity).toEqual({ ...mute, speaksDm: false, reason: 'bearer/no-obex' });
    const away = await identify(PHONE, {}, undefined, new PcAgentError('bearer/unavailable', 'nobody there'));
    expect(away.identity).toEqual({ ...mute, reason: 'bearer/unusable' });
  });
});

describe('a thing of several functions', () => {
  const ACM = 'serial:/dev/ttyACM0';
  const USB = 'usb:0421:0123:1';
  const inbox = inboxService({ capability: () => capabilityObject(LABEL) });
  const dm = dmService({ onLink: (link) => void link.receive(never).catch(() => undefined) });
  const obex: Peer = (stream) =>
    void serveObex(stream, { services: [inbox, dm], signal: never }).catch(() => undefined);

  it('is asked at the first that can be used, and at others for what is missing', async () => {
    const peers = { [ACM]: virtualLine(), [USB]: obex };
    const known = {
      manufacturer: 'Example',
      model: 'M <1>',
      firmware: '2.1',
      device: DEVICE,
      strong: true,
      speaksDm: true,
    };
    const first = await identify(thing(USB, ACM), peers);
    expect(first).toEqual({ identity: { ...known, via: USB }, dialled: [USB] });
    const other = await identify(thing(ACM, USB), peers);
    expect(other).toEqual({ identity: { ...known, via: ACM }, dialled: [ACM, USB] });
    const held = await identify(thing({ kind: 'usb', address: USB, reason: 'bearer/permission-denied' }, ACM), peers);
    expect(held.dialled).toEqual([ACM]);
    expect(held.identity).toMatchObject({ device: DEVICE, via: ACM });
    expect(held.identity).not.toHaveProperty('reason');
    const taken = await identify(thing(USB, ACM), { ...peers, [USB]: new PcAgentError('bearer/busy', 'taken') });
    expect(taken.identity).toMatchObject({ device: DEVICE, via: ACM });
  });

  it('with two OBEX functions under one address is asked once there, and has the time for its port', async () => {
    const refuses: Peer = (stream) => void serveObex(stream, { services: [], signal: never }).catch(() => undefined);
    const { identity, dialled } = await identify(thing('usb:0421:0123', 'usb:0421:0123', 'serial:/dev/ttyACM0'), {
      'usb:0421:0123': refuses,
      'serial:/dev/ttyACM0': modem({ ATE0: 'OK', 'AT+CGSN': '490154203237518\r\n\r\nOK' }).peer,
    });
    expect(identity).toMatchObject({ device: DEVICE, speaksDm: false });
    expect(dialled).toEqual(['usb:0421:0123', 'serial:/dev/ttyACM0']);
  });

  it('of which none can be used has the reason of the first', async () => {
    const held = await identify(thing({ kind: 'usb', address: USB, reason: 'bearer/driver-missing' }), {});
    expect(held).toEqual({ identity: { strong: false, via: USB, reason: 'bearer/driver-missing' }, dialled: [] });
    const empty: AttachedThing = { id: 'usb:1-4', place: '1-4', functions: [], reason: 'bearer/no-obex' };
    expect((await identify(empty, {})).identity).toEqual({ strong: false, via: 'usb:1-4', reason: 'bearer/no-obex' });
  });

  it('is let go at once when nobody wants to know any more', async () => {
    const stop = new AbortController();
    const { bearers, open } = cable({ [ACM]: () => setImmediate(() => stop.abort()) });
    const clock: Clock = {
      ...patientClock(),
      sleep: (_, signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    };
    const asking = identifyHandset(thing(ACM, USB), { bearers, clock, signal: stop.signal });
    await expect(asking).rejects.toMatchObject({ name: 'AbortError' });
    expect(open()).toBe(0);
  });
});
