import { describe, expect, it } from 'vitest';
import { accountsFrom } from '../../../src-main/cli/accounts.ts';
import { checkOptions, VirtualHandsetOptions } from '../../../src-main/cli/options.ts';
import { type HandsetChoice, plugIn, startBench } from '../offline/bench.ts';

describe('the answers of a virtual handset', () => {
  const accounts = accountsFrom({}, 'handset', (path) => path);
  const check = (answer: unknown) =>
    checkOptions(VirtualHandsetOptions, { listen: 'tcp:127.0.0.1:0', accounts, answer });

  it('are a script of the four that there are', () => {
    const script = ['accept', 'reject', 'cancel', 'timeout'];
    expect(check(script).answer).toEqual(script);
    expect(() => check(['maybe'])).toThrow(expect.objectContaining({ code: 'cli/usage' }));
  });

  const next = async (choice: HandsetChoice) => {
    const { handset } = await plugIn(startBench().bearer, choice);
    return [1, 2, 3].map(() => handset.nextAnswer());
  };

  it('are given in order, the last for all that follow; without any it accepts', async () => {
    expect(await next({ answers: ['reject', 'timeout'] })).toEqual(['reject', 'timeout', 'timeout']);
    expect(await next({})).toEqual(['accept', 'accept', 'accept']);
  });
});
