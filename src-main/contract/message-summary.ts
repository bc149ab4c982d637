import * as z from 'zod/mini';

/** One command of a message, as far as the watcher understood it; `wording/` makes a sentence of it. */
export const CommandSummary = z.object({
  /** `Add`, `Alert`, `Status`, … or the name of an unknown command. */
  kind: z.string(),
  cmdId: z.string(),
  /** The node, or the first of several. */
  uri: z.optional(z.string()),
  /** Status or alert code. */
  code: z.optional(z.int()),
  /** Status only: the command that is answered. */
  answers: z.optional(z.string()),
  /** Length of the first item's data as carried. */
  bytes: z.optional(z.int()),
  /** Whole size of a large object (Meta/Size), first chunk only. */
  size: z.optional(z.int()),
  moreData: z.optional(z.boolean()),
  items: z.int(),
  /** SCOMO result code of a completion alert. */
  resultCode: z.optional(z.int()),
  /** Short text of the data when it is readable and no secret (at most 80 characters). */
  text: z.optional(z.string()),
  /** Status only: the peer asks for credentials (Chal). */
  challenge: z.optional(z.boolean()),
  children: z.optional(z.int()),
});

export const MessageSummary = z.object({
  /** False when the watcher could not read the message; the rest is then empty. */
  readable: z.boolean(),
  sessionId: z.string(),
  msgId: z.int(),
  package: z.int(),
  final: z.boolean(),
  source: z.string(),
  target: z.string(),
  credentials: z.enum(['none', 'basic', 'md5', 'mac']),
  commands: z.array(CommandSummary),
});

/** What a person may see of one message: in words, as XML and as bytes, with every secret masked. */
export const MessageDetail = z.object({
  /** Number of the message in its session. */
  sequence: z.int(),
  summary: MessageSummary,
  /** Indented XML with secrets shown as `•••`. */
  xml: z.string(),
  /** Rows of offset, 16 octets and text, secrets as `··`; cut after 64 KiB of body. */
  hex: z.string(),
  /** How many secret values were masked. */
  masked: z.int(),
});

/** No right by the node's ACL (DM Representation 1.2, status codes). */
export const NOT_PERMITTED = 425;

/**
 * Short name of the server that a handset's message goes to: the host of its address, without a password that may stand
 * before it, or what an OBEX address names.
 */
export function serverAddressed({ target }: Pick<MessageSummary, 'target'>): string | undefined {
  const host = /^https?:\/\/(?:[^/?#]*@)?([^/?#@]+)/i.exec(target)?.[1];
  const name = host ?? target.replace(/^obex:/i, '');
  return name === '' ? undefined : name.slice(0, 80);
}

export type CommandSummary = z.infer<typeof CommandSummary>;
export type MessageSummary = z.infer<typeof MessageSummary>;
export type MessageDetail = z.infer<typeof MessageDetail>;
