/** One phone by cable and by air. */
import assert from 'node:assert/strict';
import { endHandsetInTheAir, handsetInTheAir } from './air.ts';
import { attachedKinds } from './bench.ts';
import { beginDelivery, expectDelivered, type Scenario } from './cable.ts';
import { until } from './guest.ts';
import { searchedFor } from './pairing.ts';

/** Octets of the delivery in which the cable is pulled, and after which. */
const PULLED = { size: 400_000, after: 100_000 };
const CARD_LIMIT = 60_000;

/** One card with both ways; the job takes the cable, and goes on through the air when that is pulled. */
export const oneCard: Scenario = async (bench) => {
  const radio = await bench.radio();
  const handset = await handsetInTheAir(bench);
  const air = handset.address;
  await endHandsetInTheAir(bench);
  const phone = await bench.taken(1, handset, '--fault', `duplicate-bearer=${air}`);
  await radio.idle();
  phone.gadget.plug();
  await searchedFor(bench);
  const ways = () => attachedKinds(bench.lastCard(phone) ?? { bearers: [] });
  await until('a card with both ways', CARD_LIMIT, () => ways().includes('usb') && ways().includes('bluetooth'));
  const delivery = await beginDelivery(bench, 'one-card', phone.device, PULLED);
  const before = delivery.events.findLast(({ type }) => type === 'session');
  assert.equal(before?.handset, phone.gadget.address, 'the better way is taken');
  const cut = performance.now();
  phone.gadget.unplug();
  const isOnward = (event: { readonly type: string; readonly handset?: unknown }) =>
    event.type === 'session' && String(event.handset).startsWith(air);
  await delivery.event('a session through the air', isOnward);
  const onward = (performance.now() - cut) / 1000;
  await expectDelivered(delivery, phone, 'one-card');
  return { onward };
};
