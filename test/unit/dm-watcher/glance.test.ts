import { describe, expect, it } from 'vitest';
import { isPcAgentError } from '../../../src-main/base/errors.ts';
import { type Glance, glanceAt, type Reading, readMessage } from '../../../src-main/dm/watcher/read-message.ts';
import { decodeMessage, encodeMessage, skimMessage } from '../../../src-main/syncml/codec.ts';
import type { Command, Encoding, Message } from '../../../src-main/syncml/model.ts';
import { mutations, seededRandom } from '../../support/mutate.ts';
import { randomMessage } from '../../support/random-message.ts';
import { PACKAGE_1 } from '../../vectors/wbxml-vectors.ts';

const TYPES = { wbxml: 'application/vnd.syncml.dm+wbxml', xml: 'application/vnd.syncml.dm+xml' } as const;

function bodies(encoding: Encoding, count: number): readonly Uint8Array[] {
  const random = seededRandom(7);
  return Array.from({ length: count }, () =>
    encodeMessage(randomMessage(random, { octets: encoding === 'wbxml' }), encoding),
  );
}

/** What a glance would give, made from the whole message. */
function expected({ header, commands, final }: Message): unknown {
  const statuses = commands.filter((command) => command.kind === 'Status');
  const asking = commands.filter(({ kind }) => kind !== 'Status' && kind !== 'Results');
  return {
    header,
    final,
    statuses: statuses.map(({ msgRef, cmdRef, cmd, code, chal }) => ({
      msgRef,
      cmdRef,
      cmd,
      code,
      hasChal: chal !== undefined,
    })),
    asking: asking.map((command) => ({
      cmdId: command.cmdId,
      alert: command.kind === 'Alert' ? command.code : undefined,
    })),
  };
}

function seen(glance: Glance): unknown {
  if (glance.kind !== 'message') return glance.kind;
  return { header: glance.header, ...glance.outline };
}

function wanted(reading: Reading): unknown {
  return reading.kind === 'message' ? expected(reading.message) : reading.kind;
}

function holdsMore(commands: readonly Command[]): boolean {
  return commands.some((command) => {
    if (command.kind === 'Atomic' || command.kind === 'Sequence') return holdsMore(command.commands);
    return 'items' in command && command.items.some(({ moreData }) => moreData === true);
  });
}

function refusal(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    if (!isPcAgentError(error)) throw error;
    return { code: error.code, offset: error.offset, details: error.details };
  }
  return undefined;
}

describe('a glance', () => {
  for (const encoding of ['wbxml', 'xml'] as const) {
    it(`sees of ${encoding} what the whole message says`, () => {
      for (const body of bodies(encoding, 300)) {
        const envelope = { contentType: TYPES[encoding], body };
        expect(seen(glanceAt(envelope))).toEqual(wanted(readMessage(envelope)));
      }
    });
  }

  it('never misses that more of an item follows', () => {
    let more = 0;
    for (const body of bodies('wbxml', 300)) {
      const glance = glanceAt({ contentType: TYPES.wbxml, body });
      const { commands } = decodeMessage(body, 'wbxml').message;
      if (glance.kind !== 'message' || !holdsMore(commands)) continue;
      more += 1;
      expect(glance.moreData).toBe(true);
    }
    expect(more).toBeGreaterThan(10);
  });

  it('refuses the same damaged documents, with the same code at the same octet', () => {
    let refused = 0;
    let read = 0;
    for (const body of mutations([PACKAGE_1, ...bodies('wbxml', 20)], 11, 5000)) {
      const whole = refusal(() => decodeMessage(body, 'wbxml'));
      expect(refusal(() => skimMessage(body, 'wbxml'))).toEqual(whole);
      const envelope = { contentType: TYPES.wbxml, body };
      expect(seen(glanceAt(envelope))).toEqual(wanted(readMessage(envelope)));
      if (whole === undefined) read += 1;
      else refused += 1;
    }
    expect(refused).toBeGreaterThan(1000);
    expect(read).toBeGreaterThan(200);
  });
});
