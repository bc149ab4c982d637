import * as z from 'zod/mini';

/** Where a session is, as people see it. */
export const SessionPhase = z.enum([
  /** The link to the handset is being opened. */
  'connecting',
  /** Package 0 is with the handset, which has said nothing yet. */
  'calling',
  'signing-in',
  /** DevInfo, inventory or another part of the tree is read. */
  'reading',
  /** A package travels to the handset. */
  'delivering',
  /** The person at the handset is asked (alerts 1100 to 1104). */
  'asking',
  'installing',
  'removing',
  /** Activation, deactivation, or a change of the tree. */
  'changing',
  /** The handset says what came of it. */
  'reporting',
  'ending',
  'over',
]);

export type SessionPhase = z.infer<typeof SessionPhase>;
/** Whether the cable may be pulled now without harm to the handset. */
export type Unplug = 'safe' | 'unsafe';
