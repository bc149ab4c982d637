import { describe, expect, it } from 'vitest';
import { createMemoryLedger } from '../../../src-main/net/ledger.ts';

describe('createMemoryLedger', () => {
  it('keeps the newest entries within its capacity', () => {
    const ledger = createMemoryLedger({ capacity: 2 });
    for (const port of [1, 2, 3]) {
      ledger.record({ host: 'h', port, purpose: 'p', bytesOut: 0, bytesIn: 0, initiator: 'i', at: '' });
    }
    expect(ledger.entries().map((entry) => entry.port)).toEqual([2, 3]);
  });
});
