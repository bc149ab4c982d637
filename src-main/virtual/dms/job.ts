import { z } from 'zod';
import { Approval, ApprovalWish, Judgement } from './approval.ts';
import { CommandReply } from './command-reply.ts';
import { DeviceId, Model } from './device-id.ts';
import { CommandRequests } from './job-commands.ts';
import { FirmwareFacts, FirmwareWish } from './job-firmware.ts';
import { JobAnswer, JobQuestion } from './job-question.ts';
import { InventoryEntry, SoftwareFacts, SoftwareWish } from './software-facts.ts';

/** What this server can do. */
export const OPERATIONS = [
  'inventory',
  'install',
  'update',
  'remove',
  'activate',
  'deactivate',
  'ask',
  'commands',
  'firmware',
] as const;

/** What is wanted, whoever is to have it. */
const wanted = {
  operation: z.enum(OPERATIONS),
  package: z.string().min(1).max(256).optional().meta({
    description:
      'package id; required to install; to update it or component; to remove: the package itself; of firmware absent: what fits the handset',
  }),
  component: z
    .string()
    .min(1)
    .max(256)
    .optional()
    .meta({ description: 'component id; required to activate and deactivate; to remove it or package' }),
  question: JobQuestion.optional().meta({ description: 'what is asked or shown; required to ask' }),
  commands: CommandRequests.optional().meta({ description: 'commands of one package; required for commands' }),
  firmware: FirmwareWish.optional().meta({ description: 'how the firmware is updated' }),
  software: SoftwareWish.optional().meta({
    description: 'how software is installed or updated; `consent` counts for every work on it',
  }),
  ...ApprovalWish.shape,
};

/** Work on one handset. */
export const JobRequest = z.object({ device: DeviceId, ...wanted });
export type JobRequest = z.infer<typeof JobRequest>;

/** Work on every handset of a model: those that are known, and those that come while the order is open. */
export const OrderRequest = z.object({
  model: Model,
  until: z.iso.datetime({ offset: true }).optional().meta({ description: 'the order is open no longer' }),
  ...wanted,
});
export type OrderRequest = z.infer<typeof OrderRequest>;

export const Job = z.object({
  id: z.string(),
  device: z.string(),
  model: z.string().optional().meta({ description: 'of the handset, where the job is for its model' }),
  operation: z.enum(OPERATIONS),
  package: z.string().optional(),
  component: z.string().optional(),
  question: JobQuestion.optional(),
  commands: CommandRequests.optional(),
  firmware: FirmwareWish.optional(),
  firmwareFacts: FirmwareFacts.optional(),
  software: SoftwareWish.optional(),
  softwareFacts: SoftwareFacts.optional(),
  order: z.string().optional().meta({ description: 'order for a model that it comes from' }),
  rule: z.string().optional().meta({ description: 'model whose rule it comes from' }),
  schedule: z.string().optional().meta({ description: 'schedule that it comes from' }),
  state: z.enum(['queued', 'running', 'done', 'failed']),
  approval: Approval.optional().meta({ description: 'of another authority; while it is awaited nothing happens' }),
  requestedBy: z.string().optional(),
  accepted: z
    .literal(true)
    .optional()
    .meta({ description: 'while it runs: the handset has begun, and its report is due in this session or another' }),
  judgement: Judgement.optional(),
  resultCode: z
    .int()
    .optional()
    .meta({ description: 'SCOMO result code, 1200 to 1299 for success; of firmware FUMO, 200 to 299' }),
  inventory: z.array(InventoryEntry).optional(),
  answer: JobAnswer.optional().meta({ description: 'what the person at the handset answered' }),
  replies: z.array(CommandReply).optional().meta({ description: 'what came of the commands, in their order' }),
  message: z.string().optional(),
});
export type Job = Readonly<z.infer<typeof Job>>;

/** How a job ended. */
export interface JobOutcome {
  readonly state: 'done' | 'failed';
  readonly resultCode?: number;
  readonly inventory?: readonly InventoryEntry[];
  readonly answer?: JobAnswer;
  readonly replies?: readonly CommandReply[];
  readonly message?: string;
}

/** What a job is asked for with. */
export type NewJob = Pick<
  Job,
  | 'device'
  | 'model'
  | 'operation'
  | 'package'
  | 'component'
  | 'question'
  | 'commands'
  | 'firmware'
  | 'software'
  | 'order'
  | 'rule'
  | 'schedule'
  | 'approval'
  | 'requestedBy'
  | 'judgement'
>;

/** It has ended or not: what counts as open. */
export function hasEnded(job: Job): boolean {
  return job.state === 'done' || job.state === 'failed';
}
