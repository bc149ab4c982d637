import { z } from 'zod';
import type { Procedure, WantedCommand } from '../../dm/server/work.ts';
import { questionAlert } from '../../dm/user-question.ts';
import type { Command, Item } from '../../syncml/model.ts';
import { type CommandReply, replyOf } from './command-reply.ts';
import { JobQuestion } from './job-question.ts';

/** Commands of one job, those inside groups counted. */
const MAX_COMMANDS = 200;
/** Groups in groups: one more than any handset has to take. */
const MAX_DEPTH = 3;
/** Characters of all data of a job: the body of a request has no room for more. */
const MAX_DATA = 512 * 1024;
const MAX_URI = 1000;

const KINDS = ['Get', 'Add', 'Replace', 'Delete', 'Copy', 'Exec', 'Atomic', 'Sequence', 'Alert'] as const;

/** A command of a job. Which fields it needs goes by its kind. */
export interface CommandRequest {
  readonly kind: (typeof KINDS)[number];
  readonly target?: string;
  readonly source?: string;
  readonly format?: string;
  readonly type?: string;
  readonly data?: string;
  readonly correlator?: string;
  readonly code?: number;
  readonly texts?: readonly string[];
  readonly question?: JobQuestion;
  readonly commands?: readonly CommandRequest[];
}

const uri = z.string().min(1).max(MAX_URI);
const word = z.string().min(1).max(100);
const fields = {
  kind: z.enum(KINDS),
  target: uri.exactOptional().meta({ description: 'URI; of a Get also with ?prop= or ?list=' }),
  source: uri.exactOptional().meta({ description: 'URI; what a Copy copies' }),
  format: word.exactOptional().meta({ description: 'Meta Format; with b64 the data is base64' }),
  type: word.exactOptional().meta({ description: 'Meta Type' }),
  data: z
    .string()
    .max(MAX_DATA)
    .exactOptional()
    .meta({ description: 'absent: the command has no Data; empty: it has an empty one' }),
  correlator: word.exactOptional().meta({ description: 'of an Exec' }),
  code: z.int().min(1).max(99_999).exactOptional().meta({ description: 'of an Alert' }),
  texts: z.array(z.string().max(1000)).max(100).exactOptional().meta({ description: 'Items of an Alert' }),
  question: JobQuestion.exactOptional().meta({ description: 'of an Alert, instead of code and texts' }),
};

/** The interface's document can hold no recursion without names of its own, so the depth is written out. */
function commandAt(depth: number): z.ZodType<CommandRequest> {
  if (depth === MAX_DEPTH) return z.strictObject(fields).refine(isWhole, { error: 'is not whole' });
  const commands = z
    .array(commandAt(depth + 1))
    .max(MAX_COMMANDS)
    .exactOptional()
    .meta({ description: 'of Atomic and Sequence' });
  return z.strictObject({ ...fields, commands }).refine(isWhole, { error: 'lacks or has too much for its kind' });
}

/** Commands that go out in one package. */
export const CommandRequests = z
  .array(commandAt(0))
  .min(1)
  .max(MAX_COMMANDS)
  .refine((commands) => count(commands) <= MAX_COMMANDS, { error: `at most ${MAX_COMMANDS}, inner ones counted` });

/** Sends the commands in one package. */
export function* runCommands(requests: readonly CommandRequest[]): Procedure<readonly CommandReply[]> {
  const { reports } = yield requests.map(wanted);
  const room = { characters: MAX_DATA };
  return requests.map((request, index) => replyOf(request, reports[index], room));
}

/** Every kind has what it needs; a group within the deepest level could not have any commands. */
function isWhole(request: CommandRequest): boolean {
  const { kind, target, source, code, question, commands } = request;
  switch (kind) {
    case 'Atomic':
    case 'Sequence':
      return commands !== undefined && commands.length > 0 && target === undefined;
    case 'Alert':
      return commands === undefined && (code === undefined) !== (question === undefined);
    case 'Copy':
      return commands === undefined && target !== undefined && source !== undefined;
    default:
      return commands === undefined && target !== undefined;
  }
}

function count(commands: readonly CommandRequest[]): number {
  return commands.reduce((sum, { commands: inner = [] }) => sum + 1 + count(inner), 0);
}

function wanted(request: CommandRequest): WantedCommand {
  const { kind, correlator, question, code = 0, texts = [], commands = [] } = request;
  switch (kind) {
    case 'Atomic':
    case 'Sequence':
      return { kind, commands: commands.map(numbered) };
    case 'Alert':
      if (question !== undefined) return questionAlert(question);
      return { kind, code, items: texts.map((data) => (data === '' ? {} : { data })) };
    case 'Exec':
      return { kind, items: [itemOf(request)], ...(correlator === undefined ? {} : { correlator }) };
    default:
      return { kind, items: [itemOf(request)] };
  }
}

/** CmdIDs are given as the commands go out. */
function numbered(request: CommandRequest): Command {
  return { ...wanted(request), cmdId: '' } as Command;
}

function itemOf({ target, source, format, type, data }: CommandRequest): Item {
  const meta = { ...(format === undefined ? {} : { format }), ...(type === undefined ? {} : { type }) };
  return {
    ...(target === undefined ? {} : { target: { uri: target } }),
    ...(source === undefined ? {} : { source: { uri: source } }),
    ...(format === undefined && type === undefined ? {} : { meta }),
    ...(data === undefined ? {} : { data }),
  };
}
