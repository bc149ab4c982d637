import * as z from 'zod/mini';
import { type CommandSummary, type MessageSummary, NOT_PERMITTED, serverAddressed } from './message-summary.ts';
import type { MessageRow, SessionRow } from './sessions.ts';

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
  state: z.enum(['working', 'done', 'failed']),
  /** Number of the message with which it began. */
  from: z.int(),
  /** The node that it is about. */
  uri: z.optional(z.string()),
  /** Status of a refused command, or the result code of a report. */
  code: z.optional(z.int()),
  /** The server to which the handset gives no right (425). */
  server: z.optional(z.string()),
});

export type StepKind = z.infer<typeof StepKind>;
export type Step = z.infer<typeof Step>;

/** The steps of a session after one more of its messages. */
export function stepsAfterMessage(steps: readonly Step[], message: MessageRow): Step[] {
  let next = withRefusals(steps, message);
  for (const { kind, command } of stepsOf(message.summary, message.direction)) {
    next = withStep(next, message, kind, command);
  }
  return next.slice(-MAX_STEPS);
}

/** A session's end closes the step that it was in. */
export function stepsAfterEnd(steps: readonly Step[], state: SessionRow['state']): Step[] {
  if (state === 'started' || state === 'running') return [...steps];
  const end = state === 'failed' || state === 'aborted' ? 'failed' : 'done';
  return steps.map((step) => (step.state === 'working' ? { ...step, state: end } : step));
}

function withStep(steps: Step[], message: MessageRow, kind: StepKind, command: CommandSummary | undefined): Step[] {
  const last = steps.at(-1);
  if (last?.kind === kind && last.state === 'working') return steps;
  const step: Step = { kind, state: 'working', from: message.number };
  if (command?.uri !== undefined) step.uri = command.uri;
  if (command?.resultCode !== undefined) step.code = command.resultCode;
  if (kind === 'abort' || isFailure(command?.resultCode)) step.state = 'failed';
  const before = last?.state === 'working' ? steps.with(-1, { ...last, state: 'done' }) : steps;
  return [...before, step];
}

/** SCOMO and FUMO result codes: 1200 to 1299 tell success. */
function isFailure(resultCode: number | undefined): boolean {
  return resultCode !== undefined && (resultCode < 1200 || resultCode > 1299);
}

/** A handset that refuses what changes it fails the step; a refused Get is an answer like another. */
function withRefusals(steps: readonly Step[], message: MessageRow): Step[] {
  const refusal = message.summary.commands.find(
    ({ kind, code, answers, challenge }) =>
      kind === 'Status' &&
      challenge !== true &&
      code !== undefined &&
      code >= 400 &&
      code !== ALREADY_EXISTS &&
      // What it gives no right to is no answer, a Get neither.
      (answers === 'Exec' ||
        answers === 'Add' ||
        answers === 'Replace' ||
        answers === 'Delete' ||
        code === NOT_PERMITTED),
  );
  const last = steps.at(-1);
  if (refusal?.code === undefined || last === undefined || message.direction !== 'to-dms') return [...steps];
  const server = refusal.code === NOT_PERMITTED ? serverAddressed(message.summary) : undefined;
  const failed = { ...last, state: 'failed', code: refusal.code } as const;
  return steps.with(-1, server === undefined ? failed : { ...failed, server });
}

interface FoundStep {
  readonly kind: StepKind;
  readonly command?: CommandSummary;
}

function stepsOf(summary: MessageSummary, direction: MessageRow['direction']): FoundStep[] {
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
