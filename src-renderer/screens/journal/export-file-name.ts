const MAX_NAME = 80;

/** Name of a file that is saved today: `pc-agent-jobs-2026-11-21.csv`. */
export function exportFileName(what: string, ending: string, now: Date): string {
  const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0'));
  // What comes from outside may hold what a file system reads otherwise.
  const plain = what.replace(/[^0-9A-Za-z]+/g, '-').slice(0, MAX_NAME);
  return `pc-agent-${plain}-${day.join('-')}.${ending}`;
}
