import type { BearerKind } from '../bearer/bearer.ts';

/** Whose way it is was said by the handset itself (`strong`), or follows from where something was met (`weak`). */
export type WayConfidence = 'strong' | 'weak';

/** An address at which a handset was met. A serial path is a place: it belongs to who identified itself there last. */
export interface HandsetWay {
  /** As it is dialled, e.g. `usb:0421:0123:350000000000012`, `serial:/dev/ttyACM0`. */
  readonly address: string;
  readonly kind: Exclude<BearerKind, 'memory'> | 'http';
  /** The physical port, e.g. `1-2.3`, where it was seen last. */
  readonly place?: string;
  /** Whether it is there now, as far as anybody looks. */
  readonly attached: boolean;
  /** Why it cannot be used though it is attached. */
  readonly reason?: string;
  readonly confidence: WayConfidence;
  readonly lastSeen: string;
}

/** The ways of a handset by its DevId: attached ones first, the best of them at the head. */
export type HandsetWays = (device: string) => readonly HandsetWay[];
