import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src-main/base/bytes.ts';
import type { Work } from '../../../src-main/dm/server/work.ts';
import type { UserAnswer } from '../../../src-main/dm/user-question.ts';
import {
  deliverAndInstall,
  type OperationOutcome,
  removeComponent,
} from '../../../src-main/scomo/procedure/deliver.ts';
import type { ConsentRequest } from '../../../src-main/scomo/procedure/execute.ts';
import { readInventory } from '../../../src-main/scomo/procedure/inventory.ts';
import type { Message, StatusCommand } from '../../../src-main/syncml/model.ts';
import { runSides, type SidesOptions } from './sides.ts';

const PACKAGE = {
  id: 'com.example.game',
  name: 'game',
  version: '2.0',
  type: 'application/octet-stream',
  content: utf8('the package'),
};

function install(
  consent: ConsentRequest | undefined,
  more: Pick<SidesOptions, 'mangle'> & { readonly answers?: readonly UserAnswer[] },
) {
  let outcome: OperationOutcome | undefined;
  let orders = 0;
  function* work(): Work {
    outcome = yield* deliverAndInstall('./SCM', PACKAGE, {
      correlator: 'c1',
      ...(consent === undefined ? {} : { consent }),
      onExec: () => {
        orders += 1;
      },
    });
  }
  let adds = 0;
  const mangle = (message: Message): Message => {
    adds += message.commands.filter((command) => command.kind === 'Status' && command.cmd === 'Add').length;
    return more.mangle?.(message) ?? message;
  };
  const { device, questions, outcomes } = runSides({ work, ...more, mangle });
  expect(outcomes).toEqual([{ ok: true }, { ok: true }]);
  return {
    outcome,
    orders,
    adds,
    asked: questions,
    installed: device.agent.components.some((component) => component.id === PACKAGE.id),
    delivered: device.tree.find('./SCM/Inventory/Delivered/game') !== 404,
  };
}

const ifPossible: ConsentRequest = { text: 'Install Game 2.0?', policy: 'if-possible', maxSeconds: 60 };
const required: ConsentRequest = { ...ifPossible, policy: 'required' };

describe.each([
  ['if-possible', ifPossible],
  ['required', required],
] as const)('an installation with consent %s', (_name, consent) => {
  it('goes on after a Yes', () => {
    const seen = install(consent, { answers: ['accept'] });
    expect(seen).toMatchObject({ outcome: { kind: 'accepted', consent: 'given' }, orders: 1, installed: true });
    expect(seen.asked).toEqual([{ kind: 'confirm', text: 'Install Game 2.0?', maxSeconds: 60 }]);
  });

  it.each([
    ['reject', { kind: 'declined', code: 304 }],
    ['cancel', { kind: 'postponed', code: 214 }],
    ['timeout', { kind: 'postponed', code: 408 }],
  ] as const)('ends by %s as a result of its own, and leaves nothing on the handset', (answer, outcome) => {
    const seen = install(consent, { answers: [answer] });
    expect(seen).toMatchObject({ outcome, installed: false, delivered: false });
    expect(seen.asked).toHaveLength(1);
    // Where consent is required the package waits for it.
    expect(seen.adds === 0).toBe(consent.policy === 'required');
  });
});

describe('a handset that cannot ask', () => {
  it('installs all the same when consent is wanted if possible, and the outcome says so', () => {
    const seen = install(ifPossible, {});
    expect(seen).toMatchObject({ outcome: { kind: 'accepted', consent: 'no-user-interface' }, installed: true });
  });

  it('does not when consent is required: the operation is never sent', () => {
    const seen = install(required, {});
    // Nor does the package go out.
    expect(seen.adds).toBe(0);
    expect(seen).toMatchObject({
      outcome: { kind: 'refused', step: 'consent', code: 406 },
      orders: 0,
      installed: false,
      delivered: false,
    });
  });

  it('and stops the Sequence at the question is asked for the operation again', () => {
    let execs = 0;
    const stopsAtQuestion = (message: Message): Message => {
      const commands = message.commands.map((command) => {
        if (command.kind !== 'Status' || command.cmd !== 'Exec') return command;
        execs += 1;
        return execs === 1 ? ({ ...command, code: 215 } satisfies StatusCommand) : command;
      });
      return { ...message, commands };
    };
    const seen = install(ifPossible, { mangle: stopsAtQuestion });
    expect(execs).toBe(2);
    expect(seen.outcome).toMatchObject({ kind: 'accepted', consent: 'no-user-interface' });
  });
});

describe('what handsets make of a Sequence', () => {
  const withSequence =
    (code: number) =>
    (message: Message): Message => ({
      ...message,
      commands: message.commands.map((command) =>
        command.kind === 'Status' && command.cmd === 'Sequence' ? { ...command, code } : command,
      ),
    });

  it.each([200, 215, 304])('[REP-6-20] may say %i of it after a No', (code) => {
    const seen = install(ifPossible, { answers: ['reject'], mangle: withSequence(code) });
    expect(seen.outcome).toEqual({ kind: 'declined', code: 304 });
  });

  it('is told as it is when one installs although its user did not agree', () => {
    const disobedient = (message: Message): Message => ({
      ...message,
      commands: message.commands.map((command) =>
        command.kind === 'Status' && command.cmd === 'Alert' ? { ...command, code: 304 } : command,
      ),
    });
    const seen = install(ifPossible, { mangle: disobedient });
    expect(seen).toMatchObject({ outcome: { kind: 'accepted', consent: 'overridden' }, installed: true });
  });
});

describe('without a wish for consent', () => {
  it('nobody is asked', () => {
    const seen = install(undefined, { answers: ['reject'] });
    expect(seen).toMatchObject({ outcome: { kind: 'accepted', consent: 'not-asked' }, asked: [], installed: true });
  });
});

describe('a removal', () => {
  it.each([
    ['accept', 'accepted', ['com.example.notes']],
    ['reject', 'declined', ['com.example.clock', 'com.example.notes']],
  ] as const)('asks too; after %s it is %s', (answer, kind, left) => {
    let outcome: OperationOutcome | undefined;
    let ids: readonly string[] = [];
    function* work(): Work {
      outcome = yield* removeComponent('./SCM/Inventory/Deployed/clock', { correlator: 'c1', consent: ifPossible });
      ids = (yield* readInventory('./SCM')).map((entry) => entry.id);
    }
    const { questions } = runSides({ work, answers: [answer] });
    expect(questions).toHaveLength(1);
    expect(outcome?.kind).toBe(kind);
    expect(ids).toEqual(left);
  });
});
