import type { Command } from '../../syncml/model.ts';
import { Status } from '../../syncml/status.ts';
import { type GenericAlert, genericAlertCommand } from '../generic-alert.ts';
import type { OnStatus } from '../sent-commands.ts';

export interface AlertSource {
  /** Generic alerts that no server has acknowledged yet. */
  waitingAlerts(): readonly GenericAlert[];
  acknowledged(alert: GenericAlert): void;
}

/** The generic alerts of one session: none goes out twice in it, and only a server that is trusted takes one. */
export class AlertOutbox {
  readonly #source: AlertSource;
  /** Ids of the alerts that went out and were not acknowledged. */
  readonly #announced = new Set<string>();
  /** The message that is being read comes from a server that has proved itself. */
  trusted = false;

  constructor(source: AlertSource) {
    this.#source = source;
  }

  /** Alerts that are due, as commands, each with what its Status does. */
  due(): readonly { readonly command: Command; readonly onStatus: OnStatus }[] {
    const waiting = this.#source.waitingAlerts().filter(({ id }) => !this.#announced.has(id));
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
