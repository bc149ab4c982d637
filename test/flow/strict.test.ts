/**
 * Strict by default: each wrong thing ends with its own code on the side that has to notice it, and the demo fails.
 * The sides are processes; `error` events carry which one said it.
 */
import { describe, expect, it } from 'vitest';
import { onStage, type ProgramEvent } from '../support/processes.ts';
import { LONG } from '../support/thoroughness.ts';

type Side = 'handset' | 'dms' | 'relay';

interface WrongThing {
  readonly fault: string;
  /** Who has to notice, and what it says. */
  readonly notices: Side;
  readonly code: string;
  /** Code of the demo's result, where that is not the same. */
  readonly result?: string;
}

const wrong = (fault: string, notices: Side, code: string, result?: string): WrongThing =>
  result === undefined ? { fault, notices, code } : { fault, notices, code, result };

/** What the handset does wrong. */
const HANDSET: readonly WrongThing[] = [
  wrong('wrong-password', 'dms', 'dm/auth-refused'),
  wrong('stale-nonce', 'dms', 'dm/auth-refused'),
  wrong('no-cred', 'dms', 'dm/auth-refused'),
  wrong('bad-mac', 'dms', 'dm/auth-refused'),
  wrong('no-mac', 'dms', 'dm/auth-refused'),
  wrong('no-final', 'dms', 'dm/final-missing'),
  wrong('wrong-msgref', 'dms', 'dm/msgref-wrong'),
  wrong('wrong-cmdref', 'dms', 'dm/status-unexpected'),
  wrong('missing-status', 'dms', 'dm/status-missing'),
  wrong('missing-header-status', 'dms', 'dm/status-missing'),
  wrong('wrong-session', 'dms', 'dm/session-unknown'),
  wrong('wrong-msgid', 'dms', 'dm/msgid-wrong'),
  wrong('wrong-version', 'dms', 'dm/version'),
  wrong('garbage', 'dms', 'wbxml/bad-version'),
  wrong('truncated', 'dms', 'wbxml/truncated'),
  wrong('wrong-type', 'dms', 'syncml/content-type'),
  wrong('abort', 'dms', 'dm/aborted'),
  wrong('ignore-notification', 'relay', 'relay/notification-ignored'),
  wrong('vanish', 'relay', 'bearer/lost', 'virtual/vanished'),
];

/** What the DM server does wrong. */
const DMS: readonly WrongThing[] = [
  wrong('dms-wrong-password', 'handset', 'dm/server-not-authenticated'),
  wrong('dms-stale-nonce', 'handset', 'dm/server-not-authenticated'),
  wrong('dms-no-cred', 'handset', 'dm/server-not-authenticated'),
  wrong('dms-bad-mac', 'handset', 'dm/server-not-authenticated'),
  wrong('dms-no-mac', 'handset', 'dm/server-not-authenticated'),
  wrong('dms-wrong-notification', 'handset', 'dm/notification-digest', 'relay/notification-ignored'),
  wrong('dms-no-final', 'dms', 'dm/final-missing'),
  wrong('dms-wrong-msgref', 'handset', 'dm/msgref-wrong'),
  wrong('dms-wrong-cmdref', 'handset', 'dm/status-unexpected'),
  wrong('dms-missing-status', 'handset', 'dm/status-missing'),
  wrong('dms-missing-header-status', 'handset', 'dm/status-missing'),
  wrong('dms-wrong-session', 'handset', 'dm/session-wrong'),
  wrong('dms-wrong-msgid', 'handset', 'dm/msgid-wrong'),
  wrong('dms-wrong-version', 'handset', 'dm/version'),
  wrong('dms-garbage', 'handset', 'wbxml/bad-version'),
  wrong('dms-truncated', 'handset', 'wbxml/truncated'),
  wrong('dms-size-off-by-one', 'handset', 'dm/large-object-incomplete', 'demo/install-failed'),
  wrong('dms-broken-object', 'handset', 'dm/large-object-incomplete', 'demo/install-failed'),
  wrong('dms-respuri', 'relay', 'relay/respuri-refused'),
  wrong('dms-http-500', 'relay', 'dms/http-status'),
  wrong('dms-html', 'relay', 'dms/answer-unexpected'),
  wrong('dms-wrong-type', 'relay', 'dms/answer-unexpected'),
  wrong('dms-empty', 'relay', 'dms/answer-empty'),
  wrong('dms-huge', 'relay', 'dms/answer-too-large'),
];

/** What takes as long as the demo's step limit. */
const SLOW: readonly WrongThing[] = [
  wrong('stall', 'relay', 'relay/stalled'),
  wrong('dms-stall', 'relay', 'dms/timeout'),
];

/** What is noticed only when the time of a step is over, and that time in milliseconds. */
const OVERDUE = /stalled$|timeout$/;
const STEP = 15_000;

const SOURCES: Readonly<Record<Side, string | undefined>> = {
  handset: 'virtual-handset',
  dms: 'virtual-dms',
  relay: undefined,
};

async function expectNoticed({ fault, notices, code, result }: WrongThing): Promise<void> {
  await onStage(async (stage) => {
    const demo = stage.agent('demo', '--fault', fault);
    const end = await demo.result();
    expect(end).toMatchObject({ exit: 1, ok: false, code: result ?? code });
    const said = demo.of('error').filter(({ source }) => source === SOURCES[notices]);
    expect(codesOf(said)).toContain(code);
    expect(codesOf(demo.of('error'))).not.toContain('cli/unexpected');
    // What can be seen at once nobody has to wait for.
    if (!OVERDUE.test(code)) {
      expect(codesOf(demo.of('error'))).not.toContainEqual(expect.stringMatching(OVERDUE));
      expect(quietBefore(demo.events, said[codesOf(said).indexOf(code)])).toBeLessThan(STEP / 2);
    }
    const session = demo.of('session').at(-1);
    expect(['done', 'failed', 'aborted']).toContain(session?.state);
  });
}

/** Milliseconds in which nothing was told before this. */
function quietBefore(events: readonly ProgramEvent[], event: ProgramEvent | undefined): number {
  const at = event === undefined ? -1 : events.indexOf(event);
  const [before, now] = [events[at - 1], events[at]].map((each) => Date.parse(String(each?.time)));
  return Number(now) - Number(before);
}

function codesOf(events: readonly ProgramEvent[]): readonly unknown[] {
  return events.map(({ code }) => code);
}

/** Each costs a whole demo: who names this file gets every second one, `npm run test:long` tries all of them. */
const tried = (things: readonly WrongThing[]): readonly WrongThing[] =>
  LONG ? things : things.filter((_, index) => index % 2 === 0);

// First, since they wait: the others are tried meanwhile.
describe.concurrent('a side that says nothing more', () => {
  for (const thing of SLOW) {
    it(`${thing.fault}: is noticed by the ${thing.notices} as ${thing.code}`, () => expectNoticed(thing));
  }
});

describe.concurrent('a wrong thing that the handset does', () => {
  for (const thing of tried(HANDSET)) {
    it(`${thing.fault}: is noticed by the ${thing.notices} as ${thing.code}`, () => expectNoticed(thing));
  }

  it.each([
    ['install-fails', '1405'],
    ['storage-full', 'status 420'],
  ])('%s: fails the job, and the demo says why', (fault, why) =>
    onStage(async (stage) => {
      const end = await stage.agent('demo', '--fault', fault).result();
      expect(end).toMatchObject({ exit: 1, ok: false, code: 'demo/install-failed', transparent: true });
      expect(end.message).toContain(why);
    }),
  );
});

describe.concurrent('a wrong thing that never comes about', () => {
  // The virtual handset has no value of its own that would need a large object.
  it.each(['size-off-by-one', 'broken-object', 'abort=1000'])(
    '%s: the demo does not pass for one that went well',
    (fault) =>
      onStage(async (stage) => {
        const end = await stage.agent('demo', '--fault', fault).result();
        expect(end).toMatchObject({ exit: 1, ok: false, code: 'demo/fault-unnoticed', transparent: true });
      }),
  );
});

describe.concurrent('a wrong thing that the DM server does', () => {
  for (const thing of tried(DMS)) {
    it(`${thing.fault}: is noticed by the ${thing.notices} as ${thing.code}`, () => expectNoticed(thing));
  }
});

describe.concurrent('a wrong thing that the relay does', () => {
  it('flip-byte: is noticed by comparing the ends', () =>
    onStage(async (stage) => {
      const end = await stage.agent('demo', '--fault', 'flip-byte').result();
      expect(end).toMatchObject({ exit: 1, ok: false, code: 'demo/not-transparent', transparent: false });
    }));
});
