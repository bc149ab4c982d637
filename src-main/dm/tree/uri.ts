import { utf8 } from '../../base/bytes.ts';
import { Status } from '../../syncml/status.ts';
import { isXmlText } from '../../xml/characters.ts';

/** Limits of `./DevDetail/URI`, lengths in octets; a URI beyond them gets 414. */
export const URI_LIMITS = { maxDepth: 16, maxTotalLength: 1024, maxSegmentLength: 127 } as const;

/**
 * Segments below the root as they were written; `./a/b`, `a/b` and `.` are well-formed (DM Tree and Description 1.2,
 * 8.1). A Status code for what is no URI of a node: 414 beyond the limits, else 404.
 */
export function segmentsOf(uri: string): readonly string[] | number {
  if (isLonger(uri, URI_LIMITS.maxTotalLength)) return Status.UriTooLong;
  if (uri === '.') return [];
  if (uri === '' || uri.startsWith('/') || uri.endsWith('/')) return Status.NotFound;
  const segments = (uri.startsWith('./') ? uri.slice(2) : uri).split('/');
  if (segments.length > URI_LIMITS.maxDepth) return Status.UriTooLong;
  for (const segment of segments) {
    const code = faultOfName(segment);
    if (code !== undefined) return code;
  }
  return segments;
}

/** What is wrong with a node's name: 414 or 404. */
export function faultOfName(name: string): number | undefined {
  if (name === '' || name.includes('/') || !isXmlText(name)) return Status.NotFound;
  if (isLonger(name, URI_LIMITS.maxSegmentLength)) return Status.UriTooLong;
  const key = keyOf(name);
  return key === '.' || key === '..' ? Status.NotFound : undefined;
}

/**
 * What two spellings of one name have in common: the name without its percent-escapes (RFC 2396, 2.4.1). A name is kept
 * as it was written; an escape that is none stands for itself.
 */
export function keyOf(name: string): string {
  if (!name.includes('%')) return name;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** More octets in UTF-8 than `most`. */
export function isLonger(text: string, most: number): boolean {
  // A UTF-16 unit is one to three octets.
  if (text.length > most) return true;
  return text.length * 3 > most && utf8(text).length > most;
}
