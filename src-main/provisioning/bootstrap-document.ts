import type { HmacSha1 } from '../base/digest.ts';
import type { AccountObject } from '../dm/objects/account-object.ts';
import { type BootstrapHeader, type BootstrapProfile, bootstrapType, type Security } from './content-type.ts';
import { readCpDocument, writeCpDocument } from './cp-document.ts';
import { readDmDocument, writeDmDocument } from './dm-document.ts';
import { documentMac, macKey, type SharedSecrets } from './mac.ts';
import { accountsInDocument, applicationOf } from './w7.ts';

/** A document as it is put into an inbox. */
export interface BootstrapDocument {
  readonly name: string;
  readonly contentType: string;
  readonly body: Uint8Array;
}

export interface BootstrapOptions {
  readonly profile: BootstrapProfile;
  readonly security: Exclude<Security, 'pin-mac'>;
  readonly secrets: SharedSecrets;
  /** DevId of the handset, where it is known. */
  readonly device?: string | undefined;
  /** Of client provisioning; a DM message is always WBXML. */
  readonly encoding?: 'wbxml' | 'xml';
}

/** The signed document that brings an account; `undefined` when a secret that it is signed with is missing. */
export function bootstrapDocument(
  account: AccountObject,
  options: BootstrapOptions,
  hmac: HmacSha1,
): BootstrapDocument | undefined {
  const { profile, security, secrets, device, encoding = 'wbxml' } = options;
  const key = macKey(profile, security, secrets);
  if (key === undefined) return undefined;
  const dm = profile === 'dm';
  const body = dm ? writeDmDocument(account, device) : writeCpDocument([applicationOf(account)], encoding);
  return {
    name: dm ? 'bootstrap.dm' : 'bootstrap.prov',
    contentType: bootstrapType(profile, dm ? 'wbxml' : encoding, { security, mac: documentMac(hmac, key, body) }),
    body,
  };
}

/**
 * The accounts of a document of either profile.
 * @throws PcAgentError `provisioning/malformed`, `provisioning/too-large`
 */
export function accountsOfDocument(
  { profile, encoding }: Pick<BootstrapHeader, 'profile' | 'encoding'>,
  body: Uint8Array,
): readonly AccountObject[] {
  return profile === 'dm' ? readDmDocument(body) : accountsInDocument(readCpDocument(body, encoding));
}
