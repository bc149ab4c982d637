import { hexOf } from '../../base/bytes.ts';
import type { Random } from '../../base/digest.ts';
import type { DmRefusal, Visit } from './dm-endpoint.ts';
import type { DmsProfile } from './profiles.ts';

/** Octets of a token: nobody guesses it. */
const TOKEN_LENGTH = 16;
const COOKIE = 'DMSESSION';

/** What a session is told apart by besides its SessionID, where the server's profile wants that. */
export class SessionToken {
  readonly #profile: DmsProfile;
  readonly #token: string;

  constructor(profile: DmsProfile, random: Random) {
    this.#profile = profile;
    this.#token = hexOf(random.bytes(TOKEN_LENGTH)).toUpperCase();
  }

  /** For each header; relative, so that it leads through a PC that relays. */
  get respUri(): string | undefined {
    return this.#profile.sessionInPath === true ? `/dm;jsessionid=${this.#token}` : undefined;
  }

  /** Value of Set-Cookie for the first answer. */
  get cookie(): string | undefined {
    return this.#profile.sessionCookie === true ? `${COOKIE}=${this.#token}; Path=/dm; HttpOnly` : undefined;
  }

  /** Why a message after the first, which the client can have sent before it knew the token, is not taken. */
  refusal(visit: Visit): DmRefusal | undefined {
    const { sessionInPath, sessionCookie } = this.#profile;
    if (sessionInPath === true && visit.token !== this.#token) {
      return { status: 403, message: 'the session goes on at the address that RespURI named' };
    }
    if (sessionCookie === true && !cookiesOf(visit).includes(`${COOKIE}=${this.#token}`)) {
      return { status: 403, message: 'the cookie of the session is missing' };
    }
    return undefined;
  }
}

function cookiesOf({ cookie = '' }: Visit): readonly string[] {
  return cookie.split(';').map((pair) => pair.trim());
}
