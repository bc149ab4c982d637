import { z } from 'zod';

/** How much it matters that a component is there and new. */
const URGENCIES = ['low', 'normal', 'high', 'critical'] as const;
export const Urgency = z.enum(URGENCIES);
export type Urgency = z.infer<typeof Urgency>;

/** Where nobody says. */
export const USUAL_URGENCY: Urgency = 'normal';

export function mostUrgent(one: Urgency, other: Urgency): Urgency {
  return URGENCIES.indexOf(one) >= URGENCIES.indexOf(other) ? one : other;
}
