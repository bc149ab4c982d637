import type { Clock } from '../../base/clock.ts';
import { type Duration, seconds } from '../../base/durations.ts';
import type { AttachedThing, Discovery } from '../discovery.ts';
import type { Air, AirPhone, AirView } from './air.ts';
import { isHandset } from './device-kind.ts';

export interface PhoneDiscoveryOptions {
  readonly clock: Pick<Clock, 'now'>;
  /** Default: 15 s from one look whether a phone was not seen for too long to the next. */
  readonly lookEvery?: Duration;
  /** How long the Bluetooth service may keep a look at the cables waiting. Default: 2 s. */
  readonly airLimit?: Duration;
}

/** How long a phone counts as there after an inquiry saw it, or its last connection: it says nothing when it goes. */
const PRESENT = seconds(300);
const LOOK_EVERY = seconds(15);
const AIR_LIMIT = seconds(2);

/**
 * What is attached by cable, and the phones around that are paired with this computer: those that are connected, or were
 * seen just now. It looks for nobody: a search of somebody else finds them.
 */
export function withPhones(
  discovery: Discovery,
  air: Pick<Air, 'look' | 'follow'>,
  { clock, lookEvery = LOOK_EVERY, airLimit = AIR_LIMIT }: PhoneDiscoveryOptions,
): Discovery {
  const present = (view: AirView): readonly AttachedThing[] => phoneThings(view, clock.now());
  return {
    look: async (signal) => {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(airLimit)]);
      const around = air.look(limited).then(present, () => []);
      const [things, phones] = await Promise.all([discovery.look(signal), around]);
      signal.throwIfAborted();
      return [...things, ...phones];
    },
    watch: async (onChange, signal) => {
      let cabled: readonly AttachedThing[] | undefined;
      let view: AirView | undefined;
      let told = '';
      const tell = (force: boolean): void => {
        const phones = view === undefined ? [] : present(view);
        const text = JSON.stringify(phones);
        if (cabled === undefined || (!force && text === told)) return;
        told = text;
        onChange([...cabled, ...phones]);
      };
      const unfollow = air.follow((now) => {
        view = now;
        tell(false);
      });
      const timer = setInterval(() => tell(false), lookEvery).unref();
      try {
        await discovery.watch((things) => {
          cabled = things;
          tell(true);
        }, signal);
      } finally {
        clearInterval(timer);
        unfollow();
      }
    },
  };
}

/** Handsets that are paired and may be there all the same: who is not visible to others answers no inquiry. */
export function unseenPhones({ phones, reason }: AirView, now: Date): readonly AirPhone[] {
  if (reason !== undefined) return [];
  return phones.filter((phone) => phone.paired && isHandset(phone) && !isPresent(phone, now));
}

function phoneThings({ phones, reason }: AirView, now: Date): readonly AttachedThing[] {
  if (reason !== undefined) return [];
  return phones.filter((phone) => phone.paired && isHandset(phone) && isPresent(phone, now)).map(thingOf);
}

function isPresent({ connected, seenAt }: AirPhone, now: Date): boolean {
  return connected || (seenAt !== undefined && now.getTime() - Date.parse(seenAt) < PRESENT);
}

function thingOf({ address, name }: AirPhone): AttachedThing {
  const text = `bluetooth:${address}`;
  return {
    id: text,
    place: address,
    ...(name === undefined ? {} : { product: name }),
    functions: [{ kind: 'bluetooth', address: text }],
  };
}
