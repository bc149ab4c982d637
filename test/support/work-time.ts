/**
 * Milliseconds that this thread has worked: what it took does not count the time in which others had the processor, of
 * this computer or of the one that it is a guest of.
 */
export function workTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
