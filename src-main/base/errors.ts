/** When asking again may help, and who has to act first. */
export type Retry = 'never' | 'same-bearer' | 'later' | 'after-operator';

export interface PcAgentErrorOptions {
  readonly cause?: unknown;
  readonly retry?: Retry;
  /** Byte offset in the input that was being read, when there is one. */
  readonly offset?: number;
  /** Numbers and names for the operator or for support; never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * The one error class of the product. `code` is `family/reason`, is stable, and is never reused; the family says
 * where the fault lies (bearer, obex, wbxml, xml, syncml, dm, dms, relay, cli, settings).
 * Cancellation is not one of these: an `AbortError` passes through untouched.
 */
export class PcAgentError extends Error {
  readonly code: string;
  readonly retry: Retry;
  readonly offset: number | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, options: PcAgentErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'PcAgentError';
    this.code = code;
    this.retry = options.retry ?? 'never';
    this.offset = options.offset;
    this.details = options.details ?? {};
  }
}

/** True for an error of ours; with `family` ("obex") or a whole code ("obex/truncated") only for those. */
export function isPcAgentError(error: unknown, familyOrCode?: string): error is PcAgentError {
  if (!(error instanceof PcAgentError)) return false;
  if (familyOrCode === undefined) return true;
  return error.code === familyOrCode || error.code.startsWith(`${familyOrCode}/`);
}

/** True when an operation ended because its signal was aborted. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** Closes a `switch` over a union: the compiler proves that it is never reached. */
export function assertNever(value: never): never {
  throw new TypeError(`unexpected value: ${JSON.stringify(value)}`);
}
