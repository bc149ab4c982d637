import type { PcAgentError } from '../base/errors.ts';
import type { Header } from './header.ts';

/** What a service answers to a request. */
export interface ObexAnswer {
  readonly code: number;
  readonly headers?: readonly Header[];
  /** Only with a success code, and only to GET. */
  readonly body?: Uint8Array;
  /** Called once: without an argument when the answer went out whole, else with what ended it. */
  readonly settled?: (failure?: PcAgentError) => void;
}

/**
 * Takes a body piece by piece, for objects that nobody needs whole in memory. One call at a time, save `discard`, which
 * may come while another one is under way.
 */
export interface ObexSink {
  /**
   * The octets are the sink's until it returns. The peer waits for what it returned: there is room for more then. An error,
   * of either kind, refuses the object.
   */
  write(octets: Uint8Array): Promise<void> | undefined;
  /**
   * Set while `write` takes what it is given at once: then the peer is answered before, and makes its next packet
   * meanwhile. An error refuses the object with that one.
   */
  readonly prompt?: boolean;
  /** The body is at its end: what the peer is answered. */
  finish(headers: readonly Header[], signal: AbortSignal): Promise<ObexAnswer>;
  /** It was broken off: what was written counts for nothing. Never fails. */
  discard(): Promise<void>;
}

export interface SetPathRequest {
  readonly up: boolean;
  readonly dontCreate: boolean;
  /** `undefined`: no Name; `''`: the root. */
  readonly name: string | undefined;
}

/** Why a connection ended: DISCONNECT or a clean end between operations, or the error that ended it. */
export type ConnectionEnd = 'disconnect' | PcAgentError;

/** One OBEX connection as its service sees it. The server calls one request at a time. */
export interface ObexServiceConnection {
  /** Longest object that is taken; more is answered by 0xCD. */
  readonly maxObject: number;
  /** Looks at the headers of a PUT before its body is gathered; a code refuses it, a sink takes the body instead of `put`. */
  acceptPut?(headers: readonly Header[]): number | ObexSink | undefined;
  /** A whole object. May wait; `signal` is aborted when the peer breaks it off. */
  put(headers: readonly Header[], body: Uint8Array, signal: AbortSignal): Promise<ObexAnswer>;
  /** May wait until there is something; `signal` is aborted when the peer breaks it off or leaves. */
  get(headers: readonly Header[], signal: AbortSignal): Promise<ObexAnswer>;
  /** 0xD1 when missing. */
  setPath?(request: SetPathRequest): number;
  /** The peer sent ABORT; the connection stays. */
  aborted(): void;
  ended(end: ConnectionEnd): void;
}

export interface ObexConnectRequest {
  readonly target: Uint8Array | undefined;
  /** Longest packet that may be sent to the peer. */
  readonly packetLimit: number;
  /** Drops the whole stream after what is being answered; for a service that has to break off. */
  readonly drop: () => void;
}

/** A service behind an OBEX server, chosen by the Target of CONNECT. */
export interface ObexService {
  serves(target: Uint8Array | undefined): boolean;
  /** A connection, or the code that refuses it. */
  connect(request: ObexConnectRequest): ObexServiceConnection | number;
}
