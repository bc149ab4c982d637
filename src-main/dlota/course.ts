import { assertNever } from '../base/errors.ts';
import type { Descriptor } from './descriptor.ts';
import { NotificationCode } from './notification-code.ts';
import {
  type DownloadFailure,
  type DownloadOutcome,
  failureOutcome,
  type InstallFailure,
  installOutcome,
  SUCCESS,
} from './outcome.ts';
import { type DownloadPage, descriptorPage, plainPage } from './page.ts';
import type { DescriptorReading } from './read-descriptor.ts';

/** How often an installation notification is sent before it is left for later; a known client has three (dlota sheet, 3). */
export const NOTIFY_TRIES = 3;

/** Whether the person is asked, or has agreed before (a download that a DM server orders may be so). */
export type Consent = 'ask' | 'given';

/** What a device can take. */
export interface Capabilities {
  /** Octets that there is room for. */
  readonly free: number;
  readonly accepts: (type: string) => boolean;
}

/** What became of the installation notification. */
export type Delivery =
  /** Nobody wants one. */
  | 'none'
  | 'delivered'
  /** It could not be delivered yet. */
  | 'pending';

/** Where a download stands; what is to be done next shows from it. */
export type CourseState =
  /** Get what the address gives. */
  | { readonly kind: 'describing'; readonly consent: Consent }
  /** Show the page and hear what the person says. */
  | { readonly kind: 'asking'; readonly page: DownloadPage; readonly descriptor: Descriptor | undefined }
  /** Get the object; what comes is checked against the descriptor, if there is one. */
  | { readonly kind: 'loading'; readonly descriptor: Descriptor | undefined }
  /** The object is there and right. */
  | { readonly kind: 'installing'; readonly descriptor: Descriptor | undefined }
  /** Post the installation notification; of a success the content is not released before this is over. */
  | {
      readonly kind: 'reporting';
      readonly outcome: DownloadOutcome;
      readonly uri: string;
      /** Of the try that is to be made now, from 1. */
      readonly tries: number;
      readonly nextUrl: string | undefined;
    }
  | {
      readonly kind: 'over';
      readonly outcome: DownloadOutcome;
      readonly delivery: Delivery;
      readonly nextUrl: string | undefined;
    };

export type CourseEvent =
  /** A descriptor came from `url`. */
  | {
      readonly kind: 'described';
      readonly reading: DescriptorReading;
      readonly url: string;
      readonly can: Capabilities;
    }
  /** No descriptor but the object itself is there. */
  | {
      readonly kind: 'plain';
      readonly url: string;
      /** The address that was asked first. */
      readonly asked: string;
      readonly type: string;
      readonly size: number | undefined;
      readonly can: Capabilities;
    }
  | { readonly kind: 'answered'; readonly accepted: boolean }
  | { readonly kind: 'loaded' }
  /** Also of the address that the download began with. */
  | { readonly kind: 'failed'; readonly failure: DownloadFailure }
  | { readonly kind: 'installed' }
  | { readonly kind: 'not-installed'; readonly failure: InstallFailure }
  /** The notification was taken, or not. */
  | { readonly kind: 'reported' }
  | { readonly kind: 'unreported' }
  /** The person changes their mind. */
  | { readonly kind: 'cancelled' }
  /** The device ends it. */
  | { readonly kind: 'aborted' };

export function beginCourse(consent: Consent): CourseState {
  return { kind: 'describing', consent };
}

/** The next state. What cannot happen in a state changes nothing: the same state comes back. */
export function advance(state: CourseState, event: CourseEvent): CourseState {
  if (state.kind === 'over') return state;
  if (state.kind === 'reporting') return report(state, event);
  switch (event.kind) {
    case 'cancelled':
      return end(descriptorOf(state), CANCELLED);
    case 'aborted':
      return end(descriptorOf(state), { code: NotificationCode.DeviceAborted, reason: 'dlota/aborted' });
    case 'failed':
      return state.kind === 'describing' || state.kind === 'loading'
        ? end(descriptorOf(state), failureOutcome(event.failure))
        : state;
    default:
      return step(state, event);
  }
}

type Working = Exclude<CourseState, { kind: 'over' | 'reporting' }>;
type Ordinary = Exclude<CourseEvent, { kind: 'cancelled' | 'aborted' | 'failed' }>;

const CANCELLED: DownloadOutcome = { code: NotificationCode.UserCancelled, reason: 'dlota/cancelled' };
const TYPE_REFUSED: DownloadOutcome = { code: NotificationCode.NonAcceptableContent, reason: 'dlota/type-refused' };

function step(state: Working, event: Ordinary): CourseState {
  switch (state.kind) {
    case 'describing':
      if (event.kind === 'described') return described(state.consent, event);
      return event.kind === 'plain' ? plain(state.consent, event) : state;
    case 'asking':
      if (event.kind !== 'answered') return state;
      return event.accepted ? { kind: 'loading', descriptor: state.descriptor } : end(state.descriptor, CANCELLED);
    case 'loading':
      return event.kind === 'loaded' ? { kind: 'installing', descriptor: state.descriptor } : state;
    case 'installing':
      if (event.kind === 'installed') return end(state.descriptor, SUCCESS);
      return event.kind === 'not-installed' ? end(state.descriptor, installOutcome(event.failure)) : state;
    default:
      return assertNever(state);
  }
}

/** The size is looked at first, then the types, and only then is the person asked (dlota sheet, section 3). */
function described(consent: Consent, event: CourseEvent & { kind: 'described' }): CourseState {
  const { reading, url, can } = event;
  if (reading.kind === 'refused') {
    const { code, error, installNotifyUri } = reading;
    return endAt({ installNotifyUri, nextUrl: undefined }, { code, reason: error.code });
  }
  const { descriptor } = reading;
  if (descriptor.size > can.free) return end(descriptor, failureOutcome({ kind: 'memory' }));
  if (!descriptor.types.every((type) => can.accepts(type))) return end(descriptor, TYPE_REFUSED);
  if (consent === 'given') return { kind: 'loading', descriptor };
  return { kind: 'asking', page: descriptorPage(descriptor, url), descriptor };
}

function plain(consent: Consent, event: CourseEvent & { kind: 'plain' }): CourseState {
  const { url, asked, type, size, can } = event;
  if ((size ?? 0) > can.free) return end(undefined, failureOutcome({ kind: 'memory' }));
  // A server that names no type has said nothing that could be refused.
  if (type !== '' && !can.accepts(type)) return end(undefined, TYPE_REFUSED);
  if (consent === 'given') return { kind: 'loading', descriptor: undefined };
  return { kind: 'asking', page: plainPage(url, type, size, asked), descriptor: undefined };
}

function report(state: CourseState & { kind: 'reporting' }, event: CourseEvent): CourseState {
  const { outcome, tries, nextUrl } = state;
  switch (event.kind) {
    case 'reported':
      return { kind: 'over', outcome, delivery: 'delivered', nextUrl };
    case 'unreported':
      return tries < NOTIFY_TRIES
        ? { ...state, tries: tries + 1 }
        : { kind: 'over', outcome, delivery: 'pending', nextUrl };
    // It ended as it did; what is left is to tell of it, later.
    case 'aborted':
      return { kind: 'over', outcome, delivery: 'pending', nextUrl };
    default:
      return state;
  }
}

function descriptorOf(state: Working): Descriptor | undefined {
  return state.kind === 'describing' ? undefined : state.descriptor;
}

function end(descriptor: Descriptor | undefined, outcome: DownloadOutcome): CourseState {
  return endAt({ installNotifyUri: descriptor?.installNotifyUri, nextUrl: descriptor?.nextUrl }, outcome);
}

/** Failure and success are reported, where somebody wants to know. */
function endAt(
  {
    installNotifyUri: uri,
    nextUrl,
  }: { readonly installNotifyUri: string | undefined; readonly nextUrl: string | undefined },
  outcome: DownloadOutcome,
): CourseState {
  if (uri === undefined) return { kind: 'over', outcome, delivery: 'none', nextUrl };
  return { kind: 'reporting', outcome, uri, tries: 1, nextUrl };
}
