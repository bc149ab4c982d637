import { PcAgentError } from '../base/errors.ts';

/** A DMS that the operator has configured or confirmed: where to post, and where it may send us on to. */
export interface DmsProfile {
  readonly url: URL;
  /** Canonical origins (`http://host:port`); the URL's own is among them. */
  readonly allowedOrigins: ReadonlySet<string>;
}

export function dmsProfile(url: URL, allowOrigins: readonly string[] = []): DmsProfile {
  return { url, allowedOrigins: new Set([url.origin, ...allowOrigins.map((origin) => new URL(origin).origin)]) };
}

/**
 * Where the next message goes: RespURI, relative ones against the last address (DM Protocol 1.2, 2.3.2).
 * Otherwise whoever writes a RespURI could make this PC post into the network that it sits in.
 * @throws PcAgentError `relay/respuri-refused` for another origin than the profile allows, and for what is no address.
 */
export function nextAddress(profile: DmsProfile, respUri: string, last: URL): URL {
  const next = URL.canParse(respUri, last.href) ? new URL(respUri, last.href) : undefined;
  if (next === undefined) throw refused('the server named an address that cannot be read', {});
  if (!respUriAllowed(profile, next)) {
    throw refused(`the server wants the next message at ${next.origin}, which its profile does not allow`, {
      origin: next.origin,
    });
  }
  return next;
}

export function respUriAllowed(profile: DmsProfile, address: URL): boolean {
  const web = address.protocol === 'http:' || address.protocol === 'https:';
  return web && address.username === '' && address.password === '' && profile.allowedOrigins.has(address.origin);
}

function refused(message: string, details: Readonly<Record<string, unknown>>): PcAgentError {
  return new PcAgentError('relay/respuri-refused', message, { retry: 'after-operator', details });
}
