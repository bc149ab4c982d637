import { HostState } from '../../../src-main/contract/host-state.ts';
import { CONTRACT_VERSION } from '../../../src-main/contract/version.ts';
import type { FakeElectron } from './stand-in.ts';

const ALARMING = {
  key: '1',
  sessionId: '7',
  kind: 'management-server',
  handset: 'tcp:127.0.0.1:1',
  device: 'IMEI:004999010640000',
  dms: 'pc-agent',
  virtual: true,
  startedAt: '2026-01-01T00:00:00.000Z',
  state: 'running',
  toDms: { messages: 0, bytes: 0 },
  toHandset: { messages: 0, bytes: 0 },
};

/** A host's state in which one phone named "Bench 1" is in this phase. */
export function stateIn(phase: string, unplug: string, tasks: readonly object[] = []): HostState {
  return HostState.parse({
    offline: false,
    handsets: [
      {
        device: 'IMEI:004999010640000',
        alias: 'Bench 1',
        firstSeen: '2026-01-01T00:00:00.000Z',
        lastSeen: '2026-01-01T00:00:00.000Z',
        virtual: true,
      },
    ],
    profiles: [],
    packages: [],
    tasks,
    sessions: [{ ...ALARMING, phase, unplug }],
    reportsWaiting: 0,
  });
}

/** The host greets the shell's own face and shows it this state. */
export function hostShows(electron: FakeElectron, state: HostState, own = true): void {
  electron.host.says({ kind: 'ready', own });
  const face = electron.host.got.findLast((message) => message.kind === 'frame' && message.text.includes('"shell"'));
  if (face?.kind !== 'frame') throw new Error('the shell has not said hello');
  const say = (frame: object) => electron.host.says({ kind: 'frame', face: face.face, text: JSON.stringify(frame) });
  say({ kind: 'welcome', contract: CONTRACT_VERSION, version: '0.1.0', pid: 1 });
  say({ kind: 'snapshot', host: 'h', sequence: 0, state });
}
