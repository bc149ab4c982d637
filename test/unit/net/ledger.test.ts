import { describe, expect, it } from 'vitest';
import { createMemoryLedger } from '../../../src-main/net/ledger.ts';

describe('createMemoryLedger', () => {
  it('tells of every entry and keeps the newest within its capacity', () => {
    const told: number[] = [];
    const ledger = createMemoryLedger({ capacity: 2, onRecord: ({ port }) => told.push(port) });
    for (const port of [1, 2, 3]) {
      ledger.record({ host: 'h', port, purpose: 'p', bytesOut: 0, bytesIn: 0, initiator: 'i', at: '' });
    }
    expect(ledger.entries().map((entry) => entry.port)).toEqual([2, 3]);
    expect(told).toEqual([1, 2, 3]);
  });
});
