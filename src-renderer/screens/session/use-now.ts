import { useEffect, useState } from 'react';

/** The time in milliseconds, anew every second while something runs. */
export function useNow(running: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!running) return;
    setNow(Date.now());
    const ticking = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(ticking);
  }, [running]);
  return now;
}

/** Whole seconds from one moment to another, never less than 0: clocks of two machines may differ. */
export function secondsBetween(from: string, to: string | number): number {
  const end = typeof to === 'number' ? to : Date.parse(to);
  const seconds = Math.floor((end - Date.parse(from)) / 1000);
  return Number.isFinite(seconds) ? Math.max(0, seconds) : 0;
}
