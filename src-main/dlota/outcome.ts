import { assertNever } from '../base/errors.ts';
import { NotificationCode } from './notification-code.ts';

/** Why a download did not come to its end, as the one who loads it sees it. */
export type DownloadFailure =
  /** An HTTP status that is no success. */
  | { readonly kind: 'http'; readonly status: number }
  /** Nobody there: no name, no connection, no trust, or this side is offline. */
  | { readonly kind: 'unreachable' }
  /** No answer in time. */
  | { readonly kind: 'timeout' }
  /** A connection that broke and could not be taken up again. */
  | { readonly kind: 'lost' }
  /** No room for the object. */
  | { readonly kind: 'memory' }
  /** Another size, type or digest than the descriptor says. */
  | { readonly kind: 'size' }
  | { readonly kind: 'type' }
  | { readonly kind: 'digest' }
  /** A redirect that is not followed. */
  | { readonly kind: 'redirect' }
  /** An answer that makes no sense, or an address that cannot be asked. */
  | { readonly kind: 'answer' }
  | { readonly kind: 'address' };

/** Why an object that came was not installed. */
export type InstallFailure = 'memory' | 'content' | 'device' | 'user';

/** How a download ended: what is reported, and why in a code of ours. */
export interface DownloadOutcome {
  readonly code: NotificationCode;
  /** `dlota/*`; of a success `undefined`. */
  readonly reason: string | undefined;
  readonly failure?: DownloadFailure;
}

export const SUCCESS: DownloadOutcome = { code: NotificationCode.Success, reason: undefined };

export function failureOutcome(failure: DownloadFailure): DownloadOutcome {
  const end = (code: NotificationCode, reason: string): DownloadOutcome => ({ code, reason, failure });
  switch (failure.kind) {
    case 'http':
      return end(NotificationCode.LoaderError, 'dlota/http-status');
    case 'unreachable':
      return end(NotificationCode.LoaderError, 'dlota/unreachable');
    case 'timeout':
      return end(NotificationCode.LossOfService, 'dlota/timeout');
    case 'lost':
      return end(NotificationCode.LossOfService, 'dlota/lost');
    case 'memory':
      return end(NotificationCode.InsufficientMemory, 'dlota/memory-full');
    case 'size':
      return end(NotificationCode.AttributeMismatch, 'dlota/size-mismatch');
    case 'type':
      return end(NotificationCode.AttributeMismatch, 'dlota/type-mismatch');
    case 'digest':
      return end(NotificationCode.AttributeMismatch, 'dlota/digest-mismatch');
    case 'redirect':
      return end(NotificationCode.LoaderError, 'dlota/redirect-refused');
    case 'answer':
      return end(NotificationCode.LoaderError, 'dlota/answer-malformed');
    case 'address':
      return end(NotificationCode.LoaderError, 'dlota/address-invalid');
    default:
      return assertNever(failure);
  }
}

export function installOutcome(failure: InstallFailure): DownloadOutcome {
  switch (failure) {
    case 'memory':
      return { code: NotificationCode.InsufficientMemory, reason: 'dlota/memory-full' };
    case 'content':
      return { code: NotificationCode.NonAcceptableContent, reason: 'dlota/type-refused' };
    case 'device':
      return { code: NotificationCode.DeviceAborted, reason: 'dlota/aborted' };
    case 'user':
      return { code: NotificationCode.UserCancelled, reason: 'dlota/cancelled' };
    default:
      return assertNever(failure);
  }
}

/** Result codes of the management objects that ordered a download (dlota sheet, section 6; the tables of SCOMO and FUMO). */
export interface ManagementCodes {
  readonly scomo: number;
  readonly fumo: number;
}

/**
 * What SCOMO's and FUMO's completion alerts say of a download's end. Only 953 to 405 and 954 to 411 were seen in use;
 * where our knowledge of the failure is finer than the notification's, the code whose words fit is taken.
 */
export function managementCodes({ code, failure }: DownloadOutcome): ManagementCodes {
  switch (failure?.kind) {
    case 'http':
      if (failure.status === 401 || failure.status === 407) return { scomo: 1403, fumo: 406 };
      return failure.status >= 500 ? { scomo: 1500, fumo: 500 } : { scomo: 1402, fumo: 411 };
    case 'unreachable':
      return { scomo: 1501, fumo: 412 };
    case 'timeout':
      return { scomo: 1402, fumo: 407 };
    case 'digest':
      return { scomo: 1402, fumo: 402 };
    default:
      return BY_NOTIFICATION[code];
  }
}

const BY_NOTIFICATION: Readonly<Record<NotificationCode, ManagementCodes>> = {
  900: { scomo: 1200, fumo: 200 },
  901: { scomo: 1404, fumo: 501 },
  902: { scomo: 1401, fumo: 401 },
  903: { scomo: 1402, fumo: 503 },
  905: { scomo: 1402, fumo: 403 },
  906: { scomo: 1402, fumo: 405 },
  951: { scomo: 1402, fumo: 405 },
  952: { scomo: 1400, fumo: 400 },
  953: { scomo: 1413, fumo: 405 },
  954: { scomo: 1402, fumo: 411 },
};
