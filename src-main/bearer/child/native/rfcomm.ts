import { PcAgentError } from '../../../base/errors.ts';
import type { RfcommHost, RfcommState } from '../../bluetooth/rfcomm-host.ts';
import { RfcommAddon } from './rfcomm-addon.ts';
import { findRfcommBinary, loadRfcommBinary } from './rfcomm-binary.ts';

/** What carries octets over Bluetooth in this process, and why it does. */
export interface NativeRfcomm {
  readonly host: RfcommHost;
  readonly state: RfcommState;
}

let loading: Promise<NativeRfcomm> | undefined;

/** Chosen and loaded at first use. Never fails: where nothing can be loaded, the host says so at each call. */
export function nativeRfcomm(): Promise<NativeRfcomm> {
  loading ??= chooseRfcomm(process.env.PC_AGENT_RFCOMM, findRfcommBinary());
  return loading;
}

/**
 * @param asked `addon` or `package`: only that one.
 * @param binary the addon's for this system, if there is one
 */
export async function chooseRfcomm(asked: string | undefined, binary: string | undefined): Promise<NativeRfcomm> {
  const other = asked === 'addon' ? none : packageRfcomm;
  const because = (reason: RfcommState['reason']): RfcommState['reason'] => (asked === 'addon' ? 'asked-for' : reason);
  if (asked === 'package') return packageRfcomm({ reason: 'asked-for' });
  if (binary === undefined) return other({ reason: because('addon-missing') });
  try {
    const addon = loadRfcommBinary(binary);
    const os = addon.sockets();
    const state = { implementation: 'addon', reason: because('usual'), sockets: os === '', lookUp: true } as const;
    return { host: new RfcommAddon(addon), state: os === '' ? state : { ...state, os } };
  } catch (error) {
    return other({ reason: because('addon-broken'), os: error instanceof Error ? error.message : String(error) });
  }
}

type Why = Pick<RfcommState, 'reason' | 'os'>;

async function packageRfcomm(why: Why): Promise<NativeRfcomm> {
  try {
    const { packageHost } = await import('./bluetooth-serial-port.ts');
    const host = await packageHost();
    // That it loads says nothing of the system's sockets; a connection does.
    return { host, state: { implementation: 'package', sockets: true, lookUp: false, ...why } };
  } catch (error) {
    const os = error instanceof Error ? error.message : String(error);
    return none(why.os === undefined ? { ...why, os } : why);
  }
}

async function none(why: Why): Promise<NativeRfcomm> {
  const os = why.os ?? 'there is no build for this system';
  const fail = (): never => {
    throw new PcAgentError('bearer/module-missing', `Bluetooth cannot be used here (${os})`, {
      retry: 'after-operator',
      details: { bearer: 'bluetooth', os },
    });
  };
  return {
    host: { connect: async () => fail(), listen: async () => fail(), records: async () => fail() },
    state: { implementation: 'none', sockets: false, lookUp: false, ...why, os },
  };
}
