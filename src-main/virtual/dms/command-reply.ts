import { z } from 'zod';
import { toBase64 } from '../../base/base64.ts';
import { octetsOf } from '../../base/byte-source.ts';
import { strictTextOf } from '../../base/bytes.ts';
import { isPcAgentError } from '../../base/errors.ts';
import type { CommandReport, ResultItem } from '../../dm/server/work.ts';
import { carriedBytes, effectiveMeta, itemBytes } from '../../syncml/item-data.ts';
import type { Meta } from '../../syncml/model.ts';
import { isSuccess, knownStatus, Status, statusName } from '../../syncml/status.ts';
import type { CommandRequest } from './job-commands.ts';
import { answerTexts } from './job-question.ts';

const ReplyItem = z.object({
  uri: z.string().optional(),
  data: z.string().optional().meta({ description: 'absent: no Data came' }),
  format: z.string().optional(),
  type: z.string().optional(),
  base64: z.literal(true).optional().meta({ description: 'data is base64: the value is no text' }),
  cut: z.literal(true).optional().meta({ description: 'the value is longer than is kept of it' }),
});

const reply = {
  kind: z.string(),
  code: z.int().meta({ description: 'Status; the worst of several; 0 when none came' }),
  items: z.array(ReplyItem).meta({ description: 'of Results, and of the Status of an alert' }),
};
const Innermost = z.object(reply);
const Inner = (depth: number): z.ZodType<CommandReply> =>
  depth === 0 ? Innermost : z.object({ ...reply, children: z.array(Inner(depth - 1)).optional() });

/** What came of one command of a job. */
export interface CommandReply {
  readonly kind: string;
  readonly code: number;
  readonly items: readonly z.infer<typeof ReplyItem>[];
  /** Of Atomic and Sequence, in order. */
  readonly children?: readonly CommandReply[] | undefined;
}
export const CommandReply = Inner(3);

/** How much may be kept of all values of one job. */
export interface ReplyRoom {
  characters: number;
}

/** Items kept of one command. */
const MAX_ITEMS = 1000;

export function replyOf(request: CommandRequest, report: CommandReport | undefined, room: ReplyRoom): CommandReply {
  const { kind, commands } = request;
  const items = (report?.results ?? []).slice(0, MAX_ITEMS).map((item) => replyItem(item, room));
  const said = kind === 'Alert' ? answerTexts(report?.statuses ?? []).map((data) => ({ data })) : [];
  const children = commands?.map((child, index) => replyOf(child, report?.children[index], room));
  return { kind, code: report?.code ?? 0, items: [...items, ...said], ...(children === undefined ? {} : { children }) };
}

/** Why not all was done, as a sentence; `undefined` when it was. */
export function refusalOf(
  requests: readonly CommandRequest[],
  replies: readonly CommandReply[],
  server: string,
): string | undefined {
  const undone = requests.flatMap((request, index) => undoneIn(request, replies[index]));
  // What was skipped or rolled back was so for the sake of another one.
  const reason = undone.find(({ code }) => !isSuccess(code)) ?? undone[0];
  return reason === undefined ? undefined : sentence(reason.request, reason.code, server);
}

interface Undone {
  readonly request: CommandRequest;
  readonly code: number;
}

/** Commands that were not done, those inside a group before the group. */
function undoneIn(request: CommandRequest, reply: CommandReply | undefined): readonly Undone[] {
  const inner = (request.commands ?? []).flatMap((child, index) => undoneIn(child, reply?.children?.[index]));
  const code = reply?.code ?? 0;
  return wasDone(code) ? inner : [...inner, { request, code }];
}

function sentence({ kind, target }: CommandRequest, code: number, server: string): string {
  const what = target === undefined ? kind : `${kind} of ${target}`;
  if (code === 0) return `the handset said nothing of ${what}`;
  if (kind === 'Alert' && code === Status.NotModified) return `the person at the handset answered no (status ${code})`;
  const name = statusName(knownStatus(code));
  const status = `status ${code}${name === undefined ? '' : `, ${name}`}`;
  if (code === Status.PermissionDenied) return `the handset does not allow ${what} to the server ${server} (${status})`;
  return `the handset refused ${what} (${status})`;
}

/** Some numbers of success say the contrary. */
const NOT_DONE: readonly number[] = [Status.OperationCancelled, Status.NotExecuted, Status.AtomicRollBackOk];

function wasDone(code: number): boolean {
  return isSuccess(code) && !NOT_DONE.includes(code);
}

function replyItem(item: ResultItem, room: ReplyRoom): CommandReply['items'][number] {
  const meta = effectiveMeta(item, undefined);
  const { format, type } = meta;
  const uri = item.source?.uri ?? item.target?.uri;
  return {
    ...(uri === undefined ? {} : { uri }),
    ...replyValue(item, meta, room),
    ...(format === undefined ? {} : { format }),
    ...(type === undefined ? {} : { type }),
  };
}

function replyValue(
  item: ResultItem,
  meta: Meta,
  room: ReplyRoom,
): Pick<CommandReply['items'][number], 'data' | 'base64' | 'cut'> {
  const whole = item.stored ?? octetsIn(item);
  if (whole === undefined) return {};
  const cut = whole.length > room.characters;
  const octets = cut ? whole.subarray(0, room.characters) : octetsOf(whole);
  room.characters -= octets.length;
  const text = meta.format === 'bin' ? undefined : strictTextOf(octets);
  return {
    data: text ?? toBase64(octets),
    ...(text === undefined ? { base64: true as const } : {}),
    ...(cut ? { cut: true as const } : {}),
  };
}

function octetsIn(item: ResultItem): Uint8Array | undefined {
  try {
    return itemBytes(item, undefined);
  } catch (error) {
    if (!isPcAgentError(error, 'syncml/bad-base64')) throw error;
    return carriedBytes(item);
  }
}
