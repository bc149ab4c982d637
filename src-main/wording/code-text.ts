import { NOT_PERMITTED } from '../contract/message-summary.ts';
import { catalogue } from './catalogue.ts';
import type { Language } from './language.ts';

/** A status code in words, e.g. "Not found"; with the server that a handset gives no right to, where it is known. */
export function statusText(code: number, language: Language = 'en', server?: string): string {
  const { byCode, notPermitted, unknown } = catalogue(language).statuses;
  if (server !== undefined && code === NOT_PERMITTED) return notPermitted(server);
  return inTable(byCode, code) ?? unknown(code);
}

/** An alert code in words. */
export function alertText(code: number, language: Language = 'en'): string {
  const { byCode, unknown } = catalogue(language).alerts;
  return inTable(byCode, code) ?? unknown(code);
}

/** A result code of a completion alert in words (SCOMO 1.0, result codes). */
export function resultCodeText(code: number, language: Language = 'en'): string {
  const { byCode, vendorSuccess, vendorClient, vendorServer, unknown } = catalogue(language).results;
  const known = inTable(byCode, code);
  if (known !== undefined) return known;
  if (code >= 1250 && code <= 1299) return vendorSuccess(code);
  if (code >= 1450 && code <= 1499) return vendorClient(code);
  return code >= 1550 && code <= 1599 ? vendorServer(code) : unknown(code);
}

/** SCOMO result codes 1200 to 1299. */
export function isResultSuccess(code: number): boolean {
  return code >= 1200 && code <= 1299;
}

function inTable(table: Readonly<Record<number, string>>, code: number): string | undefined {
  return Object.hasOwn(table, code) ? table[code] : undefined;
}
