import type { AttachedReason } from '../../bearer/discovery.ts';

/** Who an attached handset is, as far as it, its cable or its port tells. */
export interface Identity {
  /** DevId as in DevInfo, e.g. `IMEI:350000000000012`; only when it said a number that is one. */
  readonly device?: string;
  /** True when no other handset can have this identity: an IMEI with the right check digit. */
  readonly strong: boolean;
  readonly manufacturer?: string;
  readonly model?: string;
  readonly firmware?: string;
  /** A number that tells it from others of its model, but is no IMEI. */
  readonly serial?: string;
  /** Whether it takes an OBEX connection to SYNCML-DM; absent where nobody asked it. */
  readonly speaksDm?: boolean;
  /** Address of the way on which it was asked. */
  readonly via: string;
  /** Why it could not be asked, or said nothing. */
  readonly reason?: AttachedReason;
}
