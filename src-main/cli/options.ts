/**
 * What each command gets: the flags of the command line, checked. Paths are whole (against INIT_CWD), durations are
 * durations, a flag that was not given and has no default is absent.
 */
import { z } from 'zod';
import { fromBase64 } from '../base/base64.ts';
import { seconds } from '../base/durations.ts';
import { PcAgentError } from '../base/errors.ts';
import { DEFAULTS } from './defaults.ts';

const text = z.string().min(1, 'must not be empty');
const count = z.coerce
  .number({ error: 'must be a whole number' })
  .int('must be a whole number')
  .min(1, 'must be at least 1');
const duration = z.coerce
  .number({ error: 'must be a number of seconds' })
  .positive('must be a number of seconds above 0')
  .max(7 * 24 * 3600, 'must be at most a week')
  .transform((value) => seconds(value));
export const base64 = text.refine((value) => fromBase64(value) !== undefined, 'must be base64');

/** `http:` or `https:` address. */
const webAddress = text
  .refine(
    (value) => /^https?:\/\//i.test(value) && URL.canParse(value),
    'must be an address such as http://HOST:PORT/PATH',
  )
  // It is shown in events.
  .refine((value) => !/^https?:\/\/[^/?#\\]*@/i.test(value), 'must be an address without user and password');

/** An IMEI is 14 digits and a check digit (3GPP TS 23.003, 6.2.1); test equipment may carry any digits. */
const imei = z.string().regex(/^\d{14,16}$/, 'must be 14 to 16 digits');

export const pin = z.string().regex(/^\d{1,20}$/, 'must be 1 to 20 digits');
export const imsi = z.string().regex(/^\d{5,16}$/, 'must be 5 to 16 digits');

/** Commands that an account's server may give, where it may not give all of them (DM Tree and Description 1.2, 7.7.1). */
const Right = z.enum(['Add', 'Delete', 'Exec', 'Get', 'Replace']);

/** How a side proves itself: `syncml:auth-basic`, `-md5`, `-MAC` (OMA DM Security 1.2, 5.1), or not at all. */
export const AuthScheme = z.enum(['none', 'basic', 'md5', 'mac']);

/** One DM account: what a handset and a DMS have to know of each other. Nonces are base64. */
export const Account = z.object({
  serverId: text,
  serverPassword: z.string(),
  user: text,
  password: z.string(),
  auth: AuthScheme.default(DEFAULTS.auth),
  /** First nonce for the digest of the server (and of package 0). */
  serverNonce: base64.default(DEFAULTS.nonce),
  /** First nonce for the digest of the client. */
  clientNonce: base64.default(DEFAULTS.nonce),
  /** What its server may do with the handset's tree; default all. Of a virtual handset only. */
  rights: z.array(Right).exactOptional(),
});

/** The file of `--accounts`: the whole list, so it takes the place of the accounts that the other flags describe. */
export const AccountsFile = z.array(Account).min(1, 'must hold at least one account').max(100);

/** A fault that a virtual side commits on purpose. */
export interface Fault {
  readonly name: string;
  readonly value?: string;
}

/** `NAME` or `NAME=VALUE`. */
const faultText = text.transform((value): Fault => {
  const at = value.indexOf('=');
  return at < 0 ? { name: value } : { name: value.slice(0, at), value: value.slice(at + 1) };
});

/** A word, `text:…` with what is typed, or `choose:1-3` with the numbers that are chosen; `choose:` chooses none. */
const answerText = z.union(
  [
    z.enum(['accept', 'reject', 'cancel', 'timeout', 'ask']),
    z
      .string()
      .startsWith('text:')
      .transform((value) => ({ text: value.slice('text:'.length) })),
    z
      .string()
      .max(500)
      .regex(/^choose:(\d{1,4}(-\d{1,4})*)?$/)
      .transform((value) => ({ chosen: value.slice('choose:'.length).split('-').filter(Boolean).map(Number) })),
  ],
  { error: 'takes accept, reject, cancel, timeout, ask, text:WHAT IS TYPED or numbers as in choose:1-3' },
);

export const VirtualHandsetOptions = z
  .object({
    /** Bearer address to listen on as OBEX server. */
    listen: text.exactOptional(),
    /** Bearer or `http:` address to call as client; a session (1201) starts at once. */
    connect: text.exactOptional(),
    /** Address of a download descriptor or an object, which its user wants. */
    download: webAddress.exactOptional(),
    /** Only says that a session starts at once. */
    initiate: z.boolean().default(false),
    imei: imei.default(DEFAULTS.imei),
    /** What is absent is as its profile has it, or the default. */
    model: text.exactOptional(),
    encoding: z.enum(['wbxml', 'xml']).default(DEFAULTS.encoding),
    /** MaxMsgSize that the handset announces, in bytes. */
    maxMessage: count.max(16 * 1024 * 1024).exactOptional(),
    /** Folder of the inbox; without it the inbox is kept in memory. */
    inbox: text.exactOptional(),
    /** Folder of the tree; without it the tree is forgotten at the end. */
    state: text.exactOptional(),
    /** Name of one of the program's own, or a file (`.json`) of a person's own. */
    profile: text.exactOptional(),
    fault: z.array(faultText).default([]),
    /** What its user says to the questions of a server, one after the other; the last holds for all that follow. */
    answer: z.array(answerText).exactOptional(),
    /** What its user types to let a bootstrap in; without it nobody does, but a person who is asked. */
    pin: pin.exactOptional(),
    /** Of its SIM, which bootstrap documents may be signed with. */
    imsi: imsi.default(DEFAULTS.imsi),
    /** What it does about its firmware as soon as it starts. */
    firmware: z.enum(['ask-as-user', 'ask-as-device', 'update', 'download-and-update']).exactOptional(),
    /** What it does about its software as soon as it starts. */
    software: z
      .string()
      .regex(
        /^(?:want|download-install|install|activate|deactivate|remove)=.{1,256}$/,
        'must be want=, download-install=, install=, activate=, deactivate= or remove=ID',
      )
      .exactOptional(),
    /** File with the public key that packages of software and firmware have to be signed with. */
    packageKey: text.exactOptional(),
    /** A package 0 with a wrong digest starts a session with the first account. */
    laxNotification: z.boolean().default(false),
    auth: AuthScheme.default(DEFAULTS.auth),
    /** The first is the one that `--user`, `--server-id`, … describe. */
    accounts: AccountsFile,
  })
  .refine(
    ({ listen, connect, download }) => [listen, connect, download].filter((each) => each !== undefined).length === 1,
    { error: 'needs one of --listen ADDRESS, --connect ADDRESS and --download URL' },
  )
  .refine((options) => !(options.initiate && options.listen !== undefined), {
    error: '--initiate goes with --connect',
  });

export const VirtualDmsOptions = z.object({
  /** `HOST:PORT` of the HTTP side. */
  listen: text,
  /** Folder of packages that it offers. */
  packages: text.exactOptional(),
  /** Folder where jobs, accounts and reports are kept; without it they are forgotten at the end. */
  state: text.exactOptional(),
  profile: text.exactOptional(),
  fault: z.array(faultText).default([]),
  auth: AuthScheme.default(DEFAULTS.auth),
  /** One entry a known handset account; a device that is not in the list uses the first. */
  accounts: AccountsFile,
});

export const RelayOptions = z
  .object({
    handset: text.exactOptional(),
    listen: text.exactOptional(),
    dms: webAddress,
    /** Sessions, then it ends. */
    count: count.exactOptional(),
    /** Limit of one step. */
    timeout: duration.exactOptional(),
    /** How long nothing may happen before the session is stalled. */
    idle: duration.prefault(DEFAULTS.idleSeconds),
    /** Canonical origins besides the one of `dms`. */
    allowOrigin: z.array(webAddress.transform((value) => new URL(value).origin)).default([]),
    /** A ready-made package 0: a file's path, or base64. */
    notification: text.exactOptional(),
    /** Long-poll address of the DMS's trigger interface. */
    trigger: webAddress.exactOptional(),
    serverId: text.exactOptional(),
    serverPasswordFile: text.exactOptional(),
    serverNonce: base64.exactOptional(),
  })
  .refine((options) => (options.handset === undefined) !== (options.listen === undefined), {
    error: 'needs either --handset ADDRESS or --listen ADDRESS',
  })
  .refine((options) => options.notification === undefined || options.trigger === undefined, {
    error: 'takes --notification or --trigger, not both',
  })
  .refine((options) => (options.serverPasswordFile === undefined) === (options.serverId === undefined), {
    error: '--server-id and --server-password-file go together',
  })
  .refine((options) => options.serverNonce === undefined || options.serverId !== undefined, {
    error: '--server-nonce goes with --server-id',
  });

export const DemoOptions = z.object({
  bearer: z.enum(['tcp', 'serial', 'usb', 'bluetooth']).default('tcp'),
  handsets: count.max(1000).default(1),
  acts: z
    .array(z.enum(['relay', 'cache', 'offline']))
    .min(1)
    // What is installed offline is fetched before.
    .transform((acts) => (acts.includes('offline') ? [...new Set([...acts, 'cache' as const])] : acts)),
  fault: faultText.exactOptional(),
  profile: text.exactOptional(),
});

export const StartOptions = z.object({
  /** Print the demo's run as text too, as it is done without a display. */
  run: z.boolean().default(false),
  /** Open a window or browser. */
  open: z.boolean().default(true),
  /** Port of the page on 127.0.0.1; 0 is any free one. */
  port: z.coerce.number({ error: 'must be a port' }).int().min(0).max(65535).default(0),
});

export type AuthScheme = z.infer<typeof AuthScheme>;
export type Account = z.infer<typeof Account>;
export type VirtualHandsetOptions = z.infer<typeof VirtualHandsetOptions>;
export type VirtualDmsOptions = z.infer<typeof VirtualDmsOptions>;
export type RelayOptions = z.infer<typeof RelayOptions>;
export type DemoOptions = z.infer<typeof DemoOptions>;
export type StartOptions = z.infer<typeof StartOptions>;

/**
 * The flag that a person types for a field: `maxMessage` is `--max-message`; a field of an account by its number; one of
 * the `operands`, which are typed without a flag, as the help names it.
 */
function flagOf(path: readonly PropertyKey[], operands: readonly string[]): string | undefined {
  const [field, index, inner] = path;
  if (typeof field !== 'string') return undefined;
  if (operands.includes(field)) return field;
  if (field === 'accounts' && typeof index === 'number') return `account ${index + 1}, ${String(inner ?? 'whole')}:`;
  return `--${field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/**
 * Checks the flags of one command. Values are not repeated in the message, since a flag may carry a password.
 * @throws PcAgentError `cli/usage`
 */
export function checkOptions<T extends z.ZodType>(
  schema: T,
  flags: unknown,
  operands: readonly string[] = [],
): z.infer<T> {
  const checked = schema.safeParse(flags);
  if (checked.success) return checked.data;
  const sentences = checked.error.issues.map((issue) => {
    const flag = flagOf(issue.path, operands);
    return flag === undefined ? issue.message : `${flag} ${issue.message}`;
  });
  throw new PcAgentError('cli/usage', [...new Set(sentences)].join('; '));
}
