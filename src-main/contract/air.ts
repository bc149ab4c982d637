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
  /** What it is by its Class of Device; `other` is neither phone nor computer. */
  type: z.enum(['phone', 'computer', 'other']),
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

export type AirAdapter = z.infer<typeof AirAdapter>;
export type AirPhone = z.infer<typeof AirPhone>;
export type AirView = z.infer<typeof AirView>;
