/** Phones that an inquiry finds, and what a person says while they are paired. */
import assert from 'node:assert/strict';
import type { ResultOf } from '../../../src-main/contract/requests.ts';
import { handsetInTheAir } from './air.ts';
import type { Bench } from './bench.ts';
import type { Scenario } from './cable.ts';

const SEARCH_SECONDS = 2;

/** Found by name; both show the same digits; then it has its card and says who it is. */
export const found: Scenario = async (bench) => {
  const radio = await bench.radio();
  const { address } = radio.phone;
  const phone = await handsetInTheAir(bench);
  const { air } = await bench.face.request('air.search', { seconds: SEARCH_SECONDS });
  const seen = air.phones.find((each) => each.address === address);
  assert.deepEqual({ name: seen?.name, type: seen?.type }, { name: radio.phone.name, type: 'phone' });
  const paired = await pair(bench, address);
  assert.equal(paired.paired, true);
  const began = performance.now();
  const card = await bench.card(
    phone,
    'a card in the air',
    ({ bearers, speaksDm }) =>
      speaksDm === true && bearers.some(({ kind, attached }) => kind === 'bluetooth' && attached === true),
  );
  return { card, seconds: (performance.now() - began) / 1000 };
};

/** The phone is found, and paired if it is not yet. */
export async function searchedFor(bench: Bench): Promise<void> {
  const { address } = (await bench.radio()).phone;
  const { air } = await bench.face.request('air.search', { seconds: SEARCH_SECONDS });
  if (air.phones.find((each) => each.address === address)?.paired !== true) await pair(bench, address);
}

/** The person at the computer sees the digits that the phone shows, and says yes. */
async function pair(bench: Bench, address: string): Promise<ResultOf<'air.pair'>['phone']> {
  const radio = await bench.radio();
  const eyes = await bench.eyes();
  const paired = bench.face.request('air.pair', { address });
  paired.catch(() => undefined);
  const asked = await Promise.race([
    paired,
    eyes.see('the digits', ({ prompts }) => prompts.find(({ kind }) => kind === 'pairing')),
  ]);
  assert.ok('id' in asked && asked.kind === 'pairing', 'nobody was asked');
  assert.equal(asked.question, 'confirm');
  await bench.face.request('prompts.answer', { prompt: asked.id, answer: 'accept' });
  const { phone } = await paired;
  // What was asked is a whole line when it was answered.
  assert.deepEqual(radio.shownDigits(), [asked.code]);
  return phone;
}
