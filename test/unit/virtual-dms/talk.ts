/** Sessions of the virtual handset's machine with the DM service, without a link between them. */
import type { DmClientSession } from '../../../src-main/dm/client/dm-client-session.ts';
import type { SessionOutcome } from '../../../src-main/dm/session-outcome.ts';
import type { Envelope } from '../../../src-main/syncml/envelope.ts';
import type { DmService } from '../../../src-main/virtual/dms/dm-service.ts';
import type { Handset, SessionPlan } from '../../../src-main/virtual/handset/handset.ts';

const never = new AbortController().signal;

interface Talk {
  readonly outcome: SessionOutcome | undefined;
  readonly session: DmClientSession;
  /** HTTP statuses of refusals. */
  readonly refused: readonly number[];
}

/** Runs a session of the handset's machine with the service; `most` messages at most, as if the link broke then. */
export async function talk(
  service: DmService,
  handset: Handset,
  plan: SessionPlan,
  most = 200,
  answered: 'accept' | 'reject' = 'accept',
): Promise<Talk> {
  const session = handset.begin(plan);
  let said: Envelope | undefined = session.start();
  let outcome: SessionOutcome | undefined;
  const refused: number[] = [];
  for (let count = 0; said !== undefined && count < most; count += 1) {
    const answer = await service.handle(said, never);
    if (!('body' in answer)) {
      refused.push(answer.status);
      break;
    }
    if (outcome !== undefined) break;
    let step = session.receive(answer);
    while (step.ask !== undefined) step = session.answer(answered);
    outcome = step.outcome;
    said = step.send;
  }
  handset.finish(plan.account, session);
  return { outcome, session, refused };
}

/** A session that the handset begins itself. */
export const own = (handset: Handset) => handset.planOwn('http://127.0.0.1:1/dm');
