import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src-main/base/bytes.ts';
import { PcAgentError } from '../../../src-main/base/errors.ts';
import {
  byteHeader,
  bytesHeader,
  decodeHeaders,
  type Header,
  HeaderId,
  headersLength,
  textHeader,
  typeHeader,
  typeOf,
  wordHeader,
  writeHeader,
} from '../../../src-main/obex/header.ts';
import {
  announcedLength,
  connectFields,
  encodeConnect,
  encodePacket,
  isSuccess,
  Opcode,
  packetHeaders,
  packetLimit,
  ResponseCode,
  responseText,
} from '../../../src-main/obex/packet.ts';
import { hex, spaced } from './raw-peer.ts';
import { EXCHANGE } from './worked-exchange.ts';

const DM = utf8('SYNCML-DM');
const WBXML = 'application/vnd.syncml.dm+wbxml';

/** Header by header: what it means and how it is spelt. */
const HEADERS: readonly (readonly [string, Header, string])[] = [
  ['a name', textHeader(HeaderId.Name, 'a.sis'), EXCHANGE.nameASis],
  ['an empty name', textHeader(HeaderId.Name, ''), '01 00 03'],
  ['a name beyond the first plane', textHeader(HeaderId.Name, '😀'), '01 00 09 D8 3D DE 00 00 00'],
  ['x-syncml-hmac', textHeader(HeaderId.SyncmlHmac, 'a='), '30 00 09 00 61 00 3D 00 00'],
  ['octets', bytesHeader(HeaderId.Target, DM), '46 00 0C 53 59 4E 43 4D 4C 2D 44 4D'],
  ['no octets', bytesHeader(HeaderId.EndOfBody, new Uint8Array(0)), '49 00 03'],
  ['one octet', byteHeader(HeaderId.Srm, 1), '97 01'],
  ['four octets', wordHeader(HeaderId.ConnectionId, 0xfffffffe), 'CB FF FF FF FE'],
  ['user-defined text', textHeader(0x3f, 'x'), '3F 00 07 00 78 00 00'],
  ['user-defined octets', bytesHeader(0x7f, hex('00 FF')), '7F 00 05 00 FF'],
  ['user-defined one octet', byteHeader(0xbf, 0xff), 'BF FF'],
  ['user-defined four octets', wordHeader(0xff, 0), 'FF 00 00 00 00'],
];

describe('OBEX header', () => {
  it.each(HEADERS)('%s is written and read as the standard spells it', (_, header, octets) => {
    const written = new Uint8Array(headersLength([header]));
    expect(writeHeader(header, written, 0)).toBe(written.length);
    expect(spaced(written)).toBe(octets);
    expect(decodeHeaders(hex(octets), 0)).toEqual([header]);
  });

  it('reads the authenticate challenge and response of section 5 as octets of their own', () => {
    const challenge = `00 10 00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F 01 01 01 02 05 00 44 4D 53 31`;
    const response = `00 10 82 D5 9F B9 6D 7D 74 AF C3 AB 11 C3 BC 77 B2 E7 01 05 70 68 6F 6E 65 02 10
      00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F`;
    expect(decodeHeaders(hex(`4D 00 1F ${challenge} 4E 00 2E ${response}`), 0)).toEqual([
      bytesHeader(HeaderId.AuthChallenge, hex(challenge)),
      bytesHeader(HeaderId.AuthResponse, hex(response)),
    ]);
  });

  it('reads a text up to its NUL, and one that lacks it whole', () => {
    expect(decodeHeaders(hex('01 00 09 00 61 00 00 00 62'), 0)).toEqual([textHeader(HeaderId.Name, 'a')]);
    expect(decodeHeaders(hex('01 00 07 00 61 00 62'), 0)).toEqual([textHeader(HeaderId.Name, 'ab')]);
  });

  it('[DMP-9-13] takes a Type with and without its NUL', () => {
    expect(typeOf(decodeHeaders(hex('42 00 06 61 2F 62'), 0))).toBe('a/b');
    expect(typeOf(decodeHeaders(hex('42 00 08 61 2F 62 20 00'), 0))).toBe('a/b');
    expect(typeOf(decodeHeaders(hex('42 00 04 00'), 0))).toBeUndefined();
    expect(typeOf([])).toBeUndefined();
  });

  it.each([
    ['text of length 0', '01 00 00', 'obex/header-length', 0],
    ['text of length 1', '01 00 01', 'obex/header-length', 0],
    ['text of length 2', '01 00 02', 'obex/header-length', 0],
    ['text of odd length', '01 00 04 00', 'obex/header-length', 0],
    ['octets of length 0', '48 00 00', 'obex/header-length', 0],
    ['octets of length 2', '48 00 02', 'obex/header-length', 0],
    ['octets of the greatest length', '48 FF FF 00', 'obex/header-truncated', 0],
    ['text of the greatest length', '01 FF FF 00', 'obex/header-truncated', 0],
    ['a length that is cut', 'CB 00 00 00 01 48 00', 'obex/header-truncated', 5],
    ['an id without anything', '97 01 48', 'obex/header-truncated', 2],
    ['one octet that is missing', '97', 'obex/header-truncated', 0],
    ['four octets that are cut', 'CB 00 00 00', 'obex/header-truncated', 0],
  ])('%s is an error with its offset', (_, octets, code, offset) => {
    expect(() => decodeHeaders(hex(octets), 0)).toThrowError(expect.objectContaining({ code, offset }));
  });
});

describe('OBEX tables', () => {
  it('have the numbers of the standard', () => {
    // Spec sheet obex, sections 1 to 3, in their order.
    expect(Object.values(Opcode)).toEqual([0x80, 0x81, 0x02, 0x03, 0x85, 0x86, 0x87, 0xff]);
    expect(Object.values(HeaderId)).toEqual([
      ...[0x01, 0x05, 0x15, 0x30, 0x42, 0x44, 0x46, 0x47, 0x48, 0x49, 0x4a, 0x4c, 0x4d, 0x4e],
      ...[0x50, 0x51, 0x52, 0x93, 0x94, 0x97, 0x98, 0xc0, 0xc3, 0xc4, 0xcb, 0xcf, 0xd6],
    ]);
    expect(ResponseCode).toEqual({
      Continue: 0x90,
      Success: 0xa0,
      Created: 0xa1,
      Accepted: 0xa2,
      NoContent: 0xa4,
      BadRequest: 0xc0,
      Unauthorized: 0xc1,
      Forbidden: 0xc3,
      NotFound: 0xc4,
      MethodNotAllowed: 0xc5,
      NotAcceptable: 0xc6,
      RequestTimeout: 0xc8,
      Conflict: 0xc9,
      Gone: 0xca,
      LengthRequired: 0xcb,
      PreconditionFailed: 0xcc,
      EntityTooLarge: 0xcd,
      UnsupportedMediaType: 0xcf,
      InternalServerError: 0xd0,
      NotImplemented: 0xd1,
      BadGateway: 0xd2,
      ServiceUnavailable: 0xd3,
      GatewayTimeout: 0xd4,
      VersionNotSupported: 0xd5,
      DatabaseFull: 0xe0,
      DatabaseLocked: 0xe1,
    });
  });

  it('take 0xA0 to 0xAF for success', () => {
    expect([0x90, 0x9f, 0xa0, 0xa4, 0xaf, 0xb0, 0xc0, 0xff].map(isSuccess)).toEqual([
      ...[false, false, true, true, true, false, false, false],
    ]);
  });
});

describe('OBEX packet', () => {
  it('may be 65535 octets long, headers with their prefix too', () => {
    const whole = encodePacket(0xa0, [bytesHeader(HeaderId.Body, new Uint8Array(65529).fill(7))]);
    expect(spaced(whole.subarray(0, 7))).toBe('A0 FF FF 48 FF FC 07');
    expect(() => encodePacket(0xa0, [bytesHeader(HeaderId.Body, new Uint8Array(65530))])).toThrowError(TypeError);
    const header = bytesHeader(HeaderId.Body, new Uint8Array(65532));
    const written = new Uint8Array(65535);
    expect(writeHeader(header, written, 0)).toBe(65535);
    expect(decodeHeaders(written, 0)).toEqual([header]);
    const long = bytesHeader(HeaderId.Body, new Uint8Array(65533));
    expect(() => writeHeader(long, new Uint8Array(65536), 0)).toThrowError(TypeError);
  });

  it('is read as a part of a longer array', () => {
    const around = hex(`FF FF ${EXCHANGE.connected} FF`);
    const packet = around.subarray(2, around.length - 1);
    expect(connectFields(packet).maxPacket).toBe(4096);
    expect(packetHeaders(packet, 4)[0]).toEqual(wordHeader(HeaderId.ConnectionId, 1));
    expect(announcedLength(packet, 1024)).toBe(24);
  });

  it('spells the requests of the worked exchange', () => {
    const connect = encodeConnect(Opcode.Connect, { version: 0x10, flags: 0, maxPacket: 8192 }, [
      bytesHeader(HeaderId.Target, DM),
    ]);
    expect(spaced(connect)).toBe(spaced(hex(EXCHANGE.connect)));
    const cid = wordHeader(HeaderId.ConnectionId, 1);
    const put = encodePacket(0x82, [
      cid,
      typeHeader('application/vnd.syncml.notification'),
      wordHeader(HeaderId.Length, 42),
      bytesHeader(HeaderId.EndOfBody, hex(EXCHANGE.notification)),
    ]);
    expect(spaced(put)).toBe(spaced(hex(EXCHANGE.putNotification)));
    expect(spaced(encodePacket(0x83, [cid, typeHeader(WBXML)]))).toBe(spaced(hex(EXCHANGE.get)));
    expect(spaced(encodePacket(Opcode.Abort, [cid]))).toBe(EXCHANGE.abort);
    const root = encodePacket(Opcode.SetPath, [cid, textHeader(HeaderId.Name, '')], Uint8Array.of(2, 0));
    expect(spaced(root)).toBe(EXCHANGE.setPathToRoot);
  });

  it('reads the answers of the worked exchange', () => {
    expect(connectFields(hex(EXCHANGE.connected))).toEqual({ version: 0x10, flags: 0, maxPacket: 4096 });
    expect(packetHeaders(hex(EXCHANGE.connected), 4)).toEqual([
      wordHeader(HeaderId.ConnectionId, 1),
      bytesHeader(HeaderId.Who, DM),
    ]);
    expect(packetHeaders(hex(EXCHANGE.got))).toEqual([
      wordHeader(HeaderId.Length, 10),
      bytesHeader(HeaderId.EndOfBody, hex(EXCHANGE.message)),
    ]);
  });

  it('says where every cut of every packet of the worked exchange goes wrong, or reads whole headers', () => {
    for (const octets of Object.values(EXCHANGE)) {
      const whole = hex(octets);
      for (let length = 0; length < whole.length; length += 1) {
        const cut = whole.subarray(0, length);
        for (const fixed of [0, 2, 4]) {
          try {
            for (const header of packetHeaders(cut, fixed)) expect(header.id).toBeLessThanOrEqual(0xff);
          } catch (error) {
            expect(error).toBeInstanceOf(PcAgentError);
            expect((error as PcAgentError).code).toMatch(/^obex\/(packet-truncated|header-truncated|header-length)$/);
            expect((error as PcAgentError).offset).toBeLessThanOrEqual(length);
          }
        }
      }
    }
    expect(() => connectFields(hex('A0 00 06 10 00 20'))).toThrowError(
      expect.objectContaining({ code: 'obex/packet-truncated', offset: 6 }),
    );
  });

  it.each([
    [0, 'obex/packet-length'],
    [1, 'obex/packet-length'],
    [2, 'obex/packet-length'],
    [1025, 'obex/packet-too-long'],
    [65535, 'obex/packet-too-long'],
  ])('a packet that says it is %i octets long is refused where 1024 were announced', (length, code) => {
    const prefix = Uint8Array.of(0xa0, length >> 8, length & 0xff);
    expect(() => announcedLength(prefix, 1024)).toThrowError(
      expect.objectContaining({ code, details: expect.objectContaining({ length }) }),
    );
  });

  it('may be as long as announced', () => {
    expect(announcedLength(hex('A0 04 00'), 1024)).toBe(1024);
    expect(announcedLength(hex('A0 00 03'), 1024)).toBe(3);
    expect(announcedLength(hex('A0 FF FF'), 65535)).toBe(65535);
  });

  it('is limited by the smaller of both sides, but never under 255', () => {
    expect(packetLimit(8192, 4096)).toBe(4096);
    expect(packetLimit(4096, 65535)).toBe(4096);
    expect(packetLimit(65535, 0)).toBe(255);
    expect(packetLimit(65535, 254)).toBe(255);
  });

  it('shows responses with their number', () => {
    expect(responseText(ResponseCode.UnsupportedMediaType)).toBe('0xcf Unsupported media type');
    expect(responseText(0xb1)).toBe('0xb1');
  });
});
