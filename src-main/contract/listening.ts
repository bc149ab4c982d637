/** Ways in for handsets that call by themselves, who calls there, and whether a person lets them in. */
import * as z from 'zod/mini';

/**
 * - `tcp`: OBEX over TCP
 * - `serial`: OBEX over a serial port
 * - `bluetooth`: OBEX over RFCOMM
 * - `network`: HTTP, for a handset with a network link to this computer
 */
export const ListenerKind = z.enum(['tcp', 'serial', 'bluetooth', 'network']);

/** One way in. There is one of each kind, all off until a person puts them on. */
export const ListenerView = z.object({
  kind: ListenerKind,
  /** `waiting`: it is wanted and cannot be now (`reason`); it is tried again by itself. */
  state: z.enum(['off', 'starting', 'listening', 'waiting']),
  /** As it was asked for, e.g. `192.168.42.1:8650`, `usb0`, `serial:/dev/ttyS0`; absent: the usual place of its kind. */
  wanted: z.optional(z.string()),
  /** Where it really listens, as the handset is to be told it; only while it listens. */
  address: z.optional(z.string()),
  /** `network`: below it handsets download packages and descriptors that are offered to them. */
  downloads: z.optional(z.string()),
  /** DM server profile or address that sessions are carried to; absent: the profile that the handset means, or the default. */
  dms: z.optional(z.string()),
  /**
   * Code of why it does not listen, or, while it listens, of what it has to do without (`listening/no-record`: handsets do
   * not find it by themselves; `listening/other-port`: the usual port was not to be had).
   */
  reason: z.optional(z.string()),
  /** The same in a sentence of the program's own language, with what the system said. */
  message: z.optional(z.string()),
  /** Sessions that go on there now. */
  sessions: z.int(),
  /** ISO 8601: since when it is in this state. */
  since: z.string(),
});

/** Somebody who called. Kept while a person is asked; for good once it was accepted or refused. */
export const CallerView = z.object({
  id: z.string(),
  kind: ListenerKind,
  /** DevId as it says it itself; absent where its message cannot be read. */
  device: z.optional(z.string()),
  /** Where it calls from, where the bearer knows it: `bluetooth:AA:BB:CC:DD:EE:FF`, `192.168.42.2`. */
  from: z.optional(z.string()),
  manufacturer: z.optional(z.string()),
  model: z.optional(z.string()),
  /** There is a card of this handset already. */
  known: z.boolean(),
  /** A virtual handset. */
  virtual: z.boolean(),
  /**
   * `asking`: it is held until a person answers, at the longest until `until`. `missed`: it was gone before anybody had
   * answered; an answer holds for its next call. `accepted`, `refused`: so it stays until it is forgotten.
   */
  state: z.enum(['asking', 'missed', 'accepted', 'refused']),
  /** ISO 8601. */
  until: z.optional(z.string()),
  /** `missed`: it left by itself, or nobody answered as long as it was held. */
  missed: z.optional(z.enum(['left', 'unanswered'])),
  /**
   * Not answered: code of why it could be carried nowhere if it were let in now (`listening/no-server`,
   * `dms/profile-unknown`).
   */
  reason: z.optional(z.string()),
  /** The DM server that it wants to speak with, by its message; not where it is carried to. */
  wants: z.optional(z.string()),
  /** ISO 8601: when it called last. */
  calledAt: z.string(),
  /** ISO 8601: when a person has answered. */
  answeredAt: z.optional(z.string()),
});

/** A network interface of this computer that is up. */
export const InterfaceView = z.object({ name: z.string(), addresses: z.array(z.string()), loopback: z.boolean() });

const text = z.string().check(z.minLength(1), z.maxLength(1000));

/** Requests about it; a part of `REQUESTS`. */
export const LISTENING_REQUESTS = {
  /** The ways in, one of each kind, and where the network ones could be bound. */
  'listeners.list': {
    params: z.object({}),
    result: z.object({ listeners: z.array(ListenerView), interfaces: z.array(InterfaceView) }),
  },
  /** Puts a way in on, or another way than before, or off; kept over restarts. Sessions that go on there are not broken off. */
  'listeners.set': {
    params: z.object({
      kind: ListenerKind,
      on: z.boolean(),
      /**
       * `tcp`: `[HOST][:PORT]`, default every interface and port 650. `serial`: the port, needed. `bluetooth`: the channel,
       * default any free one. `network`: `INTERFACE[:PORT]` or `ADDRESS[:PORT]`, needed, never every interface.
       */
      address: z.optional(text),
      /** Profile or address; default: the profile that the handset's first message means, else the default profile. */
      dms: z.optional(text),
    }),
    result: z.object({ listener: ListenerView }),
  },
  'callers.list': { params: z.object({}), result: z.object({ callers: z.array(CallerView) }) },
  /** Lets a caller in, or not; also one that was answered otherwise before. */
  'callers.answer': {
    params: z.object({ caller: text, answer: z.enum(['accept', 'refuse']) }),
    result: z.object({ caller: CallerView }),
  },
  /** It is a stranger again. */
  'callers.forget': { params: z.object({ caller: text }), result: z.object({ forgotten: z.string() }) },
} as const;

export type ListenerKind = z.infer<typeof ListenerKind>;
export type ListenerView = z.infer<typeof ListenerView>;
export type CallerView = z.infer<typeof CallerView>;
export type InterfaceView = z.infer<typeof InterfaceView>;
