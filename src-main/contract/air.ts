/** Bluetooth of this computer and the phones around it, as every face sees them. */
import * as z from 'zod/mini';

export const AirAdapter = z.object({
  /** The system's name, e.g. `hci0`. */
  id: z.string(),
  address: z.string(),
  name: z.string(),
  powered: z.boolean(),
  /** Switched off by a key or by software. */
  blocked: z.boolean(),
  /** Phones that look for other devices see this computer. */
  visible: z.boolean(),
});

export const AirPhone = z.object({
  /** Six octets, e.g. `00:11:22:AA:BB:CC`; `bluetooth:ADDRESS` dials it. */
  address: z.string(),
  name: z.optional(z.string()),
  /** What it is by its Class of Device; `other` is neither phone nor computer; absent: it has not said one. */
  type: z.optional(z.enum(['phone', 'computer', 'other'])),
  paired: z.boolean(),
  connected: z.boolean(),
  /** Whether a service of device management is known of it; absent: it was not asked. */
  speaksDm: z.optional(z.boolean()),
  /** ISO 8601; absent: not in this run. */
  seenAt: z.optional(z.string()),
  /** dBm. */
  signal: z.optional(z.int()),
});

/** A row of the state feed of its own: it is replaced as a whole. */
export const AirView = z.object({
  /** Code of why there is no Bluetooth now; absent: it can be used. */
  reason: z.optional(z.string()),
  adapters: z.array(AirAdapter),
  /** Those that are paired and near first. */
  phones: z.array(AirPhone),
  searching: z.boolean(),
});

const address = z.string().check(z.regex(/^(?:bluetooth:)?[0-9A-F]{2}(?::[0-9A-F]{2}){5}$/i));
/** How long at most. */
const seconds = z.optional(z.int().check(z.minimum(1), z.maximum(300)));

/** Requests about it; a part of `REQUESTS`. */
export const AIR_REQUESTS = {
  /** What is known now; looks for nobody. */
  'air.look': { params: z.object({}), result: z.object({ air: AirView }) },
  /**
   * Looks for phones, 15 seconds unless said otherwise, and calls those that are paired and were not seen. Each comes as a
   * piece, again when more is known of it.
   */
  'air.search': { params: z.object({ seconds }), part: AirPhone, result: z.object({ air: AirView }) },
  /** Pairs with a phone. What a person has to say to it is a prompt of kind `pairing`. */
  'air.pair': { params: z.object({ address }), result: z.object({ phone: AirPhone }) },
  'air.forget': { params: z.object({ address }), result: z.object({ forgotten: z.string() }) },
  /** Phones see this computer and may ask for pairing, 120 seconds unless said otherwise, or until broken off. */
  'air.show': { params: z.object({ seconds }), result: z.object({}) },
} as const;

export type AirAdapter = z.infer<typeof AirAdapter>;
export type AirPhone = z.infer<typeof AirPhone>;
export type AirView = z.infer<typeof AirView>;
