/** MIME types of a download descriptor: 1.0, and 2.0, which is refused. */
export const DESCRIPTOR_TYPE = 'application/vnd.oma.dd+xml';
export const DESCRIPTOR_2_TYPE = 'application/vnd.oma.dd2+xml';

export const DESCRIPTOR_NAMESPACE = 'http://www.openmobilealliance.org/xmlns/dd';
export const DESCRIPTOR_2_NAMESPACE = 'http://www.openmobilealliance.org/xmlns/dd2';

/** What a descriptor may cost; the standard sets no limits, and real ones have less than a kilobyte. */
export const DescriptorLimit = {
  /** Octets of the document. */
  Document: 256 * 1024,
  Elements: 1000,
  Depth: 16,
  Attributes: 64,
  /** Elements `type`. */
  Types: 64,
  /** Characters of an address, of a MIME type; more is refused. */
  Uri: 2048,
  Type: 255,
  InstallParam: 16 * 1024,
  /** Characters of what people read; more is cut. */
  Name: 200,
  Description: 2000,
} as const;

/** A download descriptor (Download OTA 1.0, 5.2). Addresses are absolute. */
export interface Descriptor {
  /** DDVersion. */
  readonly version: string;
  /** MIME types of the object and of what it contains; the first is the object's own. Never empty. */
  readonly types: readonly string[];
  /** Octets of the object. */
  readonly size: number;
  /** Of a combined delivery it is `cid:…`, the part that came with it. */
  readonly objectUri: string;
  /** Where to say how it ended; without it nobody wants to know. */
  readonly installNotifyUri?: string;
  /** A page to offer afterwards. */
  readonly nextUrl?: string;
  readonly name?: string;
  readonly vendor?: string;
  readonly description?: string;
  /** More about the object: there is no element for licence and price, so they are behind it. */
  readonly infoUrl?: string;
  readonly iconUri?: string;
  /** For the installer; `key=value` pairs between semicolons where a convention is known. */
  readonly installParam?: string;
}

/** `key=value;key=value` of an installParam; keys in lower case, the first of a name counts. */
export function installParams(descriptor: Descriptor): ReadonlyMap<string, string> {
  const params = new Map<string, string>();
  for (const part of (descriptor.installParam ?? '').split(';')) {
    const at = part.indexOf('=');
    const key = part.slice(0, at).trim().toLowerCase();
    if (at > 0 && !params.has(key)) params.set(key, part.slice(at + 1).trim());
  }
  return params;
}

/** `Content-Type` without parameters, in lower case. */
export function bareType(type: string | undefined): string {
  return (type ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** An address that can be asked: `http:` or `https:`, without user information, not longer than the limit. */
export function usableUrl(text: string, base?: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.length > DescriptorLimit.Uri) return undefined;
  let url: URL;
  try {
    url = base === undefined ? new URL(trimmed) : new URL(trimmed, base);
  } catch {
    return undefined;
  }
  const web = url.protocol === 'http:' || url.protocol === 'https:';
  return web && url.username === '' && url.password === '' ? url.href : undefined;
}

/** `host:port` of an address that was checked. */
export function hostOf(url: string): string {
  return new URL(url).host;
}
