/** Our DM client with a user, and a DM server, without a link between them. */
import { utf8 } from '../../../src-main/base/bytes.ts';
import { nodeDigest, nodeRandom } from '../../../src-main/base/node/digest.ts';
import { Prover } from '../../../src-main/dm/auth/prover.ts';
import { Verifier } from '../../../src-main/dm/auth/verifier.ts';
import { DmClientSession } from '../../../src-main/dm/client/dm-client-session.ts';
import { DmServerSession } from '../../../src-main/dm/server/dm-server-session.ts';
import type { Work } from '../../../src-main/dm/server/work.ts';
import type { SessionOutcome } from '../../../src-main/dm/session-outcome.ts';
import type { DmStep } from '../../../src-main/dm/step.ts';
import type { UserAnswer, UserQuestion } from '../../../src-main/dm/user-question.ts';
import type { Envelope } from '../../../src-main/syncml/envelope.ts';
import type { Message } from '../../../src-main/syncml/model.ts';
import { HandsetDevice } from '../../../src-main/virtual/handset/handset-device.ts';

const common = { encoding: 'xml', sessionId: '1A2B', maxObjSize: 1_000_000, maxMsgSize: 16_000 } as const;
const open = () => new Prover({ type: 'none', user: 'u', password: '', nonce: utf8('n'), digest: nodeDigest });
const trusting = () =>
  new Verifier({
    demand: 'none',
    passwordOf: () => '',
    defaultUser: 'u',
    nonces: [],
    digest: nodeDigest,
    random: nodeRandom,
  });

export interface SidesOptions {
  readonly work: () => Work;
  /** Default: nobody can be asked. */
  readonly answers?: readonly UserAnswer[];
  /** Changes what the client sends. */
  readonly mangle?: (message: Message) => Message;
}

export function startSides({ work, answers, mangle }: SidesOptions) {
  const device = new HandsetDevice({ imei: '004999010640000', model: 'V1', digest: nodeDigest });
  const client = new DmClientSession({
    ...common,
    device,
    authority: 'dms',
    alert: 1201,
    asksUser: answers !== undefined,
    self: { uri: device.id },
    peer: { uri: 'http://dms.example/dm' },
    prover: open(),
    verifier: trusting(),
    ...(mangle === undefined ? {} : { mangle }),
  });
  const server = new DmServerSession({
    ...common,
    self: { uri: 'http://dms.example/dm' },
    peer: { uri: device.id },
    prover: open(),
    verifier: trusting(),
    begin: () => work(),
    onAlert: () => 200,
  });
  return { device, client, server };
}

/** Runs a session to its end; what was asked, and how it ended for both. */
export function runSides(options: SidesOptions) {
  const { device, client, server } = startSides(options);
  const questions: UserQuestion[] = [];
  const outcomes: SessionOutcome[] = [];
  let message: Envelope | undefined = client.start();
  for (let count = 0; message !== undefined && count < 100; count += 1) {
    const answer = server.receive(message);
    if (answer.outcome !== undefined) outcomes.push(answer.outcome);
    if (answer.send === undefined) break;
    let step: DmStep = client.receive(answer.send);
    while (step.ask !== undefined) {
      questions.push(step.ask);
      step = client.answer(options.answers?.[questions.length - 1] ?? 'accept');
    }
    if (step.outcome !== undefined) outcomes.push(step.outcome);
    message = step.send;
  }
  return { device, questions, outcomes };
}
