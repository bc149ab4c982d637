import type { Procedure } from '../../dm/server/work.ts';
import { questionAlert } from '../../dm/user-question.ts';
import type { AlertCommand } from '../../syncml/model.ts';
import { isSuccess, Status } from '../../syncml/status.ts';
import { ask, execNode } from './commands.ts';

/** The question that a person at the handset answers before an operation begins (Alert 1101). */
export interface ConsentRequest {
  readonly text: string;
  /**
   * `if-possible`: a handset that cannot ask does the operation all the same, and the outcome says so. `required`: it
   * does not; the question then goes ahead of the operation in a package of its own, since in a Sequence a refused
   * alert stops nothing (spec sheet syncml-representation, section 6).
   */
  readonly policy: 'required' | 'if-possible';
  /** How long the handset may wait for an answer, in seconds. */
  readonly maxSeconds?: number;
}

/** How an operation came to be allowed. `overridden`: the person did not agree, and the handset did it all the same. */
export type Consent = 'given' | 'not-asked' | 'no-user-interface' | 'overridden';

/** What an operation came to, as far as this session knows. */
export type OperationOutcome =
  /** Accepted (202): the completion alert is due, in this session or a later one. */
  | { readonly kind: 'accepted'; readonly consent: Consent; readonly alerts: readonly AlertCommand[] }
  /** Done at once, without an alert. */
  | { readonly kind: 'done'; readonly consent: Consent }
  /** The person said No (304). */
  | { readonly kind: 'declined'; readonly code: number }
  /** The person broke the asking off (214) or did not answer in time (408). */
  | { readonly kind: 'postponed'; readonly code: number }
  | { readonly kind: 'refused'; readonly code: number; readonly step: string };

export interface ExecuteOptions {
  readonly correlator: string;
  /** Default: nobody is asked. */
  readonly consent?: ConsentRequest;
  /** Told right before the package goes out that may set the operation going. */
  readonly onExec?: () => void;
}

/** Orders an operation, with the consent of a person where that is wanted. */
export function* executeOperation(uri: string, options: ExecuteOptions): Procedure<OperationOutcome> {
  const { consent, correlator, onExec } = options;
  if (consent === undefined) {
    onExec?.();
    return yield* order(uri, correlator, 'not-asked');
  }
  if (consent.policy === 'if-possible') return yield* askAndOrder(uri, consent, options);
  const refusal = yield* askFirst(consent);
  if (refusal !== undefined) return refusal;
  onExec?.();
  return yield* order(uri, correlator, 'given');
}

/** Asks in a package of its own; what came of it when the person did not agree, or could not be asked. */
export function* askFirst(
  consent: ConsentRequest,
): Procedure<Exclude<OperationOutcome, { readonly kind: 'accepted' | 'done' }> | undefined> {
  const { code } = yield* ask(questionAlert({ kind: 'confirm', ...consent }));
  const verdict = verdictOf(code);
  if (verdict === 'declined' || verdict === 'postponed') return { kind: verdict, code };
  return verdict === 'not-asked' ? { kind: 'refused', step: 'consent', code } : undefined;
}

function* order(uri: string, correlator: string, consent: Consent): Procedure<OperationOutcome> {
  const { code, report } = yield* ask(execNode(uri, correlator));
  return executed(code, consent, report.alerts);
}

/** Question and operation in one Sequence: after a No the handset leaves the rest out (DM Protocol 1.2, 2.5). */
function* askAndOrder(uri: string, consent: ConsentRequest, options: ExecuteOptions): Procedure<OperationOutcome> {
  options.onExec?.();
  const commands = [
    { ...questionAlert({ kind: 'confirm', ...consent }), cmdId: '' },
    { ...execNode(uri, options.correlator), cmdId: '' },
  ];
  const report = yield [{ kind: 'Sequence', commands }];
  const codeOf = (name: string) => report.reports[0]?.statuses.find(({ cmd }) => cmd === name)?.code ?? 0;
  const asked = codeOf('Alert');
  const exec = codeOf('Exec');
  const verdict = verdictOf(asked);
  if (wasExecuted(exec)) return executed(exec, CONSENT[verdict], report.alerts);
  if (verdict === 'declined' || verdict === 'postponed') return { kind: verdict, code: asked };
  // A handset that stops a Sequence at what it cannot do was not asked for the operation yet.
  if (verdict === 'not-asked' && exec === Status.NotExecuted) {
    return yield* order(uri, options.correlator, 'no-user-interface');
  }
  return { kind: 'refused', step: 'Exec', code: exec };
}

type Verdict = 'given' | 'declined' | 'postponed' | 'not-asked';

const CONSENT: Readonly<Record<Verdict, Consent>> = {
  given: 'given',
  declined: 'overridden',
  postponed: 'overridden',
  'not-asked': 'no-user-interface',
};

function verdictOf(code: number): Verdict {
  if (code === Status.NotModified) return 'declined';
  if (code === Status.OperationCancelled || code === Status.RequestTimeout) return 'postponed';
  return wasExecuted(code) ? 'given' : 'not-asked';
}

/** 214 and 215 are numbers of success that say the contrary. */
function wasExecuted(code: number): boolean {
  return isSuccess(code) && code !== Status.OperationCancelled && code !== Status.NotExecuted;
}

function executed(code: number, consent: Consent, alerts: readonly AlertCommand[]): OperationOutcome {
  if (code === Status.Accepted) return { kind: 'accepted', consent, alerts };
  return wasExecuted(code) ? { kind: 'done', consent } : { kind: 'refused', step: 'Exec', code };
}
