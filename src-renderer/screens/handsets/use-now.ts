import { useEffect, useState } from 'react';

const SECOND = 1000;

/** The time in milliseconds, once a second while `on`. */
export function useNow(on: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!on) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), SECOND);
    return () => clearInterval(timer);
  }, [on]);
  return now;
}

/** Whole seconds from `from` to `to`, never below 0. */
export function secondsBetween(from: number, to: number): number {
  return Math.max(0, Math.floor((to - from) / SECOND));
}
