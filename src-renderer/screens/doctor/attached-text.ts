import type { HostState } from '../../../src-main/contract/host-state.ts';

/** Differs when something is plugged in or out, or becomes usable or unusable: then the doctor looks again. */
export function attachedText({ attachments, handsets }: Pick<HostState, 'attachments' | 'handsets'>): string {
  return JSON.stringify([
    attachments.map(({ address, place, reason }) => [address, place, reason]),
    handsets.flatMap(({ bearers, virtual }) =>
      virtual ? [] : bearers.map(({ address, attached, place, reason }) => [address, attached, place, reason]),
    ),
  ]);
}
