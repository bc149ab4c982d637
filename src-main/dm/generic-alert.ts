import { Alert } from '../syncml/alert.ts';
import type { AlertCommand } from '../syncml/model.ts';

/** A generic alert (1226) in its own words: DM Protocol 1.2, 2.3.7. */
export interface GenericAlert {
  /** Names the alert on this side until it is acknowledged. */
  readonly id: string;
  /** ServerID of the server whose Exec it answers; without one it is for any server. */
  readonly server?: string;
  /** The node that it is about, e.g. the operation that was executed. */
  readonly source: string;
  readonly target?: string;
  readonly type: string;
  readonly format: string;
  readonly mark: string;
  readonly correlator?: string;
  readonly data: string;
}

export function genericAlertCommand(alert: GenericAlert): AlertCommand {
  return {
    kind: 'Alert',
    cmdId: '',
    code: Alert.Generic,
    ...(alert.correlator === undefined ? {} : { correlator: alert.correlator }),
    items: [
      {
        ...(alert.target === undefined ? {} : { target: { uri: alert.target } }),
        source: { uri: alert.source },
        meta: { format: alert.format, type: alert.type, mark: alert.mark },
        data: alert.data,
      },
    ],
  };
}

/** Alert types come bare or behind a prefix of the DM text (spec sheet dm-protocol, section 8). */
export function bareAlertType(type: string): string {
  return type.replace(/^\s*(?:Reversed-Domain-Name|Content-Type)\s*:/i, '').trim();
}
