import { describe, expect, it } from 'vitest';
import { type CommandSummary, serverAddressed } from '../../../src-main/contract/message-summary.ts';
import { type Step, stepsAfterEnd, stepsAfterMessage } from '../../../src-main/contract/session-steps.ts';
import { command, messageRow, summary } from './message-samples.ts';

type Direction = 'to-dms' | 'to-handset';

/** A session as it goes on. */
class Talk {
  steps: readonly Step[] = [];
  #number = 0;

  say(direction: Direction, commands: readonly CommandSummary[], dmPackage = 3): void {
    this.#number += 1;
    const said = summary({ package: dmPackage, commands: [...commands] });
    const message = messageRow({ number: this.#number, direction, package: dmPackage, summary: said });
    this.steps = stepsAfterMessage(this.steps, message);
  }

  get told(): string[] {
    return this.steps.map(({ kind, state }) => `${kind} ${state}`);
  }
}

describe('steps of a session', () => {
  it('name the server that the handset gives no right, of a Get too', () => {
    for (const answers of ['Exec', 'Get']) {
      const talk = new Talk();
      talk.say('to-handset', [command({ kind: 'Get', uri: './SCM/Inventory/Deployed' })], 4);
      talk.say('to-dms', [command({ kind: 'Status', answers, code: 425 })]);
      expect(talk.steps).toMatchObject([{ kind: 'inventory', state: 'failed', code: 425, server: 'virtual-dms' }]);
    }
    const talk = new Talk();
    talk.say('to-handset', [command({ kind: 'Exec', uri: './SCM/Inventory/Deployed/x/Operations/Remove' })], 4);
    talk.say('to-dms', [command({ kind: 'Status', answers: 'Exec', code: 405 })]);
    expect(talk.steps[0]).not.toHaveProperty('server');
  });

  it.each([
    ['http://dms.example:8080/dm;x=1', 'dms.example:8080'],
    ['https://user:secret@dms.example/dm', 'dms.example'],
    ['https://user@:secret@dms.example?a=@b', 'dms.example'],
    ['obex:pc-agent', 'pc-agent'],
    ['', undefined],
  ])('name the server at %s as %s', (target, name) => {
    expect(serverAddressed({ target })).toBe(name);
  });

  it('follow from call to report, one working at a time', () => {
    const talk = new Talk();
    talk.say('to-handset', [], 0);
    talk.say(
      'to-dms',
      [command({ kind: 'Alert', code: 1200 }), command({ kind: 'Replace', uri: './DevInfo/DevId' })],
      1,
    );
    talk.say('to-handset', [command({ kind: 'Get', uri: './DevInfo/Man' })], 2);
    talk.say('to-handset', [command({ kind: 'Get', uri: './SCM/Inventory/Deployed?list=StructData' })], 4);
    talk.say('to-handset', [command({ kind: 'Add', uri: './SCM/Inventory/Delivered/p1' })], 4);
    expect(talk.told).toEqual(['call done', 'sign-in done', 'identify done', 'inventory done', 'deliver working']);
    talk.say('to-handset', [command({ kind: 'Add', uri: './SCM/Inventory/Delivered/p1/Data', moreData: true })], 4);
    talk.say('to-handset', [command({ kind: 'Exec', uri: './SCM/Inventory/Delivered/p1/Operations/Install' })], 4);
    talk.say('to-dms', [command({ kind: 'Status', answers: 'Exec', code: 202 })]);
    talk.say('to-dms', [command({ kind: 'Alert', code: 1226, resultCode: 1200 })]);
    expect(stepsAfterEnd(talk.steps, 'running').at(-1)).toMatchObject({ kind: 'report', state: 'working' });
    talk.steps = stepsAfterEnd(talk.steps, 'done');
    expect(talk.told.slice(4)).toEqual(['deliver done', 'install done', 'report done']);
    expect(talk.steps.map(({ from }) => from)).toEqual([1, 2, 3, 4, 5, 7, 9]);
  });

  it('fail when the handset refuses the command, with its status', () => {
    const talk = new Talk();
    talk.say('to-handset', [command({ kind: 'Exec', uri: './SCM/Inventory/Deployed/c1/Operations/Remove' })], 4);
    talk.say('to-dms', [command({ kind: 'Status', answers: 'Exec', code: 425 })]);
    expect(talk.steps).toMatchObject([{ kind: 'remove', state: 'failed', code: 425 }]);
  });

  it('do not fail on an answered Get, an Add of what is there, or a challenge', () => {
    const talk = new Talk();
    talk.say('to-handset', [command({ kind: 'Add', uri: './SCM/Inventory/Delivered/p1' })], 4);
    talk.say('to-dms', [
      command({ kind: 'Status', answers: 'Get', code: 404 }),
      command({ kind: 'Status', answers: 'Add', code: 418 }),
      command({ kind: 'Status', answers: 'Replace', code: 407, challenge: true }),
    ]);
    expect(talk.told).toEqual(['deliver working']);
  });

  it('fail on a failing result code, and on the end of a failed session', () => {
    const talk = new Talk();
    talk.say('to-dms', [command({ kind: 'Alert', code: 1226, resultCode: 1405 })]);
    talk.say('to-handset', [command({ kind: 'Get', uri: './Vendor/x' })], 4);
    talk.steps = stepsAfterEnd(talk.steps, 'aborted');
    expect(talk.told).toEqual(['report failed', 'read failed']);
  });

  it('of two sessions are kept apart', () => {
    const one = new Talk();
    const other = new Talk();
    one.say('to-handset', [command({ kind: 'Get', uri: './SCM/Inventory/Deployed' })], 4);
    other.say('to-handset', [], 0);
    expect([one.told, other.told]).toEqual([['inventory working'], ['call working']]);
  });
});
