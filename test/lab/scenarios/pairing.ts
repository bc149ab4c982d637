/** Phones that an inquiry finds, and what a person says while they are paired. */
import assert from 'node:assert/strict';
import type { ResultOf } from '../../../src-main/contract/requests.ts';
import { handsetInTheAir } from './air.ts';
import type { Bench } from './bench.ts';
import type { Scenario } from './cable.ts';
import { run } from './guest.ts';

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
  assert.equal(radio.shownDigits().at(-1), asked.code);
  return phone;
}

/** Seconds after which nobody is waited for who does not enter a PIN: BlueZ's own limit, and a little. */
const PIN_LIMIT = 75;

/** A phone of the time before digits were compared: one that nobody enters a PIN for, and then the same on both sides. */
export const pins: Scenario = async (bench) => {
  const radio = await bench.radio();
  const { address } = radio.phone;
  const phone = await handsetInTheAir(bench);
  await searchedFor(bench);
  run('hciconfig', radio.phone.device, 'sspmode', '0');
  try {
    const began = performance.now();
    const never = await pinAskedFor(bench, address);
    // The phone's side may lose its patience first.
    await assert.rejects(never.paired, { code: /^air\/pairing-(timeout|cancelled)$/ });
    const seconds = (performance.now() - began) / 1000;
    assert.ok(seconds < PIN_LIMIT, `${seconds} s`);
    await radio.idle();
    const { paired, prompt } = await pinAskedFor(bench, address);
    await bench.face.request('prompts.answer', { prompt, text: radio.pin });
    assert.equal((await paired).phone.paired, true);
    const asked = await bench.programs.agent('inventory', '--handset', phone.address).result();
    assert.equal(asked.ok, true);
    return { seconds };
  } finally {
    run('hciconfig', radio.phone.device, 'sspmode', '1');
    await bench.face.request('air.forget', { address });
    await searchedFor(bench);
  }
};

/** Begins to pair with a phone that is forgotten before. */
async function pinAskedFor(bench: Bench, address: string) {
  const eyes = await bench.eyes();
  const { air } = await bench.face.request('air.search', { seconds: SEARCH_SECONDS });
  if (air.phones.find((each) => each.address === address)?.paired === true) {
    await bench.face.request('air.forget', { address });
    await bench.face.request('air.search', { seconds: SEARCH_SECONDS });
  }
  const paired = bench.face.request('air.pair', { address });
  paired.catch(() => undefined);
  const asked = await eyes.see('that a PIN is wanted', ({ prompts }) => prompts.find(({ kind }) => kind === 'pairing'));
  assert.ok(asked.kind === 'pairing' && asked.question === 'enter-pin');
  return { paired, prompt: asked.id };
}
