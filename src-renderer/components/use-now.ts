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
export function secondsBetween(from: string | number, to: string | number): number {
  const seconds = Math.floor((momentOf(to) - momentOf(from)) / 1000);
  return Number.isFinite(seconds) ? Math.max(0, seconds) : 0;
}

function momentOf(time: string | number): number {
  return typeof time === 'number' ? time : Date.parse(time);
}
