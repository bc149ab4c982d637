import { describe, expect, it } from 'vitest';
import type { CommandContext } from '../../../src-main/cli/command.ts';
import { operationOutcome } from '../../../src-main/cli/operation-outcome.ts';
import type { JobResult, OperationResult } from '../../../src-main/contract/results.ts';

function outcomeOf(
  jobs: readonly JobResult[],
  signal = new AbortController().signal,
  operation: OperationResult['operation'] = 'install',
  waits?: { readonly reconnect?: number },
) {
  const printed: string[] = [];
  const context: CommandContext = {
    emit: () => undefined,
    note: () => undefined,
    print: (text) => printed.push(text),
    signal,
    json: false,
    unmask: false,
    resolvePath: (path) => path,
  };
  const result: OperationResult = {
    ...{ operation, handset: 'tcp:h:1', virtual: true, sessions: [] },
    jobs: [...jobs],
  };
  return { outcome: operationOutcome(result, context, waits), printed };
}

const job = (state: JobResult['state'], code?: string): JobResult => ({
  package: 'p',
  state,
  ...(code === undefined ? {} : { code }),
});

describe('what an operation came to', () => {
  it.each([
    [[job('done')], 0, true],
    [[job('done'), job('skipped')], 2, true],
    [[job('skipped'), job('refused', 'scomo/declined'), job('done')], 1, false],
    [[job('postponed')], 1, false],
    [[job('expired')], 1, false],
    [[job('waiting', 'scomo/completion-awaited')], 1, false],
    [[job('failed', 'bearer/unavailable')], 3, false],
    [[job('failed', 'bearer/unavailable'), job('failed', 'bearer/lost')], 1, false],
    [[job('failed'), job('cancelled')], 4, false],
  ])('is its worst job: %j ends with %i', (jobs, exitCode, ok) => {
    expect(outcomeOf(jobs).outcome).toMatchObject({ exitCode, ok, jobs });
  });

  it('says that it could have waited for a handset whose link broke, unless it did', () => {
    const jobs = [job('failed', 'bearer/lost')];
    const words = (waits?: { readonly reconnect?: number }) => outcomeOf(jobs, undefined, 'install', waits).printed;
    expect(words({}).at(-1)).toContain('--reconnect SECONDS');
    for (const waits of [undefined, { reconnect: 20 }, { reconnect: 0 }]) {
      expect(words(waits).join()).not.toContain('--reconnect');
    }
  });

  it('has a code whenever it is not well', () => {
    expect(outcomeOf([job('failed')]).outcome.code).toBe('job/failed');
    expect(outcomeOf([job('done'), job('refused', 'scomo/declined')]).outcome.code).toBe('scomo/declined');
    expect(outcomeOf([job('done')]).outcome).not.toHaveProperty('code');
  });

  it('is cancelled when the command was told to end, unless it was done all the same', () => {
    const told = AbortSignal.abort();
    expect(outcomeOf([job('waiting')], told).outcome.exitCode).toBe(4);
    expect(outcomeOf([job('done')], told).outcome.exitCode).toBe(0);
  });

  it('is told job by job', () => {
    expect(outcomeOf([{ ...job('skipped'), message: 'is there' }]).printed).toEqual(['p  skipped: is there']);
  });

  it('names work without a package or component by what it was', () => {
    const { signal } = new AbortController();
    const skipped: JobResult = { state: 'skipped', message: 'the same already' };
    expect(outcomeOf([{ state: 'done' }], signal, 'sync').printed).toEqual(['sync  done']);
    expect(outcomeOf([skipped], signal, 'restore').printed).toEqual(['restore  skipped: the same already']);
  });

  it('has failed when one job failed, though another only waits', () => {
    const jobs = [job('waiting', 'scomo/completion-awaited'), job('failed', 'bearer/lost')];
    expect(outcomeOf(jobs).outcome).toMatchObject({ exitCode: 1, code: 'bearer/lost' });
    expect(outcomeOf(jobs.toReversed()).outcome.code).toBe('bearer/lost');
  });

  it('is told with what is another on the handset, or that nothing is', () => {
    const difference = {
      added: [{ id: 'a', version: '1', state: 'active' }],
      removed: [{ id: 'b', version: '2', state: 'inactive' }],
      changed: [
        { id: 'c', field: 'version', before: '1.0', after: '2.0' },
        { id: 'c', field: 'pkgId', after: 'p' },
      ],
      more: 3,
    };
    expect(outcomeOf([{ ...job('done'), difference }]).printed).toEqual([
      'p  done',
      '  + a 1 active',
      '  - b 2',
      '  c version: 1.0 -> 2.0',
      '  c pkgId: none -> p',
      '  and 3 more',
    ]);
    const unchanged = { added: [], removed: [], changed: [] };
    expect(outcomeOf([{ ...job('failed'), difference: unchanged }]).printed).toEqual([
      'p  failed',
      '  nothing is different on the handset',
    ]);
  });

  it('is nothing to do for an update that found nothing newer', () => {
    const context = { print: () => undefined, signal: new AbortController().signal } as unknown as CommandContext;
    const nothing: OperationResult = { operation: 'update', handset: 'tcp:h:1', virtual: true, sessions: [], jobs: [] };
    expect(operationOutcome(nothing, context)).toMatchObject({ exitCode: 2, ok: true });
    expect(operationOutcome({ ...nothing, operation: 'inventory' }, context)).toMatchObject({ exitCode: 0, ok: true });
  });
});
