import type { BearerKind } from './bearer.ts';

/** Why something that is attached cannot be used as a way to a handset; stable codes with words in `wording`. */
export type AttachedReason =
  | 'bearer/permission-denied'
  /** Another program holds it. */
  | 'bearer/busy'
  /** The system's modem service is trying it out. */
  | 'bearer/modem-manager'
  | 'bearer/driver-missing'
  | 'bearer/no-obex'
  /** It is there, and nothing more is known: what the system says is in `os`. */
  | 'bearer/unusable';

/** A program of this computer that has a port or device open. */
export interface Holder {
  readonly name: string;
  readonly pid: number;
}

/** One way to speak with something that is attached: an OBEX function of a USB device, or a serial port. */
export interface AttachedFunction {
  readonly kind: Extract<BearerKind, 'usb' | 'serial' | 'bluetooth'>;
  /** The address that dials it, e.g. `usb:0421:0123:350000000000012`, `serial:/dev/ttyACM0`. */
  readonly address: string;
  /** What the control interface calls its service, e.g. `SYNCML-DM` (USB only). */
  readonly service?: string;
  readonly reason?: AttachedReason;
  readonly holder?: Holder;
  /** What the operating system said. */
  readonly os?: string;
}

/** One thing at one physical port of this computer: a USB device with all of its functions, or a serial adapter. */
export interface AttachedThing {
  /** The same while it stays attached; unique among what is attached, e.g. `usb:1-2`, `serial:/dev/ttyS4`. */
  readonly id: string;
  /** Another one when it was unplugged and plugged in again at the same port, where the system tells. */
  readonly attachment?: string;
  /** The physical port as a person finds it again, e.g. `1-2.3` (USB bus and ports), `ttyS4`. */
  readonly place: string;
  readonly vendorId?: number;
  readonly productId?: number;
  /** The device's own serial number, printable characters only, at most 126 (USB 2.0, 9.6.7). */
  readonly serial?: string;
  readonly manufacturer?: string;
  readonly product?: string;
  /** None: nothing that this program can speak with; `reason` then tells why. */
  readonly functions: readonly AttachedFunction[];
  readonly reason?: AttachedReason;
  /** Who has it, where it has no function that could tell. */
  readonly holder?: Holder;
  readonly os?: string;
}

/** What is attached to this computer by cable or adapter. Never throws for a computer without USB or serial ports. */
export interface Discovery {
  /** What is there now. @throws PcAgentError `bearer/child-lost`; AbortError */
  look(signal: AbortSignal): Promise<readonly AttachedThing[]>;
  /**
   * Calls with all that is there: at once, and after each change (hot-plug; where the system has none, by looking every
   * two seconds). Resolves when `signal` is aborted. @throws PcAgentError `bearer/child-lost`
   */
  watch(onChange: (things: readonly AttachedThing[]) => void, signal: AbortSignal): Promise<void>;
}
