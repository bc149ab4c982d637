import { PcAgentError } from '../../../base/errors.ts';
import { plainText } from '../../../base/plain-text.ts';
import type { BluetoothService, BluetoothServiceKind } from '../rfcomm-host.ts';
import { ServiceClass } from '../service-classes.ts';
import { type DataElement, takeEach } from './data-element.ts';

/** What is of use here, the best first. */
const CLASSES: ReadonlyMap<string, BluetoothServiceKind> = new Map([
  [ServiceClass.SyncmlDmClient, 'syncml-dm-client'],
  [ServiceClass.SyncmlDmServer, 'syncml-dm-server'],
  [ServiceClass.ObexPush, 'obex-push'],
  [ServiceClass.ObexFileTransfer, 'obex-file-transfer'],
]);
const ORDER = [...CLASSES.values()];
const RFCOMM = '00000003-0000-1000-8000-00805f9b34fb';

// Attributes (Bluetooth Core 5.4, volume 3, part B, 5.1).
export const SERVICE_CLASS_LIST = 0x0001;
export const PROTOCOL_LIST = 0x0004;
/** The name in the record's first language. */
export const SERVICE_NAME = 0x0100;

const LAST_CHANNEL = 30;
const MAX_RECORDS = 256;
const MAX_SERVICES = 64;

/**
 * The services in a list of records that this program may use, best first. Records that are damaged are left out.
 * @param records one data element: a sequence of attribute lists
 * @throws PcAgentError `bearer/records-invalid` when nothing in it can be read
 */
export function servicesIn(records: Uint8Array): readonly BluetoothService[] {
  const each = takeEach(records);
  if (each === undefined) throw recordsInvalid('not a list of service records');
  if (each.length > 0 && each.every((record) => record === undefined)) throw recordsInvalid('no record is whole');
  return each
    .slice(0, MAX_RECORDS)
    .flatMap((record) => serviceOf(record) ?? [])
    .sort((one, other) => ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind))
    .slice(0, MAX_SERVICES);
}

export function recordsInvalid(what: string): PcAgentError {
  return new PcAgentError('bearer/records-invalid', `the Bluetooth services of the handset cannot be read: ${what}`, {
    retry: 'later',
    details: { bearer: 'bluetooth', what },
  });
}

function serviceOf(record: DataElement | undefined): BluetoothService | undefined {
  if (record?.kind !== 'sequence') return undefined;
  const attributes = attributesOf(record.elements);
  const kind = uuidsIn(attributes.get(SERVICE_CLASS_LIST)).flatMap((uuid) => CLASSES.get(uuid) ?? [])[0];
  const channel = channelIn(attributes.get(PROTOCOL_LIST));
  if (kind === undefined || channel === undefined) return undefined;
  const name = nameOf(attributes.get(SERVICE_NAME));
  return { kind, channel, ...(name === undefined ? {} : { name }) };
}

/** The first of an attribute counts, as anywhere else. */
function attributesOf(elements: readonly DataElement[]): ReadonlyMap<number, DataElement> {
  const attributes = new Map<number, DataElement>();
  for (let index = 0; index + 1 < elements.length; index += 2) {
    const id = elements[index];
    const value = elements[index + 1];
    if (id?.kind === 'number' && value !== undefined && !attributes.has(id.value)) attributes.set(id.value, value);
  }
  return attributes;
}

/** A class that stands alone is taken for a list of one. */
function uuidsIn(element: DataElement | undefined): readonly string[] {
  if (element?.kind === 'uuid') return [element.value];
  if (element?.kind !== 'sequence') return [];
  return element.elements.flatMap((one) => (one.kind === 'uuid' ? one.value : []));
}

/** The parameter of RFCOMM in a list of protocols, or in the first such list of a choice. */
function channelIn(element: DataElement | undefined): number | undefined {
  if (element?.kind !== 'sequence' && element?.kind !== 'alternative') return undefined;
  const [protocol, parameter] = element.elements;
  if (protocol?.kind === 'uuid') {
    if (protocol.value !== RFCOMM || parameter?.kind !== 'number') return undefined;
    return parameter.value >= 1 && parameter.value <= LAST_CHANNEL ? parameter.value : undefined;
  }
  for (const inner of element.elements) {
    const channel = channelIn(inner);
    if (channel !== undefined) return channel;
  }
  return undefined;
}

function nameOf(element: DataElement | undefined): string | undefined {
  return element?.kind === 'text' ? plainText(new TextDecoder().decode(element.octets)) : undefined;
}
