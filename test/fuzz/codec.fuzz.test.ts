import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src-main/base/bytes.ts';
import { isPcAgentError, PcAgentError } from '../../src-main/base/errors.ts';
import { outlineOf } from '../../src-main/dm/watcher/outline.ts';
import { decodeMessage, encodeMessage, skimMessage } from '../../src-main/syncml/codec.ts';
import type { Encoding, Message } from '../../src-main/syncml/model.ts';
import { readWbxml } from '../../src-main/wbxml/reader.ts';
import { writeWbxml } from '../../src-main/wbxml/writer.ts';
import { readXml } from '../../src-main/xml/reader.ts';
import { writeXml } from '../../src-main/xml/writer.ts';
import { fuzzCount } from '../support/fuzz-count.ts';
import { grandTour } from '../support/grand-tour.ts';
import { mutations } from '../support/mutate.ts';
import { elementMutations } from '../support/mutate-elements.ts';
import { workTime } from '../support/work-time.ts';
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
  const start = workTime();
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
  if (workTime() - start > SLOWEST) throw new Error(`too slow: ${Buffer.from(octets).toString('hex')}`);
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

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

/** A stray element in Data has the page that its namespace asks for in WBXML, that of its parent in XML. */
function withoutPages(message: Message): string {
  return JSON.stringify(message, (key, value) => (key === 'page' ? undefined : value));
}

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'read';
  } catch (error) {
    if (error instanceof PcAgentError) return error.code;
    throw error;
  }
}

function messageOf(octets: Uint8Array): Message | undefined {
  try {
    return decodeMessage(octets, 'wbxml').message;
  } catch (error) {
    if (error instanceof PcAgentError) return undefined;
    throw error;
  }
}

function writtenAs(message: Message): Uint8Array | undefined {
  try {
    return encodeMessage(message, 'wbxml');
  } catch (error) {
    if (isPcAgentError(error, 'wbxml/unknown-tag')) return undefined;
    throw error;
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

  it('a look at the course of a session sees and refuses what a full reading does', () => {
    const messages = [PACKAGE_1, ...grandTour('wbxml').envelopes.map(({ body }) => body)];
    for (const octets of mutations(messages, SEED, COUNT / 2)) {
      const whole = codeOf(() => decodeMessage(octets, 'wbxml'));
      expect(
        codeOf(() => skimMessage(octets, 'wbxml')),
        hex(octets),
      ).toBe(whole);
      if (whole !== 'read') continue;
      const { body } = skimMessage(octets, 'wbxml');
      const { root } = decodeMessage(octets, 'wbxml');
      const full = root.children.find(({ name }) => name === 'SyncBody');
      expect(outlineOf(body), hex(octets)).toEqual(full === undefined ? undefined : outlineOf(full));
    }
  });

  it('what was read once and written is read the same ever after', () => {
    const messages = grandTour('wbxml').envelopes.map(({ body }) => body);
    for (const octets of mutations(messages, SEED + 1, COUNT / 4)) {
      const message = messageOf(octets);
      const written = message === undefined ? undefined : writtenAs(message);
      if (written === undefined) continue;
      const again = decodeMessage(written, 'wbxml').message;
      expect(writtenAs(again), hex(octets)).toEqual(written);
    }
  });

  it('a damaged document says the same in both encodings', () => {
    const roots = grandTour('wbxml').roots;
    let same = 0;
    for (const root of elementMutations(roots, SEED, COUNT / 4)) {
      let wbxml: Uint8Array;
      let xml: Uint8Array;
      try {
        wbxml = writeWbxml(root);
        xml = utf8(writeXml(root));
      } catch (error) {
        if (!(error instanceof PcAgentError)) throw error;
        continue;
      }
      const code = codeOf(() => decodeMessage(wbxml, 'wbxml'));
      expect(
        codeOf(() => decodeMessage(xml, 'xml')),
        hex(xml),
      ).toBe(code);
      if (code !== 'read') continue;
      expect(withoutPages(decodeMessage(xml, 'xml').message), hex(xml)).toBe(
        withoutPages(decodeMessage(wbxml, 'wbxml').message),
      );
      same += 1;
    }
    expect(same).toBeGreaterThan(COUNT / 16);
  });

  it('packages are damaged the same way for the same seed', () => {
    const first = [...mutations([PACKAGE_1], 7, 20)];
    expect([...mutations([PACKAGE_1], 7, 20)]).toEqual(first);
    expect([...mutations([PACKAGE_1], 8, 20)]).not.toEqual(first);
  });
});
