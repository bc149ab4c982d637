import { describe, expect, it } from 'vitest';
import type { UserAnswer } from '../../../src-main/dm/user-question.ts';
import { readEnvelope, TestDevice } from '../../support/dm-pair.ts';
import { alert, answersTo, change, copy, exec, get, group, header, metaXml, short, TAKEN, talk } from './talk.ts';

const set = (id: number, uri: string, value: string) => change('Replace', id, uri, value);
const add = (id: number, uri: string, value: string) => change('Add', id, uri, value, '', metaXml({ Format: 'chr' }));
const remove = (id: number, uri: string) => change('Delete', id, uri, '');
const ask = (id: number) => alert(id, 1101, '', 'Now?');

describe('an Atomic', () => {
  it('[REP-6-21, REP-6-28] does all that it lists, in order, and each child has a Status of its own behind that of the Atomic', () => {
    const all = talk({ asksUser: true });
    const commands = group(
      'Atomic',
      4,
      add(5, './bag/n', 'new'),
      set(6, './bag/n', 'newer'),
      copy(7, './bag/n', './b'),
      alert(8, 1100, '', 'Done'),
      remove(9, './a'),
    );
    const step = all.say(TAKEN + commands);
    expect(step.ask).toEqual({ kind: 'display', text: 'Done' });
    expect(short(all.client.answer('accept'))).toEqual([
      '4 Atomic 200',
      '5 Add 200',
      '6 Replace 200',
      '7 Copy 200',
      '8 Alert 200',
      '9 Delete 200',
    ]);
    expect(all.device.tree.text('./b')).toBe('newer');
    expect(all.device.tree.find('./a')).toBe(404);
  });

  it('[REP-6-22] that fails is as if it had not been: 216, the code of the child, 215, and 507', () => {
    const all = talk();
    const commands = group(
      'Atomic',
      4,
      add(5, './bag/n', 'new'),
      set(6, './a', 'x'),
      copy(7, './a', './b'),
      remove(8, './long'),
      set(9, './nothing', 'x'),
      set(10, './a', 'y'),
      group('Sequence', 11, set(12, './a', 'z')),
    );
    expect(answersTo(commands, all)).toEqual([
      '4 Atomic 507',
      '5 Add 216',
      '6 Replace 216',
      '7 Copy 216',
      '8 Delete 216',
      '9 Replace 404',
      '10 Replace 215',
      '11 Sequence 215',
      '12 Replace 215',
    ]);
    const { tree } = all.device;
    expect([tree.text('./a'), tree.text('./b'), tree.find('./bag/n')]).toEqual(['one', 'two', 404]);
    expect(tree.text('./long')).toHaveLength(3000);
  });

  it('[REP-6-23] says 516 of a child that cannot be taken back', () => {
    const device = new TestDevice();
    const { tree } = device;
    const start = tree.startUndo.bind(tree);
    let calls = 0;
    tree.startUndo = () => {
      const log = start();
      // The second of two changes cannot be undone.
      return {
        ...log,
        mark: () => log.mark(),
        end: () => log.end(),
        undoTo: (mark) => log.undoTo(mark) && ++calls !== 2,
      };
    };
    const commands = group('Atomic', 4, set(5, './a', 'x'), set(6, './b', 'y'), set(7, './nothing', 'z'));
    expect(answersTo(commands, talk({}, device))).toEqual([
      '4 Atomic 507',
      '5 Replace 216',
      '6 Replace 516',
      '7 Replace 404',
    ]);
  });

  it.each([
    ['reject', 'Alert 304', '9 Get 200'],
    ['cancel', 'Alert 214', '9 Get 215'],
  ] as const)('[REP-6-24, REP-8.1-06] that a person says %s to is rolled back, with 215', (answer, own, next) => {
    const all = talk({ asksUser: true });
    all.say(TAKEN + group('Atomic', 4, set(5, './a', 'x'), ask(6), set(7, './b', 'y')) + get(9, './b'));
    expect(all.device.tree.text('./a')).toBe('x');
    expect(short(all.client.answer(answer)).filter((line) => !line.startsWith('9:'))).toEqual([
      '4 Atomic 215',
      '5 Replace 216',
      `6 ${own}`,
      '7 Replace 215',
      next,
    ]);
    expect(all.device.tree.text('./a')).toBe('one');
    expect(all.device.tree.text('./b')).toBe('two');
  });

  it('fails with 507 when nobody answers, and when nobody can be asked', () => {
    const commands = group('Atomic', 4, set(5, './a', 'x'), ask(6), set(7, './b', 'y'));
    const asked = talk({ asksUser: true });
    asked.say(TAKEN + commands);
    const ends = (code: number) => ['4 Atomic 507', '5 Replace 216', `6 Alert ${code}`, '7 Replace 215'];
    expect(short(asked.client.answer('timeout'))).toEqual(ends(408));
    expect(answersTo(commands)).toEqual(ends(406));
  });

  it('goes on behind the answer of a person, and takes an input back with the rest', () => {
    const all = talk({ asksUser: true });
    all.say(TAKEN + group('Atomic', 4, alert(5, 1102, '', 'Name?'), set(6, './nothing', 'x')));
    const step = all.client.answer({ text: 'Ann' });
    expect(short(step)).toEqual(['4 Atomic 507', '5 Alert 216', '6 Replace 404']);
    expect(JSON.stringify(readEnvelope(step.send))).not.toContain('Ann');
  });

  it.each([
    ['[REP-6-25] another Atomic', group('Atomic', 6, set(7, './b', 'y')), ['6 Atomic 500', '7 Replace 215']],
    ['[REP-6-25] a Get', get(6, './a'), ['6 Get 500']],
    ['[REP-6-26] an Exec', exec(6, './now'), ['6 Exec 500']],
    ['an unknown command', '<Frob><CmdID>6</CmdID></Frob>', ['6 Frob 400']],
    ['a command of data sync', '<Sync><CmdID>6</CmdID></Sync>', ['6 Sync 406']],
    [
      'a part of a large object',
      change('Replace', 6, './b', 'AB', '<MoreData/>', metaXml({ Size: 4 })),
      ['6 Replace 500'],
    ],
    ['a child without CmdID', '<Delete><Item><Target><LocURI>./b</LocURI></Target></Item></Delete>', [' Delete 400']],
  ])('fails with 507 at %s', (_what, child, answers) => {
    const all = talk();
    expect(answersTo(group('Atomic', 4, set(5, './a', 'x'), child, set(8, './b', 'z')), all)).toEqual([
      '4 Atomic 507',
      '5 Replace 216',
      ...answers,
      '8 Replace 215',
    ]);
    expect(all.device.executed).toEqual([]);
    expect([all.device.tree.text('./a'), all.device.tree.text('./b')]).toEqual(['one', 'two']);
  });

  it('takes a Sequence with its children, and is taken as one child by a Sequence', () => {
    const inner = (last: string) => group('Sequence', 5, set(6, './a', 'x'), set(7, last, 'y'), set(8, './long', 'z'));
    const good = talk();
    expect(answersTo(group('Atomic', 4, inner('./b')), good)).toEqual([
      '4 Atomic 200',
      '5 Sequence 200',
      '6 Replace 200',
      '7 Replace 200',
      '8 Replace 200',
    ]);
    const bad = talk();
    expect(answersTo(group('Atomic', 4, inner('./nothing')), bad)).toEqual([
      '4 Atomic 507',
      '5 Sequence 500',
      '6 Replace 216',
      '7 Replace 404',
      '8 Replace 215',
    ]);
    expect(bad.device.tree.text('./a')).toBe('one');
    const outer = group('Sequence', 3, group('Atomic', 4, set(5, './a', 'x'), set(6, './nothing', 'y')), get(7, './a'));
    expect(answersTo(outer)).toEqual([
      '3 Sequence 200',
      '4 Atomic 507',
      '5 Replace 216',
      '6 Replace 404',
      '7 Get 200',
      '7: ./a=one',
    ]);
  });

  it('takes back items that were done before one that failed, and leaves out those behind it', () => {
    const item = (uri: string) => `<Item><Target><LocURI>${uri}</LocURI></Target><Data>v</Data></Item>`;
    const several = `<Replace><CmdID>5</CmdID>${item('./a')}${item('./nothing')}${item('./b')}</Replace>`;
    const all = talk();
    const { commands } = readEnvelope(all.say(TAKEN + group('Atomic', 4, several)).send);
    const found = commands.flatMap((one) => (one.kind === 'Status' ? [[one.code, ...one.targetRefs]] : []));
    expect(found.slice(1)).toEqual([[507], [216, './a'], [404, './nothing'], [215, './b']]);
    expect(all.device.tree.text('./a')).toBe('one');
  });

  it('without a child is incomplete', () => {
    expect(answersTo(group('Atomic', 4))).toEqual(['4 Atomic 412']);
    expect(answersTo(group('Sequence', 4))).toEqual(['4 Sequence 412']);
  });

  it('[REP-6-27] whose Statuses no message of the server can hold is refused with 517 before anything is done', () => {
    const many = Array.from({ length: 40 }, (_, index) => set(5 + index, './a', `v${index}`));
    const all = talk();
    const step = all.say(TAKEN + group('Atomic', 4, ...many), { header: metaXml({ MaxMsgSize: 3000 }) });
    expect(short(step).slice(0, 2)).toEqual(['4 Atomic 517', '5 Replace 215']);
    expect(all.device.tree.text('./a')).toBe('one');
    const fits = talk();
    const good = fits.say(TAKEN + group('Atomic', 4, ...many), { header: metaXml({ MaxMsgSize: 30_000 }) });
    expect(short(good)[0]).toBe('4 Atomic 200');
    expect(fits.device.tree.text('./a')).toBe('v39');
  });

  it('whose Statuses outgrow a message by what a person typed is rolled back with 517', () => {
    const all = talk({ asksUser: true });
    all.say(TAKEN + group('Atomic', 4, set(5, './a', 'x'), alert(6, 1102, '', 'Name?')), {
      header: metaXml({ MaxMsgSize: 2200 }),
    });
    const step = all.client.answer({ text: 'n'.repeat(1500) });
    expect(short(step)).toEqual(['4 Atomic 517', '5 Replace 216', '6 Alert 216']);
    expect(all.device.tree.text('./a')).toBe('one');
  });

  it.each([
    ['is broken off', (all: ReturnType<typeof talk>) => all.client.abort()],
    ['is closed without a word', (all: ReturnType<typeof talk>) => all.client.close()],
    ['gets another message', (all: ReturnType<typeof talk>) => all.say(header(2))],
  ])('that waits for a person is rolled back when the session %s', (_how, end) => {
    const all = talk({ asksUser: true });
    all.say(TAKEN + group('Atomic', 4, set(5, './a', 'x'), add(6, './bag/n', 'y'), ask(7)));
    expect(all.device.tree.text('./a')).toBe('x');
    end(all);
    expect(all.device.tree.text('./a')).toBe('one');
    expect(all.device.tree.find('./bag/n')).toBe(404);
    expect(all.client.state.kind).toBe('ended');
  });

  it('is executed once, though the server repeats its message while a person is asked and afterwards', () => {
    const all = talk({ asksUser: true });
    const commands = TAKEN + group('Atomic', 4, add(5, './bag/n', 'y'), ask(6));
    const answer: UserAnswer = 'accept';
    all.say(commands, { msgId: 1 });
    expect(all.say(commands, { msgId: 1 }).ask).toMatchObject({ text: 'Now?' });
    const step = all.client.answer(answer);
    expect(all.say(commands, { msgId: 1 }).send).toEqual(step.send);
    expect(short(step)).toEqual(['4 Atomic 200', '5 Add 200', '6 Alert 200']);
  });

  it('that waits for a person takes back its own changes, and nothing that others did meanwhile', () => {
    const device = new TestDevice();
    const slow = talk({ asksUser: true }, device);
    slow.say(TAKEN + group('Atomic', 4, set(5, './a', 'x'), ask(6), set(7, './long', 'x')));
    const quick = talk({}, device);
    expect(answersTo(group('Atomic', 4, add(5, './bag/n', 'new'), set(6, './b', 'y')), quick)).toHaveLength(3);
    device.tree.set('./bag/n', 'newer');
    expect(short(slow.client.answer('reject'))).toEqual([
      '4 Atomic 215',
      '5 Replace 216',
      '6 Alert 304',
      '7 Replace 215',
    ]);
    expect(['./a', './bag/n', './b'].map((uri) => device.tree.text(uri))).toEqual(['one', 'newer', 'y']);
    // The same where it is left in the middle.
    const left = talk({ asksUser: true }, device);
    left.say(TAKEN + group('Atomic', 4, set(5, './a', 'x'), ask(6)));
    device.tree.set('./b', 'z');
    left.client.close();
    expect(['./a', './b'].map((uri) => device.tree.text(uri))).toEqual(['one', 'z']);
  });

  it('that is refused leaves what came before it in the message', () => {
    const all = talk();
    answersTo(set(3, './b', 'kept') + group('Atomic', 4, set(5, './b', 'x'), set(6, './nothing', 'y')), all);
    expect(all.device.tree.text('./b')).toBe('kept');
    expect(all.device.settled).toBe(1);
  });
});
