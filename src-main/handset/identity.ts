/** What a card is called and known by: the DevId of its phone, or what stands for it until it has said one. */
import { imeiOf } from '../base/imei.ts';
import { nodeDigest } from '../base/node/digest.ts';
import { plainText } from '../base/plain-text.ts';
import type { AttachedThing } from '../bearer/discovery.ts';
import { usbAddress } from '../bearer/usb/usb-address.ts';
import type { Identity } from './identify/identity.ts';
import type { Meeting } from './meeting.ts';

/** What tells a phone from others as long as its DevId is not known. */
export interface Description {
  readonly manufacturer?: string | undefined;
  readonly model?: string | undefined;
  readonly serial?: string | undefined;
}

const PROVISIONAL = /^card-[0-9a-z-]{0,41}[0-9a-f]{12}$/;
/** Characters of maker and model that people see in the name. */
const MAX_SLUG = 40;

/** Whether a text is the name of a card whose phone has not said its DevId. */
export function isProvisionalName(text: string): boolean {
  return PROVISIONAL.test(text);
}

/**
 * Of make, model and serial number, the same every time; without a serial number of make, model and place. The serial
 * number itself is not in it, as it may be an IMEI. `undefined` for what has said neither make nor model.
 */
export function provisionalName({ manufacturer, model, serial }: Description, place: string): string | undefined {
  const said = [manufacturer, model].filter((text) => text !== undefined && text.trim() !== '');
  if (said.length === 0) return undefined;
  const parts = [folded(manufacturer), folded(model), serialKey(serial) ?? `@${place}`];
  const digest = nodeDigest.sha256(new TextEncoder().encode(parts.join('\0')));
  const slug = folded(said.join(' '))
    .replace(/[^0-9a-z]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, MAX_SLUG);
  return `card-${slug === '' ? '' : `${slug}-`}${Buffer.from(digest.slice(0, 6)).toString('hex')}`;
}

/**
 * By what a USB device with a serial number is known at any port; an adapter's own number is not its phone's. A phone over
 * the air has its own address.
 */
export function markOf(thing: AttachedThing): string | undefined {
  const overAir = thing.functions.find(({ kind }) => kind === 'bluetooth');
  if (overAir !== undefined) return overAir.address.toLowerCase();
  const { vendorId, productId, serial } = thing;
  if (vendorId === undefined || productId === undefined || serialKey(serial) === undefined) return undefined;
  if (!isPhoneItself(thing)) return undefined;
  return usbAddress({ vendorId, productId, serial }).text.toLowerCase();
}

/** What a handset at a cable has told, as the registry takes it; `undefined` when it is still nobody. */
export function meetingOf(identity: Identity, thing: AttachedThing): Meeting | undefined {
  const said = isPhoneItself(thing) ? identity : withoutPlug(identity, thing);
  const device = said.strong ? said.device : undefined;
  // What only its plug says is who is silent there.
  if (device === undefined && said.reason !== undefined && !hasSpoken(said, thing)) return undefined;
  const description = {
    manufacturer: said.manufacturer,
    model: said.model,
    serial: said.serial ?? weakNumber(said) ?? (isPhoneItself(thing) ? thing.serial : undefined),
  };
  const name = provisionalName(description, thing.place);
  if (device === undefined && name === undefined) return undefined;
  return {
    ...description,
    fromPlug:
      description.manufacturer === plainText(thing.manufacturer) && description.model === plainText(thing.product),
    device: device ?? name ?? '',
    provisional: name,
    firmware: said.firmware,
    speaksDm: said.speaksDm,
    mark: markOf(thing),
    address: said.via,
    ways: waysOf(thing),
  };
}

/** Whether the handset itself has told something, besides its plug. */
function hasSpoken({ speaksDm, firmware, manufacturer, model }: Identity, thing: AttachedThing): boolean {
  if (speaksDm !== undefined || firmware !== undefined) return true;
  return [manufacturer, model].some(
    (text) => text !== undefined && text !== thing.manufacturer && text !== thing.product,
  );
}

/** The adapter's own name and number are not those of the phone behind it. */
function withoutPlug(identity: Identity, { manufacturer, product, serial }: AttachedThing): Identity {
  const { manufacturer: maker, model, serial: number, device, strong, ...others } = identity;
  const isOfPlug = serial !== undefined && device === `IMEI:${imeiOf(serial)}`;
  return {
    ...others,
    strong: strong && !isOfPlug,
    ...(device === undefined || isOfPlug ? {} : { device }),
    ...(maker === undefined || maker === manufacturer ? {} : { manufacturer: maker }),
    ...(model === undefined || model === product ? {} : { model }),
    ...(number === undefined || number === serial ? {} : { serial: number }),
  };
}

/** Every address of a thing; what was asked on one of them is true for all. */
export function waysOf({ functions, place }: AttachedThing): readonly { address: string; place: string }[] {
  return functions.map(({ address }) => ({ address, place }));
}

/** A serial number as it is compared; one too short to tell anything, or the same digit throughout, is none. */
export function serialKey(serial: string | undefined): string | undefined {
  const key = folded(serial).replace(/[^0-9a-z]/g, '');
  return key.length < 4 || /^(.)\1*$/.test(key) ? undefined : key;
}

export function folded(text: string | undefined): string {
  return (text ?? '').normalize('NFKC').trim().toLowerCase();
}

/** A number that the handset gives for its IMEI, and whose check digit is wrong. */
function weakNumber({ device, strong }: Identity): string | undefined {
  return strong ? undefined : device?.replace(/^[A-Z]+:/i, '');
}

/**
 * A USB device that speaks OBEX itself, or is a CDC ACM modem, is the phone, and so is who is met over the air; of other
 * USB ports only the cable is known.
 */
function isPhoneItself({ functions }: AttachedThing): boolean {
  return functions.some(({ kind, address }) => kind !== 'serial' || /ttyACM\d|cu\.usbmodem/.test(address));
}
