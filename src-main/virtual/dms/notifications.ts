/**
 * Notifications (package 0) that wait for whoever has the device on a cable, and the long poll that hands them out.
 *
 * At least once until a session of the device begins: what was handed out stays, and is handed out again when no
 * session came within `repeatAfter` (the poller may have died, or the handset may not have been there). So a loop of
 * polls sees one notification at most once per `repeatAfter`. A handset ignores a repeat whose session is open; a
 * poller knows it by its `id`.
 */
import { randomUUID } from 'node:crypto';
import { type Duration, seconds } from '../../base/durations.ts';
import { deviceKey } from './device-id.ts';

export interface PendingNotification {
  readonly id: string;
  /** As it was enqueued. */
  readonly device: string;
  readonly body: Uint8Array;
}

export interface NotificationQueue {
  /** A notification for the device waits from now on; returns its id. */
  enqueue(device: string, body: Uint8Array): string;
  /** A session of the device has begun: what waited for it is no longer due. */
  settled(device: string): void;
  /**
   * What is due for the device, at once or as soon as something is; empty when nothing was within `time`.
   * When `signal` is aborted nothing counts as handed out, and the result is empty.
   */
  wait(
    device: string,
    options: { readonly time: Duration; readonly signal: AbortSignal },
  ): Promise<readonly PendingNotification[]>;
}

export interface NotificationQueueOptions {
  /** Until a notification that was handed out is handed out again; default 30 s. */
  readonly repeatAfter?: Duration;
  /** Monotonic milliseconds. */
  readonly monotonic?: () => number;
}

interface Waiting extends PendingNotification {
  handedOutAt: number | undefined;
}

/** Kept per device; the oldest gives way. A newer notification asks for the same thing, a session. */
const MAX_PER_DEVICE = 16;
/** Devices kept; the one that was heard of longest ago gives way. */
const MAX_DEVICES = 10_000;

export function createNotificationQueue(options: NotificationQueueOptions = {}): NotificationQueue {
  const repeatAfter = options.repeatAfter ?? seconds(30);
  const monotonic = options.monotonic ?? (() => performance.now());
  const queues = new Map<string, Waiting[]>();
  const wakers = new Map<string, Set<() => void>>();

  function take(key: string): readonly PendingNotification[] {
    const now = monotonic();
    const due = (queues.get(key) ?? []).filter((each) => dueIn(each, now) <= 0);
    for (const each of due) each.handedOutAt = now;
    return due.map(({ id, device, body }) => ({ id, device, body }));
  }

  function dueIn(each: Waiting, now: number): number {
    return each.handedOutAt === undefined ? 0 : each.handedOutAt + repeatAfter - now;
  }

  /** Resolves when something may be due, when `time` has passed, or when aborted. */
  function stirred(key: string, time: number, signal: AbortSignal): Promise<void> {
    const now = monotonic();
    const next = Math.min(time, ...(queues.get(key) ?? []).map((each) => Math.max(1, dueIn(each, now))));
    return new Promise((resolve) => {
      const waiting = wakers.get(key) ?? new Set();
      wakers.set(key, waiting);
      const wake = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        waiting.delete(wake);
        if (waiting.size === 0) wakers.delete(key);
        resolve();
      };
      const timer = setTimeout(wake, next);
      signal.addEventListener('abort', wake, { once: true });
      waiting.add(wake);
    });
  }

  return {
    enqueue(device, body) {
      const key = deviceKey(device);
      const queue = queues.get(key) ?? [];
      const id = randomUUID();
      queue.push({ id, device, body, handedOutAt: undefined });
      if (queue.length > MAX_PER_DEVICE) queue.shift();
      queues.delete(key);
      queues.set(key, queue);
      if (queues.size > MAX_DEVICES) queues.delete(queues.keys().next().value ?? key);
      for (const wake of [...(wakers.get(key) ?? [])]) wake();
      return id;
    },
    settled(device) {
      queues.delete(deviceKey(device));
    },
    async wait(device, { time, signal }) {
      const key = deviceKey(device);
      const end = monotonic() + time;
      for (;;) {
        if (signal.aborted) return [];
        const due = take(key);
        const left = end - monotonic();
        if (due.length > 0 || left <= 0) return due;
        await stirred(key, left, signal);
      }
    },
  };
}
