/** What a PC that knows nothing but OBEX gets from a handset, packet by packet. */
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src-main/base/bytes.ts';
import { memoryPair } from '../../../src-main/bearer/memory/memory-stream.ts';
import { ContentType } from '../../../src-main/syncml/content-type.ts';
import { serveHandset } from '../../../src-main/virtual/handset/handset-service.ts';
import { inboxService } from '../../../src-main/virtual/handset/inbox.ts';
import { byHand, gist, statusXml } from '../../support/dm-pair.ts';
import { RawPeer, spaced } from '../obex/raw-peer.ts';
import { EXCHANGE } from '../obex/worked-exchange.ts';
import { ACCOUNT, handsetOf, type Made, notificationOf } from './handset-fixture.ts';

const SUCCESS = 'A0 00 03';
const NOTHING = 'C4 00 03';

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function header(id: number, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(id, (content.length + 3) >> 8, (content.length + 3) & 0xff), content]);
}

function packet(opcode: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const rest = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(opcode, (rest.length + 3) >> 8, (rest.length + 3) & 0xff), rest]);
}

const typeOf = (text: string) => header(0x42, utf8(`${text}\0`));

class Pc {
  readonly peer: RawPeer;
  #connection = 0;

  constructor(peer: RawPeer) {
    this.peer = peer;
  }

  async connect(): Promise<void> {
    const answer = await this.peer.ask(EXCHANGE.connect);
    expect(answer[0]).toBe(0xa0);
    this.#connection = Buffer.from(answer).readUInt32BE(8);
  }

  get id(): Buffer {
    return Buffer.concat([Buffer.of(0xcb), word(this.#connection)]);
  }

  async put(type: string, body: Uint8Array): Promise<string> {
    return spaced(await this.peer.ask(packet(0x82, this.id, typeOf(type), header(0x49, body))));
  }

  notify = (body = notificationOf()): Promise<string> => this.put(ContentType.Notification, body);

  get(type: string = ContentType.DmWbxml): Promise<Uint8Array> {
    return this.peer.ask(packet(0x83, this.id, typeOf(type)));
  }

  async control(opcode: number): Promise<string> {
    return spaced(await this.peer.ask(packet(opcode, this.id)));
  }
}

async function dialled(made: Made = handsetOf()) {
  const stop = new AbortController();
  const dial = async (): Promise<{ readonly pc: Pc; readonly reset: () => void; readonly done: Promise<void> }> => {
    const [near, far] = memoryPair();
    const done = serveHandset(far, {
      handset: made.handset,
      inbox: inboxService(),
      signal: stop.signal,
      onOutcome: () => undefined,
    });
    const pc = new Pc(new RawPeer(near));
    await pc.connect();
    return { pc, reset: () => near.reset(), done };
  };
  return { ...made, ...(await dial()), dial };
}

/** The message in the answer to a GET: its last header is End-of-Body. */
function messageIn(answer: Uint8Array, contentType: string = ContentType.DmWbxml): readonly string[] {
  expect(answer[0]).toBe(0xa0);
  for (let at = 3; at < answer.length; ) {
    const id = answer[at] ?? 0;
    const length = id >= 0xc0 ? 5 : ((answer[at + 1] ?? 0) << 8) | (answer[at + 2] ?? 0);
    if (id === 0x49) return gist({ contentType, body: answer.subarray(at + 3, at + length) });
    at += length;
  }
  throw new Error('no End-of-Body');
}

describe('a handset as OBEX server', () => {
  it('[DMP-9-16] takes the first PUT after CONNECT for package 0, whatever it is', async () => {
    const { pc, events } = await dialled();
    const { body } = byHand('', { source: ACCOUNT.serverId });
    expect(await pc.put(ContentType.DmWbxml, body)).toBe(SUCCESS);
    expect(events.find(({ type }) => type === 'error')).toMatchObject({ code: expect.stringMatching(/^dm\/notif/) });
    expect(spaced(await pc.get())).toBe(NOTHING);
    // So is the next one: nothing has begun.
    expect(await pc.notify()).toBe(SUCCESS);
    expect(messageIn(await pc.get())[0]).toBe('Alert 1200');
  });

  it('[DMP-9-13] compares types whatever their letter case, without NUL and blanks', async () => {
    const { pc } = await dialled();
    expect(await pc.put(' Application/VND.SyncML.Notification ', notificationOf())).toBe(SUCCESS);
    expect(messageIn(await pc.get('application/vnd.SYNCML.DM+wbxml\0'))[0]).toBe('Alert 1200');
  });

  it('[DMP-9-21][DMP-9-23] takes and gives WBXML and notifications, and has 0xCF for everything else', async () => {
    const { pc } = await dialled();
    for (const type of [ContentType.DmXml, 'application/vnd.syncml+wbxml2', 'text/plain']) {
      expect(await pc.put(type, Uint8Array.of(0x3c))).toBe('CF 00 03');
    }
    expect(await pc.notify()).toBe(SUCCESS);
    expect(spaced(await pc.get(ContentType.DmXml))).toBe('CF 00 03');
    expect(spaced(await pc.get('text/plain'))).toBe('CF 00 03');
    // The message is still there for who asks for the right type.
    expect(messageIn(await pc.get())[0]).toBe('Alert 1200');
  });

  it('[DMP-9-18][DMP-9-24] takes messages of 65535 octets, and has 0xCD for longer ones', async () => {
    const { pc } = await dialled();
    const inTwo = async (length: number): Promise<string> => {
      const first = packet(0x02, pc.id, typeOf(ContentType.Notification), header(0x48, new Uint8Array(60_000)));
      expect(spaced(await pc.peer.ask(first))).toBe('90 00 03');
      return spaced(await pc.peer.ask(packet(0x82, header(0x49, new Uint8Array(length - 60_000)))));
    };
    expect(await inTwo(65_535)).toBe(SUCCESS);
    expect(await inTwo(65_536)).toBe('CD 00 03');
    const announced = packet(0x02, pc.id, Buffer.of(0xc3), word(65_536), typeOf(ContentType.DmWbxml));
    expect(spaced(await pc.peer.ask(announced))).toBe('CD 00 03');
    expect(await pc.notify()).toBe(SUCCESS);
  });

  it.each(['DISCONNECT', 'ABORT', 'loss'])(
    '[DMP-9-22] expects package 0 again after %s, and the session before is over',
    async (how) => {
      const { pc, events, reset, done, dial, handset } = await dialled();
      await pc.notify();
      expect(messageIn(await pc.get())[0]).toBe('Alert 1200');
      let next = pc;
      if (how === 'DISCONNECT') {
        expect(await pc.control(0x81)).toBe(SUCCESS);
        await pc.connect();
      } else if (how === 'ABORT') expect(await pc.control(0xff)).toBe(SUCCESS);
      else {
        reset();
        await done;
        next = (await dial()).pc;
      }
      expect(await next.put(ContentType.DmWbxml, byHand('', { msgId: 2 }).body)).toBe(SUCCESS);
      expect(handset.openSessions.size).toBe(0);
      expect(events.filter(({ type }) => type === 'error').at(-1)).toMatchObject({
        code: expect.stringMatching(/^dm\/notif/),
      });
      expect(spaced(await next.get())).toBe(NOTHING);
      expect(await next.notify(notificationOf({ sessionId: 0x1a2c }))).toBe(SUCCESS);
      expect(messageIn(await next.get())[0]).toBe('Alert 1200');
    },
  );

  it('[DMP-12-14][DMP-6-16] ignores a repeated notification at any point of its session', async () => {
    const { pc, events } = await dialled(handsetOf({ encoding: 'xml' }));
    await pc.notify();
    expect(await pc.notify()).toBe(SUCCESS);
    expect(messageIn(await pc.get(ContentType.DmXml), ContentType.DmXml)[0]).toBe('Alert 1200');
    expect(await pc.notify()).toBe(SUCCESS);
    const { body } = byHand('', { source: ACCOUNT.serverId, target: 'IMEI:004999010640000' });
    expect(await pc.put(ContentType.DmXml, body)).toBe(SUCCESS);
    expect(messageIn(await pc.get(ContentType.DmXml), ContentType.DmXml)[0]).toMatch(/^Status 1\/0/);
    expect(events.filter(({ type, state }) => type === 'session' && state === 'started')).toHaveLength(1);
  });

  it('[DMP-9-27] has 0xC0 for what it cannot read', async () => {
    const { pc } = await dialled();
    await pc.notify();
    await pc.get();
    expect(await pc.put(ContentType.DmWbxml, Uint8Array.of(1, 2, 3))).toBe('C0 00 03');
  });

  it('[DMP-9-34] says what is wrong with a message in SyncML, and OBEX says success', async () => {
    const { pc } = await dialled(handsetOf({ encoding: 'xml' }));
    await pc.notify();
    expect(messageIn(await pc.get(ContentType.DmXml), ContentType.DmXml)[0]).toBe('Alert 1200');
    // No credentials, where the account asks for some.
    const statuses = [
      statusXml(1, 1, 0, 'SyncHdr', 212),
      statusXml(2, 1, 1, 'Alert', 200),
      statusXml(3, 1, 2, 'Replace', 200),
    ];
    const get = '<Get><CmdID>4</CmdID><Item><Target><LocURI>./DevInfo/Mod</LocURI></Target></Item></Get>';
    const { body } = byHand([...statuses, get].join(''), { source: ACCOUNT.serverId, target: 'IMEI:004999010640000' });
    expect(await pc.put(ContentType.DmXml, body)).toBe(SUCCESS);
    expect(messageIn(await pc.get(ContentType.DmXml), ContentType.DmXml)[0]).toBe('Status 1/0 SyncHdr 407 Chal');
  });
});
