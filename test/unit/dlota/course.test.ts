import { describe, expect, it } from 'vitest';
import { PcAgentError } from '../../../src-main/base/errors.ts';
import {
  advance,
  beginCourse,
  type CourseEvent,
  type CourseState,
  NOTIFY_TRIES,
} from '../../../src-main/dlota/course.ts';
import type { Descriptor } from '../../../src-main/dlota/descriptor.ts';
import { type DownloadFailure, failureOutcome, managementCodes } from '../../../src-main/dlota/outcome.ts';

const NOTIFY = 'http://shop.example/notify';
const DESCRIPTOR: Descriptor = {
  version: '1.0',
  types: ['application/java-archive', 'image/png'],
  size: 100,
  objectUri: 'http://shop.example/fun.jar',
  installNotifyUri: NOTIFY,
  nextUrl: 'http://shop.example/next',
};
const { installNotifyUri: _, ...UNREPORTED } = DESCRIPTOR;
const CAN = { free: 100, accepts: (_type: string) => true };
const url = 'http://shop.example/fun.dd';

const described = (descriptor: Descriptor, can = CAN): CourseEvent => ({
  kind: 'described',
  reading: { kind: 'descriptor', descriptor },
  url,
  can,
});
const refused = (code: 906 | 951, installNotifyUri?: string): CourseEvent => ({
  kind: 'described',
  reading: {
    kind: 'refused',
    code,
    error: new PcAgentError(code === 951 ? 'dlota/version' : 'dlota/malformed', 'x'),
    ...(installNotifyUri === undefined ? {} : { installNotifyUri }),
  },
  url,
  can: CAN,
});
const plain = (can = CAN): CourseEvent => ({ kind: 'plain', url, asked: url, type: 'a/b', size: 50, can });
const failed = (failure: DownloadFailure): CourseEvent => ({ kind: 'failed', failure });

/** Every event, by the name that the table uses. */
const EVENTS: Readonly<Record<string, CourseEvent>> = {
  described: described(DESCRIPTOR),
  plain: plain(),
  accepted: { kind: 'answered', accepted: true },
  rejected: { kind: 'answered', accepted: false },
  loaded: { kind: 'loaded' },
  failed: failed({ kind: 'lost' }),
  installed: { kind: 'installed' },
  'not-installed': { kind: 'not-installed', failure: 'memory' },
  reported: { kind: 'reported' },
  unreported: { kind: 'unreported' },
  cancelled: { kind: 'cancelled' },
  aborted: { kind: 'aborted' },
};

function run(...events: readonly CourseEvent[]): CourseState {
  return events.reduce(advance, beginCourse('ask'));
}

const STATES: Readonly<Record<string, CourseState>> = {
  describing: run(),
  asking: run(described(DESCRIPTOR)),
  loading: run(described(DESCRIPTOR), { kind: 'answered', accepted: true }),
  installing: run(described(DESCRIPTOR), { kind: 'answered', accepted: true }, { kind: 'loaded' }),
  reporting: run(described(DESCRIPTOR), { kind: 'answered', accepted: false }),
  over: run(described(DESCRIPTOR), { kind: 'answered', accepted: false }, { kind: 'reported' }),
};

/** A state in short: its kind, with the code and the try that are reported. */
function brief(state: CourseState): string {
  if (state.kind === 'reporting') return `${state.kind} ${state.outcome.code} ${state.tries}`;
  return state.kind === 'over' ? `${state.kind} ${state.outcome.code} ${state.delivery}` : state.kind;
}

describe('the course of a download', () => {
  /** What does not stand here changes nothing. */
  const TABLE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    describing: {
      described: 'asking',
      plain: 'asking',
      failed: 'over 903 none',
      cancelled: 'over 902 none',
      aborted: 'over 952 none',
    },
    asking: {
      accepted: 'loading',
      rejected: 'reporting 902 1',
      cancelled: 'reporting 902 1',
      aborted: 'reporting 952 1',
    },
    loading: {
      loaded: 'installing',
      failed: 'reporting 903 1',
      cancelled: 'reporting 902 1',
      aborted: 'reporting 952 1',
    },
    installing: {
      installed: 'reporting 900 1',
      'not-installed': 'reporting 901 1',
      cancelled: 'reporting 902 1',
      aborted: 'reporting 952 1',
    },
    reporting: { reported: 'over 902 delivered', unreported: 'reporting 902 2', aborted: 'over 902 pending' },
    over: {},
  };

  const cells = Object.keys(STATES).flatMap((state) => Object.keys(EVENTS).map((event) => [state, event] as const));

  it.each(cells)('in %s on %s goes where the table says', (name, event) => {
    const state = STATES[name] as CourseState;
    const next = advance(state, EVENTS[event] as CourseEvent);
    const expected = TABLE[name]?.[event];
    if (expected === undefined) expect(next).toBe(state);
    else expect(brief(next)).toBe(expected);
  });

  it('has each state that it is tried in', () => {
    expect(Object.entries(STATES).map(([name, state]) => [name, state.kind])).toEqual(
      Object.keys(TABLE).map((name) => [name, name]),
    );
  });

  it('reports a failed notification so often and then leaves it for later; nothing is reported to nobody', () => {
    let state = STATES.installing as CourseState;
    state = advance(state, { kind: 'installed' });
    for (let tries = 1; tries < NOTIFY_TRIES; tries += 1) state = advance(state, { kind: 'unreported' });
    expect(brief(state)).toBe(`reporting 900 ${NOTIFY_TRIES}`);
    expect(advance(state, { kind: 'reported' })).toMatchObject({ delivery: 'delivered', nextUrl: DESCRIPTOR.nextUrl });
    expect(advance(state, { kind: 'unreported' })).toMatchObject({ kind: 'over', delivery: 'pending' });
    const quiet = run(
      described(UNREPORTED),
      { kind: 'answered', accepted: true },
      { kind: 'loaded' },
      { kind: 'installed' },
    );
    expect(brief(quiet)).toBe('over 900 none');
  });

  it('looks at the room first, then at every type, and asks nobody for what cannot be', () => {
    const never = () => false;
    expect(brief(run(described(DESCRIPTOR, { free: 99, accepts: never })))).toBe('reporting 901 1');
    const accepts = (type: string) => type !== 'image/png';
    expect(brief(run(described(DESCRIPTOR, { free: 100, accepts })))).toBe('reporting 953 1');
    expect(brief(run(plain({ free: 49, accepts: never })))).toBe('over 901 none');
    expect(brief(run(plain({ free: 50, accepts: never })))).toBe('over 953 none');
  });

  it('tells of a refused descriptor where it says so', () => {
    expect(brief(run(refused(906)))).toBe('over 906 none');
    expect(brief(run(refused(906, NOTIFY)))).toBe('reporting 906 1');
    expect(brief(run(refused(951, NOTIFY)))).toBe('reporting 951 1');
  });

  it('asks nobody when consent was given before', () => {
    const begun = beginCourse('given');
    expect(advance(begun, described(DESCRIPTOR))).toEqual({ kind: 'loading', descriptor: DESCRIPTOR });
    expect(advance(begun, plain())).toEqual({ kind: 'loading', descriptor: undefined });
  });
});

describe('the end of a download in codes', () => {
  const FAILURES: readonly (readonly [DownloadFailure, number, number, number])[] = [
    [{ kind: 'http', status: 404 }, 954, 1402, 411],
    [{ kind: 'http', status: 503 }, 954, 1500, 500],
    [{ kind: 'http', status: 401 }, 954, 1403, 406],
    [{ kind: 'http', status: 407 }, 954, 1403, 406],
    [{ kind: 'unreachable' }, 954, 1501, 412],
    [{ kind: 'timeout' }, 903, 1402, 407],
    [{ kind: 'lost' }, 903, 1402, 503],
    [{ kind: 'memory' }, 901, 1404, 501],
    [{ kind: 'size' }, 905, 1402, 403],
    [{ kind: 'type' }, 905, 1402, 403],
    [{ kind: 'digest' }, 905, 1402, 402],
    [{ kind: 'redirect' }, 954, 1402, 411],
    [{ kind: 'answer' }, 954, 1402, 411],
    [{ kind: 'address' }, 954, 1402, 411],
  ];

  it.each(FAILURES)('%j is reported as %i, by SCOMO as %i and by FUMO as %i', (failure, code, scomo, fumo) => {
    const outcome = failureOutcome(failure);
    expect(outcome.code).toBe(code);
    expect(managementCodes(outcome)).toEqual({ scomo, fumo });
    expect(run(described(UNREPORTED), { kind: 'answered', accepted: true }, failed(failure))).toMatchObject({
      outcome: { code },
    });
  });

  it.each([
    [900, 1200, 200],
    [902, 1401, 401],
    [906, 1402, 405],
    [951, 1402, 405],
    [952, 1400, 400],
    [953, 1413, 405],
  ] as const)('%i is %i for SCOMO and %i for FUMO', (code, scomo, fumo) => {
    expect(managementCodes({ code, reason: undefined })).toEqual({ scomo, fumo });
  });

  it.each([
    ['memory', 901],
    ['content', 953],
    ['device', 952],
    ['user', 902],
  ] as const)('an installation that fails by %s is reported as %i', (failure, code) => {
    expect(advance(STATES.installing as CourseState, { kind: 'not-installed', failure })).toMatchObject({
      kind: 'reporting',
      outcome: { code },
    });
  });
});
