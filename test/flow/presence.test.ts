/** Handsets that go and come while somebody looks at the window. */
import { describe, expect, it } from 'vitest';
import type { KnownHandset } from '../../src-main/contract/handsets.ts';
import { onStage } from '../support/processes.ts';
import { openWindowFace } from '../support/window-face.ts';

/** Between two looks, and what a busy machine takes besides, in milliseconds. */
const NOTICED = 3_000 + 2_000;

describe('a handset that the host knows', () => {
  it('ACT-11 PCA-04: is away when nothing answers at its address, and attached again within seconds, and hears nothing of the looks', () =>
    onStage(async (stage) => {
      await stage.agent('serve').address();
      const window = await openWindowFace(stage);
      const handset = stage.agent('virtual-handset', '--listen', 'tcp:127.0.0.1:0');
      const address = await handset.address();
      const { device } = await window.request('inventory', { handset: address });
      if (device === undefined) throw new Error('the handset did not say who it is');
      const { handsets } = await window.request('handsets.list', {});
      expect(handsets).toMatchObject([{ device, presence: 'attached', bearers: [{ kind: 'tcp', address }] }]);
      const becomes = (presence: KnownHandset['presence']) =>
        window.next('handset', window.changes.length, (change) => change.handset.presence === presence);

      const gone = becomes('away');
      await handset.terminate();
      await gone;
      const back = becomes('attached');
      const visited = stage.agent('virtual-handset', '--listen', address);
      await visited.address();
      const began = performance.now();
      await back;
      expect(performance.now() - began).toBeLessThan(NOTICED);
      const result = await visited.terminate();
      expect(result).toMatchObject({ exit: 0, ok: true, sessions: [] });
      expect(visited.events.map(({ type }) => type)).toEqual(['listening', 'handset', 'result']);
    }));
});
