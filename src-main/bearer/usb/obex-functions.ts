import type { UsbConfiguration, UsbEndpoint, UsbInterfaceSetting } from './configuration-descriptor.ts';

/** An OBEX function: a control interface that tells what it is, and the data interface that carries the octets. */
export interface ObexFunction {
  /** Number of the control interface. */
  readonly control: number;
  /** Number of the data interface. */
  readonly data: number;
  /** The setting of the data interface that has the two endpoints. */
  readonly alternate: number;
  /** The setting without endpoints, in which it is idle; none where the endpoints are always there. */
  readonly idle?: number;
  /** Number of the bulk endpoint that the device sends by, 1 to 15. */
  readonly endpointIn: number;
  readonly endpointOut: number;
  /** Longest packet to the device; one that is shorter ends a transfer (USB 2.0, 5.8.3). */
  readonly packetSize: number;
  /** Longest packet of the device. */
  readonly packetSizeIn: number;
  /** Index of the string that names the service; 0: none. */
  readonly nameIndex: number;
  /** Identifier of the service, where the device tells one (WMC 1.1, 6.5.2.5). */
  readonly service?: string;
}

/** Communications class, OBEX model of wireless mobile communication devices (WMC 1.1, table 4-1). */
const COMMUNICATIONS = 0x02;
const OBEX_MODEL = 0x0b;
/** Data interface class (CDC 1.2, table 6). */
const CDC_DATA = 0x0a;

/**
 * The OBEX functions of a configuration in its order. The data interface is the one of the union; a device without a
 * union, or with one that leads nowhere, is given the next data interface behind the control interface.
 */
export function obexFunctions(configuration: UsbConfiguration): readonly ObexFunction[] {
  const { settings } = configuration;
  const controls = firstOfEach(settings.filter((s) => s.class === COMMUNICATIONS && s.subclass === OBEX_MODEL));
  const promised = new Set(controls.flatMap(({ cdc }) => [...(cdc.union?.subordinates ?? [])]));
  const taken = new Set<number>();
  const functions: ObexFunction[] = [];
  for (const control of controls) {
    const named = (control.cdc.union?.subordinates ?? []).filter((number) => !taken.has(number));
    const carriers = [...named.map((number) => carrier(settings, number)), nextCarrier(settings, control, promised)];
    const found = carriers.find((setting) => setting !== undefined);
    if (found === undefined || taken.has(found.number)) continue;
    taken.add(found.number);
    functions.push(asFunction(control, found, settings));
  }
  return functions;
}

function firstOfEach(settings: readonly UsbInterfaceSetting[]): readonly UsbInterfaceSetting[] {
  return settings.filter((setting, index) => settings.findIndex((s) => s.number === setting.number) === index);
}

/** The first setting of a data interface that octets can go both ways in. */
function carrier(settings: readonly UsbInterfaceSetting[], number: number): UsbInterfaceSetting | undefined {
  return settings.find((s) => s.number === number && s.class === CDC_DATA && bulk(s, 'in') && bulk(s, 'out'));
}

function nextCarrier(
  settings: readonly UsbInterfaceSetting[],
  control: UsbInterfaceSetting,
  promised: ReadonlySet<number>,
): UsbInterfaceSetting | undefined {
  for (const { number, class: kind } of settings.slice(settings.indexOf(control) + 1)) {
    if (kind === CDC_DATA && !promised.has(number)) return carrier(settings, number);
    // The data interface of whatever comes next is not ours.
    if (kind !== CDC_DATA && number !== control.number) return undefined;
  }
  return undefined;
}

function asFunction(
  control: UsbInterfaceSetting,
  data: UsbInterfaceSetting,
  settings: readonly UsbInterfaceSetting[],
): ObexFunction {
  const endpointIn = bulk(data, 'in');
  const endpointOut = bulk(data, 'out');
  const idle = settings.find((s) => s.number === data.number && s.endpoints.length === 0);
  return {
    control: control.number,
    data: data.number,
    alternate: data.alternate,
    ...(idle === undefined ? {} : { idle: idle.alternate }),
    endpointIn: endpointIn?.number ?? 0,
    endpointOut: endpointOut?.number ?? 0,
    packetSize: endpointOut?.packetSize ?? 0,
    packetSizeIn: endpointIn?.packetSize ?? 0,
    nameIndex: control.nameIndex,
    ...(control.cdc.service === undefined ? {} : { service: control.cdc.service.uuid }),
  };
}

function bulk(setting: UsbInterfaceSetting, direction: 'in' | 'out'): UsbEndpoint | undefined {
  return setting.endpoints.find((endpoint) => endpoint.direction === direction);
}
