import { fromBase64, toBase64 } from '../base/base64.ts';
import type { HeardEnd, JobEnd } from './job.ts';

/** As the database keeps it, with the message that held the completion alert. */
export function heardText(end: HeardEnd, alert: Uint8Array): string {
  return JSON.stringify({ ...end, alert: toBase64(alert) });
}

/** The end of what `heardText` wrote. */
export function heardEnd(text: string): JobEnd {
  const { alert, ...end } = JSON.parse(text) as HeardEnd & { readonly alert: string };
  return { ...end, alert: fromBase64(alert) };
}
