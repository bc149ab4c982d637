/** A virtual handset of the running host, whose person answers in the window. */
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { childProcesses } from '../support/child-processes.ts';
import { placesOf } from '../support/host-face.ts';
import { ourDms } from '../support/our-three.ts';
import { onStage, type Program, type Stage } from '../support/processes.ts';
import { openWindowFace, type WindowFace } from '../support/window-face.ts';

const SAMPLE = 'com.example.maps.demo';

async function hosted(stage: Stage): Promise<{ readonly host: Program; readonly window: WindowFace }> {
  const host = stage.agent('serve');
  await host.address();
  return { host, window: await openWindowFace(stage) };
}

/** What the handset's own process has written of the software on it. */
async function installed(stage: Stage, device: string): Promise<ReadonlyMap<string, string>> {
  const folder = join(placesOf(join(stage.folder, 'home')).state, 'virtual', device.replace('IMEI:', ''));
  const { components = [] } = JSON.parse(await readFile(join(folder, 'handset.json'), 'utf8')) as {
    readonly components?: readonly { readonly id: string; readonly sha256: string }[];
  };
  return new Map(components.map(({ id, sha256 }) => [id, sha256]));
}

describe('a virtual handset that the host starts', () => {
  it('ACT-05: asks in the window, and installs what its person agrees to and nothing else', () =>
    onStage(async (stage) => {
      const { host, window } = await hosted(stage);
      const began = performance.now();
      const { device, address } = await window.request('virtual.start', {});
      const card = await window.next('handset', 0, ({ handset }) => handset.device === device);
      // Its process has to start, on a machine that does other things too.
      expect(performance.now() - began).toBeLessThan(10_000);
      expect(card.handset).toMatchObject({ virtual: true, presence: 'attached', address });
      const order = () =>
        window.request('install', { handset: device, packages: [SAMPLE], consent: 'required', offline: true });

      const refused = order();
      const first = await window.next('prompt');
      expect(first.prompt).toMatchObject({ device, text: 'Install Demo Maps 1.1?', until: expect.any(String) });
      await window.request('prompts.answer', { prompt: first.prompt.id, answer: 'reject' });
      expect((await refused).jobs).toMatchObject([{ package: SAMPLE, state: 'refused' }]);
      expect((await installed(stage, device)).has(SAMPLE)).toBe(false);

      const seen = window.changes.length;
      const agreed = order();
      const { prompt } = await window.next('prompt', seen);
      expect(prompt.id).not.toBe(first.prompt.id);
      await window.request('prompts.answer', { prompt: prompt.id, answer: 'accept' });
      await window.next('prompt-gone', seen, ({ id }) => id === prompt.id);
      const late = window.request('prompts.answer', { prompt: prompt.id, answer: 'accept' });
      await expect(late).rejects.toMatchObject({ code: 'prompt/gone' });
      expect((await agreed).jobs).toMatchObject([{ package: SAMPLE, state: 'done', resultCode: 1200 }]);
      const { packages } = await window.request('packages.list', {});
      const sample = packages.find(({ id }) => id === SAMPLE);
      expect((await installed(stage, device)).get(SAMPLE)).toBe(sample?.sha256);

      // What is on it is still there when it comes again.
      await window.request('virtual.stop', { device });
      await window.next('handset-gone', seen, (change) => change.device === device);
      const again = await window.request('virtual.start', {});
      expect(again.device).toBe(device);
      const { components } = await window.request('inventory', { handset: device });
      expect(components).toContainEqual(expect.objectContaining({ id: SAMPLE, version: '1.1' }));
      expect(await host.terminate()).toMatchObject({ exit: 0, ok: true });
    }));

  it('puts the questions of a DM server to the window, and the server has the answers', () =>
    onStage(async (stage) => {
      const { window } = await hosted(stage);
      const dms = await ourDms(stage);
      const { device } = await window.request('virtual.start', {});
      const ask = (question: object) => dms.client.post(device, 'ask', { question });
      const choices = ['red', 'green', 'blue'];
      const jobs = [
        await ask({ kind: 'display', text: 'Maintenance tonight' }),
        await ask({ kind: 'input', text: 'PIN?', inputType: 'numeric', hidden: true, maxLength: 4 }),
        await ask({ kind: 'choice', text: 'Which one?', choices, suggested: [2] }),
        await ask({ kind: 'choice', text: 'Which ones?', choices, multiple: true }),
        await ask({ kind: 'input', text: 'Name?', suggested: 'Ada L.', maxSeconds: 1 }),
      ];
      const session = window.request('inventory', { handset: device, dms: dms.url });
      const next = async (text: string) =>
        (await window.next('prompt', 0, ({ prompt }) => prompt.text === text)).prompt;

      const display = await next('Maintenance tonight');
      expect(display).toMatchObject({ kind: 'display', device, until: expect.any(String) });
      await window.request('prompts.answer', { prompt: display.id, answer: 'accept' });
      const pin = await next('PIN?');
      expect(pin).toMatchObject({ kind: 'input', inputType: 'numeric', hidden: true, maxLength: 4 });
      const wrong = window.request('prompts.answer', { prompt: pin.id, text: 'four' });
      await expect(wrong).rejects.toMatchObject({ code: 'prompt/answer-invalid' });
      await window.request('prompts.answer', { prompt: pin.id, text: '0042' });
      const one = await next('Which one?');
      expect(one).toMatchObject({ kind: 'choice', choices, multiple: false, suggested: [2] });
      await window.request('prompts.answer', { prompt: one.id, chosen: [3] });
      const several = await next('Which ones?');
      await window.request('prompts.answer', { prompt: several.id, chosen: [3, 1] });
      // Nobody answers the last one in time: the text that it begins with is the answer.
      const name = await next('Name?');
      await window.next('prompt-gone', 0, ({ id }) => id === name.id);
      await session;
      const answers = (await dms.client.jobs(jobs)).map(({ state, answer }) => ({ state, ...answer }));
      expect(answers).toEqual([
        { state: 'done', code: 200 },
        { state: 'done', code: 200, text: '0042' },
        { state: 'done', code: 200, chosen: [3] },
        { state: 'done', code: 200, chosen: [3, 1] },
        { state: 'done', code: 200, text: 'Ada L.' },
      ]);
    }));

  it('ACT-05: asks no more when the work is cancelled', () =>
    onStage(async (stage) => {
      const { window } = await hosted(stage);
      const { device } = await window.request('virtual.start', {});
      const cancel = new AbortController();
      const order = window.request('install', { handset: device, packages: [SAMPLE] }, cancel.signal);
      const { prompt } = await window.next('prompt');
      cancel.abort();
      await window.next('prompt-gone', 0, ({ id }) => id === prompt.id);
      // Whether the handset began is known from the next session.
      expect((await order).jobs).toMatchObject([{ state: 'waiting', code: 'scomo/completion-awaited' }]);
      expect((await installed(stage, device)).has(SAMPLE)).toBe(false);
    }));

  it.each(['SIGTERM', 'SIGKILL'] as const)('ends with the host, however that ends (%s)', (signal) =>
    onStage(async (stage) => {
      const { host, window } = await hosted(stage);
      const { address } = await window.request('virtual.start', {});
      expect(childProcesses('virtual-handset', host.pid)).toHaveLength(1);
      const hungUp = untilHungUp(address);
      host.signal(signal);
      await host.ended;
      await hungUp;
    }),
  );
});

/** Resolves when the handset closes a connection on which nobody says anything: with its process. */
function untilHungUp(address: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(Number(address.split(':').at(-1)), '127.0.0.1').resume();
    socket.on('error', () => undefined);
    socket.once('close', () => resolve());
  });
}
