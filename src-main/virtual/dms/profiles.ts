import type { FaultDescription } from '../faults/fault.ts';

/** A kind of DM server: habits of servers in the field that no text on DM speaks of. */
export interface DmsProfile extends FaultDescription {
  /** The session's messages after the first are taken at an address of its own, which RespURI names. */
  readonly sessionInPath?: boolean;
  /** The session is known by a cookie, which comes with the first answer and is wanted back from then on. */
  readonly sessionCookie?: boolean;
}

export const STANDARD_DMS: DmsProfile = { name: 'standard', help: 'as the DM 1.2 texts say (default)' };

export const DMS_PROFILES: readonly DmsProfile[] = [
  STANDARD_DMS,
  {
    name: 'jsessionid',
    help: 'RespURI is /dm;jsessionid=… for each session, which takes its next messages only there',
    sessionInPath: true,
  },
  {
    name: 'cookies',
    help: 'the first answer sets a cookie, and a later message of the session without it is refused',
    sessionCookie: true,
  },
];
