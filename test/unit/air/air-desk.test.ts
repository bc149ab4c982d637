import { expect, test } from 'vitest';
import { absentAir } from '../../../src-main/bearer/air/absent-air.ts';
import type { Air, AirPhone, AirView } from '../../../src-main/bearer/air/air.ts';
import { AIR_REQUESTS } from '../../../src-main/contract/air.ts';
import { HostChange } from '../../../src-main/contract/host-state.ts';
import type { Prompt, PromptAnswer } from '../../../src-main/contract/prompts.ts';
import { AirDesk } from '../../../src-main/host/air-desk.ts';

const { signal } = new AbortController();
const NOW = new Date('2026-11-21T12:00:00Z');
const PHONE: AirPhone = {
  ...{ address: '00:AA:01:00:00:00', name: 'Handset 0', deviceClass: 0x5a020c, services: [] },
  ...{ paired: false, connected: false, seenAt: '2026-11-21T12:00:01.000Z', signal: -60 },
};
const AWAY: AirPhone = {
  address: '00:AA:01:00:00:01',
  deviceClass: 0x5a020c,
  services: [],
  paired: true,
  connected: false,
};

function around(...phones: readonly AirPhone[]): AirView {
  return { adapters: [], phones, searching: false };
}

function desk(
  air: Partial<Air>,
  more: { readonly answer?: Omit<PromptAnswer, 'prompt'>; readonly here?: string } = {},
) {
  const changes: HostChange[] = [];
  const prompts: Prompt[] = [];
  const called: string[] = [];
  const made = new AirDesk({
    air: { ...absentAir(), ...air },
    clock: { now: () => NOW },
    changed: (change) => void changes.push(HostChange.parse(change)),
    ask: async (prompt) => {
      prompts.push(prompt);
      return more.answer === undefined ? undefined : ({ prompt: prompt.id, ...more.answer } as PromptAnswer);
    },
    call: async (address) => {
      called.push(address);
      if (address !== more.here) throw new Error('nobody there');
    },
  });
  return { made, changes, prompts, called };
}

const context = <P>(part: (piece: P) => void = () => undefined) => ({
  ...{ signal, emit: () => undefined },
  part: async (piece: P) => part(piece),
});

test('faces that follow are told of each view once, and the state has the last of them', () => {
  let tell: (view: AirView) => void = () => undefined;
  let following = 0;
  const { made, changes } = desk({
    follow: (listener) => {
      tell = listener;
      following += 1;
      return () => {
        following -= 1;
      };
    },
  });
  expect(made.state).toEqual({});
  made.followed(2);
  made.followed(1);
  tell(around(PHONE));
  tell(around({ ...PHONE }));
  expect(changes).toEqual([
    { kind: 'air', air: { adapters: [], searching: false, phones: [expect.objectContaining({ type: 'phone' })] } },
  ]);
  expect(made.state.air?.phones).toHaveLength(1);
  made.followed(0);
  expect(following).toBe(0);
});

test('a search tells of each phone once and again when its name has come, then calls those that are paired and unseen', async () => {
  let tell: (view: AirView) => void = () => undefined;
  const pieces: unknown[] = [];
  const { made, called } = desk(
    {
      follow: (listener) => {
        tell = listener;
        return () => undefined;
      },
      search: async () => {
        tell(around({ ...PHONE, name: 'BlueZ 5.66' }, AWAY));
        tell(around({ ...PHONE, name: 'BlueZ 5.66', signal: -70 }, AWAY));
        return around(PHONE, AWAY, { ...AWAY, address: '00:AA:01:00:00:02' }, { ...AWAY, deviceClass: 0x240404 });
      },
      look: async () => around(PHONE, { ...AWAY, connected: true, seenAt: '2026-11-21T12:00:09.000Z' }),
    },
    { here: AWAY.address },
  );
  const { air } = await made.handlers['air.search'](
    { seconds: 1 },
    context((piece) => void pieces.push(piece)),
  );
  expect(called).toEqual(['00:AA:01:00:00:01', '00:AA:01:00:00:02']);
  expect(pieces).toMatchObject([{ name: 'BlueZ 5.66' }, { name: 'Handset 0' }, { address: AWAY.address }]);
  for (const piece of pieces) expect(AIR_REQUESTS['air.search'].part.parse(piece)).toEqual(piece);
  expect(air.phones).toMatchObject([{ type: 'phone' }, { connected: true }]);
});

test.each<[Parameters<Parameters<Air['pair']>[1]['ask']>[0], Omit<PromptAnswer, 'prompt'> | undefined, unknown]>([
  [{ kind: 'confirm', code: '000042' }, { answer: 'accept' }, true],
  [{ kind: 'confirm', code: '000042' }, { answer: 'reject' }, false],
  [{ kind: 'allow' }, { answer: 'cancel' }, undefined],
  [{ kind: 'enter-pin' }, { text: '0000' }, '0000'],
  [{ kind: 'enter-passkey' }, undefined, undefined],
  [{ kind: 'show', code: '123456' }, { answer: 'accept' }, true],
  [{ kind: 'show', code: '123456' }, { answer: 'cancel' }, false],
])('the question %j is a prompt, and its answer %j is %j', async (question, answer, said) => {
  const heard: unknown[] = [];
  const { made, prompts } = desk(
    {
      pair: async (address, { ask }) => {
        expect(address).toBe(PHONE.address);
        heard.push(await ask(question, PHONE, signal));
        return { ...PHONE, paired: true };
      },
    },
    answer === undefined ? {} : { answer },
  );
  const params = { address: `bluetooth:${PHONE.address.toLowerCase()}` };
  expect(AIR_REQUESTS['air.pair'].params.parse(params)).toEqual(params);
  expect(await made.handlers['air.pair'](params, context())).toMatchObject({ phone: { paired: true } });
  expect(heard).toEqual([said]);
  expect(prompts).toEqual([
    {
      ...{ kind: 'pairing', id: expect.any(String), device: 'bluetooth:00:AA:01:00:00:00', text: 'Handset 0' },
      ...{ until: '2026-11-21T12:01:00.000Z', question: question.kind },
      ...('code' in question ? { code: question.code } : {}),
    },
  ]);
});

test('a system without BlueZ says so, and nothing can be asked of it', async () => {
  const { made } = desk({});
  expect(await made.handlers['air.look']({}, context())).toMatchObject({ air: { reason: 'air/not-supported' } });
  for (const work of [
    made.handlers['air.search']({}, context()),
    made.handlers['air.pair']({ address: PHONE.address }, context()),
    made.handlers['air.forget']({ address: PHONE.address }, context()),
    made.handlers['air.show']({}, context()),
  ]) {
    await expect(work).rejects.toMatchObject({ code: 'air/not-supported' });
  }
  const air = absentAir();
  expect((await air.offer({ uuid: '', name: '', channel: 1 }, { signal })).reason).toBe('air/not-supported');
  const views: AirView[] = [];
  air.follow((view) => void views.push(view));
  air.follow(() => expect.unreachable())();
  await Promise.resolve();
  expect(views).toHaveLength(1);
  await air.close();
});
