/** As much of npm `usb` 3.1.0 as is used; its own types leave out the time limits of transfers. */
export interface PackageDevice {
  readonly vendorId: number;
  readonly productId: number;
  readonly bus: string;
  readonly ports: readonly number[];
  /** Opens the device where the system does not know it; throws then where it may not. */
  readonly serialNumber: string | null;
  open(): Promise<void>;
  close(): Promise<void>;
  reset(): Promise<void>;
  claimInterface(interfaceNumber: number): Promise<void>;
  releaseInterface(interfaceNumber: number): Promise<void>;
  selectAlternateInterface(interfaceNumber: number, alternate: number): Promise<void>;
  detachKernelDriver(interfaceNumber: number): Promise<void>;
  attachKernelDriver(interfaceNumber: number): Promise<void>;
  controlTransferIn(setup: Setup, length: number, timeout: number): Promise<{ readonly data?: DataView }>;
  controlTransferOut(setup: Setup, data: Uint8Array, timeout: number): Promise<unknown>;
  transferIn(endpoint: number, length: number, timeout: number): Promise<{ readonly data?: DataView }>;
  transferOut(endpoint: number, data: Uint8Array, timeout: number): Promise<{ readonly bytesWritten: number }>;
  clearHalt(direction: 'in' | 'out', endpoint: number): Promise<void>;
}

export interface Setup {
  readonly requestType: 'standard';
  readonly recipient: 'device' | 'interface' | 'endpoint';
  readonly request: number;
  readonly value: number;
  readonly index: number;
}

/** Loads the native module; nobody who does not use USB does so. @throws where it has no build for this system */
export async function packageDevices(): Promise<readonly PackageDevice[]> {
  const { default: loaded } = await import('usb');
  return (await loaded.usb.getDevices()) as unknown as readonly PackageDevice[];
}
