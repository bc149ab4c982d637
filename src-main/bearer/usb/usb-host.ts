/** The computer's USB ports, as little of them as the bearer needs. */
export interface UsbHost {
  /** What is plugged in now. @throws PcAgentError `bearer/unavailable` on a computer without USB; AbortError */
  devices(signal: AbortSignal): Promise<readonly UsbDevice[]>;
}

/** A device that is plugged in. */
export interface UsbDevice {
  readonly vendorId: number;
  readonly productId: number;
  /** Bus and ports, e.g. `1-2.3`. */
  readonly place: string;
  /** Its own serial number; some systems must open the device to know it. */
  serial(): Promise<string | undefined>;
  /** @throws PcAgentError `bearer/permission-denied`, `bearer/busy`, `bearer/driver-missing`, `bearer/unavailable` */
  open(): Promise<OpenUsbDevice>;
}

/**
 * A device in use. Calls that need it reject with PcAgentError `bearer/lost` once it has gone. One transfer an endpoint
 * at a time.
 */
export interface OpenUsbDevice {
  /** The configuration that is in effect, as GET_DESCRIPTOR gives it (USB 2.0, 9.4.3). */
  configuration(): Promise<Uint8Array>;
  /** The string of that index, or `undefined` where the device does not tell it. */
  text(index: number): Promise<string | undefined>;
  /**
   * Takes interfaces for this program; a driver of the system that holds one lets go until `close`.
   * @throws PcAgentError `bearer/busy`, `bearer/permission-denied`, `bearer/driver-missing`
   */
  claim(interfaces: readonly number[]): Promise<void>;
  /** SET_INTERFACE (USB 2.0, 9.4.10). */
  select(interfaceNumber: number, alternate: number): Promise<void>;
  /**
   * The octets of one transfer: ended by a short packet, or `length` of them, which is a multiple of the packet size.
   * Waits as long as the device has nothing to send.
   */
  transferIn(endpoint: number, length: number): Promise<Uint8Array | 'stall'>;
  /** Resolves when the device has taken all; no octets are a packet of length zero. */
  transferOut(endpoint: number, bytes: Uint8Array): Promise<'done' | 'stall'>;
  /** CLEAR_FEATURE ENDPOINT_HALT (USB 2.0, 9.4.1). */
  clearHalt(direction: 'in' | 'out', endpoint: number): Promise<void>;
  /** Ends a transfer that waits: its promise settles. For an endpoint that is not used again before a `select`. */
  cancel(direction: 'in' | 'out', endpoint: number): Promise<void>;
  /** Resets the port that the device is at, as if it were plugged in anew; not everywhere possible. */
  reset(): Promise<void>;
  /** Gives the interfaces back. Never fails, may be called again. */
  close(): Promise<void>;
}
