/**
 * What the process that holds the native modules and the one that uses it tell each other: one JSON text a line on the
 * control connection, and one line at the beginning of each stream's own connection.
 */
import * as z from 'zod/mini';

/** Longest line of the control connection, in octets: a full list of things, or an error with its details. */
export const MAX_CONTROL_LINE = 1024 * 1024;
/** Longest first line of a connection. */
export const MAX_HELLO_LINE = 1024;
/** Streams, requests and listeners at once. */
export const MAX_OPEN = 1024;

/** Things and functions in one list, and characters in one text of it; more is cut off by the child. */
export const MAX_THINGS = 256;
export const MAX_FUNCTIONS = 64;
export const MAX_THING_TEXT = 600;
/** Services of one handset. */
export const MAX_SERVICES = 64;

const MAX_TEXT = 4000;
const id = z.int().check(z.minimum(1));
const text = z.string().check(z.maxLength(MAX_TEXT));
const kind = z.enum(['tcp', 'serial', 'usb', 'bluetooth', 'memory']);

const bearerError = z.object({
  /** `AbortError`, or a code of ours. */
  code: z.string().check(z.maxLength(100)),
  message: text,
  retry: z.enum(['never', 'same-bearer', 'later', 'after-operator']),
  details: z.record(z.string().check(z.maxLength(100)), z.unknown()),
});

const short = z.string().check(z.maxLength(MAX_THING_TEXT));
const reason = z.enum([
  'bearer/permission-denied',
  'bearer/busy',
  'bearer/modem-manager',
  'bearer/driver-missing',
  'bearer/no-obex',
  'bearer/unusable',
]);
const holder = z.object({ name: short, pid: z.int() });
const thing = z.object({
  id: short,
  attachment: z.exactOptional(short),
  place: short,
  vendorId: z.exactOptional(z.int()),
  productId: z.exactOptional(z.int()),
  serial: z.exactOptional(short),
  manufacturer: z.exactOptional(short),
  product: z.exactOptional(short),
  functions: z
    .array(
      z.object({
        kind: z.enum(['usb', 'serial', 'bluetooth']),
        address: short,
        service: z.exactOptional(short),
        reason: z.exactOptional(reason),
        holder: z.exactOptional(holder),
        os: z.exactOptional(short),
      }),
    )
    .check(z.maxLength(MAX_FUNCTIONS)),
  reason: z.exactOptional(reason),
  holder: z.exactOptional(holder),
  os: z.exactOptional(short),
});

const channel = z.int().check(z.minimum(1), z.maximum(30));
const service = z.object({
  kind: z.enum(['syncml-dm-client', 'syncml-dm-server', 'obex-push', 'obex-file-transfer']),
  channel,
  name: z.exactOptional(short),
});
const rfcommState = z.object({
  implementation: z.enum(['addon', 'package', 'none']),
  reason: z.enum(['usual', 'asked-for', 'addon-missing', 'addon-broken']),
  sockets: z.boolean(),
  lookUp: z.boolean(),
  os: z.exactOptional(short),
});

/** The first line of a connection that the child opens: who it is for. */
export const Hello = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('control'), token: short }),
  /** A dialled stream has the number of its request; one that came to a listener has the listener's beside its own. */
  z.object({
    kind: z.literal('stream'),
    token: short,
    stream: id,
    listener: z.exactOptional(id),
    noisy: z.boolean(),
    /** The first write takes its time: `taken` tells when the bearer has it. */
    prepares: z.exactOptional(z.boolean()),
    peer: z.exactOptional(short),
  }),
]);

export const ToChild = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('dial'), id, bearer: kind, address: text }),
  z.object({ kind: z.literal('listen'), id, bearer: kind, address: text }),
  z.object({ kind: z.literal('look'), id }),
  z.object({ kind: z.literal('watch'), id }),
  /** What a handset offers over Bluetooth. */
  z.object({ kind: z.literal('services'), id, address: short }),
  /** What carries octets over Bluetooth. */
  z.object({ kind: z.literal('rfcomm'), id }),
  /** The request, watch or listener is not wanted any more. */
  z.object({ kind: z.literal('cancel'), id }),
  /** Nothing more is written to the stream: the bearer's own one is to be closed. */
  z.object({ kind: z.literal('close'), stream: id }),
  z.object({ kind: z.literal('ping') }),
]);

export const FromChild = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('failed'), id, error: bearerError }),
  z.object({ kind: z.literal('listening'), id, address: text }),
  z.object({ kind: z.literal('things'), id, things: z.array(thing).check(z.maxLength(MAX_THINGS)) }),
  z.object({ kind: z.literal('services'), id, services: z.array(service).check(z.maxLength(MAX_SERVICES)) }),
  z.object({ kind: z.literal('rfcomm'), id, state: rfcommState }),
  /** A cancelled request, watch or listener has let go of everything. */
  z.object({ kind: z.literal('done'), id }),
  /** The other side has ended cleanly; the end of the stream's connection follows. */
  z.object({ kind: z.literal('ended'), stream: id }),
  /** The bearer has the first octets of a stream that prepares its line. */
  z.object({ kind: z.literal('taken'), stream: id }),
  /** The stream broke; the end of its connection follows. */
  z.object({ kind: z.literal('lost'), stream: id, error: bearerError }),
  /** The bearer's own stream is closed: its port is free. */
  z.object({ kind: z.literal('closed'), stream: id }),
  z.object({ kind: z.literal('pong') }),
]);

export type Hello = z.infer<typeof Hello>;
export type ToChild = z.infer<typeof ToChild>;
export type FromChild = z.infer<typeof FromChild>;
export type BearerError = z.infer<typeof bearerError>;
