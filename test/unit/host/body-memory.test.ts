import { describe, expect, it } from 'vitest';
import { BodyMemory } from '../../../src-main/host/body-memory.ts';
import { SUMMARY } from './live-rig.ts';

const MESSAGE =
  '<SyncML><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1</SessionID><MsgID>1</MsgID>' +
  '<Target><LocURI>a</LocURI></Target><Source><LocURI>b</LocURI></Source></SyncHdr><SyncBody><Final/></SyncBody></SyncML>';

const envelope = (body: Uint8Array) => ({ contentType: 'application/vnd.syncml.dm+xml', body });

describe('bodies in memory', () => {
  it('are copies: a piece of a larger buffer is shown as it passed, and does not hold the buffer', () => {
    const bodies = new BodyMemory();
    const buffer = Buffer.from(`${MESSAGE}and much more`);
    bodies.keep('1', 1, envelope(buffer.subarray(0, MESSAGE.length)), SUMMARY);
    buffer.fill('x');
    expect(bodies.detail('1', 1)?.xml).toContain('SessionID');
  });

  it('make room for others even when they are empty, for what is known of them takes room too', () => {
    const bodies = new BodyMemory(100_000);
    for (let number = 1; number <= 1000; number += 1) bodies.keep('1', number, envelope(new Uint8Array()), SUMMARY);
    expect(bodies.detail('1', 1)).toBeUndefined();
    expect(bodies.detail('1', 1000)).toBeDefined();
  });

  it('give back all of their room when their session goes', () => {
    const bodies = new BodyMemory(100_000);
    for (let session = 1; session <= 100; session += 1) {
      bodies.keep(`${session}`, 1, envelope(new Uint8Array(50_000)), SUMMARY);
      bodies.forget(`${session}`);
    }
    bodies.keep('last', 1, envelope(new Uint8Array(40_000)), SUMMARY);
    bodies.keep('last', 2, envelope(new Uint8Array(40_000)), SUMMARY);
    expect(bodies.detail('last', 1)).toBeDefined();
  });
});
