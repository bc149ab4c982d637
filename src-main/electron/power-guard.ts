import type { MessageBoxOptions, PowerMonitor, PowerSaveBlocker } from 'electron';
import type { Catalogue } from '../wording/catalogue.ts';
import { isAtRisk, type Risk } from './risk.ts';

export interface PowerGuardOptions {
  readonly words: Catalogue['shell'];
  readonly monitor: Pick<PowerMonitor, 'on'>;
  readonly blocker: Pick<PowerSaveBlocker, 'start' | 'stop' | 'isStarted'>;
  readonly risk: () => Risk;
  readonly tell: (message: MessageBoxOptions) => void;
  /** The machine goes down: finish within what it grants. */
  readonly onShutdown: () => void;
}

/** Keeps the machine awake while phones are worked with, and tells what a sleep that came all the same has cut off. */
export class PowerGuard {
  readonly #options: PowerGuardOptions;
  #blocking: number | undefined;
  #cutOff: readonly string[] = [];

  constructor(options: PowerGuardOptions) {
    this.#options = options;
    const { monitor, risk, onShutdown } = options;
    monitor.on('suspend', () => {
      const { unsafe, busy } = risk();
      this.#cutOff = [...unsafe, ...busy];
    });
    monitor.on('resume', () => this.#woken());
    // The event is not in Electron's types; prevented, the system grants a few seconds (api/power-monitor).
    monitor.on('shutdown', (event?: { preventDefault(): void }) => {
      event?.preventDefault();
      onShutdown();
    });
  }

  /** What is under way has changed. */
  show(risk: Risk): void {
    const { blocker } = this.#options;
    if (isAtRisk(risk) && this.#blocking === undefined) this.#blocking = blocker.start('prevent-app-suspension');
    if (!isAtRisk(risk) && this.#blocking !== undefined) {
      if (blocker.isStarted(this.#blocking)) blocker.stop(this.#blocking);
      this.#blocking = undefined;
    }
  }

  #woken(): void {
    const names = this.#cutOff;
    this.#cutOff = [];
    if (names.length === 0) return;
    const { slept } = this.#options.words;
    this.#options.tell({ type: 'warning', message: slept.title, detail: slept.text(names), buttons: [slept.ok] });
  }
}
