import { describe, expect, it } from 'vitest';
import type { CommandSummary } from '../../../src-main/contract/message-summary.ts';
import { LiveFeed } from '../../../src-main/host/live-feed.ts';
import { command, messageEvent, summary, TIME } from './feed-samples.ts';

type Direction = 'to-dms' | 'to-handset';

function say(feed: LiveFeed, direction: Direction, commands: readonly CommandSummary[], dmPackage = 3): void {
  const of = feed.emit(messageEvent({ direction, package: dmPackage }));
  feed.summary(of, summary({ package: dmPackage, commands: [...commands] }));
}

function steps(feed: LiveFeed): string[] {
  return feed.snapshot().overview.steps.map(({ kind, state }) => `${kind} ${state}`);
}

describe('steps of a session', () => {
  it('follow from call to report, one working at a time', () => {
    const feed = new LiveFeed({ id: 'run' });
    say(feed, 'to-handset', [], 0);
    say(
      feed,
      'to-dms',
      [command({ kind: 'Alert', code: 1200 }), command({ kind: 'Replace', uri: './DevInfo/DevId' })],
      1,
    );
    say(feed, 'to-handset', [command({ kind: 'Get', uri: './DevInfo/Man' })], 2);
    say(feed, 'to-handset', [command({ kind: 'Get', uri: './SCM/Inventory/Deployed?list=StructData' })], 4);
    say(feed, 'to-handset', [command({ kind: 'Add', uri: './SCM/Inventory/Delivered/p1' })], 4);
    expect(steps(feed)).toEqual(['call done', 'sign-in done', 'identify done', 'inventory done', 'deliver working']);
    say(feed, 'to-handset', [command({ kind: 'Add', uri: './SCM/Inventory/Delivered/p1/Data', moreData: true })], 4);
    say(feed, 'to-handset', [command({ kind: 'Exec', uri: './SCM/Inventory/Delivered/p1/Operations/Install' })], 4);
    say(feed, 'to-dms', [command({ kind: 'Status', answers: 'Exec', code: 202 })]);
    say(feed, 'to-dms', [command({ kind: 'Alert', code: 1226, resultCode: 1200 })]);
    feed.emit({ type: 'session', time: TIME, id: '1a', handset: 'h', dms: 'd', state: 'done' });
    expect(steps(feed).slice(4)).toEqual(['deliver done', 'install done', 'report done']);
  });

  it('fail when the handset refuses the command, with its status', () => {
    const feed = new LiveFeed({ id: 'run' });
    say(feed, 'to-handset', [command({ kind: 'Exec', uri: './SCM/Inventory/Deployed/c1/Operations/Remove' })], 4);
    say(feed, 'to-dms', [command({ kind: 'Status', answers: 'Exec', code: 425 })]);
    expect(feed.snapshot().overview.steps).toMatchObject([{ kind: 'remove', state: 'failed', code: 425 }]);
  });

  it('do not fail on an answered Get, an Add of what is there, or a challenge', () => {
    const feed = new LiveFeed({ id: 'run' });
    say(feed, 'to-handset', [command({ kind: 'Add', uri: './SCM/Inventory/Delivered/p1' })], 4);
    say(feed, 'to-dms', [
      command({ kind: 'Status', answers: 'Get', code: 404 }),
      command({ kind: 'Status', answers: 'Add', code: 418 }),
      command({ kind: 'Status', answers: 'Replace', code: 407, challenge: true }),
    ]);
    expect(steps(feed)).toEqual(['deliver working']);
  });

  it('fail on a failing result code, and on the end of a failed session', () => {
    const feed = new LiveFeed({ id: 'run' });
    say(feed, 'to-dms', [command({ kind: 'Alert', code: 1226, resultCode: 1405 })]);
    say(feed, 'to-handset', [command({ kind: 'Get', uri: './Vendor/x' })], 4);
    feed.emit({ type: 'session', time: TIME, id: '1a', handset: 'h', dms: 'd', state: 'aborted' });
    expect(steps(feed)).toEqual(['report failed', 'read failed']);
  });

  it('keep two sessions apart', () => {
    const feed = new LiveFeed({ id: 'run' });
    say(feed, 'to-handset', [command({ kind: 'Get', uri: './SCM/Inventory/Deployed' })], 4);
    const other = feed.emit(messageEvent({ session: '2b', direction: 'to-handset', package: 0 }));
    feed.summary(other, summary({ package: 0 }));
    expect(steps(feed)).toEqual(['inventory working', 'call working']);
  });
});
