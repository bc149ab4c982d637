/** What operations need of the PC's own DM server, in their own words. */
import type { Bearer, BearerAddress } from '../bearer/bearer.ts';
import type { CachedPackage } from '../cache/cached-package.ts';
import type { ComponentView, JobResult } from '../contract/results.ts';
import type { WorkContext } from './engine.ts';

/** A handset's address and the bearer for it. */
export interface HandsetPlace {
  readonly bearer: Bearer;
  readonly address: BearerAddress;
  /** Who has to be there; another handset is left alone. */
  readonly device: string | undefined;
}

export type OwnOperation =
  /** Only who it is. */
  | { readonly kind: 'identify' }
  | { readonly kind: 'inventory' }
  | { readonly kind: 'install'; readonly packages: readonly CachedPackage[] }
  | { readonly kind: 'remove'; readonly component: string };

export interface OwnOutcome {
  /** `undefined` when the handset never said it. */
  readonly device: string | undefined;
  readonly manufacturer?: string | undefined;
  readonly model?: string | undefined;
  readonly sessions: readonly string[];
  /** One for each package or component; one for an inventory. */
  readonly jobs: readonly JobResult[];
  readonly components?: readonly ComponentView[] | undefined;
}

/** The PC as DM server: one session, from what it holds. It opens nothing but the bearer. */
export interface OwnServer {
  /** @throws PcAgentError of the bearer when the handset is not there; AbortError before anything was asked of it. */
  run(operation: OwnOperation, place: HandsetPlace, context: WorkContext): Promise<OwnOutcome>;
}
