import type { Emit } from '../contract/events.ts';
import type { HostFrame } from '../contract/frames.ts';
import type { ParamsOf, RequestName, ResultOf } from '../contract/requests.ts';

/** First a snapshot, then every change (numbers rise by one) and every event. */
export type HostUpdate = Extract<HostFrame, { readonly kind: 'snapshot' | 'change' | 'event' }>;

export interface RequestOptions {
  /** What happens in this request, as it happens. */
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Takes the pieces of the answer to a request that answers in pieces. The next is made when this has resolved. */
  readonly part?: ((part: unknown) => Promise<void> | void) | undefined;
  /** The work goes on when the face goes away. Only for tasks and the demo. */
  readonly keep?: boolean;
}

/** The host as a face sees it, in this process or in another. */
export interface HostConnection {
  /** Process number of the host. */
  readonly pid: number;
  /** This process is the host. */
  readonly own: boolean;
  /** @throws PcAgentError as the host told it, `host/lost` when it went away; AbortError. */
  request<N extends RequestName>(name: N, params: ParamsOf<N>, options: RequestOptions): Promise<ResultOf<N>>;
  /** Resolves when `signal` is aborted. @throws PcAgentError `host/lost` */
  follow(onUpdate: (update: HostUpdate) => void, signal: AbortSignal): Promise<void>;
}
