import { describe, expect, it } from 'vitest';
import type { HostChange } from '../../../../src-main/contract/host-state.ts';
import { PromptDesk } from '../../../../src-main/host/handsets/prompt-desk.ts';

const { signal } = new AbortController();
const ASKED = { id: 'p1', device: 'IMEI:1', text: 'Install?', until: '2026-11-21T10:00:30.000Z' };

function desk(hear: (line: string) => void = () => undefined) {
  const changes: HostChange[] = [];
  const prompts = new PromptDesk((change) => void changes.push(change));
  prompts.take(ASKED, hear);
  return { prompts, changes };
}

describe('what the persons at virtual handsets are asked', () => {
  it('is shown until the handset has heard the answer', async () => {
    const { prompts, changes } = desk((line) => {
      expect(JSON.parse(line)).toEqual({ prompt: 'p1', answer: 'reject' });
      prompts.take({ ...ASKED, end: 'reject' }, () => undefined);
    });
    expect(prompts.list).toEqual([ASKED]);
    await prompts.answer({ prompt: 'p1', answer: 'reject' }, signal);
    expect(prompts.list).toEqual([]);
    expect(changes).toEqual([
      { kind: 'prompt', prompt: ASKED },
      { kind: 'prompt-gone', id: 'p1' },
    ]);
  });

  it('is gone for an answer that comes after another, after the time limit or to nothing', async () => {
    const { prompts } = desk(() => prompts.take({ ...ASKED, end: 'timeout' }, () => undefined));
    const late = prompts.answer({ prompt: 'p1', answer: 'accept' }, signal);
    await expect(late).rejects.toMatchObject({ code: 'prompt/gone' });
    const again = prompts.answer({ prompt: 'p1', answer: 'accept' }, signal);
    await expect(again).rejects.toMatchObject({ code: 'prompt/gone' });
  });

  it('is gone with the handset', async () => {
    const { prompts, changes } = desk();
    prompts.take({ ...ASKED, id: 'p2', device: 'IMEI:2' }, () => undefined);
    const answer = prompts.answer({ prompt: 'p1', answer: 'accept' }, signal);
    prompts.drop('IMEI:1');
    await expect(answer).rejects.toMatchObject({ code: 'prompt/gone' });
    expect(prompts.list.map(({ id }) => id)).toEqual(['p2']);
    expect(changes.at(-1)).toEqual({ kind: 'prompt-gone', id: 'p1' });
  });

  it('waits no longer than its face does', async () => {
    const { prompts } = desk();
    const stop = new AbortController();
    const answer = prompts.answer({ prompt: 'p1', answer: 'accept' }, stop.signal);
    stop.abort();
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
    expect(prompts.list).toHaveLength(1);
  });
});
