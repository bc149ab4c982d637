import { describe, expect, it } from 'vitest';
import { PcAgentError } from '../../src-main/base/errors.ts';
import type { DmClientSession } from '../../src-main/dm/client/dm-client-session.ts';
import type { DmServerSession } from '../../src-main/dm/server/dm-server-session.ts';
import type { WantedCommand } from '../../src-main/dm/server/work.ts';
import { dmContentType } from '../../src-main/syncml/content-type.ts';
import type { Envelope } from '../../src-main/syncml/envelope.ts';
import type { Encoding } from '../../src-main/syncml/model.ts';
import { clientOf, converse, genericAlert, proverOf, serverOf, TestDevice, verifierOf } from '../support/dm-pair.ts';
import { fuzzCount } from '../support/fuzz-count.ts';
import { mutations } from '../support/mutate.ts';

const COUNT = fuzzCount('dm');
const SEED = Number(process.env.PC_AGENT_FUZZ_SEED ?? 20_261_121);
/** Slowest that one damaged message may be, on a busy machine. */
const SLOWEST = 1_000;
/** Messages of either side before the damaged one. */
const DEPTHS = [0, 1, 2, 3, 4, 5];

const PACKAGES: readonly (readonly WantedCommand[])[] = [
  [
    { kind: 'Get', items: [{ target: { uri: './bag?list=StructData' } }] },
    { kind: 'Add', items: [{ target: { uri: './bag/n' }, meta: { format: 'chr' }, data: 'x'.repeat(1500) }] },
  ],
  [
    { kind: 'Sequence', commands: [{ kind: 'Get', cmdId: '', items: [{ target: { uri: './long' } }] }] },
    { kind: 'Exec', correlator: 'c', items: [{ target: { uri: './later' } }] },
  ],
];

interface Sides {
  readonly client: DmClientSession;
  readonly server: DmServerSession;
}

function sides(encoding: Encoding): Sides {
  const device = new TestDevice();
  device.alerts = [genericAlert('x')];
  const client = clientOf(device, {
    encoding,
    maxMsgSize: 1300,
    prover: proverOf('md5', 'handset', 'secret'),
    verifier: verifierOf('md5', 'dms', 'server'),
  });
  const { session } = serverOf(PACKAGES, {
    encoding,
    maxMsgSize: 1300,
    prover: proverOf('md5', 'dms', 'server'),
    verifier: verifierOf('md5', 'handset', 'secret'),
  });
  return { client, server: session };
}

/** Brings two sides to where message `depth` is due, and gives that message. */
function upTo({ client, server }: Sides, depth: number): Envelope {
  let said = client.start();
  for (let count = 0; count < depth; count += 1) {
    const { send } = count % 2 === 0 ? server.receive(said) : client.receive(said);
    if (send === undefined) throw new Error('the session is over too early');
    said = send;
  }
  return said;
}

/** A machine either goes on or says what is wrong, in time; and whatever it then hears does not break it either. */
function outcomeOf(machine: DmClientSession | DmServerSession, envelope: Envelope): string {
  const start = performance.now();
  let outcome: string;
  try {
    const step = machine.receive(envelope);
    outcome = step.outcome?.code ?? (step.outcome?.ok === true ? 'ended' : 'answered');
    if (step.send === undefined && step.outcome === undefined) throw new Error('neither an answer nor an end');
  } catch (error) {
    if (!(error instanceof PcAgentError)) {
      throw new Error(Buffer.from(envelope.body).toString('latin1'), { cause: error });
    }
    outcome = error.code;
  }
  if (performance.now() - start > SLOWEST)
    throw new Error(`too slow: ${Buffer.from(envelope.body).toString('latin1')}`);
  return outcome;
}

describe('damaged messages in mid-session', () => {
  it.each(['wbxml', 'xml'] as const)('are answered or refused with a code in %s', (encoding) => {
    const fixtures = converse(sides(encoding).client, sides(encoding).server).messages.map(({ body }) => body);
    const outcomes = new Map<string, number>();
    let index = 0;
    for (const body of mutations(fixtures, SEED, Math.ceil(COUNT / 2))) {
      const depth = DEPTHS[index % DEPTHS.length] ?? 0;
      index += 1;
      const both = sides(encoding);
      const due = upTo(both, depth);
      const machine = depth % 2 === 0 ? both.server : both.client;
      const outcome = outcomeOf(machine, { contentType: dmContentType(encoding), body });
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      outcomeOf(machine, due);
    }
    expect(outcomes.size).toBeGreaterThan(5);
    for (const outcome of outcomes.keys())
      expect(outcome).toMatch(/^(answered|ended|(dm|syncml|wbxml|xml)\/[a-z0-9-]+)$/);
  });

  it.each(['wbxml', 'xml'] as const)(
    'of the very message that is due reach deep into the machines in %s',
    (encoding) => {
      const outcomes = new Map<string, number>();
      for (const depth of DEPTHS) {
        const { body } = upTo(sides(encoding), depth);
        for (const damaged of mutations([body], SEED + depth, Math.ceil(COUNT / 12))) {
          const both = sides(encoding);
          upTo(both, depth);
          const machine = depth % 2 === 0 ? both.server : both.client;
          const outcome = outcomeOf(machine, { contentType: dmContentType(encoding), body: damaged });
          outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        }
      }
      expect(outcomes.get('answered')).toBeGreaterThan(0);
    },
  );
});
