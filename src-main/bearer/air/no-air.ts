import { PcAgentError } from '../../base/errors.ts';
import type { AirReason } from './air.ts';

const TEXTS: Readonly<Record<AirReason, string>> = {
  'air/not-supported': 'this system is not Linux: phones are paired in the settings of the system',
  'air/no-service': 'the Bluetooth service of this computer is not running',
  'air/permission-denied': 'no right to use the Bluetooth of this computer',
  'air/no-adapter': 'this computer has no Bluetooth adapter',
  'air/blocked': 'the Bluetooth radio is switched off',
  'air/not-powered': 'the Bluetooth adapter is switched off',
};

/** Why nothing can be done over the air, as an error. */
export function noAir(reason: AirReason): PcAgentError {
  return new PcAgentError(reason, TEXTS[reason], {
    retry: reason === 'air/not-supported' ? 'never' : 'after-operator',
  });
}
