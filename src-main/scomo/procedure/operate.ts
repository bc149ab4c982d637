import type { Procedure } from '../../dm/server/work.ts';
import { Status } from '../../syncml/status.ts';
import { OPERATION_NODE, OTHER_SPELLINGS, type ScomoOperation } from '../names.ts';
import { type ExecuteOptions, executeOperation, type OperationOutcome } from './execute.ts';

/**
 * Orders an operation of a node: of `Download/<x>`, `Delivered/<x>` or `Deployed/<x>`. Where the node of the operation is
 * not there under its usual name, it is tried under the one that others use.
 */
export function* operate(
  base: string,
  operation: ScomoOperation,
  options: ExecuteOptions,
): Procedure<OperationOutcome> {
  const outcome = yield* executeOperation(`${base}/Operations/${OPERATION_NODE[operation]}`, options);
  const other = OTHER_SPELLINGS[operation];
  if (outcome.kind !== 'refused' || outcome.code !== Status.NotFound || other === undefined) return outcome;
  // The person has agreed already, where that was wanted.
  const { consent, ...again } = options;
  return yield* executeOperation(`${base}/Operations/${other}`, consent?.policy === 'required' ? again : options);
}
