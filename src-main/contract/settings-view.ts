import * as z from 'zod/mini';

/** How long raw message bodies, which hold credentials, are kept. */
export const BodyRetention = z.union([
  z.literal('off'),
  z.object({
    days: z.number().check(z.minimum(0), z.maximum(3650)),
    bytes: z.int().check(z.minimum(0), z.maximum(1e12)),
  }),
]);

export const SettingsView = z.object({
  journalBodies: BodyRetention,
});

export type SettingsView = z.infer<typeof SettingsView>;
