import { describe, expect, it } from 'vitest';
import { Alert } from '../../../src-main/syncml/alert.ts';
import { errors } from '../../../src-main/wording/en/errors.ts';
import { INPUTS, type InputName } from './inputs.ts';
import { outcomeOf, STATES, type State } from './states.ts';

/** Outcomes by what they are in: `said | Cred | error > state`, `! thrown`, `? asked`. */
type Row = Readonly<Record<string, string>>;

const WAITING = 'setup setup-rest management our-rest our-object rest object';
/** A message comes to a client that does not wait for one. */
const OUT_OF_TURN: Row = { '! dm/out-of-turn': 'new', 'dm/out-of-turn > ended': 'asked ended' };
/** A person answers and was not asked: nothing becomes of it. */
const UNASKED: Row = { '! dm/out-of-turn': `new ${WAITING}`, '! dm/out-of-turn > ended': 'ended' };

/**
 * What comes to the client, in which states, to which end. In `setup-rest`, `our-rest` and `our-object` the client has
 * not said all that it has to: what is said there was due before, and the answer comes behind it.
 */
const TABLE: Readonly<Record<InputName, Row>> = {
  '1100': {
    ...OUT_OF_TURN,
    '? display > asked': WAITING,
  },
  '1101': {
    ...OUT_OF_TURN,
    '? confirm > asked': WAITING,
  },
  '1102': {
    ...OUT_OF_TURN,
    '? input > asked': WAITING,
  },
  '1103': {
    ...OUT_OF_TURN,
    '? choice > asked': WAITING,
  },
  '1104': {
    ...OUT_OF_TURN,
    '? choice > asked': WAITING,
  },
  '1200': {
    ...OUT_OF_TURN,
    'Alert 405, Final | Cred > package': 'setup',
    'Alert 1226 | Cred > our-rest': 'setup-rest',
    'Alert 405, Final > package': 'management rest',
    '5 Get 404 > our-rest': 'our-rest',
    'Results+ > our-object': 'our-object',
    'Alert 405, Alert 1225, Final > package': 'object',
  },
  '1201': {
    ...OUT_OF_TURN,
    'Alert 405, Final | Cred > package': 'setup',
    'Alert 1226 | Cred > our-rest': 'setup-rest',
    'Alert 405, Final > package': 'management rest',
    '5 Get 404 > our-rest': 'our-rest',
    'Results+ > our-object': 'our-object',
    'Alert 405, Alert 1225, Final > package': 'object',
  },
  '1222': {
    ...OUT_OF_TURN,
    'Alert 200, Final | Cred > package': 'setup',
    'Alert 200, Alert 1226 | Cred > our-rest': 'setup-rest',
    'Alert 200, Final > package': 'management rest',
    'Alert 200, 4 Get 404 > our-rest': 'our-rest',
    'Alert 200, Results+ > our-object': 'our-object',
    'Alert 200, Alert 1225, Final > package': 'object',
  },
  '1223': {
    ...OUT_OF_TURN,
    'dm/aborted > ended': WAITING,
  },
  '1224': {
    ...OUT_OF_TURN,
    'Alert 405, Final | Cred > package': 'setup',
    'Alert 1226 | Cred > our-rest': 'setup-rest',
    'Alert 405, Final > package': 'management rest',
    '5 Get 404 > our-rest': 'our-rest',
    'Results+ > our-object': 'our-object',
    'Alert 405, Alert 1225, Final > package': 'object',
  },
  '1225': {
    ...OUT_OF_TURN,
    'Alert 200, Final | Cred > package': 'setup',
    'Alert 1226 | Cred > our-rest': 'setup-rest',
    'Alert 200, Final > package': 'management our-object rest',
    '5 Get 404 > our-rest': 'our-rest',
    'Alert 200, Alert 1225, Final > package': 'object',
  },
  '1226': {
    ...OUT_OF_TURN,
    'Alert 405, Final | Cred > package': 'setup',
    'Alert 1226 | Cred > our-rest': 'setup-rest',
    'Alert 405, Final > package': 'management rest',
    '5 Get 404 > our-rest': 'our-rest',
    'Results+ > our-object': 'our-object',
    'Alert 405, Alert 1225, Final > package': 'object',
  },
  nothing: {
    ...OUT_OF_TURN,
    'ok > ended': 'setup management rest',
    'Alert 1226 | Cred > our-rest': 'setup-rest',
    '5 Get 404 > our-rest': 'our-rest',
    'Results+ > our-object': 'our-object',
    'Alert 1225, Final > package': 'object',
  },
  'nothing, open': {
    ...OUT_OF_TURN,
    'Alert 1222 | Cred > rest': 'setup',
    'Alert 1226 | Cred > our-rest': 'setup-rest',
    'Alert 1222 > rest': 'management rest',
    '5 Get 404 > our-rest': 'our-rest',
    'Results+ > our-object': 'our-object',
    'Alert 1223, Final | dm/final-missing > ended': 'object',
  },
  Get: {
    ...OUT_OF_TURN,
    'Get 200, Results, Final | Cred > package': 'setup',
    'Alert 1226 | Cred > our-rest': 'setup-rest',
    'Get 200, Results, Final > package': 'management rest',
    '5 Get 404 > our-rest': 'our-rest',
    'Results+ > our-object': 'our-object',
    'Get 200, Results, Alert 1225, Final > package': 'object',
  },
  'Get, open': {
    ...OUT_OF_TURN,
    'Alert 1222, Get 200, Results | Cred > rest': 'setup',
    'Alert 1226 | Cred > our-rest': 'setup-rest',
    'Alert 1222, Get 200, Results > rest': 'management rest',
    '5 Get 404 > our-rest': 'our-rest',
    'Results+ > our-object': 'our-object',
    'Alert 1222, Get 200, Results, Alert 1225 > rest': 'object',
  },
  Add: {
    ...OUT_OF_TURN,
    'Add 200, Final | Cred > package': 'setup',
    'Alert 1226 | Cred > our-rest': 'setup-rest',
    'Add 200, Final > package': 'management rest',
    '5 Get 404 > our-rest': 'our-rest',
    'Results+ > our-object': 'our-object',
    'Add 200, Alert 1225, Final > package': 'object',
  },
  Replace: {
    ...OUT_OF_TURN,
    'Replace 200, Final | Cred > package': 'setup',
    'Alert 1226 | Cred > our-rest': 'setup-rest',
    'Replace 200, Final > package': 'management rest',
    '5 Get 404 > our-rest': 'our-rest',
    'Results+ > our-object': 'our-object',
    'Replace 200, Alert 1225, Final > package': 'object',
  },
  Delete: {
    ...OUT_OF_TURN,
    'Delete 200, Final | Cred > package': 'setup',
    'Alert 1226 | Cred > our-rest': 'setup-rest',
    'Delete 200, Final > package': 'management rest',
    '5 Get 404 > our-rest': 'our-rest',
    'Results+ > our-object': 'our-object',
    'Delete 200, Alert 1225, Final > package': 'object',
  },
  Copy: {
    ...OUT_OF_TURN,
    'Copy 200, Final | Cred > package': 'setup',
    'Alert 1226 | Cred > our-rest': 'setup-rest',
    'Copy 200, Final > package': 'management rest',
    '5 Get 404 > our-rest': 'our-rest',
    'Results+ > our-object': 'our-object',
    'Copy 200, Alert 1225, Final > package': 'object',
  },
  Exec: {
    ...OUT_OF_TURN,
    'Exec 200, Final | Cred > package': 'setup',
    'Alert 1226 | Cred > our-rest': 'setup-rest',
    'Exec 200, Final > package': 'management rest',
    '5 Get 404 > our-rest': 'our-rest',
    'Results+ > our-object': 'our-object',
    'Exec 200, Alert 1225, Final > package': 'object',
  },
  Sequence: {
    ...OUT_OF_TURN,
    'Sequence 200, Exec 200, Final | Cred > package': 'setup',
    'Alert 1226 | Cred > our-rest': 'setup-rest',
    'Sequence 200, Exec 200, Final > package': 'management rest',
    '5 Get 404 > our-rest': 'our-rest',
    'Results+ > our-object': 'our-object',
    'Sequence 200, Exec 200, Alert 1225, Final > package': 'object',
  },
  Atomic: {
    ...OUT_OF_TURN,
    'Atomic 200, Replace 200, Final | Cred > package': 'setup',
    'Alert 1226 | Cred > our-rest': 'setup-rest',
    'Atomic 200, Replace 200, Final > package': 'management rest',
    '5 Get 404 > our-rest': 'our-rest',
    'Results+ > our-object': 'our-object',
    'Atomic 200, Replace 200, Alert 1225, Final > package': 'object',
  },
  'command of data sync': {
    ...OUT_OF_TURN,
    'Put 406, Final | Cred > package': 'setup',
    'Alert 1226 | Cred > our-rest': 'setup-rest',
    'Put 406, Final > package': 'management rest',
    '5 Get 404 > our-rest': 'our-rest',
    'Results+ > our-object': 'our-object',
    'Put 406, Alert 1225, Final > package': 'object',
  },
  'unknown command': {
    ...OUT_OF_TURN,
    'Frob 400, Final | Cred > package': 'setup',
    'Alert 1226 | Cred > our-rest': 'setup-rest',
    'Frob 400, Final > package': 'management rest',
    '5 Get 404 > our-rest': 'our-rest',
    'Results+ > our-object': 'our-object',
    'Frob 400, Alert 1225, Final > package': 'object',
  },
  'command without CmdID': {
    ...OUT_OF_TURN,
    'Exec 400, Final | Cred > package': 'setup',
    'Alert 1226 | Cred > our-rest': 'setup-rest',
    'Exec 400, Final > package': 'management rest',
    '5 Get 404 > our-rest': 'our-rest',
    'Results+ > our-object': 'our-object',
    'Exec 400, Alert 1225, Final > package': 'object',
  },
  Results: {
    ...OUT_OF_TURN,
    'Results 405, Final | Cred > package': 'setup',
    'Alert 1226 | Cred > our-rest': 'setup-rest',
    'Results 405, Final > package': 'management rest',
    '5 Get 404 > our-rest': 'our-rest',
    'Results+ > our-object': 'our-object',
    'Results 405, Alert 1225, Final > package': 'object',
  },
  '1222, open': {
    ...OUT_OF_TURN,
    'Alert 200, Alert 1222 | Cred > rest': 'setup',
    'Alert 200, Alert 1226 | Cred > our-rest': 'setup-rest',
    'Alert 200, Alert 1222 > rest': 'management rest',
    'Alert 200, 4 Get 404 > our-rest': 'our-rest',
    'Alert 200, Results+ > our-object': 'our-object',
    'Alert 1223, Final | dm/final-missing > ended': 'object',
  },
  'unknown alert': {
    ...OUT_OF_TURN,
    'Alert 406, Final | Cred > package': 'setup',
    'Alert 1226 | Cred > our-rest': 'setup-rest',
    'Alert 406, Final > package': 'management rest',
    '5 Get 404 > our-rest': 'our-rest',
    'Results+ > our-object': 'our-object',
    'Alert 406, Alert 1225, Final > package': 'object',
  },
  'first chunk': {
    ...OUT_OF_TURN,
    'Alert 1222, Replace 213 | Cred > object': 'setup',
    'Alert 1226 | Cred > our-rest': 'setup-rest',
    'Alert 1222, Replace 213 > object': 'management rest',
    '5 Get 404 > our-rest': 'our-rest',
    'Results+ > our-object': 'our-object',
    'Alert 1222, Replace 213, Alert 1225 > object': 'object',
  },
  'first chunk, closed': {
    ...OUT_OF_TURN,
    'Replace 213, Alert 1225, Final | Cred > package': 'setup',
    'Alert 1226 | Cred > our-rest': 'setup-rest',
    'Replace 213, Alert 1225, Final > package': 'management rest',
    '5 Get 404 > our-rest': 'our-rest',
    'Results+ > our-object': 'our-object',
    'Replace 213, 2 Alert 1225, Final > package': 'object',
  },
  'next chunk': {
    ...OUT_OF_TURN,
    'Alert 1222, Replace 411 | Cred > rest': 'setup',
    'Alert 1226 | Cred > our-rest': 'setup-rest',
    'Alert 1222, Replace 411 > rest': 'management rest',
    '5 Get 404 > our-rest': 'our-rest',
    'Results+ > our-object': 'our-object',
    'Alert 1222, Replace 213 > object': 'object',
  },
  'last chunk': {
    ...OUT_OF_TURN,
    'Replace 200, Final | Cred > package': 'setup',
    'Alert 1226 | Cred > our-rest': 'setup-rest',
    'Replace 200, Final > package': 'management rest object',
    '5 Get 404 > our-rest': 'our-rest',
    'Results+ > our-object': 'our-object',
  },
  'last chunk, too long': {
    ...OUT_OF_TURN,
    'Replace 200, Final | Cred > package': 'setup',
    'Alert 1226 | Cred > our-rest': 'setup-rest',
    'Replace 200, Final > package': 'management rest',
    '5 Get 404 > our-rest': 'our-rest',
    'Results+ > our-object': 'our-object',
    'Replace 424, Final > package': 'object',
  },
  'header 200': {
    ...OUT_OF_TURN,
    'ok > ended': 'setup management rest',
    'Alert 1226 | Cred > our-rest': 'setup-rest',
    '5 Get 404 > our-rest': 'our-rest',
    'Results+ > our-object': 'our-object',
    'Alert 1225, Final > package': 'object',
  },
  'header 212': {
    ...OUT_OF_TURN,
    'ok > ended': 'setup management rest',
    'Alert 1226 > our-rest': 'setup-rest',
    '5 Get 404 > our-rest': 'our-rest',
    'Results+ > our-object': 'our-object',
    'Alert 1225, Final > package': 'object',
  },
  'header 213': {
    ...OUT_OF_TURN,
    'ok > ended': 'setup management rest',
    'Alert 1226 | Cred > our-rest': 'setup-rest',
    '5 Get 404 > our-rest': 'our-rest',
    'Results+ > our-object': 'our-object',
    'Alert 1225, Final > package': 'object',
  },
  'header 101': {
    ...OUT_OF_TURN,
    'dm/status > ended': WAITING,
  },
  'header 401 with Chal': {
    ...OUT_OF_TURN,
    'Alert 1201, Replace, Final | Cred > package': 'setup',
    'Alert 1201, Replace | Cred > our-rest': 'setup-rest',
    'Get 200, Results, Final | Cred > package': 'management rest',
    '3 Get 404 | Cred > our-rest': 'our-rest',
    'Results+ | Cred > our-object': 'our-object',
    'Replace 213, Final | Cred > package': 'object',
  },
  'header 407 with Chal': {
    ...OUT_OF_TURN,
    'Alert 1201, Replace, Final | Cred > package': 'setup',
    'Alert 1201, Replace | Cred > our-rest': 'setup-rest',
    'Get 200, Results, Final | Cred > package': 'management rest',
    '3 Get 404 | Cred > our-rest': 'our-rest',
    'Results+ | Cred > our-object': 'our-object',
    'Replace 213, Final | Cred > package': 'object',
  },
  'header 401 without Chal': {
    ...OUT_OF_TURN,
    'dm/auth-refused > ended': WAITING,
  },
  'header 404': {
    ...OUT_OF_TURN,
    'dm/status > ended': WAITING,
  },
  'header 500': {
    ...OUT_OF_TURN,
    'dm/status > ended': WAITING,
  },
  'no Status of the header': {
    ...OUT_OF_TURN,
    'Alert 1223, Final | Cred | dm/status-missing > ended': 'setup setup-rest',
    'Alert 1223, Final | dm/status-missing > ended': 'management our-rest our-object rest object',
  },
  'Alert of package 1: 401': {
    ...OUT_OF_TURN,
    'ok > ended': 'setup management rest',
    'Alert 1226 | Cred > our-rest': 'setup-rest',
    '5 Get 404 > our-rest': 'our-rest',
    'Results+ > our-object': 'our-object',
    'Alert 1225, Final > package': 'object',
  },
  'Alert of package 1: 500': {
    ...OUT_OF_TURN,
    'ok > ended': 'setup management rest',
    'Alert 1226 | Cred > our-rest': 'setup-rest',
    '5 Get 404 > our-rest': 'our-rest',
    'Results+ > our-object': 'our-object',
    'Alert 1225, Final > package': 'object',
  },
  'Status of a Results: 200': {
    ...OUT_OF_TURN,
    'ok > ended': 'setup management rest',
    'Alert 1226 | Cred > our-rest': 'setup-rest',
    '5 Get 404 > our-rest': 'our-rest',
    'Results+ > our-object': 'our-object',
    'Alert 1225, Final > package': 'object',
  },
  'Status of what was never sent': {
    ...OUT_OF_TURN,
    'Alert 1223, Final | Cred | dm/status-unexpected > ended': 'setup setup-rest',
    'Alert 1223, Final | dm/status-unexpected > ended': 'management our-rest our-object rest object',
  },
  'Status of a message that was never sent': {
    ...OUT_OF_TURN,
    'Alert 1223, Final | Cred | dm/msgref-wrong > ended': 'setup setup-rest',
    'Alert 1223, Final | dm/msgref-wrong > ended': 'management our-rest our-object rest object',
  },
  'no Statuses of commands': {
    ...OUT_OF_TURN,
    'Alert 1223, Final | Cred | dm/status-missing > ended': 'setup setup-rest',
    'ok > ended': 'management',
    '5 Get 404 > our-rest': 'our-rest',
    'Results+ > our-object': 'our-object',
    'Alert 1223, Final | dm/status-missing > ended': 'rest object',
  },
  repeat: {
    '! dm/out-of-turn': 'new',
    'Alert 1223, Final | Cred | dm/status-missing > ended': 'setup setup-rest',
    'Get 200, Results, Final > package': 'management',
    '5 Get 404 > our-rest': 'our-rest',
    'Get 200, Results+ > our-object': 'our-object',
    'Alert 1222, Get 200, Results > rest': 'rest',
    'Alert 1222, Replace 213 > object': 'object',
    '? confirm > asked': 'asked',
    'dm/out-of-turn > ended': 'ended',
  },
  'same MsgID, other octets': {
    ...OUT_OF_TURN,
    'Alert 1223, Final | Cred | dm/status-missing > ended': 'setup setup-rest',
    '! dm/msgid-wrong > ended': 'management our-rest our-object rest object',
  },
  'MsgID 0': {
    ...OUT_OF_TURN,
    '! dm/msgid-wrong > ended': WAITING,
  },
  'MsgID that leaves some out': {
    ...OUT_OF_TURN,
    'Get 200, Results, Final | Cred > package': 'setup',
    'Alert 1226 | Cred > our-rest': 'setup-rest',
    'Get 200, Results, Final > package': 'management rest',
    '5 Get 404 > our-rest': 'our-rest',
    'Results+ > our-object': 'our-object',
    'Get 200, Results, Alert 1225, Final > package': 'object',
  },
  'other SessionID': {
    ...OUT_OF_TURN,
    '! dm/session-wrong > ended': WAITING,
  },
  'other device': {
    ...OUT_OF_TURN,
    'SyncHdr 404, Final | Cred | dm/target-wrong > ended': 'setup setup-rest',
    'SyncHdr 404, Final | dm/target-wrong > ended': 'management our-rest our-object rest object',
  },
  'other VerDTD': {
    ...OUT_OF_TURN,
    'SyncHdr 505, Final | Cred | dm/version > ended': 'setup setup-rest',
    'SyncHdr 505, Final | dm/version > ended': 'management our-rest our-object rest object',
  },
  'other VerProto': {
    ...OUT_OF_TURN,
    'SyncHdr 513, Final | Cred | dm/version > ended': 'setup setup-rest',
    'SyncHdr 513, Final | dm/version > ended': 'management our-rest our-object rest object',
  },
  unreadable: {
    ...OUT_OF_TURN,
    '! xml/truncated > ended': WAITING,
  },
  'another type': {
    ...OUT_OF_TURN,
    '! syncml/content-type > ended': WAITING,
  },
  'too long': {
    ...OUT_OF_TURN,
    '! dm/message-too-large > ended': WAITING,
  },
  'Yes of a person': {
    ...UNASKED,
    'Alert 200, Final > package': 'asked',
  },
  'No of a person': {
    ...UNASKED,
    'Alert 304, Final > package': 'asked',
  },
  'cancel of a person': {
    ...UNASKED,
    'Alert 214, Final > package': 'asked',
  },
  'nobody answers': {
    ...UNASKED,
    'Alert 408, Final > package': 'asked',
  },
  'wrong answer': {
    ...UNASKED,
    '! dm/answer-wrong': 'asked',
  },
  start: {
    'Alert 1201, Replace, Final | Cred > package': 'new',
    '! dm/out-of-turn': `${WAITING} asked`,
    '! dm/out-of-turn > ended': 'ended',
  },
  abort: {
    'Alert 1223, Final | Cred > ended': 'new setup setup-rest',
    'Alert 1223, Final > ended': 'management our-rest our-object rest object asked ended',
  },
  close: {
    ' > ended': `new ${WAITING} asked ended`,
  },
};

function cellsOf(row: Row): ReadonlyMap<string, string> {
  const cells = new Map<string, string>();
  for (const [outcome, states] of Object.entries(row)) {
    for (const state of states.split(' ')) {
      if (cells.has(state)) throw new Error(`${state} stands twice`);
      cells.set(state, outcome);
    }
  }
  return cells;
}

describe('the client machine', () => {
  it.each(Object.keys(TABLE) as InputName[])('has an end for "%s" in each of its states', (name) => {
    const cells = cellsOf(TABLE[name]);
    const found: [State, string][] = STATES.map((state) => [state, outcomeOf(state, INPUTS[name])]);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(cells));
  });

  it('is given every alert that there is', () => {
    expect(Object.keys(INPUTS)).toEqual(expect.arrayContaining(Object.values(Alert).map(String)));
  });

  it('ends with errors that have words', () => {
    const codes = Object.values(TABLE).flatMap((row) =>
      Object.keys(row).flatMap((cell) => cell.match(/[a-z]+\/[a-z-]+/g) ?? []),
    );
    expect(new Set(codes).size).toBeGreaterThan(8);
    for (const code of new Set(codes)) expect(errors.byCode).toHaveProperty([code]);
  });
});
