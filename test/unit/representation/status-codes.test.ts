import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src-main/syncml/model.ts';
import { isSuccess, knownStatus, statusName } from '../../../src-main/syncml/status.ts';
import { byHand, clientOf, readEnvelope, statusXml, TestDevice } from '../../support/dm-pair.ts';

/** Code and what its name must say (DM Representation 1.2, the tables of status codes), by row of the sheet. */
const CODES: readonly (readonly [string, number, RegExp])[] = [
  ['REP-7-01', 101, /in progress/i],
  ['REP-7-02', 200, /^ok$/i],
  ['REP-7-03', 201, /item added/i],
  ['REP-7-04', 202, /accepted/i],
  ['REP-7-03', 203, /non-?\s?authoritative/i],
  ['REP-7-03', 204, /no content/i],
  ['REP-7-03', 205, /reset content/i],
  ['REP-7-03', 206, /partial content/i],
  ['REP-7-03', 207, /conflict.*merge/i],
  ['REP-7-03', 208, /conflict.*client/i],
  ['REP-7-03', 209, /conflict.*duplicate/i],
  ['REP-7-03', 210, /without archive/i],
  ['REP-7-03', 211, /not deleted/i],
  ['REP-7-05', 212, /authentication accepted/i],
  ['REP-7-06', 213, /chunk.*accepted/i],
  ['REP-7-07', 214, /cancelled/i],
  ['REP-7-08', 215, /not executed/i],
  ['REP-7-09', 216, /roll ?back ok/i],
  ['REP-7-10', 300, /multiple choices/i],
  ['REP-7-10', 301, /moved permanently/i],
  ['REP-7-10', 302, /found/i],
  ['REP-7-10', 303, /see other/i],
  ['REP-7-11', 304, /not modified/i],
  ['REP-7-10', 305, /use proxy/i],
  ['REP-7-12', 400, /bad request/i],
  ['REP-7-13', 401, /invalid credentials|unauthori[sz]ed/i],
  ['REP-7-14', 402, /payment required/i],
  ['REP-7-15', 403, /forbidden/i],
  ['REP-7-15', 404, /not found/i],
  ['REP-7-15', 405, /not allowed/i],
  ['REP-7-15', 406, /not supported/i],
  ['REP-7-13', 407, /missing credentials|authentication required/i],
  ['REP-7-15', 408, /time-?\s?out/i],
  ['REP-7-14', 409, /conflict/i],
  ['REP-7-14', 410, /gone/i],
  ['REP-7-15', 411, /size required/i],
  ['REP-7-15', 412, /incomplete command/i],
  ['REP-7-15', 413, /too large/i],
  ['REP-7-15', 414, /uri too long/i],
  ['REP-7-15', 415, /unsupported/i],
  ['REP-7-15', 416, /size too big|range/i],
  ['REP-7-14', 417, /retry later/i],
  ['REP-7-15', 418, /already exists/i],
  ['REP-7-14', 419, /conflict.*server/i],
  ['REP-7-15', 420, /device full/i],
  ['REP-7-14', 421, /search grammar/i],
  ['REP-7-14', 422, /bad cgi/i],
  ['REP-7-14', 423, /soft-?\s?delete/i],
  ['REP-7-16', 424, /size mismatch/i],
  ['REP-7-16', 425, /permission denied/i],
  ['REP-7-14', 426, /partial item not accepted/i],
  ['REP-7-14', 427, /not empty/i],
  ['REP-7-14', 428, /move failed/i],
  ['REP-7-17', 500, /command failed/i],
  ['REP-7-18', 501, /not implemented/i],
  ['REP-7-18', 502, /bad gateway/i],
  ['REP-7-18', 503, /service unavailable/i],
  ['REP-7-18', 504, /gateway timeout/i],
  ['REP-7-17', 505, /dtd version/i],
  ['REP-7-18', 506, /processing error/i],
  ['REP-7-17', 507, /atomic failed/i],
  ['REP-7-18', 508, /refresh required/i],
  ['REP-7-17', 510, /data ?store failure/i],
  ['REP-7-18', 511, /server failure/i],
  ['REP-7-18', 512, /synchroni[sz]ation failed/i],
  ['REP-7-17', 513, /protocol version/i],
  ['REP-7-18', 514, /cancelled/i],
  ['REP-7-17', 516, /roll ?back failed/i],
  ['REP-7-17', 517, /too large/i],
];

describe('status codes', () => {
  it.each(CODES)('[%s] %d has its name', (_fact, code, name) => {
    expect(statusName(code)).toMatch(name);
    expect(knownStatus(code)).toBe(code);
    expect(isSuccess(code)).toBe(code >= 200 && code < 300);
  });

  it('[REP-7-18, REP-7-19] 509 and 515, which say nothing, and all others count as the first of their class', () => {
    const named = new Set(CODES.map(([, code]) => code));
    for (let code = 200; code < 600; code += 1) {
      expect(statusName(code) !== undefined, String(code)).toBe(named.has(code));
      expect(knownStatus(code)).toBe(named.has(code) ? code : Math.floor(code / 100) * 100);
    }
  });
});

/** The codes that DM Representation 1.2 gives for a command. */
const GUIDANCE: readonly (readonly [string, string, readonly number[]])[] = [
  ['REP-7-20', 'Add', [200, 213, 215, 216, 401, 404, 405, 407, 413, 414, 415, 418, 420, 424, 425, 500, 516]],
  ['REP-7-21', 'Alert', [200, 202, 214, 215, 216, 304, 401, 405, 406, 408, 412, 415, 416, 500, 516]],
  ['REP-7-22', 'Atomic', [200, 215, 401, 406, 407, 500, 507, 517]],
  // 404 besides, by the general table: the source is missing.
  ['REP-7-23', 'Copy', [200, 215, 216, 401, 403, 404, 405, 406, 407, 414, 418, 420, 425, 500, 510, 516]],
  ['REP-7-24', 'Delete', [200, 215, 216, 401, 403, 404, 405, 407, 414, 425, 516]],
  ['REP-7-25', 'Exec', [200, 202, 401, 403, 404, 405, 406, 407, 414, 420, 425, 500, 510]],
  // 405 besides, by the general table: what may not be got.
  ['REP-7-26', 'Get', [200, 215, 401, 404, 405, 406, 407, 413, 414, 415, 425, 500]],
  ['REP-7-27', 'Replace', [200, 213, 215, 401, 403, 404, 405, 407, 413, 414, 415, 418, 420, 424, 425, 500, 516]],
  ['REP-7-28', 'Sequence', [200, 401, 407, 500]],
];

const URIS = [
  './a',
  './b',
  './long',
  './now',
  './later',
  './bag',
  './bag/x',
  './nowhere',
  './nowhere/x',
  '/a',
  './a?prop=Name',
  `./${'x/'.repeat(200)}x`,
  '.',
  './?list=Struct',
];
const item = (uri: string) =>
  `<Item><Target><LocURI>${uri.replace('&', '&amp;')}</LocURI></Target><Source><LocURI>./b</LocURI></Source><Data>v</Data></Item>`;

/** A command of a kind about a node. */
function body(kind: string, id: number, uri: string): string {
  if (kind === 'Alert') return `<Alert><CmdID>${id}</CmdID><Data>${1090 + id}</Data><Item/>${item(uri)}</Alert>`;
  if (kind === 'Atomic' || kind === 'Sequence') {
    const child = (more: number, name: string) => `<${name}><CmdID>${id + more}</CmdID>${item(uri)}</${name}>`;
    return `<${kind}><CmdID>${id}</CmdID>${child(100, 'Replace')}${child(200, 'Delete')}</${kind}>`;
  }
  return `<${kind}><CmdID>${id}</CmdID>${item(uri)}</${kind}>`;
}

describe('the codes of our client', () => {
  it.each(GUIDANCE)('[%s] for %s are of those that the standard gives', (_fact, kind, codes) => {
    const client = clientOf(new TestDevice());
    client.start();
    const before = `${statusXml(1, 1, 0, 'SyncHdr', 212)}${statusXml(2, 1, 1, 'Alert', 200)}${statusXml(3, 1, 2, 'Replace', 200)}`;
    const { send } = client.receive(byHand(before + URIS.map((uri, index) => body(kind, 10 + index, uri)).join('')));
    const given = readEnvelope(send)
      .commands.filter((found: Command) => found.kind === 'Status' && found.cmd === kind)
      .map((found) => (found.kind === 'Status' ? found.code : Number.NaN));
    expect(given).toHaveLength(URIS.length);
    for (const [index, code] of given.entries()) expect(codes, `${kind} of ${URIS[index]}: ${code}`).toContain(code);
  });
});
