/** What operations need of the PC's own DM server, in their own words. */
import type { Bearer, BearerAddress } from '../bearer/bearer.ts';
import type { ComponentView, JobResult } from '../contract/results.ts';
import type { NewOrder } from '../jobs/job.ts';
import type { WorkContext } from './engine.ts';

/** A handset's address and the bearer for it. */
export interface HandsetPlace {
  readonly bearer: Bearer;
  readonly address: BearerAddress;
  /** Who has to be there; another handset is left alone. */
  readonly device: string | undefined;
}

/** One order for one handset. */
export type OwnOrder = Omit<NewOrder, 'handsets'>;

export interface OwnOutcome {
  /** `undefined` when the handset never said it. */
  readonly device: string | undefined;
  readonly manufacturer?: string | undefined;
  readonly model?: string | undefined;
  readonly sessions: readonly string[];
  /** As the orders. */
  readonly jobs: readonly JobResult[];
  /** What is installed at the end; `undefined` when it was not read. */
  readonly components?: readonly ComponentView[] | undefined;
}

/** The PC as DM server: sessions from what it holds. It opens nothing but the bearer, and keeps whom it has met. */
export interface OwnServer {
  /** Without orders it only looks who is there and what is installed. */
  run(orders: readonly OwnOrder[], place: HandsetPlace, context: WorkContext): Promise<OwnOutcome>;
}
