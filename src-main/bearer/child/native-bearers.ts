import type { Clock } from '../../base/clock.ts';
import { assertNever, PcAgentError } from '../../base/errors.ts';
import type { Bearer, BearerAddress, BearerKind } from '../bearer.ts';
import type { Bearers } from '../bearers.ts';
import { parseBluetoothAddress } from '../bluetooth/bluetooth-address.ts';
import type { Rfcomm } from '../bluetooth/rfcomm-host.ts';
import type { Discovery } from '../discovery.ts';
import { parseSerialAddress } from '../serial/serial-address.ts';
import { createTcpBearer } from '../tcp/tcp-bearer.ts';
import { parseUsbAddress } from '../usb/usb-address.ts';

/**
 * The bearers of this very process. Each is loaded at its first use, and one that cannot be loaded leaves the others
 * as they are.
 */
export function nativeBearers(options: { readonly clock?: Clock } = {}): Pick<Bearers, 'for' | 'discovery' | 'rfcomm'> {
  const serial = lazyBearer('serial', parseSerialAddress, async () => {
    const [{ createSerialBearer }, { openNativePort }, { serialTraits }] = await Promise.all([
      import('../serial/serial-bearer.ts'),
      import('./native/serial-port.ts'),
      import('../../handset/quirks/serial-traits.ts'),
    ]);
    return createSerialBearer({ ...options, openPort: openNativePort, traits: serialTraits });
  });
  const usb = lazyBearer('usb', parseUsbAddress, async () => {
    const [{ createUsbBearer }, { nativeUsbHost }, { usbTraits }] = await Promise.all([
      import('../usb/usb-bearer.ts'),
      import('./native/usb-device.ts'),
      import('../../handset/quirks/usb-traits.ts'),
    ]);
    return createUsbBearer(nativeUsbHost(), { ...options, traits: usbTraits });
  });
  const bluetooth = lazyBearer('bluetooth', parseBluetoothAddress, async () => {
    const [{ createBluetoothBearer }, { nativeRfcomm }] = await Promise.all([
      import('../bluetooth/bluetooth-bearer.ts'),
      import('./native/rfcomm.ts'),
    ]);
    return createBluetoothBearer((await nativeRfcomm()).host, options);
  });
  const tcp = createTcpBearer();
  return {
    for: (kind) => bearerOf(kind, { tcp, serial, usb, bluetooth }),
    discovery: lazyDiscovery(options),
    rfcomm: lazyRfcomm(),
  };
}

/** @throws PcAgentError `bearer/not-built` */
export function bearerOf(kind: BearerKind, built: Record<Exclude<BearerKind, 'memory'>, Bearer>): Bearer {
  switch (kind) {
    case 'tcp':
    case 'serial':
    case 'usb':
    case 'bluetooth':
      return built[kind];
    case 'memory':
      throw new PcAgentError('bearer/not-built', `the bearer ${kind} is not part of this version`, {
        details: { bearer: kind },
      });
    default:
      return assertNever(kind);
  }
}

function lazyBearer<A extends BearerAddress>(
  kind: BearerKind,
  parse: (text: string) => A,
  load: () => Promise<Bearer<A>>,
): Bearer<A> {
  let loading: Promise<Bearer<A>> | undefined;
  const loaded = (): Promise<Bearer<A>> => {
    loading ??= load();
    return loading;
  };
  return {
    kind,
    parse,
    dial: async (address, options) => (await loaded()).dial(address, options),
    listen: async (address, options) => (await loaded()).listen(address, options),
  };
}

function lazyDiscovery(options: { readonly clock?: Clock }): Discovery {
  let loading: Promise<Discovery> | undefined;
  const loaded = (): Promise<Discovery> => {
    loading ??= loadDiscovery(options);
    return loading;
  };
  return {
    look: async (signal) => (await loaded()).look(signal),
    watch: async (onChange, signal) => (await loaded()).watch(onChange, signal),
  };
}

function lazyRfcomm(): Rfcomm {
  return {
    services: async (address, signal) => {
      const [{ servicesOf }, { nativeRfcomm }] = await Promise.all([
        import('../bluetooth/services.ts'),
        import('./native/rfcomm.ts'),
      ]);
      return servicesOf((await nativeRfcomm()).host, address, signal);
    },
    state: async (signal) => {
      const { nativeRfcomm } = await import('./native/rfcomm.ts');
      signal.throwIfAborted();
      return (await nativeRfcomm()).state;
    },
  };
}

async function loadDiscovery(options: { readonly clock?: Clock }): Promise<Discovery> {
  const [{ nativeDiscovery }, { listNativePorts }, { listUsbDevices, watchUsbDevices }, { phoneVendors }] =
    await Promise.all([
      import('./discovery/native-discovery.ts'),
      import('./native/serial-port.ts'),
      import('./native/usb-list.ts'),
      import('../../handset/quirks/phone-vendors.ts'),
    ]);
  return nativeDiscovery({
    ...options,
    phoneVendors: phoneVendors(),
    listed: { serialPorts: listNativePorts, usbDevices: listUsbDevices, watchUsb: watchUsbDevices },
  });
}
