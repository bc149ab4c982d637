import type { AuthType } from './auth/credentials.ts';

/** What a handset and a DMS have to know of each other (DMAcc, DM Standardized Objects 1.2, 7.1.3). */
export interface Account {
  readonly serverId: string;
  readonly serverPassword: string;
  readonly user: string;
  readonly password: string;
  /** How both sides prove themselves, at the least. */
  readonly auth: AuthType;
  /** AAuthPref: what the client tries first, where that is more than `auth`. */
  readonly preferred?: AuthType;
  /** First nonce of the server's proof, and of package 0; base64. */
  readonly serverNonce: string;
  /** First nonce of the client's proof; base64. */
  readonly clientNonce: string;
}
