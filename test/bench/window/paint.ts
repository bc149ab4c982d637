import type { Page } from 'playwright-core';

export interface Figures {
  /** From each interaction to the next paint, in milliseconds (Event Timing). */
  readonly paints: readonly number[];
  /** Tasks of more than 50 ms, in milliseconds (Long Tasks). */
  readonly tasks: readonly number[];
}

/** What the browser itself measured while `play` used the page. */
export async function measured(page: Page, play: () => Promise<void>): Promise<Figures> {
  await page.evaluate(`(() => {
    window.paints = new Map();
    window.tasks = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const id = entry.interactionId || entry.name + entry.startTime;
        window.paints.set(id, Math.max(window.paints.get(id) ?? 0, entry.duration));
      }
    }).observe({ type: 'event', durationThreshold: 16 });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.tasks.push(entry.duration);
    }).observe({ type: 'longtask' });
  })()`);
  await play();
  // Entries come with a delay of their own; two frames after the last one they are there.
  await page.evaluate(
    'new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 300))',
  );
  return page.evaluate<Figures>('({ paints: [...window.paints.values()], tasks: window.tasks })');
}
