import { describe, expect, it } from 'vitest';
import type { CommandSummary, MessageSummary } from '../../../src-main/contract/message-summary.ts';
import { FIRST_PHASE, OVER, type PhaseState, phaseAfterMessage } from '../../../src-main/dm/watcher/session-phases.ts';

type Command = Partial<CommandSummary> & Pick<CommandSummary, 'kind'>;

function message(commands: readonly Command[], change: Partial<MessageSummary> = {}): MessageSummary {
  return {
    readable: true,
    sessionId: 'A1',
    msgId: 1,
    package: 3,
    final: true,
    source: '',
    target: '',
    credentials: 'none',
    commands: commands.map((command, index) => ({ cmdId: String(index), items: 1, ...command })),
    ...change,
  };
}

const server = (...commands: Command[]) => ['to-handset', message(commands, { package: 4 })] as const;
const handset = (...commands: Command[]) => ['to-dms', message(commands)] as const;
type Passing = readonly ['to-handset' | 'to-dms', MessageSummary];

/** Phase and word on the cable after each message. */
function course(...passing: Passing[]): string[] {
  let state: PhaseState = FIRST_PHASE;
  return passing.map(([direction, summary]) => {
    state = phaseAfterMessage(state, direction, summary);
    return `${state.phase} ${state.unplug}`;
  });
}

const INSTALL = './SCM/Inventory/Delivered/game/Operations/Install';
const exec = (uri: string): Command => ({ kind: 'Exec', uri });
const status = (answers: string, code: number, uri?: string): Command => ({
  kind: 'Status',
  answers,
  code,
  ...(uri === undefined ? {} : { uri }),
});
const report: Command = { kind: 'Alert', code: 1226, resultCode: 1200 };

describe('the phase of a session', () => {
  it('begins with connecting, and is safe', () => {
    expect(FIRST_PHASE).toMatchObject({ phase: 'connecting', unplug: 'safe' });
    expect(OVER).toMatchObject({ phase: 'over', unplug: 'safe' });
  });

  it('follows an installation from the call to the end', () => {
    const data = './SCM/Inventory/Delivered/game/Data';
    expect(
      course(
        ['to-handset', message([], { package: 0 })],
        ['to-dms', message([{ kind: 'Alert', code: 1200 }], { package: 1 })],
        server({ kind: 'Get', uri: './DevInfo' }),
        handset({ kind: 'Results', uri: './DevInfo/Mod' }),
        server({ kind: 'Add', uri: data, moreData: true, size: 9 }),
        handset(status('Add', 213, data), { kind: 'Alert', code: 1222 }),
        server({ kind: 'Add', uri: data }),
        handset(status('Add', 200, data)),
        server({ kind: 'Alert', code: 1101 }),
        handset(status('Alert', 200)),
        server(exec(INSTALL)),
        handset(status('Exec', 200, INSTALL), report),
        server(),
      ),
    ).toEqual([
      'calling safe',
      'signing-in safe',
      'reading safe',
      'reading safe',
      'delivering safe',
      'delivering safe',
      'delivering safe',
      'delivering safe',
      'asking safe',
      'asking safe',
      'installing unsafe',
      'reporting safe',
      'ending safe',
    ]);
  });

  it.each([
    ['Install', 'installing unsafe'],
    ['InstallInactive', 'installing unsafe'],
    ['Update', 'installing unsafe'],
    ['DownloadInstall', 'installing unsafe'],
    ['DownloadAndUpdate', 'installing unsafe'],
    ['Remove', 'removing unsafe'],
    ['Activate', 'changing unsafe'],
    ['Deactivate', 'changing unsafe'],
    ['Reboot', 'changing unsafe'],
    ['Download', 'delivering safe'],
    ['toString', 'changing unsafe'],
  ])('is told by the operation %s: %s', (operation, expected) => {
    expect(course(server(exec(`./SCM/Inventory/Delivered/game/Operations/${operation}`)))).toEqual([expected]);
  });

  it.each<[string, Command, string]>([
    ['a new node', { kind: 'Add', uri: './DMAcc/other' }, 'changing unsafe'],
    ['a changed one', { kind: 'Replace', uri: './DevDetail/x' }, 'changing unsafe'],
    ['one less', { kind: 'Delete', uri: './SCM/x' }, 'changing unsafe'],
    ['a copy', { kind: 'Copy', uri: './x' }, 'changing unsafe'],
    ['data of a download', { kind: 'Replace', uri: './SCM/Download/game/PkgURL' }, 'delivering safe'],
    ['firmware', { kind: 'Replace', uri: './FUMO/one/Update/PkgData' }, 'delivering safe'],
  ])('is told by %s in the tree', (_what, command, expected) => {
    expect(course(server(command), handset(status(command.kind, 200, command.uri)))).toEqual([
      expected,
      expected === 'changing unsafe' ? 'reporting safe' : 'delivering safe',
    ]);
  });

  it.each([1, 3])('is delivering from the first piece of firmware to the last, of %i', (pieces) => {
    const [name, version, data] = ['PkgName', 'PkgVersion', 'Update/PkgData'].map((node) => `./FUMO/one/${node}`);
    const replace = (uri = '', moreData = false): Command => ({ kind: 'Replace', uri, ...(moreData && { moreData }) });
    const passing: Passing[] = [];
    for (let piece = 1; piece <= pieces; piece += 1) {
      const first = piece === 1;
      const more = piece < pieces;
      passing.push(
        server(...(first ? [replace(name), replace(version)] : []), replace(data, more)),
        handset(
          ...(first ? [status('Replace', 200, name), status('Replace', 200, version)] : []),
          status('Replace', more ? 213 : 200, data),
        ),
      );
    }
    const update = './FUMO/one/Update';
    expect(course(...passing, server(exec(update)), handset(status('Exec', 200, update), report))).toEqual([
      ...passing.map(() => 'delivering safe'),
      'installing unsafe',
      'reporting safe',
    ]);
  });

  it('says nothing of an end while pieces go on', () => {
    const node = './DevDetail/x';
    const data = './FUMO/one/Update/PkgData';
    expect(
      course(
        server({ kind: 'Replace', uri: node }, { kind: 'Replace', uri: data, moreData: true }),
        handset(status('Replace', 200, node), status('Replace', 213, data)),
      ),
    ).toEqual(['changing unsafe', 'delivering safe']);
  });

  it('stays unsafe after a mere 202, until the completion alert, whatever is asked meanwhile', () => {
    expect(
      course(
        server(exec(INSTALL)),
        handset(status('Exec', 202, INSTALL)),
        server({ kind: 'Get', uri: './SCM' }),
        handset({ kind: 'Results', uri: './SCM' }),
        handset(report),
      ),
    ).toEqual(['installing unsafe', 'installing unsafe', 'installing unsafe', 'installing unsafe', 'reporting safe']);
  });

  it('is safe again when the handset refuses', () => {
    expect(course(server(exec(INSTALL)), handset(status('Exec', 500, INSTALL)))).toEqual([
      'installing unsafe',
      'reporting safe',
    ]);
  });

  it('stays unsafe until the last of several operations has ended', () => {
    const other = './SCM/Inventory/Deployed/clock/Operations/Remove';
    expect(
      course(
        server(exec(INSTALL), exec(other)),
        handset(status('Exec', 200, INSTALL)),
        handset(status('Exec', 200, other)),
      ),
    ).toEqual(['removing unsafe', 'removing unsafe', 'reporting safe']);
  });

  it('does not take the status of another command for the end of an operation', () => {
    expect(
      course(server(exec(INSTALL)), handset(status('Get', 200, INSTALL)), handset(status('SyncHdr', 200))),
    ).toEqual(['installing unsafe', 'installing unsafe', 'installing unsafe']);
  });

  it('waits for the person, and not safely, when the question and the operation go out together', () => {
    expect(course(server({ kind: 'Alert', code: 1101 }, exec(INSTALL)))).toEqual(['asking unsafe']);
  });

  it('is unsafe from a message to the handset that cannot be read, for it may be anything', () => {
    const unread = message([], { readable: false, package: -1 });
    expect(course(['to-handset', unread], handset(status('Exec', 200)), server())).toEqual([
      'changing unsafe',
      'changing unsafe',
      'changing unsafe',
    ]);
  });

  it('goes back to signing in when either side asks for credentials', () => {
    const challenge = { ...status('SyncHdr', 401), challenge: true };
    expect(course(server({ kind: 'Get', uri: './x' }), server(challenge))).toEqual(['reading safe', 'signing-in safe']);
  });

  it('ends with an abort of either side', () => {
    expect(course(handset({ kind: 'Alert', code: 1223 }))).toEqual(['ending safe']);
    expect(course(server({ kind: 'Alert', code: 1223 }))).toEqual(['ending safe']);
  });

  it('is over once and for all', () => {
    expect(phaseAfterMessage(OVER, ...server(exec(INSTALL)))).toBe(OVER);
  });
});
