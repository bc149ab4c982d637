import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src-main/base/bytes.ts';
import { AtAnswerReader, hasAtResult, informationOf } from '../../../src-main/bearer/serial/at-answer.ts';

/** Answers as makers' manuals and logs of other programs print them, and what they say. */
const PUBLISHED = [
  // Sony Ericsson, a log of gammu.
  ['AT+CGMI', 'AT+CGMI\r\r\nSony Ericsson\r\n\r\nOK\r\n', 'Sony Ericsson'],
  // Huawei E1750 and E169, logs of gammu.
  ['AT+CGMM', 'AT+CGMM\r\r\nE1750\r\n\r\nOK\r\n', 'E1750'],
  ['AT+CGMR', '\r\n11.126.03.01.55\r\n\r\nOK\r\n', '11.126.03.01.55'],
  ['AT+CGMR', '\r\n\r\n^RSSI:18\r\n\r\n^BOOT:18254563,0,0,0,6\r\n11.126.03.01.55\r\n\r\nOK\r\n', '11.126.03.01.55'],
  // Siemens MC35i, a log of gammu.
  ['AT+CGMR', 'AT+CGMR\r\r\nREVISION 02.00\r\n\r\nOK\r\n', 'REVISION 02.00'],
  // GTM382, a log of wammu.
  [
    'AT+CGMR',
    '\r\n2.9.5.0Hd (Date: Jun 25 2009, Time: 16:52:40)\r\n\r\nOK\r\n',
    '2.9.5.0Hd (Date: Jun 25 2009, Time: 16:52:40)',
  ],
  // Motorola G24, AT commands reference manual.
  ['AT+GMR', '\r\n+GMR: "G24-L SW 4-0.210-000"\r\n\r\nOK\r\n', 'G24-L SW 4-0.210-000'],
  ['AT+CGSN', '\r\n+CGSN: "004400013805666"\r\n\r\nOK\r\n', '004400013805666'],
  // Sony Ericsson CM52, users manual.
  ['AT+GMR', '\r\n+GMR: DEC 06 2004 19:45:00 R1A00\r\n\r\nOK\r\n', 'DEC 06 2004 19:45:00 R1A00'],
] as const;

function answerTo(command: string, text: string, pieces = 1) {
  const reader = new AtAnswerReader({ command, opens: false });
  const bytes = utf8(text);
  for (let at = 0; at < bytes.length; at += pieces) {
    const answer = reader.add(bytes.subarray(at, at + pieces));
    if (answer !== undefined) return answer;
  }
  return undefined;
}

describe('the answer to an AT command', () => {
  it.each(PUBLISHED)('to %s as published: %j', (command, text, said) => {
    for (const pieces of [1, 3, 1000]) {
      const answer = answerTo(command, text, pieces);
      expect(answer && informationOf(answer, command)).toBe(said);
    }
  });

  it('ends with a result code on a line of its own, and not with a word of its text', () => {
    expect(answerTo('AT+CGMI', '\r\nOKI\r\nNOT OK\r\nERROR FREE\r\n')).toBeUndefined();
    expect(answerTo('AT+CGMI', '\r\nOK')).toBeUndefined();
    expect(answerTo('AT+CGMI', '\nOK\n')).toEqual({ result: 'OK', lines: [] });
    for (const result of ['ERROR', '+CME ERROR: 100', '+CMS ERROR: 302', 'COMMAND NOT SUPPORT']) {
      const answer = answerTo('AT+CGMI', `\r\n${result}\r\n`);
      expect(answer).toEqual({ result, lines: [] });
      expect(answer && informationOf(answer, 'AT+CGMI')).toBeUndefined();
    }
  });

  it('is ended by the end of a call only where one was asked for', () => {
    const babble = '\r\nNO CARRIER\r\n\r\nBUSY\r\n\r\nCONNECT\r\n\r\nNokia\r\n\r\nOK\r\n';
    const answer = answerTo('AT+CGMI', babble);
    expect(answer && informationOf(answer, 'AT+CGMI')).toBe('Nokia');
    expect(new AtAnswerReader({ command: 'AT+CPROT=0', opens: true }).add(utf8(babble))).toEqual({
      result: 'NO CARRIER',
      lines: [],
    });
  });

  it('has its text among unsolicited lines, echoes behind noise and octets that are no text', () => {
    const text =
      '\u0000~AT+CGMM\r\r\nRING\r\n\r\n+CREG: 1\r\n*EPEV\r\n%CTZV: 8\r\n\u00ff "No\u0007kia"\u0000 \r\n+CMTI: "SM",3\r\nOK\r\n';
    const answer = new AtAnswerReader({ command: 'AT+CGMM', opens: false }).add(
      Uint8Array.from(text, (character) => character.charCodeAt(0)),
    );
    expect(answer && informationOf(answer, 'AT+CGMM')).toBe('No kia');
    expect(answer && informationOf(answer, 'AT+CMTI')).toBe('SM,3');
    expect(informationOf({ result: 'OK', lines: ['RING', '+CREG: 1', '^SYSSTART'] }, 'AT+CGMI')).toBeUndefined();
  });

  it('costs no more than it is worth, whatever comes', () => {
    const reader = new AtAnswerReader({ command: 'AT', opens: false });
    expect(reader.add(new Uint8Array(60_000).fill(0x41))).toBeUndefined();
    expect(reader.flooded).toBe(false);
    expect(reader.add(new Uint8Array(1_000_000).fill(0x41))).toBeUndefined();
    expect(reader.flooded).toBe(true);
    expect(reader.add(utf8('\r\nOK\r\n'))).toBeUndefined();
    const lines = answerTo('AT', `${'a line\r\n'.repeat(5000)}OK\r\n`, 1000)?.lines;
    expect(lines).toHaveLength(64);
    const long = answerTo('AT+CGMI', `${'x'.repeat(30_000)}\r\nOK\r\n`, 1000);
    expect(long?.lines[0]).toHaveLength(2048);
    expect(long && informationOf(long, 'AT+CGMI')).toHaveLength(100);
  });

  it('is known among octets of any kind', () => {
    expect(hasAtResult(Uint8Array.of(0xff, 0x0d, 0x0a, 0x4f, 0x4b, 0x0d))).toBe(true);
    expect(hasAtResult(Uint8Array.of(0xa0, 0x00, 0x07, 0x4f, 0x4b, 0x0d))).toBe(false);
  });
});
