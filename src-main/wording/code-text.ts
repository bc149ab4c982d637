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

/** A result code of a completion alert in words: of SCOMO 1.0 (1200 and more) or of FUMO 1.0, whose codes are a thousand less. */
export function resultCodeText(code: number, language: Language = 'en'): string {
  const { byCode, vendorSuccess, vendorClient, vendorServer, unknown } = catalogue(language).results;
  const known = inTable(byCode, code);
  if (known !== undefined) return known;
  const number = code < 1000 ? code + 1000 : code;
  if (number >= 1250 && number <= 1299) return vendorSuccess(code);
  if (number >= 1450 && number <= 1499) return vendorClient(code);
  return number >= 1550 && number <= 1599 ? vendorServer(code) : unknown(code);
}

/** SCOMO result codes 1200 to 1299. */
export function isResultSuccess(code: number): boolean {
  return code >= 1200 && code <= 1299;
}

function inTable(table: Readonly<Record<number, string>>, code: number): string | undefined {
  return Object.hasOwn(table, code) ? table[code] : undefined;
}
