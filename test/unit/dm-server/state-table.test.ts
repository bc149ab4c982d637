/**
 * Every state of the server machine times every kind of input. A cell says what comes of it: what the server does next,
 * or the named error that ends the session. Nothing is left to a default.
 */
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src-main/base/bytes.ts';
import { PcAgentError } from '../../../src-main/base/errors.ts';
import type { DmStep } from '../../../src-main/dm/step.ts';
import { DEVICE, readEnvelope, SERVER, statusesOf, statusXml, XML_TYPE } from '../../support/dm-pair.ts';
import {
  add,
  alertXml,
  CHAL_XML,
  DEV_INFO_XML,
  eventXml,
  get,
  itemXml,
  limitsXml,
  PACKAGE_1,
  RIGHT_CRED,
  type Rig,
  resultsXml,
  rigOf,
  sizeXml,
  WRONG_CRED,
} from './server-rig.ts';

/** How a session gets where it is. In each `./a` is asked for, if anything is, and `./next` is the next package. */
const STATES = {
  /** Nothing has come. */
  setup: () => rigOf([[get('./a')], [get('./next')]]),
  /** A part of package 1 has come, and the rest was asked for. */
  'setup-more': () => {
    const rig = rigOf([[get('./a')], [get('./next')]]);
    rig.say(alertXml(1, 1201), { final: false });
    return rig;
  },
  /** Package 1 came without a proof. */
  challenged: () => {
    const rig = rigOf([[get('./a')], [get('./next')]]);
    rig.say(PACKAGE_1, { header: '' });
    return rig;
  },
  /** Our package is whole at the client. */
  asked: () => {
    const rig = rigOf([[get('./a'), get('./b')], [get('./next')]]);
    rig.say(PACKAGE_1);
    return rig;
  },
  /** A part of the answer has come, and the rest was asked for. */
  'asked-more': () => {
    const rig = rigOf([[get('./a'), get('./b')], [get('./next')]]);
    rig.say(PACKAGE_1);
    rig.say(statusXml(1, 1, 0, 'SyncHdr', 212) + statusXml(2, 1, 5, 'Get', 200), { final: false });
    return rig;
  },
  /** A part of our package is at the client. */
  sending: () => {
    const rig = rigOf([[get('./a'), ...Array.from({ length: 40 }, (_, index) => get(`./n${index}`))], [get('./next')]]);
    rig.say(PACKAGE_1, { header: RIGHT_CRED + limitsXml(1500) });
    return rig;
  },
  /** A part of a large object is at the client. */
  'sending-object': () => {
    const rig = rigOf([[add('./big', 'x'.repeat(9000))], [get('./next')]]);
    rig.say(PACKAGE_1, { header: RIGHT_CRED + limitsXml(1500) });
    return rig;
  },
  /** A part of a large result is here; all Statuses are. */
  receiving: () => {
    const rig = rigOf([[get('./a'), get('./b')], [get('./next')]]);
    rig.say(PACKAGE_1);
    rig.say(rig.answers() + resultsXml(1, 4, itemXml('./a', 'abc', '<MoreData/>', sizeXml(6))), { final: false });
    return rig;
  },
  /** Everything was said. */
  closing: () => {
    const rig = rigOf([]);
    rig.say(PACKAGE_1);
    return rig;
  },
  ended: () => {
    const rig = rigOf([[get('./a')]]);
    rig.say(alertXml(1, 1223));
    return rig;
  },
} as const satisfies Readonly<Record<string, () => Rig>>;

type State = keyof typeof STATES;
const NAMES = Object.keys(STATES) as State[];

/**
 * - `work`: a command goes out · `more`: 1222 · `waits`: Statuses alone, and the client has to go on
 * - `challenge`: 401 or 407 with a challenge · `well`: the session is over · `stored`: the last answer once more
 * - a code: the session has ended with it; behind `!` nothing goes out
 */
function fateOf(act: () => DmStep): string {
  let step: DmStep;
  try {
    step = act();
  } catch (error) {
    if (error instanceof PcAgentError) return `!${error.code}`;
    throw error;
  }
  const { send, outcome } = step;
  if (outcome?.ok === true) return 'well';
  if (outcome !== undefined) return send === undefined ? `!${outcome.code}` : (outcome.code ?? '');
  const { commands, final } = readEnvelope(send);
  if (statusesOf(send)[0]?.chal !== undefined && !commands.some(({ kind }) => kind === 'Get')) return 'challenge';
  if (commands.some((command) => command.kind === 'Alert' && command.code === 1222)) {
    expect(final).toBe(false);
    return 'more';
  }
  return commands.some((command) => command.kind !== 'Status' && command.kind !== 'Alert') ? 'work' : 'waits';
}

/** An input: what the client says beside the Statuses of all that it was asked. */
type Said = (rig: Rig, state: State) => string;
/** What comes of it where the client goes on, and where it closes its package. */
type Cell = readonly [open: string, final: string];
type Row = Readonly<Record<State, Cell>>;

const both = (fate: string): Cell => [fate, fate];
const row = (cell: Cell, changes: Partial<Row> = {}): Row =>
  ({ ...Object.fromEntries(NAMES.map((name) => [name, cell])), ended: both('!dm/out-of-turn'), ...changes }) as Row;

/** Brings nothing new: an open package that is asked for may not be left so. */
const NOTHING_NEW = row(['more', 'work'], {
  setup: ['more', 'dm/out-of-turn'],
  'setup-more': ['dm/final-missing', 'work'],
  // What was refused was a whole package 1; it counts now that the client has proved itself.
  challenged: ['more', 'work'],
  sending: ['work', 'dm/out-of-turn'],
  'sending-object': ['work', 'dm/out-of-turn'],
  receiving: ['dm/final-missing', 'work'],
  closing: ['more', 'well'],
});
/** Brings something that is taken wherever it comes. */
const NEWS = row(['more', 'work'], { ...NOTHING_NEW, 'setup-more': ['more', 'work'], receiving: ['more', 'work'] });
const DEV_INFO = { ...NOTHING_NEW, 'setup-more': ['more', 'work'] } as const satisfies Row;
const GREETING = { ...NOTHING_NEW, setup: ['more', 'work'], challenged: ['more', 'work'] } as const satisfies Row;
/** Brings something where a Get waits for it. */
const RESULTS = { ...NOTHING_NEW, receiving: ['more', 'work'] } as const satisfies Row;
const ABORT = row(both('dm/aborted'));
/** What is about a message of ours, of which there is none at first. */
const afterOurs = (fate: Cell, first: string = 'dm/msgref-wrong') => row(fate, { setup: both(first) });

const itemless = (name: string) =>
  `<${name}><CmdID>7</CmdID><Item><Target><LocURI>./x</LocURI></Target></Item></${name}>`;
const group = (name: string) =>
  `<${name}><CmdID>7</CmdID><Get><CmdID>8</CmdID><Item><Target><LocURI>./x</LocURI></Target></Item></Get></${name}>`;
/** Message and CmdID of the Get for `./a`, where one waits. */
const PLACES: Partial<Record<State, readonly [number, number]>> = {
  asked: [1, 4],
  'asked-more': [1, 4],
  sending: [1, 4],
  receiving: [1, 4],
};
const ofA = (state: State, items: string) => resultsXml(...(PLACES[state] ?? [1, 4]), items);
const knowsA = (state: State) => PLACES[state] !== undefined;
const inSetup = (state: State) => state === 'setup' || state === 'setup-more' || state === 'challenged';

interface Input {
  readonly name: string;
  readonly row: Row;
  readonly say: Said;
  /** Code of the Status that the command 7 (of Results: 90) gets; `undefined`: none is due. */
  readonly code?: (state: State) => number | undefined;
}

const command = (
  name: string,
  xml: string,
  code: (state: State) => number | undefined,
  cells = NOTHING_NEW,
): Input => ({
  name,
  row: cells,
  say: () => xml,
  code,
});
const answer = (name: string, cells: Row, say: Said): Input => ({ name, row: cells, say });

/** Beside the Statuses of all that was asked. */
const INPUTS: readonly Input[] = [
  command('nothing else', '', () => undefined),
  ...['Add', 'Delete', 'Copy', 'Get', 'Exec'].map((name) => command(name, itemless(name), () => 405)),
  ...['Atomic', 'Sequence'].map((name) => command(name, group(name), () => 405)),
  ...['Put', 'Search', 'Map', 'Sync', 'Frob'].map((name) => command(name, itemless(name), () => 400)),
  command(
    'Replace of DevInfo',
    DEV_INFO_XML.replace('<CmdID>2<', '<CmdID>7<'),
    (state) => (inSetup(state) ? 200 : 405),
    DEV_INFO,
  ),
  command(
    'Replace of another node',
    DEV_INFO_XML.replace('<CmdID>2<', '<CmdID>7<').replace('./DevInfo/DevId', './Vendor/x'),
    () => 405,
    DEV_INFO,
  ),
  command('Replace of nothing', '<Replace><CmdID>7</CmdID></Replace>', (state) => (inSetup(state) ? 412 : 405)),
  command('a command without CmdID', itemless('Get').replace('<CmdID>7</CmdID>', ''), () => undefined),
  ...[1200, 1201].map((code) =>
    command(`Alert ${code}`, alertXml(7, code), (state) => (inSetup(state) ? 200 : 405), GREETING),
  ),
  ...[1100, 1101, 1102, 1103, 1104, 1105, 1202, 1221, 1227, 999].map((code) =>
    command(`Alert ${code}`, alertXml(7, code), () => 406),
  ),
  command('Alert without a code', '<Alert><CmdID>7</CmdID></Alert>', () => 412),
  command('Alert of no number', alertXml(7, 'soon'), () => 400),
  command('Alert 1222', alertXml(7, 1222), () => 200),
  command('Alert 1223', alertXml(7, 1223), (state) => (state === 'ended' ? undefined : 200), ABORT),
  command('Alert 1224', eventXml(7, 1224), () => 200, NEWS),
  command('Alert 1226', eventXml(7, 1226), () => 200, NEWS),
  command('Alert 1226 without an Item', alertXml(7, 1226), () => 412, NEWS),
  command('Alert 1225', alertXml(7, 1225), () => 200, { ...NOTHING_NEW, 'sending-object': both('work') }),
  {
    name: 'Results of a Get',
    row: RESULTS,
    say: (_rig, state) => ofA(state, itemXml('./a', 'A', '', state === 'receiving' ? sizeXml(1) : '')),
    // The one that is half here goes on with three octets more.
    code: (state) => (state === 'receiving' ? 424 : knowsA(state) ? undefined : 400),
  },
  {
    name: 'Results without an Item',
    row: NOTHING_NEW,
    say: (_rig, state) => ofA(state, ''),
    code: (state) => (knowsA(state) ? 412 : 400),
  },
  {
    name: 'Results of another session',
    row: NOTHING_NEW,
    say: () => resultsXml(77, 4, itemXml('./a', 'A')),
    code: () => 400,
  },
  {
    name: 'Results of no command',
    row: NOTHING_NEW,
    say: () => resultsXml(1, 777, itemXml('./a', 'A')),
    code: () => 400,
  },
  {
    name: 'a first chunk',
    row: RESULTS,
    say: (_rig, state) => ofA(state, itemXml('./b', 'abc', '<MoreData/>', sizeXml(9))),
    code: (state) => (knowsA(state) ? 213 : 400),
  },
  {
    name: 'a first chunk without Size',
    row: RESULTS,
    say: (_rig, state) => ofA(state, itemXml('./b', 'abc', '<MoreData/>')),
    code: (state) => (knowsA(state) ? 411 : 400),
  },
  {
    name: 'a first chunk of too much',
    row: RESULTS,
    say: (_rig, state) => ofA(state, itemXml('./b', 'abc', '<MoreData/>', sizeXml(1_000_001))),
    code: (state) => (knowsA(state) ? 413 : 400),
  },
  {
    name: 'the next chunk',
    row: RESULTS,
    say: (_rig, state) => ofA(state, itemXml('./a', 'de', '<MoreData/>', state === 'receiving' ? '' : sizeXml(6))),
    code: (state) => (knowsA(state) ? 213 : 400),
  },
  {
    name: 'the last chunk',
    row: RESULTS,
    say: (_rig, state) => ofA(state, itemXml('./a', 'def')),
    code: (state) => (knowsA(state) ? undefined : 400),
  },
  answer('a Status of a message never sent', row(both('dm/msgref-wrong')), () => statusXml(60, 99, 1, 'Get', 200)),
  answer('a Status without MsgRef', row(both('dm/msgref-wrong')), () =>
    statusXml(60, 1, 1, 'Get', 200).replace('<MsgRef>1</MsgRef>', ''),
  ),
  answer('a Status of a command never sent', afterOurs(both('dm/status-unexpected')), () =>
    statusXml(60, 1, 777, 'Get', 200),
  ),
  answer('a Status of no command', afterOurs(both('dm/status-unexpected')), () =>
    statusXml(60, 1, 1, 'Get', 200).replace('<CmdRef>1</CmdRef>', '<CmdRef/>'),
  ),
  answer('a Status of our Status', { ...NOTHING_NEW, setup: both('dm/msgref-wrong') }, () =>
    statusXml(60, 1, 1, 'Status', 200),
  ),
];

const CODES = {
  informational: [101],
  success: [200, 201, 202, 212, 213, 214, 215, 216, 299],
  redirection: [300, 304, 399],
  client: [400, 401, 404, 405, 406, 407, 408, 411, 412, 413, 414, 415, 416, 418, 420, 424, 425, 499],
  server: [500, 505, 507, 510, 513, 516, 517, 599],
} as const;
const ALL_CODES = Object.values(CODES).flat();

/** The Statuses of all that was asked; in `asked-more` the rest of them, in `receiving` none is left but 1222's. */
function due(rig: Rig, state: State): string {
  if (state === 'setup' || state === 'ended') return '';
  return rig.answers() + (state === 'asked-more' ? statusXml(50, 1, 4, 'Get', 200) : '');
}

describe('every state of the server machine', () => {
  it.each(NAMES)('%s: is what it says', (state) => {
    const { session } = STATES[state]();
    const kinds: Record<State, unknown> = {
      setup: { kind: 'setup', more: false },
      'setup-more': { kind: 'setup', more: true },
      challenged: { kind: 'setup', more: false },
      asked: { kind: 'asked', more: false },
      'asked-more': { kind: 'asked', more: true },
      sending: { kind: 'sending', more: false, object: false },
      'sending-object': { kind: 'sending', more: false, object: true },
      receiving: { kind: 'asked', more: true },
      closing: { kind: 'closing', more: false },
      ended: { kind: 'ended' },
    };
    expect([session.phase, session.receiving]).toEqual([kinds[state], state === 'receiving']);
  });

  it.each(INPUTS)('$name has its cell', (input) => {
    const seen: Record<string, unknown> = {};
    const wanted: Record<string, unknown> = {};
    for (const state of NAMES) {
      for (const [index, final] of [false, true].entries()) {
        const rig = STATES[state]();
        const msgId = rig.next();
        const body = due(rig, state) + input.say(rig, state);
        let step: DmStep | undefined;
        const fate = fateOf(() => {
          step = rig.say(body, { final });
          return step;
        });
        const where = `${state}${final ? ', final' : ''}`;
        const code = step?.send === undefined ? undefined : codeOf(step, msgId);
        seen[where] = [fate, code];
        wanted[where] = [input.row[state][index], state === 'ended' || isBroken(fate) ? code : input.code?.(state)];
        expectWellFormed(step, fate, where);
      }
    }
    expect(seen).toEqual(wanted);
  });
});

/** After such an end the Statuses of the message are not read, and may be missing. */
function isBroken(fate: string): boolean {
  return fate === 'dm/msgref-wrong' || fate === 'dm/status-unexpected';
}

function codeOf({ send }: DmStep, msgId: number): number | undefined {
  const own = statusesOf(send).filter(({ msgRef, cmdRef }) => msgRef === msgId && (cmdRef === '7' || cmdRef === '90'));
  expect(own.length).toBeLessThan(2);
  return own[0]?.code;
}

/** Whatever came: the header's Status is first, the ids count from 1, and whoever is thrown out is told so by 1223. */
function expectWellFormed(step: DmStep | undefined, fate: string, where: string): void {
  if (step?.send === undefined) return;
  const { commands, final } = readEnvelope(step.send);
  expect(commands[0], where).toMatchObject({ kind: 'Status', cmd: 'SyncHdr' });
  const ids = commands.map(({ cmdId }) => Number(cmdId));
  expect(ids, where).toEqual(ids.map((_, index) => index + 1));
  if (step.outcome?.ok === false) expect(final, where).toBe(true);
  const silent = ['dm/aborted', 'dm/auth-refused', 'dm/version', 'dm/header-refused', 'syncml/missing-element'];
  const told = commands.some((command) => command.kind === 'Alert' && command.code === 1223);
  expect(told, where).toBe(step.outcome?.ok === false && !silent.includes(fate));
}

describe('Statuses of every class', () => {
  const headers: readonly (readonly [string, Row, Said])[] = [
    ['200', NOTHING_NEW, (rig, state) => answersOf(rig, state, { header: 200 })],
    ['without CmdRef', NOTHING_NEW, (rig, state) => answersOf(rig, state).replace('<CmdRef>0</CmdRef>', '')],
    ['last of all', NOTHING_NEW, (rig, state) => headerLast(answersOf(rig, state))],
    [
      'missing',
      { ...afterOurs(both('dm/status-missing')), setup: NOTHING_NEW.setup },
      (rig, state) => withoutHeader(answersOf(rig, state)),
    ],
    ...[101, 300, 304, 400, 404, 412, 413, 500, 505, 513].map((code): readonly [string, Row, Said] => [
      String(code),
      { ...afterOurs(both('dm/status')), setup: NOTHING_NEW.setup },
      (rig, state) => answersOf(rig, state, { header: code }),
    ]),
    ...[401, 407].map((code): readonly [string, Row, Said] => [
      `${code} without a challenge`,
      { ...afterOurs(both('dm/server-refused')), setup: NOTHING_NEW.setup },
      (rig, state) => answersOf(rig, state, { header: code }),
    ]),
    ...[401, 407].map((code): readonly [string, Row, Said] => [
      `${code} with a challenge`,
      {
        ...NOTHING_NEW,
        // Package 1 is begun anew with the proof that was asked for.
        'setup-more': both('waits'),
        challenged: ['more', 'work'],
        asked: both('work'),
        'asked-more': both('work'),
        sending: both('work'),
        'sending-object': both('work'),
      },
      (rig, state) => answersOf(rig, state, { header: code, chal: CHAL_XML, command: code }),
    ]),
  ];
  it.each(headers)('for the header: %s', (_name, cells, say) => {
    const seen: Record<string, string> = {};
    const wanted: Record<string, string | undefined> = {};
    for (const state of NAMES) {
      for (const [index, final] of [false, true].entries()) {
        const rig = STATES[state]();
        const body = say(rig, state);
        seen[`${state} ${final}`] = fateOf(() => rig.say(body, { final }));
        wanted[`${state} ${final}`] = cells[state][index];
      }
    }
    expect(seen).toEqual(wanted);
  });

  it.each(ALL_CODES)('for a command: %i is what its report says, and the work goes on', (code) => {
    const rig = STATES.asked();
    expect(fateOf(() => rig.say(rig.answers({ command: code })))).toBe('work');
    expect(rig.reports[0]?.reports.map((report) => report.code)).toEqual([code, code]);
  });

  it.each(ALL_CODES)('for a chunk: %i', (code) => {
    const rig = STATES['sending-object']();
    expect(fateOf(() => rig.say(rig.answers({ command: code }), { final: false }))).toBe('work');
    const goesOn = code <= 213;
    const next = rig.last().commands.find(({ kind }) => kind === 'Add' || kind === 'Get');
    expect(next?.kind).toBe(goesOn ? 'Add' : 'Get');
    if (!goesOn) expect(rig.reports[0]?.reports[0]?.code).toBe(code);
  });

  it('missing for a command: it counts as not executed, and nothing is sent again', () => {
    const cells = {
      asked: ['more', 'dm/status-missing'],
      'asked-more': ['dm/final-missing', 'dm/status-missing'],
      // Nothing new goes to a client that has not answered and does not ask.
      sending: ['more', 'dm/out-of-turn'],
      'sending-object': ['more', 'dm/out-of-turn'],
    } as const;
    for (const [state, [open, closed]] of Object.entries(cells)) {
      for (const [final, fate] of [
        [false, open],
        [true, closed],
      ] as const) {
        const rig = STATES[state as State]();
        const body = statusXml(1, rig.last().header.msgId, 0, 'SyncHdr', 212);
        expect([state, final, fateOf(() => rig.say(body, { final }))]).toEqual([state, final, fate]);
      }
    }
  });
});

function answersOf(rig: Rig, state: State, codes: Parameters<Rig['answers']>[0] = {}): string {
  if (state === 'setup' || state === 'ended') return '';
  return rig.answers(codes) + (state === 'asked-more' ? statusXml(50, 1, 4, 'Get', codes.command ?? 200) : '');
}

const HEADER_STATUS = /<Status>(?:(?!<\/Status>).)*<Cmd>SyncHdr<\/Cmd>.*?<\/Status>/;

function withoutHeader(statuses: string): string {
  return statuses.replace(HEADER_STATUS, '');
}

function headerLast(statuses: string): string {
  return withoutHeader(statuses) + (HEADER_STATUS.exec(statuses)?.[0] ?? '');
}

describe('messages that are not in order', () => {
  const plain = (text: string) => ({ contentType: XML_TYPE, body: utf8(text) });
  const frame = (rig: Rig, change: (text: string) => string) =>
    plain(
      change(
        `<SyncML><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1A2B</SessionID><MsgID>${rig.next()}</MsgID><Target><LocURI>${SERVER}</LocURI></Target><Source><LocURI>${DEVICE}</LocURI></Source></SyncHdr><SyncBody><Final/></SyncBody></SyncML>`,
      ),
    );
  const everywhere = (fate: string, changes: Partial<Record<State, string>> = {}) =>
    ({ ...Object.fromEntries(NAMES.map((name) => [name, fate])), ended: '!dm/out-of-turn', ...changes }) as Record<
      State,
      string
    >;

  const cases: readonly (readonly [string, Record<State, string>, (rig: Rig, state: State) => DmStep])[] = [
    ['the last message once more', everywhere('stored', { setup: '-', ended: 'stored' }), (rig) => rig.repeat()],
    [
      'the last MsgID with other octets',
      everywhere('!dm/msgid-wrong', { setup: '-' }),
      (rig) => rig.say(alertXml(1, 1222), { msgId: rig.next() - 1 }),
    ],
    ['MsgID 0', everywhere('!dm/msgid-wrong'), (rig) => rig.say('', { msgId: 0 })],
    ['another SessionID', everywhere('!dm/session-wrong'), (rig) => rig.say('', { session: '77' })],
    ['what is no XML', everywhere('!xml/malformed'), (rig) => rig.raw(plain('hello'))],
    [
      'what is called a picture',
      everywhere('!syncml/content-type'),
      (rig) => rig.raw({ ...frame(rig, (text) => text), contentType: 'image/png' }),
    ],
    ['another document', everywhere('!syncml/not-a-message'), (rig) => rig.raw(plain('<html/>'))],
    ['more than we take', everywhere('!dm/message-too-large'), (rig) => rig.say(`<!--${'x'.repeat(66_000)}-->`)],
    [
      'no body',
      everywhere('syncml/missing-element'),
      (rig) => rig.raw(frame(rig, (text) => text.replace(/<SyncBody>.*<\/SyncBody>/, ''))),
    ],
    [
      'no MsgID',
      everywhere('syncml/missing-element'),
      (rig) => rig.raw(frame(rig, (text) => text.replace(/<MsgID>.*<\/MsgID>/, ''))),
    ],
    [
      'no Target',
      everywhere('syncml/missing-element'),
      (rig) => rig.raw(frame(rig, (text) => text.replace(/<Target>.*<\/Target>/, ''))),
    ],
    [
      'no Source',
      everywhere('!syncml/missing-element'),
      (rig) => rig.raw(frame(rig, (text) => text.replace(/<Source>.*<\/Source>/, ''))),
    ],
    [
      'no SessionID',
      everywhere('!syncml/missing-element'),
      (rig) => rig.raw(frame(rig, (text) => text.replace(/<SessionID>.*<\/SessionID>/, ''))),
    ],
    ['another VerDTD', everywhere('dm/version'), (rig) => rig.say('', { verDtd: '1.1' })],
    ['another VerProto', everywhere('dm/version'), (rig) => rig.say('', { verProto: 'DM/1.1' })],
    ['MaxMsgSize of no number', everywhere('dm/header-refused'), (rig) => rig.say('', { header: limitsXml('big') })],
    [
      'MaxObjSize of no number',
      everywhere('dm/header-refused'),
      (rig) => rig.say('', { header: limitsXml(9000, 'big') }),
    ],
    [
      'a RespURI without end',
      everywhere('dm/header-refused'),
      (rig) => rig.say('', { header: `<RespURI>http://x/${'y'.repeat(2048)}</RespURI>` }),
    ],
    [
      'no credentials',
      everywhere('work', {
        setup: 'challenge',
        'setup-more': 'work',
        challenged: 'dm/auth-refused',
        sending: 'dm/out-of-turn',
        'sending-object': 'dm/out-of-turn',
        closing: 'well',
      }),
      (rig, state) => rig.say(due(rig, state), { header: '' }),
    ],
    [
      'wrong credentials',
      everywhere('challenge', { challenged: 'dm/auth-refused' }),
      (rig, state) => rig.say(due(rig, state), { header: WRONG_CRED }),
    ],
    [
      'wrong credentials, and 1223',
      everywhere('dm/aborted'),
      (rig) => rig.say(alertXml(7, 1223), { header: WRONG_CRED }),
    ],
  ];
  it.each(cases)('%s', (_name, cells, act) => {
    const seen: Record<string, string> = {};
    for (const state of NAMES) {
      const rig = STATES[state]();
      if (cells[state] === '-') {
        seen[state] = '-';
        continue;
      }
      const before = rig.reports.length;
      let step: DmStep | undefined;
      const stored = state === 'setup' ? undefined : rig.last();
      seen[state] = fateOf(() => {
        step = act(rig, state);
        return step;
      });
      if (cells[state] === 'stored') {
        expect([step?.outcome, readEnvelope(step?.send)]).toEqual([undefined, stored]);
        seen[state] = 'stored';
        expect(rig.reports.length).toBe(before);
      }
      expectWellFormed(cells[state] === 'stored' ? undefined : step, seen[state] ?? '', state);
    }
    expect(seen).toEqual(cells);
  });
});
