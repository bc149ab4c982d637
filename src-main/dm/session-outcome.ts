/** How a DM session ended for one of its sides. */
export interface SessionOutcome {
  readonly ok: boolean;
  /** `dm/*` when it failed. */
  readonly code?: string;
  readonly message?: string;
  /** The peer's own Status code, when it is what ended the session. */
  readonly status?: number;
}

export const ENDED_WELL: SessionOutcome = Object.freeze({ ok: true });

export function failed(code: string, message: string, status?: number): SessionOutcome {
  return { ok: false, code, message, ...(status === undefined ? {} : { status }) };
}
