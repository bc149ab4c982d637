import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import { type Duration, seconds } from '../base/durations.ts';

const TOKEN_LIFETIME = seconds(15 * 60);
const SESSION_LIFETIME = seconds(24 * 60 * 60);
const MAX_TOKENS = 16;
const MAX_SESSIONS = 32;

export interface PageSessionsOptions {
  readonly clock: Clock;
  /** How long an address may wait for its first visit; default 15 minutes. */
  readonly tokenLifetime?: Duration;
  /** How long a page stays signed in; default 24 hours. */
  readonly sessionLifetime?: Duration;
}

/**
 * One-time tokens and the cookies that they are exchanged for. Only digests are kept, and looked up by digest, so
 * neither memory nor timing tells a valid value. The oldest give way when there are too many.
 */
export class PageSessions {
  readonly #clock: Clock;
  readonly #tokenLifetime: Duration;
  readonly #sessionLifetime: Duration;
  readonly #tokens = new Map<string, number>();
  readonly #sessions = new Map<string, number>();

  constructor(options: PageSessionsOptions) {
    this.#clock = options.clock;
    this.#tokenLifetime = options.tokenLifetime ?? TOKEN_LIFETIME;
    this.#sessionLifetime = options.sessionLifetime ?? SESSION_LIFETIME;
  }

  newToken(): string {
    return issue(this.#tokens, this.#clock.monotonic() + this.#tokenLifetime, MAX_TOKENS);
  }

  /** The cookie's value for a token that was neither used nor too old; the token is then used up. */
  exchange(token: string): string | undefined {
    const name = digestOf(token);
    const expires = this.#tokens.get(name);
    this.#tokens.delete(name);
    const now = this.#clock.monotonic();
    if (expires === undefined || expires <= now) return undefined;
    return issue(this.#sessions, now + this.#sessionLifetime, MAX_SESSIONS);
  }

  knows(cookie: string): boolean {
    const expires = this.#sessions.get(digestOf(cookie));
    return expires !== undefined && expires > this.#clock.monotonic();
  }
}

function issue(values: Map<string, number>, expires: number, limit: number): string {
  const value = randomBytes(32).toString('base64url');
  values.set(digestOf(value), expires);
  for (const oldest of values.keys()) {
    if (values.size <= limit) break;
    values.delete(oldest);
  }
  return value;
}

function digestOf(value: string): string {
  return createHash('sha256').update(value).digest('base64url');
}

/** The value of one cookie of a Cookie header, if it is there. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const pair of (header ?? '').split(';')) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === name) return value;
  }
  return undefined;
}
