import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { milliseconds } from '../../../src-main/base/durations.ts';
import { WaitTimer } from '../../../src-main/obex/wait-timer.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const LIMIT = milliseconds(1000);

describe('a timer of waits', () => {
  it('tells once of a wait that takes longer than it may, when its limit has passed', () => {
    const passed = vi.fn();
    const timer = new WaitTimer(passed);
    timer.start(LIMIT);
    vi.advanceTimersByTime(999);
    expect(passed).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(passed).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(10_000);
    expect(passed).toHaveBeenCalledTimes(1);
  });

  it('gives each wait its whole limit, however many there were before', () => {
    const passed = vi.fn();
    const timer = new WaitTimer(passed);
    for (let wait = 0; wait < 50; wait += 1) {
      timer.start(LIMIT);
      vi.advanceTimersByTime(700);
      timer.end();
      vi.advanceTimersByTime(wait % 3 === 0 ? 2000 : 0);
    }
    timer.start(LIMIT);
    vi.advanceTimersByTime(999);
    expect(passed).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(passed).toHaveBeenCalledTimes(1);
  });

  it('keeps a short limit after a long one, and a long one after a short one', () => {
    const passed = vi.fn();
    const timer = new WaitTimer(passed);
    timer.start(milliseconds(60_000));
    timer.end();
    timer.start(milliseconds(100));
    vi.advanceTimersByTime(100);
    expect(passed).toHaveBeenCalledTimes(1);
    timer.end();
    timer.start(milliseconds(60_000));
    vi.advanceTimersByTime(59_999);
    expect(passed).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1);
    expect(passed).toHaveBeenCalledTimes(2);
  });

  it('leaves nothing running once it is closed', () => {
    const timer = new WaitTimer(() => undefined);
    timer.start(LIMIT);
    timer.end();
    timer.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
