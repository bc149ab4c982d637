import { describe, expect, it } from 'vitest';
import { isPcAgentError, PcAgentError } from '../../src-main/base/errors.ts';
import { decodeMessage, encodeMessage } from '../../src-main/syncml/codec.ts';
import type { Encoding } from '../../src-main/syncml/model.ts';
import { readWbxml } from '../../src-main/wbxml/reader.ts';
import { readXml } from '../../src-main/xml/reader.ts';
import { fuzzCount } from '../support/fuzz-count.ts';
import { mutations } from '../support/mutate.ts';
import { ALL, MAC_BODY, PACKAGE_1, PACKAGE_1_XML } from '../vectors/wbxml-vectors.ts';

const COUNT = fuzzCount('codec');
const SEED = Number(process.env.PC_AGENT_FUZZ_SEED ?? 20_261_121);
/** Slowest that one damaged message of a few hundred octets may be, on a busy machine. */
const SLOWEST = 1_000;

const XML_FIXTURES = [
  new TextEncoder().encode(PACKAGE_1_XML.trim()),
  encodeMessage(decodeMessage(MAC_BODY, 'wbxml').message, 'xml'),
  new TextEncoder().encode(
    '<!DOCTYPE SyncML PUBLIC "-//OMA//DTD SYNCML 1.2//EN" "x" [<?oma-syncml-ver supported-versions="1.2"?>]>' +
      '<SyncML><SyncHdr/><SyncBody><Add><Item><Data><![CDATA[a&#65;]]>&#x1F600;&lt;</Data></Item></Add></SyncBody></SyncML>',
  ),
];

/** A decoder either gives something or says what is wrong, in time. */
function outcomeOf(work: () => unknown, octets: Uint8Array): string {
  const start = performance.now();
  let outcome = 'read';
  try {
    work();
  } catch (error) {
    if (!(error instanceof PcAgentError)) throw new Error(`${Buffer.from(octets).toString('hex')}`, { cause: error });
    outcome = error.code;
    if (/^(wbxml|xml)\//.test(error.code) && !inside(error.offset, octets)) {
      throw new Error(`${error.code} at ${error.offset}: ${Buffer.from(octets).toString('hex')}`);
    }
  }
  if (performance.now() - start > SLOWEST) throw new Error(`too slow: ${Buffer.from(octets).toString('hex')}`);
  return outcome;
}

function inside(offset: number | undefined, octets: Uint8Array): boolean {
  return offset !== undefined && offset >= 0 && offset <= octets.length + 1;
}

/** What could be read is written again, unless a command has a name that no code page knows. */
function decodeAndWrite(octets: Uint8Array, encoding: Encoding): void {
  const { message } = decodeMessage(octets, encoding);
  try {
    encodeMessage(message, 'wbxml');
  } catch (error) {
    if (!isPcAgentError(error, 'wbxml/unknown-tag')) throw error;
  }
}

function tally(fixtures: readonly Uint8Array[], work: (octets: Uint8Array) => void): ReadonlyMap<string, number> {
  const outcomes = new Map<string, number>();
  for (const octets of mutations(fixtures, SEED, COUNT / 2)) {
    const outcome = outcomeOf(() => work(octets), octets);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  return outcomes;
}

describe('damaged messages', () => {
  it('WBXML is read or refused with a code and an offset inside the message', () => {
    const outcomes = tally(Object.values(ALL), (octets) => {
      readWbxml(octets);
      decodeAndWrite(octets, 'wbxml');
    });
    expect(outcomes.get('read')).toBeGreaterThan(0);
    expect(outcomes.get('wbxml/truncated')).toBeGreaterThan(0);
    expect(outcomes.get('wbxml/trailing')).toBeGreaterThan(0);
  });

  it('XML is read or refused with a code and an offset inside the message', () => {
    const outcomes = tally(XML_FIXTURES, (octets) => {
      readXml(octets);
      decodeAndWrite(octets, 'xml');
    });
    expect(outcomes.get('read')).toBeGreaterThan(0);
    expect(outcomes.get('xml/malformed')).toBeGreaterThan(0);
  });

  it('packages are damaged the same way for the same seed', () => {
    const first = [...mutations([PACKAGE_1], 7, 20)];
    expect([...mutations([PACKAGE_1], 7, 20)]).toEqual(first);
    expect([...mutations([PACKAGE_1], 8, 20)]).not.toEqual(first);
  });
});
