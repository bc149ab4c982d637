import { isPcAgentError, PcAgentError } from '../../base/errors.ts';

const STUCK = 'stuck';

/**
 * The system has not come back from a call for a Bluetooth socket: seen where Linux 6.1 ends the thread that closes a
 * socket of an adapter that was pulled out (hci_chan_del, list corruption). Only another process gets further.
 */
export function bluetoothStuck(): PcAgentError {
  return new PcAgentError('bearer/timeout', 'the Bluetooth of this computer did not answer in time', {
    retry: 'later',
    details: { bearer: 'bluetooth', os: STUCK },
  });
}

export function isBluetoothStuck(error: unknown): boolean {
  return isPcAgentError(error, 'bearer/timeout') && error.details.os === STUCK;
}
