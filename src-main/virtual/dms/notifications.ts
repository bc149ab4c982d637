/**
 * Notifications (package 0) that wait for whoever has the device on a cable, and the long poll that hands them out.
 *
 * At least once until a session of the device begins: a wish that was handed out stays, and is handed out again when
 * no session came within `repeatAfter` (the poller may have died, the handset may not have been there, or it may have
 * ignored us), or as soon as a poller says that the handset ignored it. It is made anew each time and has an id of its
 * own, for a handset that ignored the last one will ignore that for ever. So a loop of polls sees a wish at most once
 * per `repeatAfter`, unless it has news of the handset.
 */
import { randomUUID } from 'node:crypto';
import { deviceKey } from '../../base/device-key.ts';
import { type Duration, seconds } from '../../base/durations.ts';

export interface PendingNotification {
  readonly id: string;
  /** As it was enqueued. */
  readonly device: string;
  readonly body: Uint8Array;
}

export interface NotificationQueue {
  /**
   * A session with the device is wished for from now on. `make` builds the notification each time when it is handed
   * out, told how often that was done before. Returns the id of the first.
   */
  enqueue(device: string, make: (attempt: number) => Uint8Array): string;
  /** A session of the device has begun: what waited for it is no longer due. */
  settled(device: string): void;
  /**
   * What is due for the device, at once or as soon as something is; empty when nothing was within `time`.
   * When `signal` is aborted nothing counts as handed out, and the result is empty.
   */
  wait(
    device: string,
    options: {
      readonly time: Duration;
      readonly signal: AbortSignal;
      /** Id of a notification that the handset took no notice of: its wish is due again at once. */
      readonly ignored?: string;
    },
  ): Promise<readonly PendingNotification[]>;
}

export interface NotificationQueueOptions {
  /** Until a notification that was handed out is handed out again; default 30 s. */
  readonly repeatAfter?: Duration;
  /** Monotonic milliseconds. */
  readonly monotonic?: () => number;
}

interface Wish {
  /** Of the notification that is or will be handed out. */
  id: string;
  readonly device: string;
  readonly make: (attempt: number) => Uint8Array;
  attempts: number;
  handedOutAt: number | undefined;
}

/** Kept per device; the oldest gives way. A newer notification asks for the same thing, a session. */
const MAX_PER_DEVICE = 16;
/** Devices kept; the one that was heard of longest ago gives way. */
const MAX_DEVICES = 10_000;

export function createNotificationQueue(options: NotificationQueueOptions = {}): NotificationQueue {
  const repeatAfter = options.repeatAfter ?? seconds(30);
  const monotonic = options.monotonic ?? (() => performance.now());
  const queues = new Map<string, Wish[]>();
  const wakers = new Map<string, Set<() => void>>();

  function take(key: string): readonly PendingNotification[] {
    const now = monotonic();
    const due = (queues.get(key) ?? []).filter((each) => dueIn(each, now) <= 0);
    return due.map((each) => handOut(each, now));
  }

  function handOut(wish: Wish, now: number): PendingNotification {
    if (wish.attempts > 0) wish.id = randomUUID();
    const body = wish.make(wish.attempts);
    wish.attempts += 1;
    wish.handedOutAt = now;
    return { id: wish.id, device: wish.device, body };
  }

  function dueIn(each: Wish, now: number): number {
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
    enqueue(device, make) {
      const key = deviceKey(device);
      const queue = queues.get(key) ?? [];
      const id = randomUUID();
      queue.push({ id, device, make, attempts: 0, handedOutAt: undefined });
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
    async wait(device, { time, signal, ignored }) {
      const key = deviceKey(device);
      for (const wish of queues.get(key) ?? []) if (wish.id === ignored) wish.handedOutAt = undefined;
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
