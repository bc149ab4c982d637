import { PcAgentError } from '../../src-main/base/errors.ts';
import { jsonOf } from '../../src-main/base/json.ts';
import { VERSION } from '../../src-main/base/version.ts';
import type { FrameError } from '../../src-main/contract/frame-error.ts';
import { type FaceFrame, Greeting, HostFrame } from '../../src-main/contract/frames.ts';
import { type HostState, stateAfter } from '../../src-main/contract/host-state.ts';
import {
  type ParamsOf,
  type PartOf,
  REQUESTS,
  type RequestName,
  type ResultOf,
} from '../../src-main/contract/requests.ts';
import { CONTRACT_VERSION } from '../../src-main/contract/version.ts';
import type { HostStore } from './host-store.ts';
import type { Transport, TransportConnection } from './transport.ts';

const FIRST_RETRY = 400;
const LAST_RETRY = 5000;
/** One drawing for all changes that come within this time, in milliseconds. */
const DRAW_INTERVAL = 50;

export interface HostClientOptions {
  readonly transport: Transport;
  readonly store: HostStore;
  /** Which face it is, for people. */
  readonly face: string;
}

export interface RequestOptions<N extends RequestName> {
  readonly signal?: AbortSignal;
  /** Pieces of the answer, in their order. */
  readonly onPart?: (part: PartOf<N>) => void;
  /** The work goes on when this page goes away. */
  readonly keep?: boolean;
}

interface Pending {
  readonly name: RequestName;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly onPart: ((part: never) => void) | undefined;
}

/** The page's side of the contract: keeps the store as the host is, and asks for work. */
export class HostClient {
  readonly #options: HostClientOptions;
  readonly #pending = new Map<number, Pending>();
  #connection: TransportConnection | undefined;
  #welcome = false;
  #lastId = 0;
  #retry = FIRST_RETRY;
  #sequence = 0;
  #state: HostState | undefined;
  #drawing: ReturnType<typeof setTimeout> | undefined;

  constructor(options: HostClientOptions) {
    this.#options = options;
  }

  start(): void {
    void this.#connect();
  }

  /** @throws PcAgentError as the host told it, `page/unreachable` without a host, `host/lost` when it goes away; AbortError */
  async request<N extends RequestName>(
    name: N,
    params: ParamsOf<N>,
    { signal, onPart, keep }: RequestOptions<N> = {},
  ): Promise<ResultOf<N>> {
    signal?.throwIfAborted();
    if (!this.#welcome) throw new PcAgentError('page/unreachable', 'PC Agent does not answer', { retry: 'later' });
    this.#lastId += 1;
    const id = this.#lastId;
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#pending.set(id, { name, resolve, reject, onPart });
    });
    const cancel = () => {
      this.#send({ kind: 'cancel', id });
      this.#settle(id)?.reject(signal?.reason);
    };
    signal?.addEventListener('abort', cancel, { once: true });
    this.#send({ kind: 'request', id, name, params, ...(keep === true ? { keep } : {}) });
    try {
      return (await answer) as ResultOf<N>;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  async #connect(): Promise<void> {
    const { transport, store } = this.#options;
    try {
      const refused = await transport.signIn();
      if (refused !== undefined) {
        store.setState({ connection: { kind: 'refused', code: refused } });
        return;
      }
    } catch {
      this.#again();
      return;
    }
    this.#connection = transport.open({
      onOpen: () =>
        this.#write({ kind: 'hello', contract: CONTRACT_VERSION, version: VERSION, face: this.#options.face }),
      onFrame: (text) => this.#take(text),
      onClose: () => this.#closed(),
    });
  }

  #take(text: string): void {
    const value = jsonOf(text);
    if (!this.#welcome) this.#greet(value);
    else this.#frame(value);
  }

  #greet(value: unknown): void {
    const greeting = Greeting.safeParse(value);
    if (!greeting.success || greeting.data.kind === 'refused' || greeting.data.contract !== CONTRACT_VERSION) {
      this.#refuse();
      return;
    }
    this.#welcome = true;
    this.#send({ kind: 'follow', events: false });
  }

  #frame(value: unknown): void {
    const frame = HostFrame.safeParse(value);
    if (!frame.success) {
      this.#refuse();
      return;
    }
    const { data } = frame;
    switch (data.kind) {
      case 'snapshot':
        this.#retry = FIRST_RETRY;
        this.#sequence = data.sequence;
        this.#state = data.state;
        this.#draw();
        return;
      case 'change':
        // A number that is missing: what the page shows could be wrong, so it begins anew with a snapshot.
        if (data.sequence === this.#sequence + 1 && this.#state !== undefined) {
          this.#sequence = data.sequence;
          this.#state = stateAfter(this.#state, data.change);
          this.#drawing ??= setTimeout(() => this.#draw(), DRAW_INTERVAL);
        } else this.#connection?.close();
        return;
      case 'part':
        this.#part(data.id, data.part);
        return;
      case 'response':
        this.#answer(data.id, data.result);
        return;
      case 'error':
        this.#settle(data.id)?.reject(errorOf(data.error));
        return;
      case 'event':
      case 'bye':
        return;
    }
  }

  #part(id: number, value: unknown): void {
    const pending = this.#pending.get(id);
    if (pending?.onPart === undefined) return;
    const request = REQUESTS[pending.name];
    const part = 'part' in request ? request.part.safeParse(value) : undefined;
    if (part?.success === true) pending.onPart(part.data as never);
    else this.#settle(id)?.reject(new PcAgentError('page/contract', 'the host sent what the page cannot read'));
  }

  #answer(id: number, value: unknown): void {
    const pending = this.#settle(id);
    if (pending === undefined) return;
    const result = REQUESTS[pending.name].result.safeParse(value);
    if (result.success) pending.resolve(result.data);
    else pending.reject(new PcAgentError('page/contract', 'the host sent what the page cannot read'));
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  #draw(): void {
    clearTimeout(this.#drawing);
    this.#drawing = undefined;
    this.#options.store.setState({ connection: { kind: 'live' }, state: this.#state });
  }

  #refuse(): void {
    this.#options.store.setState({ connection: { kind: 'refused', code: 'page/contract' } });
    this.#connection?.close();
  }

  #closed(): void {
    this.#connection = undefined;
    this.#welcome = false;
    clearTimeout(this.#drawing);
    this.#drawing = undefined;
    for (const id of [...this.#pending.keys()]) {
      this.#settle(id)?.reject(new PcAgentError('host/lost', 'the connection to PC Agent is lost', { retry: 'later' }));
    }
    this.#again();
  }

  #again(): void {
    const { store } = this.#options;
    if (store.getState().connection.kind === 'refused') return;
    store.setState({ connection: { kind: 'lost' } });
    setTimeout(() => void this.#connect(), this.#retry);
    this.#retry = Math.min(this.#retry * 2, LAST_RETRY);
  }

  #send(frame: FaceFrame): void {
    if (this.#welcome) this.#write(frame);
  }

  #write(frame: object): void {
    this.#connection?.send(JSON.stringify(frame));
  }
}

function errorOf({ code, message, retry, offset, details }: FrameError): Error {
  return new PcAgentError(code, message, { retry, details, ...(offset === undefined ? {} : { offset }) });
}
