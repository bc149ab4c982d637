import type { IncomingMessage } from 'node:http';

/** No handset sends these; a browser does with whatever a page makes it ask for (Fetch Metadata, 2). */
export function isFromPage({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return headers.origin !== undefined || headers['sec-fetch-site'] !== undefined;
}
