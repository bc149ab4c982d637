import { errors } from 'undici';
import { PcAgentError } from '../base/errors.ts';

/** Family of the errors of one exchange: `dms` when the other side is the DM server, else `net`. */
export type FaultFamily = 'dms' | 'net';

export interface TransportFault {
  readonly family: FaultFamily;
  readonly origin: string;
  /** False until TCP and TLS stood. */
  readonly connected: boolean;
  /** Bytes of this answer that had come. */
  readonly received: number;
  readonly cause: unknown;
}

/** Codes of node:tls and OpenSSL that mean "the other side could not be trusted". */
const TLS_CODE = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|ERR_OSSL|EPROTO/;

/** Codes of a connection that never came about, whatever connection there had been before. */
const NOBODY = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'EADDRNOTAVAIL']);

/** What broke below HTTP, as an error of ours; the operating system's or undici's own code is in `details.os`. */
export function transportError(fault: TransportFault): PcAgentError {
  const os = codeOf(fault.cause);
  const details = { origin: fault.origin, os, received: fault.received };
  const make = (reason: string, message: string, retry: 'never' | 'later' | 'after-operator') =>
    new PcAgentError(`${fault.family}/${reason}`, message, { cause: fault.cause, retry, details });

  if (os === 'UND_ERR_CONNECT_TIMEOUT' || os === 'ETIMEDOUT') {
    return make('timeout', `${fault.origin} did not answer in time`, 'later');
  }
  if (TLS_CODE.test(os))
    return make('tls-failed', `no trusted connection to ${fault.origin} (${os})`, 'after-operator');
  if (!fault.connected || NOBODY.has(os))
    return make('unreachable', `${fault.origin} cannot be reached (${os})`, 'later');
  if (isMalformed(os, fault.cause))
    return make('answer-malformed', `${fault.origin} did not answer in HTTP (${os})`, 'never');
  return make('answer-truncated', `${fault.origin} closed the connection before its answer was complete`, 'later');
}

/** True when the other side closed or reset the connection (no time-out, no nonsense). */
export function isClosedByPeer(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE' || code === 'ECONNABORTED';
}

function isMalformed(os: string, cause: unknown): boolean {
  if (os === 'UND_ERR_HEADERS_OVERFLOW') return true;
  if (!(cause instanceof errors.HTTPParserError)) return false;
  // An end in the middle is also reported by the parser, but it is a truncation.
  return !/EOF/.test(os) && !/EOF/.test(cause.message);
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown';
}
