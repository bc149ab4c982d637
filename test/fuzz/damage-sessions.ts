import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src-main/base/bytes.ts';
import { PcAgentError } from '../../src-main/base/errors.ts';
import { DmClientSession } from '../../src-main/dm/client/dm-client-session.ts';
import type { DmServerSession } from '../../src-main/dm/server/dm-server-session.ts';
import type { DmStep } from '../../src-main/dm/step.ts';
import type { UserAnswer, UserQuestion } from '../../src-main/dm/user-question.ts';
import { decodeMessage } from '../../src-main/syncml/codec.ts';
import { dmContentType } from '../../src-main/syncml/content-type.ts';
import type { Envelope } from '../../src-main/syncml/envelope.ts';
import type { Encoding } from '../../src-main/syncml/model.ts';
import { writeWbxml } from '../../src-main/wbxml/writer.ts';
import { writeXml } from '../../src-main/xml/writer.ts';
import { machineAt, record, SCENES, type Scene, type Sides, sidesOf, throughQuestions } from '../support/dm-scenes.ts';
import { fuzzCount } from '../support/fuzz-count.ts';
import { mutations, seededRandom } from '../support/mutate.ts';
import { elementMutations } from '../support/mutate-elements.ts';
import { workTime } from '../support/work-time.ts';

const COUNT = fuzzCount('dm');
const SEED = Number(process.env.PC_AGENT_FUZZ_SEED ?? 20_261_121);
/** Slowest that one damaged message may be, on a busy machine. */
const SLOWEST = 1_000;
/** Messages of either side before the damaged one; what is later is more of the same. */
const DEPTHS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
/** Octets that no answer to one damaged message may have, whatever MaxMsgSize it names. */
const LONGEST = 512 * 1024;
/** After so many damaged messages, and after any that left an odd name behind, a good session must run over the tree. */
const EVERY = 8;
/** Most that the heap may have grown when all is over, garbage included. */
const MOST_GROWTH = 400 * 1024 * 1024;

const KNOWN = /^(answered|asked|ended|(dm|syncml|wbxml|xml)\/[a-z0-9-]+)$/;

/** What a session after the damage asks for; in the other encoding, so that nothing gets stuck in the tree. */
const AFTERWARDS: Scene = {
  name: 'a look at everything',
  auth: 'none',
  packages: [
    [
      { kind: 'Get', items: [{ target: { uri: '.' } }, { target: { uri: '.?list=Struct' } }] },
      { kind: 'Get', items: [{ target: { uri: '.?list=StructData' } }, { target: { uri: '.?list=TNDS' } }] },
      { kind: 'Get', items: [{ target: { uri: './bag' } }, { target: { uri: './a' } }, { target: { uri: './b' } }] },
    ],
    [{ kind: 'Exec', items: [{ target: { uri: './now' } }] }],
  ],
};

const shown = ({ body }: Envelope): string => Buffer.from(body).toString('latin1');

/** What a person may answer to anything. */
function moody(random: () => number): (question: UserQuestion) => UserAnswer {
  const answers: readonly UserAnswer[] = [
    'accept',
    'accept',
    'reject',
    'cancel',
    'timeout',
    { text: '' },
    { text: `\u0001${'\u{1f4f1}'.repeat(300)}` },
    { chosen: [] },
    { chosen: [2, 1, 2, -1, 99] },
  ];
  return () => answers[Math.floor(random() * answers.length)] as UserAnswer;
}

/** A machine either goes on or says what is wrong, in time; and whatever it then hears does not break it either. */
function outcomeOf(
  machine: DmClientSession | DmServerSession,
  envelope: Envelope,
  answerTo: (question: UserQuestion) => UserAnswer,
): string {
  const start = workTime();
  let outcome: string;
  try {
    let step: DmStep = machine.receive(envelope);
    const asked = step.ask !== undefined;
    if (machine instanceof DmClientSession) step = throughQuestions(machine, step, answerTo);
    outcome = step.outcome?.code ?? (step.outcome?.ok === true ? 'ended' : asked ? 'asked' : 'answered');
    if (step.send === undefined && step.outcome === undefined) throw new Error('neither an answer nor an end');
    if ((step.send?.body.length ?? 0) > LONGEST) throw new Error(`an answer of ${step.send?.body.length} octets`);
  } catch (error) {
    if (!(error instanceof PcAgentError)) throw new Error(shown(envelope), { cause: error });
    outcome = error.code;
  }
  if (workTime() - start > SLOWEST) throw new Error(`too slow: ${shown(envelope)}`);
  return outcome;
}

/** Half of them damaged octet by octet, half element by element. */
function* damaged(
  said: readonly Envelope[],
  depth: number,
  encoding: Encoding,
  seed: number,
  count: number,
): Generator<Uint8Array> {
  const due = (said[depth] as Envelope).body;
  // The message that is due gets deepest; the others are there to be spliced and grafted.
  const bodies = [due, due, due, ...said.map(({ body }) => body)];
  yield* mutations(bodies, seed, Math.ceil(count / 2));
  const roots = bodies.map((body) => decodeMessage(body, encoding).root);
  for (const root of elementMutations(roots, seed, Math.ceil(count / 2))) {
    try {
      yield encoding === 'wbxml' ? writeWbxml(root) : utf8(writeXml(root));
    } catch (error) {
      // Some damage can be said in one encoding only.
      if (!(error instanceof PcAgentError)) throw error;
    }
  }
}

/** A node is in the tree that no undamaged message puts there: its name must be tellable. */
function hasOddName({ device }: Sides): boolean {
  const bag = device.tree.find('./bag');
  return typeof bag !== 'number' && [...bag.children.keys()].some((name) => !/^[a-z]$/.test(name));
}

function checkAfterwards({ device }: Sides, encoding: Encoding, body: Uint8Array): void {
  device.alerts = [];
  try {
    record(AFTERWARDS, encoding === 'wbxml' ? 'xml' : 'wbxml', device);
  } catch (cause) {
    throw new Error(`no good session after ${Buffer.from(body).toString('latin1')}`, { cause });
  }
}

/** Damage in the sessions of every scene, in one encoding: a file for each, since together they take an hour in long runs. */
export function damageSessions(encoding: Encoding): void {
  describe.each(SCENES.map((scene) => [scene.name, scene] as const))(
    'damaged messages in a session of %s',
    (_name, scene) => {
      it(`are answered or refused with a code in ${encoding}, and the next session is a good one`, () => {
        const said = record(scene, encoding);
        const depths = DEPTHS.filter((depth) => depth < said.length);
        const share = Math.ceil(COUNT / SCENES.length / 2 / depths.length);
        const outcomes = new Map<string, number>();
        const before = process.memoryUsage().heapUsed;
        let count = 0;
        for (const depth of depths) {
          const answerTo = moody(seededRandom(SEED + depth));
          for (const body of damaged(said, depth, encoding, SEED + depth, share)) {
            const sides = sidesOf(scene, encoding);
            const machine = machineAt(sides, said, depth);
            const outcome = outcomeOf(machine, { contentType: dmContentType(encoding), body }, answerTo);
            outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
            outcomeOf(machine, said[depth] as Envelope, answerTo);
            count += 1;
            if (count % EVERY === 0 || hasOddName(sides)) checkAfterwards(sides, encoding, body);
          }
        }
        expect(process.memoryUsage().heapUsed - before).toBeLessThan(MOST_GROWTH);
        expect(outcomes.get('answered')).toBeGreaterThan(0);
        expect(outcomes.size).toBeGreaterThan(5);
        for (const outcome of outcomes.keys()) expect(outcome).toMatch(KNOWN);
      });
    },
  );
}
