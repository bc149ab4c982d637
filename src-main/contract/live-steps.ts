import { z } from 'zod';
import type { SessionEvent } from './events.ts';
import type { SummaryChange } from './live-feed-messages.ts';
import type { CommandSummary, MessageSummary } from './message-summary.ts';

const MAX_STEPS = 200;
const ALREADY_EXISTS = 418;

export const StepKind = z.enum([
  'call',
  'sign-in',
  'identify',
  'inventory',
  'read',
  'deliver',
  'download',
  'install',
  'activate',
  'deactivate',
  'remove',
  'change',
  'ask-person',
  'report',
  'abort',
]);

/** One thing that server and handset do together, in the order in which it began. */
export const Step = z.object({
  kind: StepKind,
  session: z.string(),
  state: z.enum(['working', 'done', 'failed']),
  /** Number of the message with which it began. */
  from: z.int(),
  /** The node that it is about. */
  uri: z.string().optional(),
  /** Status of a refused command, or the result code of a report. */
  code: z.int().optional(),
});

export type StepKind = z.infer<typeof StepKind>;
export type Step = z.infer<typeof Step>;

/** The steps after one more message. */
export function stepsAfterMessage(steps: readonly Step[], change: SummaryChange): Step[] {
  let next = withRefusals(steps, change);
  for (const { kind, command } of stepsOf(change.summary, change.direction)) {
    next = withStep(next, change, kind, command);
  }
  return next.slice(-MAX_STEPS);
}

/** A session's end closes the step that it was in. */
export function stepsAfterSession(steps: readonly Step[], event: SessionEvent): Step[] {
  if (event.state === 'started' || event.state === 'running') return [...steps];
  const end = event.state === 'failed' || event.state === 'aborted' ? 'failed' : 'done';
  return steps.map((step) => (step.session === event.id && step.state === 'working' ? { ...step, state: end } : step));
}

function withStep(steps: Step[], change: SummaryChange, kind: StepKind, command: CommandSummary | undefined): Step[] {
  const current = steps.findLastIndex((step) => step.session === change.session);
  const last = steps[current];
  if (last?.kind === kind && last.state === 'working') return steps;
  const step: Step = { kind, session: change.session, state: 'working', from: change.of };
  if (command?.uri !== undefined) step.uri = command.uri;
  if (command?.resultCode !== undefined) step.code = command.resultCode;
  if (kind === 'abort' || isFailure(command?.resultCode)) step.state = 'failed';
  const before = last?.state === 'working' ? steps.with(current, { ...last, state: 'done' }) : steps;
  return [...before, step];
}

/** SCOMO and FUMO result codes: 1200 to 1299 tell success. */
function isFailure(resultCode: number | undefined): boolean {
  return resultCode !== undefined && (resultCode < 1200 || resultCode > 1299);
}

/** A handset that refuses what changes it fails the step; a refused Get is an answer like another. */
function withRefusals(steps: readonly Step[], change: SummaryChange): Step[] {
  const refusal = change.summary.commands.find(
    ({ kind, code, answers, challenge }) =>
      kind === 'Status' &&
      challenge !== true &&
      code !== undefined &&
      code >= 400 &&
      code !== ALREADY_EXISTS &&
      (answers === 'Exec' || answers === 'Add' || answers === 'Replace' || answers === 'Delete'),
  );
  const current = steps.findLastIndex((step) => step.session === change.session);
  const last = steps[current];
  if (refusal?.code === undefined || last === undefined || change.direction !== 'to-dms') return [...steps];
  return steps.with(current, { ...last, state: 'failed', code: refusal.code });
}

interface FoundStep {
  readonly kind: StepKind;
  readonly command?: CommandSummary;
}

function stepsOf(summary: MessageSummary, direction: SummaryChange['direction']): FoundStep[] {
  if (summary.package === 0) return [{ kind: 'call' }];
  const found: FoundStep[] = [];
  if (summary.package === 1 && direction === 'to-dms') found.push({ kind: 'sign-in' });
  for (const command of summary.commands) {
    const kind = direction === 'to-handset' ? serverStep(command) : handsetStep(command);
    if (kind !== undefined && found.at(-1)?.kind !== kind) found.push({ kind, command });
  }
  return found;
}

function handsetStep({ kind, code }: CommandSummary): StepKind | undefined {
  if (kind !== 'Alert') return undefined;
  if (code === 1223) return 'abort';
  return code === 1226 ? 'report' : undefined;
}

function serverStep({ kind, code, uri = '' }: CommandSummary): StepKind | undefined {
  switch (kind) {
    case 'Get':
      if (/^(\.\/)?Dev(Info|Detail)\b/.test(uri)) return 'identify';
      return uri.includes('/Inventory') ? 'inventory' : 'read';
    case 'Add':
    case 'Replace':
      if (uri.includes('/Inventory/Delivered/')) return 'deliver';
      return uri.includes('/Download/') ? 'download' : 'change';
    case 'Delete':
    case 'Copy':
      return 'change';
    case 'Exec':
      return execStep(uri);
    case 'Alert':
      if (code === 1223) return 'abort';
      return code !== undefined && code >= 1100 && code <= 1104 ? 'ask-person' : undefined;
    default:
      return undefined;
  }
}

/** The operation is the last segment of the node (SCOMO 1.0, node table; FUMO 1.0). */
function execStep(uri: string): StepKind {
  const operation = uri.slice(uri.lastIndexOf('/') + 1);
  if (operation === 'Install' || operation === 'InstallInactive' || operation === 'Update') return 'install';
  if (operation === 'Activate') return 'activate';
  if (operation === 'Deactivate') return 'deactivate';
  if (operation === 'Remove') return 'remove';
  return operation.startsWith('Download') ? 'download' : 'change';
}
