import { describe, expect, it } from 'vitest';
import { nodeDigest } from '../../../src-main/base/node/digest.ts';
import { buildNotification } from '../../../src-main/dm/notification/notification.ts';
import { type Direction, type SessionEnd, Watcher } from '../../../src-main/dm/watcher/watcher.ts';
import type { Envelope } from '../../../src-main/link/message-link.ts';
import type { Command, Item } from '../../../src-main/syncml/model.ts';
import {
  alert,
  challenge,
  DEVICE,
  dmMessage,
  envelope,
  fromDms,
  fromHandset,
  get,
  SERVER,
  status,
  UNREADABLE,
} from './messages.ts';

const PACKAGE_1 = fromHandset(1, [alert('1', 1200), { kind: 'Replace', cmdId: '2', items: [] }]);
const ACCEPTED = [status('1', 1, '0', 'SyncHdr', 212), status('2', 1, '1', 'Alert')];

/** Shows a whole session to a watcher; the last line is what it knows then. */
function watch(...messages: readonly (readonly [Direction, Envelope])[]): { watcher: Watcher; packages: number[] } {
  const watcher = new Watcher();
  const packages = messages.map(([direction, message]) => watcher.observe(direction, message).summary.package);
  return { watcher, packages };
}

function chunk(data: string, more: boolean, size?: number): Command {
  const item: Item = { target: { uri: './Big' }, data, ...(more ? { moreData: true } : {}) };
  return { kind: 'Replace', cmdId: '9', items: [item], ...(size === undefined ? {} : { meta: { size } }) };
}

describe('end of a session', () => {
  const abortedBy = (from: 'handset' | 'dms'): Envelope =>
    from === 'handset' ? fromHandset(2, [alert('1', 1223)]) : fromDms(1, [alert('1', 1223)]);

  it.each<[string, readonly (readonly [Direction, Envelope])[], SessionEnd | undefined]>([
    ['nothing was said', [], undefined],
    ['only the handset spoke', [['to-dms', PACKAGE_1]], undefined],
    [
      'the server asks something',
      [
        ['to-dms', PACKAGE_1],
        ['to-handset', fromDms(1, [...ACCEPTED, get('3', './x')])],
      ],
      undefined,
    ],
    [
      'the server has nothing to ask',
      [
        ['to-dms', PACKAGE_1],
        ['to-handset', fromDms(1, ACCEPTED)],
      ],
      'completed',
    ],
    [
      'the server has not said Final',
      [
        ['to-dms', PACKAGE_1],
        ['to-handset', fromDms(1, ACCEPTED, false)],
      ],
      undefined,
    ],
    [
      'the server asks for credentials',
      [
        ['to-dms', PACKAGE_1],
        ['to-handset', fromDms(1, [challenge('1', 1)])],
      ],
      undefined,
    ],
    [
      'the server asks for missing credentials',
      [
        ['to-dms', PACKAGE_1],
        ['to-handset', fromDms(1, [challenge('1', 1, 407)])],
      ],
      undefined,
    ],
    [
      'the server refuses without a challenge',
      [
        ['to-dms', PACKAGE_1],
        ['to-handset', fromDms(1, [status('1', 1, '0', 'SyncHdr', 401)])],
      ],
      'completed',
    ],
    [
      'the accepting status only hands over a nonce',
      [
        ['to-dms', PACKAGE_1],
        ['to-handset', fromDms(1, [challenge('1', 1, 200)])],
      ],
      'completed',
    ],
    [
      'the server wants the rest of a package',
      [
        ['to-dms', PACKAGE_1],
        ['to-handset', fromDms(1, [alert('1', 1222)])],
      ],
      undefined,
    ],
    [
      'the server aborts',
      [
        ['to-dms', PACKAGE_1],
        ['to-handset', abortedBy('dms')],
      ],
      'server-abort',
    ],
    [
      'the handset aborts',
      [
        ['to-dms', PACKAGE_1],
        ['to-handset', fromDms(1, [get('3', './x')])],
        ['to-dms', abortedBy('handset')],
      ],
      'handset-abort',
    ],
    [
      'the server answers an abort',
      [
        ['to-dms', abortedBy('handset')],
        ['to-handset', fromDms(1, ACCEPTED)],
      ],
      'handset-abort',
    ],
  ])('when %s', (_name, messages, end) => {
    expect(watch(...messages).watcher.view.ended).toBe(end);
  });

  it('counts a command of an earlier message of the package until its status has come', () => {
    const { watcher } = watch(
      ['to-dms', PACKAGE_1],
      ['to-handset', fromDms(1, [...ACCEPTED, get('3', './x')], false)],
      ['to-dms', fromHandset(2, [alert('1', 1222)], false)],
      ['to-handset', fromDms(2, [status('1', 2, '1', 'Alert')])],
    );
    expect(watcher.view.ended).toBeUndefined();
  });

  it('is over with the last message of a package whose commands were all answered', () => {
    const { watcher } = watch(
      ['to-dms', PACKAGE_1],
      ['to-handset', fromDms(1, [...ACCEPTED, get('3', './x')], false)],
      ['to-dms', fromHandset(2, [status('1', 1, '3', 'Get'), alert('2', 1222)], false)],
      ['to-handset', fromDms(2, [status('1', 2, '2', 'Alert')])],
    );
    expect(watcher.view.ended).toBe('completed');
  });

  it('is over although the server asked for the next part of a package before', () => {
    const { watcher } = watch(
      ['to-dms', fromHandset(1, [alert('1', 1201)], false)],
      ['to-handset', fromDms(1, [status('1', 1, '0', 'SyncHdr'), alert('2', 1222)], false)],
      ['to-dms', fromHandset(2, [status('1', 1, '0', 'SyncHdr')])],
      ['to-handset', fromDms(2, [status('1', 2, '0', 'SyncHdr')])],
    );
    expect(watcher.view.ended).toBe('completed');
  });
});

describe('packages of a session', () => {
  it('counts 0 to 4 through a challenge and a management phase', () => {
    const notification: Envelope = {
      contentType: 'application/vnd.syncml.notification',
      body: buildNotification(
        {
          serverId: 'virtual-dms',
          password: 'server-secret',
          nonce: new Uint8Array(4),
          sessionId: 0x1a2b,
          uiMode: 'not-specified',
          initiator: 'server',
        },
        nodeDigest,
      ),
    };
    const { packages, watcher } = watch(
      ['to-handset', notification],
      ['to-dms', PACKAGE_1],
      ['to-handset', fromDms(1, [challenge('1', 1)])],
      ['to-dms', fromHandset(2, [status('1', 1, '0', 'SyncHdr'), alert('2', 1200)])],
      ['to-handset', fromDms(2, [status('1', 2, '0', 'SyncHdr', 212), get('2', './x')])],
      ['to-dms', fromHandset(3, [status('1', 2, '2', 'Get')])],
      ['to-handset', fromDms(3, [status('1', 3, '0', 'SyncHdr')])],
    );
    expect(packages).toEqual([0, 1, 2, 1, 2, 3, 4]);
    expect(watcher.view).toMatchObject({ sessionId: '1A2B', ended: 'completed', blind: false });
  });

  it('takes the same message sent again for one message', () => {
    const { watcher, packages } = watch(
      ['to-dms', PACKAGE_1],
      ['to-dms', PACKAGE_1],
      ['to-handset', fromDms(1, ACCEPTED)],
    );
    expect(packages).toEqual([1, 1, 2]);
    expect(watcher.view.ended).toBe('completed');
  });

  it('goes on counting behind a message that it could not read', () => {
    const { watcher, packages } = watch(
      ['to-dms', UNREADABLE],
      ['to-handset', fromDms(1, [get('1', './x')])],
      ['to-dms', fromHandset(2, [status('1', 1, '1', 'Get')])],
      ['to-handset', fromDms(2, [status('1', 2, '0', 'SyncHdr')])],
    );
    expect(packages).toEqual([-1, 2, 3, 4]);
    expect(watcher.view).toMatchObject({ blind: true, ended: 'completed' });
  });

  it('learns the SessionID from the handset, which may write it otherwise than the notification', () => {
    const { watcher } = watch(['to-dms', PACKAGE_1]);
    expect(watcher.view.sessionId).toBe('1A2B');
  });
});

describe('what else the watcher sees', () => {
  it('names the RespURI of the server with the message that has it, and none of the handset', () => {
    const watcher = new Watcher();
    const respUri = ' http://dms.example/dm?s=1 ';
    const fromPhone = envelope(dmMessage({ from: 'handset', msgId: 1, commands: [], header: { respUri } }));
    expect(watcher.observe('to-dms', fromPhone).respUri).toBeUndefined();
    const asking = [get('3', './x')];
    expect(watcher.observe('to-handset', fromDms(1, asking, true, { respUri })).respUri).toBe(respUri.trim());
    expect(watcher.observe('to-handset', fromDms(2, asking)).respUri).toBeUndefined();
  });

  it('keeps the status that each side gave the other', () => {
    const { watcher } = watch(
      ['to-dms', PACKAGE_1],
      ['to-handset', fromDms(1, [challenge('1', 1), get('2', './x')])],
      ['to-dms', fromHandset(2, [status('1', 1, '0', 'SyncHdr', 407)])],
    );
    expect(watcher.view.headerStatus).toEqual({ 'to-dms': 407, 'to-handset': 401 });
  });

  it('follows a large object by its size', () => {
    const watcher = new Watcher();
    watcher.observe('to-dms', PACKAGE_1);
    const steps = [
      watcher.observe('to-handset', fromDms(1, [chunk('aaaa', true, 10)], false)),
      watcher.observe('to-dms', fromHandset(2, [alert('1', 1222)], false)),
      watcher.observe('to-handset', fromDms(2, [chunk('bbbb', true)], false)),
      watcher.observe('to-handset', fromDms(2, [chunk('bbbb', true)], false)),
      watcher.observe('to-handset', fromDms(3, [chunk('cc', false)])),
    ].map(({ progress }) => progress);
    const at = (done: number) => ({ uri: './Big', done, total: 10 });
    expect(steps).toEqual([at(4), undefined, at(8), undefined, at(10)]);
  });

  it('says nothing of an object without a size, and never more than the size', () => {
    const watcher = new Watcher();
    expect(watcher.observe('to-handset', fromDms(1, [chunk('aaaa', true)], false)).progress).toBeUndefined();
    expect(watcher.observe('to-handset', fromDms(2, [chunk('a', false)])).progress).toBeUndefined();
    watcher.observe('to-handset', fromDms(3, [chunk('aaaa', true, 5)], false));
    expect(watcher.observe('to-handset', fromDms(4, [chunk('aaaa', false)])).progress?.done).toBe(5);
    expect(watcher.observe('to-handset', fromDms(5, [chunk('small', false)])).progress).toBeUndefined();
  });

  it('sums up who said what', () => {
    const { summary } = new Watcher().observe('to-dms', PACKAGE_1);
    expect(summary).toMatchObject({
      readable: true,
      sessionId: '1A2B',
      msgId: 1,
      package: 1,
      final: true,
      source: DEVICE,
      target: SERVER,
      credentials: 'none',
    });
    expect(summary.commands[0]).toEqual({ kind: 'Alert', cmdId: '1', items: 0, code: 1200 });
  });

  it.each([
    ['an empty body', new Uint8Array(0)],
    ['half a message', PACKAGE_1.body.subarray(0, 40)],
    ['a page', new TextEncoder().encode('<html><body>hello</body></html>')],
    ['noise', new Uint8Array(300).fill(0xc3)],
  ])('is blind and does not fail on %s', (_name, body) => {
    const watcher = new Watcher();
    const { summary } = watcher.observe('to-dms', { contentType: 'application/vnd.syncml.dm+wbxml', body });
    expect(summary).toMatchObject({ readable: false, package: -1, msgId: -1, commands: [] });
    expect(watcher.view.blind).toBe(true);
  });

  it('does not alter what it is shown', () => {
    const before = PACKAGE_1.body.slice();
    new Watcher().observe('to-dms', Object.freeze({ ...PACKAGE_1 }));
    expect(PACKAGE_1.body).toEqual(before);
  });
});
