/** A USB device as npm `usb` lists it without opening it. */
export interface ListedUsbDevice {
  readonly vendorId: number;
  readonly productId: number;
  /** Bus and ports, `1-2.3`, where the system numbers them. */
  readonly place?: string;
  readonly serial?: string;
  readonly manufacturer?: string;
  readonly product?: string;
  readonly interfaces: readonly {
    readonly number: number;
    readonly classCode: number;
    readonly subclass: number;
    readonly protocol: number;
    readonly name?: string;
    /** One of its alternate settings has bulk endpoints both ways. */
    readonly carries: boolean;
  }[];
}

/** What is plugged in now. @throws whatever the native module says, on a computer without USB for instance. */
export async function listUsbDevices(): Promise<readonly ListedUsbDevice[]> {
  // A native module of its own: nobody who does not look for USB devices loads it.
  const { usb } = await import('usb');
  return (await usb.getDevices()).map(listed);
}

/**
 * Calls `tell` when a device is plugged in or out. Where the first listing fails nothing is watched: the module would
 * end the process with a rejection that nobody can handle.
 * @returns what ends it
 */
export async function watchUsbDevices(tell: () => void): Promise<() => void> {
  const { usb } = await import('usb');
  await usb.getDevices();
  usb.addEventListener('connect', tell);
  usb.addEventListener('disconnect', tell);
  return () => {
    usb.removeEventListener('connect', tell);
    usb.removeEventListener('disconnect', tell);
  };
}

type NativeDevice = Awaited<ReturnType<typeof import('usb')['usb']['getDevices']>>[number];
/** As WebUSB has it (7.3, 7.4); its types are not among ours. */
interface NativeInterface {
  readonly interfaceNumber: number;
  readonly alternate: NativeSetting;
  readonly alternates: readonly NativeSetting[];
}

interface NativeSetting {
  readonly interfaceClass: number;
  readonly interfaceSubclass: number;
  readonly interfaceProtocol: number;
  readonly interfaceName?: string | null;
  readonly endpoints: readonly { readonly type: string; readonly direction: string }[];
}

function listed(device: NativeDevice): ListedUsbDevice {
  return {
    vendorId: device.vendorId,
    productId: device.productId,
    ...(/^\d+$/.test(device.bus) && device.ports.length > 0
      ? { place: `${device.bus}-${device.ports.join('.')}` }
      : {}),
    ...text('serial', () => device.serialNumber),
    ...text('manufacturer', () => device.manufacturerName),
    ...text('product', () => device.productName),
    interfaces: interfacesOf(device),
  };
}

/** Some systems tell a configuration only of a device that is open. */
function interfacesOf(device: NativeDevice): ListedUsbDevice['interfaces'] {
  try {
    const configuration: { readonly interfaces: readonly NativeInterface[] } | undefined = device.configuration;
    return (configuration?.interfaces ?? []).map(listedInterface);
  } catch {
    return [];
  }
}

function listedInterface({
  interfaceNumber,
  alternate,
  alternates,
}: NativeInterface): ListedUsbDevice['interfaces'][number] {
  const bulk = (direction: 'in' | 'out'): boolean =>
    alternates.some(({ endpoints }) => endpoints.some((e) => e.type === 'bulk' && e.direction === direction));
  return {
    number: interfaceNumber,
    classCode: alternate.interfaceClass,
    subclass: alternate.interfaceSubclass,
    protocol: alternate.interfaceProtocol,
    ...text('name', () => alternate.interfaceName),
    carries: bulk('in') && bulk('out'),
  };
}

function text<K extends string>(key: K, read: () => string | null | undefined): { readonly [P in K]?: string } {
  let found: string | null | undefined;
  try {
    found = read();
  } catch {
    // It would have to be opened.
  }
  return found === null || found === undefined ? {} : ({ [key]: found } as { readonly [P in K]?: string });
}
