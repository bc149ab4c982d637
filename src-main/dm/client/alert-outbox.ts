import type { Command } from '../../syncml/model.ts';
import { Status } from '../../syncml/status.ts';
import { type GenericAlert, genericAlertCommand } from '../generic-alert.ts';
import type { OnStatus } from '../sent-commands.ts';

export interface AlertSource {
  /** Generic alerts that no server has acknowledged yet. */
  waitingAlerts(): readonly GenericAlert[];
  acknowledged(alert: GenericAlert): void;
}

/**
 * The generic alerts of one session: none goes out twice in it, and only a server that is trusted takes one. What one
 * server has begun is no other's to hear of: it would take the alert, and the one that waits would never get it.
 */
export class AlertOutbox {
  readonly #source: AlertSource;
  readonly #server: string;
  /** Ids of the alerts that went out and were not acknowledged. */
  readonly #announced = new Set<string>();
  /** The message that is being read comes from a server that has proved itself. */
  trusted = false;

  /** @param server ServerID of the server of the session. */
  constructor(source: AlertSource, server: string) {
    this.#source = source;
    this.#server = server;
  }

  /** Alerts that are due, as commands, each with what its Status does. */
  due(): readonly { readonly command: Command; readonly onStatus: OnStatus }[] {
    const waiting = this.#source
      .waitingAlerts()
      .filter(({ id, server = this.#server }) => server === this.#server && !this.#announced.has(id));
    return waiting.map((alert) => {
      this.#announced.add(alert.id);
      const onStatus: OnStatus = (code) => {
        if (!this.trusted || (code !== Status.Ok && code !== Status.Accepted)) return;
        this.#announced.delete(alert.id);
        this.#source.acknowledged(alert);
      };
      return { command: genericAlertCommand(alert), onStatus };
    });
  }

  /** Package 1 begins anew: everything is due again. */
  startOver(): void {
    this.#announced.clear();
  }
}
