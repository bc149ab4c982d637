import { describe, expect, it } from 'vitest';
import type { ByteStream } from '../../../src-main/base/byte-stream.ts';
import { textOf, utf8 } from '../../../src-main/base/bytes.ts';
import { milliseconds } from '../../../src-main/base/durations.ts';
import { memoryPair } from '../../../src-main/bearer/memory/memory-stream.ts';
import { connectObex } from '../../../src-main/obex/client.ts';
import { HeaderId, textHeader } from '../../../src-main/obex/header.ts';
import { serveObex } from '../../../src-main/obex/server.ts';
import { type AtLineOptions, serialAnswerLimit, serveAtLine } from '../../../src-main/virtual/handset/at-prelude.ts';
import { FaultBoard } from '../../../src-main/virtual/handset/fault-board.ts';
import { inboxService } from '../../../src-main/virtual/handset/inbox.ts';

const LABEL = { manufacturer: 'Maker', model: 'Model', firmware: '1.0', imei: '004999010640000' };
const never = new AbortController().signal;
const CONNECT = Uint8Array.of(0x80, 0x00, 0x07, 0x10, 0x00, 0xff, 0xff);
const name = textHeader(HeaderId.Name, 'a.bin');

interface Rig {
  readonly pc: ByteStream;
  /** How many OBEX peers were served to their end. */
  readonly peers: () => number;
  readonly done: Promise<void>;
}

function rig(options: Partial<AtLineOptions> = {}): Rig {
  const [pc, line] = memoryPair();
  const inbox = inboxService({});
  let peers = 0;
  const done = serveAtLine(line, {
    signal: never,
    about: () => LABEL,
    serve: async (peer) => {
      await serveObex(peer, { services: [inbox], signal: never }).catch(() => undefined);
      peers += 1;
    },
    ...options,
  });
  return { pc: { ...asNoisy(pc) }, peers: () => peers, done };
}

function asNoisy(stream: ByteStream): ByteStream {
  return {
    noisy: true,
    read: (signal) => stream.read(signal),
    write: (bytes, signal) => stream.write(bytes, signal),
    close: () => stream.close(),
  };
}

async function until(pc: ByteStream, text: string): Promise<string> {
  let got = '';
  while (!got.includes(text)) got += textOf((await pc.read(never)) ?? utf8('<end>'));
  return got;
}

async function ask(pc: ByteStream, command: string, answer: string): Promise<string> {
  await pc.write(utf8(`${command}\r`), never);
  return until(pc, answer);
}

async function transfer(pc: ByteStream, length: number): Promise<void> {
  const client = await connectObex(pc, { signal: never });
  const bytes = Uint8Array.from({ length }, (_, index) => index & 0xff);
  await client.put({ headers: [name], body: bytes }, never);
  expect((await client.get([name], { signal: never })).body).toEqual(bytes);
}

describe('a handset at a serial line', () => {
  it('answers the commands by which programs find it, with echo until ATE0', async () => {
    const { pc } = rig();
    expect(await ask(pc, 'ATZ', 'OK\r\n')).toBe('ATZ\r\r\nOK\r\n');
    expect(await ask(pc, 'ATE0', 'OK\r\n')).toBe('ATE0\r\r\nOK\r\n');
    expect(await ask(pc, 'AT+GMI', 'OK\r\n')).toBe('\r\nMaker\r\n\r\nOK\r\n');
    expect(await ask(pc, 'at', 'OK\r\n')).toBe('\r\nOK\r\n');
    expect(await ask(pc, 'AT+CREG?', 'ERROR\r\n')).toBe('\r\nERROR\r\n');
    expect(await ask(pc, 'AT+CPROT=0', 'CONNECT\r\n')).toBe('\r\nCONNECT\r\n');
    await transfer(pc, 70_000);
    await pc.close();
  });

  it('says who it is, to the commands of 27.007 and of V.250 alike', async () => {
    const { pc } = rig();
    await ask(pc, 'ATE0', 'OK\r\n');
    const said = async (command: string) => (await ask(pc, command, 'OK\r\n')).split('\r\n').filter(Boolean);
    expect(await said('AT+CGMI')).toEqual(['Maker', 'OK']);
    for (const prefix of ['AT+C', 'AT+']) {
      expect(await said(`${prefix}GMM`)).toEqual(['Model', 'OK']);
      expect(await said(`${prefix}GMR`)).toEqual(['1.0', 'OK']);
      expect(await said(`${prefix}GSN`)).toEqual(['004999010640000', 'OK']);
    }
    expect(await said('AT+CGSN=1')).toEqual(['+CGSN: "004999010640000"', 'OK']);
    expect(await said('ATI')).toEqual(['Maker', 'Model', '1.0', 'OK']);
  });

  it('echoes, babbles, has no end or says nothing as it is told to, from the next command on', async () => {
    const faults = new FaultBoard([]);
    const { pc } = rig({ faults });
    await ask(pc, 'ATE0', 'OK\r\n');
    faults.set([{ name: 'at-echo' }, { name: 'at-babble' }]);
    const babble = '\r\nRING\r\n\r\n+CREG: 1\r\n\r\n^SYSINFO: 2,3,0,5,1\r\n';
    expect(await ask(pc, 'AT+GMI', 'OK\r\n')).toBe(`AT+GMI\r${babble}\r\nMaker\r\n${babble}\r\nOK\r\n`);
    faults.set([{ name: 'at-endless' }]);
    await pc.write(utf8('AT\r'), never);
    let octets = 0;
    while (octets < 1024 * 1024) octets += ((await pc.read(never)) ?? utf8('')).filter((octet) => octet >= 0x20).length;
    faults.set([{ name: 'at-mute' }]);
    await pc.write(utf8('AT\rATI\r'), never);
    for (let round = 0; round < 10; round += 1) await new Promise(setImmediate);
    faults.set([]);
    expect(await ask(pc, 'AT', 'OK\r\n')).toBe('\r\nOK\r\n');
    await transfer(pc, 1000);
  });

  it('takes OBEX without any command, unless it is a port that listens for commands only', async () => {
    const open = rig();
    await transfer(open.pc, 1000);
    const deaf = rig({ atOnly: true });
    await deaf.pc.write(CONNECT, never);
    expect(await ask(deaf.pc, 'ATE0', 'OK\r\n')).toContain('OK');
    await ask(deaf.pc, 'AT+CPROT=0', 'CONNECT\r\n');
    await transfer(deaf.pc, 1000);
  });

  it('knows another command for OBEX when it is told to', async () => {
    const { pc } = rig({ start: 'AT*EOBEX', atOnly: true });
    expect(await ask(pc, 'AT+CPROT=0', 'ERROR\r\n')).toContain('ERROR');
    await ask(pc, 'AT*EOBEX', 'CONNECT\r\n');
    await transfer(pc, 100);
  });

  it.each([
    ['zeros', new Uint8Array(300)],
    ['ones', new Uint8Array(300).fill(0xff)],
    ['every octet', Uint8Array.from({ length: 256 }, (_, index) => index)],
    ['a CONNECT with a wrong version', Uint8Array.of(0x80, 0x00, 0x07, 0x30, 0x00, 0xff, 0xff)],
    ['a CONNECT of a peer that takes nothing', Uint8Array.of(0x80, 0x00, 0x07, 0x10, 0x00, 0x00, 0x10)],
    ['half a command', utf8('AT+CP')],
    ['a PUT without a connection', Uint8Array.of(0x82, 0x10, 0x00, 1, 2, 3)],
    ['the beginning of a CONNECT', CONNECT.subarray(0, 3)],
  ])('skips %s before a packet', async (_name, noise) => {
    const { pc } = rig();
    await pc.write(noise, never);
    await transfer(pc, 1000);
  });

  it('skips noise between two operations', async () => {
    const { pc } = rig();
    const client = await connectObex(pc, { signal: never });
    await pc.write(Uint8Array.of(0, 0x7f, 0x55, 0xaa), never);
    await client.put({ headers: [name], body: Uint8Array.of(1) }, never);
    await client.close();
  });

  it('serves the next peer when commands come in the middle of a connection', async () => {
    const { pc, peers } = rig();
    await connectObex(pc, { signal: never });
    // This peer has died without a word; here is another program.
    expect(await ask(pc, 'ATZ', 'OK\r\n')).toContain('OK');
    await expect.poll(peers).toBe(1);
    await ask(pc, 'AT+CPROT=0', 'CONNECT\r\n');
    await transfer(pc, 1000);
  });

  it('serves the next peer when one stopped in the middle of a packet', async () => {
    const { pc, peers } = rig({ pause: milliseconds(20) });
    await connectObex(pc, { signal: never });
    await pc.write(Uint8Array.of(0x82, 0x40, 0x00, 1, 2, 3), never);
    await expect.poll(peers).toBe(1);
    await transfer(pc, 1000);
  });

  it('goes back to commands after DISCONNECT', async () => {
    const { pc } = rig({ atOnly: true });
    await ask(pc, 'ATE0', 'OK\r\n');
    await ask(pc, 'AT+CPROT=0', 'CONNECT\r\n');
    await transfer(pc, 10);
    await pc.write(Uint8Array.of(0x81, 0, 3), never);
    expect(await pc.read(never)).toEqual(Uint8Array.of(0xa0, 0, 3));
    await pc.write(CONNECT, never);
    expect(await ask(pc, 'ATZ', 'OK\r\n')).toBe('\r\nOK\r\n');
  });

  it('ends with its line, in every state', async () => {
    const idle = rig();
    await idle.pc.close();
    await idle.done;
    const inCommand = rig();
    await inCommand.pc.write(utf8('AT+'), never);
    await inCommand.pc.close();
    await inCommand.done;
    const connected = rig();
    await connectObex(connected.pc, { signal: never });
    await connected.pc.write(Uint8Array.of(0x02, 0x10, 0x00, 1), never);
    await connected.pc.close();
    await connected.done;
    expect(connected.peers()).toBe(1);
  });

  it('sends short packets to peers that can take only those', () => {
    expect(serialAnswerLimit(1024)).toBe(500);
    expect(serialAnswerLimit(255)).toBe(255);
    expect(serialAnswerLimit(65_535)).toBe(65_535);
  });
});
