import type { CallerView, ListenerView } from '../contract/listening.ts';
import { errorText } from '../wording/error-text.ts';
import { dateTimeText, durationText } from '../wording/numbers.ts';
import { columns } from './columns.ts';

/** A way in, on one line. */
export function listenerLine(listener: ListenerView): string {
  const { kind, state, address, downloads, wanted, dms, reason, message, sessions } = listener;
  return columns([
    `${kind}  ${state === 'waiting' ? 'not open' : state}`,
    address ?? wanted,
    downloads === undefined ? undefined : `packages below ${downloads}`,
    dms === undefined ? undefined : `for ${dms}`,
    sessions === 0 ? undefined : `sessions: ${sessions}`,
    reason === undefined ? undefined : reasonText(reason, message),
  ]);
}

function reasonText(reason: string, message: string | undefined): string {
  if (reason === 'listening/no-host') return 'no PC Agent runs here; start it with pc-agent serve';
  return `${message ?? errorText(reason).what} (${reason})`;
}

/** Somebody who has called, on one line. */
export function callerLine(caller: CallerView, now: Date): string {
  const { id, kind, device, from, manufacturer, model, state, until, calledAt, wants } = caller;
  const name = [manufacturer, model].filter((part) => part !== undefined).join(' ');
  return columns([
    `${id}  ${state}`,
    device ?? 'unread',
    name === '' ? undefined : name,
    from === undefined ? `by ${kind}` : `by ${kind} from ${from}`,
    // `obex:SERVER-ID` and the like are no place that anybody could look at.
    wants !== undefined && /^https?:/i.test(wants) ? `wants ${wants}` : undefined,
    until === undefined ? `called ${dateTimeText(calledAt, 'en')}` : leftText(until, now),
  ]);
}

function leftText(until: string, now: Date): string {
  return `${durationText((Date.parse(until) - now.getTime()) / 1000, 'en')} left`;
}
