import type { ByteStream } from '../../base/byte-stream.ts';
import type { Duration } from '../../base/durations.ts';

/** What may carry octets over Bluetooth here: our own addon, or the npm package node-bluetooth-serial-port. */
export type RfcommImplementation = 'addon' | 'package';

/**
 * The computer's RFCOMM sockets, as little of them as the bearer needs. Addresses are those of Bluetooth devices in
 * upper case (`AA:BB:CC:DD:EE:FF`); `00:00:00:00:00:00` is any adapter of this computer.
 */
export interface RfcommHost {
  /**
   * Connects to a channel of a device; `limit` is the longest that it may take.
   * @throws PcAgentError `bearer/unavailable`, `bearer/timeout`, `bearer/busy`, `bearer/permission-denied`; AbortError,
   * in place of which whoever gives up hears that the system does not come back from its call (`bluetoothStuck`)
   */
  connect(
    peer: { readonly address: string; readonly channel: number },
    options: { readonly signal: AbortSignal; readonly limit: Duration },
  ): Promise<ByteStream>;
  /**
   * Listens on a channel of an adapter; without one, on any that is free.
   * @throws PcAgentError `bearer/unavailable` (channel taken, no such adapter), `bearer/permission-denied`
   */
  listen(
    place: { readonly adapter: string; readonly channel?: number },
    options: {
      readonly signal: AbortSignal;
      /** `address` is the caller's. */
      readonly onStream: (stream: ByteStream, address: string) => void;
    },
  ): Promise<RfcommListening>;
  /**
   * The attribute lists of all services of a device that speak RFCOMM: one data element (Bluetooth Core, volume 3,
   * part B). Absent where the implementation cannot ask for them.
   * @throws PcAgentError as `connect`, and `bearer/records-invalid`; AbortError
   */
  readonly records?: (
    address: string,
    options: { readonly signal: AbortSignal; readonly limit: Duration },
  ) => Promise<Uint8Array>;
}

export interface RfcommListening {
  /** The channel that was really taken. */
  readonly channel: number;
  /** Stops listening; streams already handed out stay open. @throws as `bluetoothStuck` */
  close(): Promise<void>;
}

/** The services that a handset may offer and this program may use. */
export type BluetoothServiceKind = 'syncml-dm-client' | 'syncml-dm-server' | 'obex-push' | 'obex-file-transfer';

/** One service of a handset, as its record tells (Bluetooth Core, volume 3, part B). */
export interface BluetoothService {
  readonly kind: BluetoothServiceKind;
  /** RFCOMM channel, 1 to 30. */
  readonly channel: number;
  /** What the handset calls it, printable characters only. */
  readonly name?: string;
}

/** What carries octets over Bluetooth in this process, or why nothing does. */
export interface RfcommState {
  /** `none`: only ports that the system makes of a paired handset (`/dev/rfcomm0`, COM ports). */
  readonly implementation: RfcommImplementation | 'none';
  /**
   * - `usual`: the addon, as everywhere
   * - `asked-for`: PC_AGENT_RFCOMM names it
   * - `addon-missing`: there is no build of the addon for this system
   * - `addon-broken`: the addon cannot be loaded
   */
  readonly reason: 'usual' | 'asked-for' | 'addon-missing' | 'addon-broken';
  /** False where the system has no Bluetooth sockets at all, whatever would use them. */
  readonly sockets: boolean;
  /** Whether channels of services can be looked up; without it an address must name the channel. */
  readonly lookUp: boolean;
  /** What the system said of the one that cannot be loaded, or of its missing sockets. */
  readonly os?: string;
}

/** What a process can do over Bluetooth beside dialling and listening. */
export interface Rfcomm {
  /**
   * The services of a handset that are of use here, best first: the SyncML DM client, then OBEX.
   * @throws PcAgentError `bearer/unavailable`, `bearer/timeout`, `bearer/records-invalid`, `bearer/no-look-up`; AbortError
   */
  services(address: string, signal: AbortSignal): Promise<readonly BluetoothService[]>;
  /** For the doctor. Never throws for a computer without Bluetooth. @throws PcAgentError `bearer/child-lost`; AbortError */
  state(signal: AbortSignal): Promise<RfcommState>;
}
