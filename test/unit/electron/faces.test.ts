import { describe, expect, it } from 'vitest';
import { MAX_FACE_FRAME } from '../../../src-main/contract/frames.ts';
import type { ToHostProcess } from '../../../src-main/contract/shell-messages.ts';
import { CONTRACT_VERSION } from '../../../src-main/contract/version.ts';
import { FaceRelay } from '../../../src-main/electron/face-relay.ts';

const HELLO = JSON.stringify({ kind: 'hello', contract: CONTRACT_VERSION, version: '0.1.0', face: 'window' });
const FOLLOW = JSON.stringify({ kind: 'follow' });

class End {
  readonly heard: string[] = [];
  frame(text: string): void {
    this.heard.push(text);
  }
  lost(): void {
    this.heard.push('lost');
  }
}

function rig(ready = true) {
  const state = { ready };
  const sent: ToHostProcess[] = [];
  const relay = new FaceRelay({ isReady: () => state.ready, send: (message) => sent.push(message) });
  return { relay, sent, state };
}

describe('faces of the window', () => {
  it('are told apart by their numbers, both ways', () => {
    const { relay, sent } = rig();
    const [one, two] = [new End(), new End()];
    relay.take(one, HELLO);
    relay.take(two, HELLO);
    relay.take(one, FOLLOW);
    expect(sent.map((message) => message.kind === 'frame' && message.face)).toEqual([1, 2, 1]);
    relay.give(2, 'for two');
    relay.give(9, 'for nobody');
    expect([one.heard, two.heard]).toEqual([[], ['for two']]);
  });

  it('begin anew with a hello: what the old one asked for is broken off', () => {
    const { relay, sent } = rig();
    const end = new End();
    relay.take(end, HELLO);
    relay.take(end, HELLO);
    expect(sent).toEqual([
      { kind: 'frame', face: 1, text: HELLO },
      { kind: 'gone', face: 1 },
      { kind: 'frame', face: 2, text: HELLO },
    ]);
    relay.give(1, 'late');
    expect(end.heard).toEqual([]);
  });

  it('wait for a host that is being started', () => {
    const { relay, sent, state } = rig(false);
    relay.take(new End(), HELLO);
    expect(sent).toEqual([]);
    state.ready = true;
    relay.hostReady();
    expect(sent).toEqual([{ kind: 'frame', face: 1, text: HELLO }]);
  });

  it('are told once that the host is lost, and may come back', () => {
    const { relay, sent, state } = rig();
    const end = new End();
    relay.take(end, HELLO);
    state.ready = false;
    relay.hostLost();
    relay.take(end, HELLO);
    relay.hostLost();
    state.ready = true;
    relay.hostReady();
    expect(end.heard).toEqual(['lost']);
    expect(sent.map((message) => message.kind === 'frame' && message.face)).toEqual([1, 2]);
  });

  it('are told when the host has dropped them', () => {
    const { relay } = rig();
    const end = new End();
    relay.take(end, HELLO);
    relay.dropped(1);
    relay.dropped(1);
    expect(end.heard).toEqual(['lost']);
  });

  it('lose their connection over a frame that is too long, and over too much that waits', () => {
    const { relay, sent } = rig(false);
    const end = new End();
    relay.take(end, 'x'.repeat(MAX_FACE_FRAME + 1));
    expect(end.heard).toEqual(['lost']);
    for (let count = 0; count < 5; count += 1) relay.take(end, 'x'.repeat(MAX_FACE_FRAME));
    expect(end.heard).toEqual(['lost', 'lost']);
    expect(sent).toEqual([]);
  });
});
