import { describe, expect, it } from 'vitest';
import {
  FIRST_PACKAGE,
  nextPackage,
  type PackageInput,
  type PackageState,
} from '../../../src-main/dm/watcher/package-machine.ts';

function input(from: 'client' | 'server', change: Partial<PackageInput> = {}): PackageInput {
  return { from, final: true, starts: false, challenges: false, ...change };
}

/** Where a machine is after the usual beginnings. */
const AT = {
  start: FIRST_PACKAGE,
  after1: { client: 1, clientOpen: false, server: 0, serverOpen: false, challenged: false },
  inside1: { client: 1, clientOpen: true, server: 0, serverOpen: false, challenged: false },
  after2: { client: 1, clientOpen: false, server: 2, serverOpen: false, challenged: false },
  challenged: { client: 1, clientOpen: false, server: 2, serverOpen: false, challenged: true },
  inside2: { client: 1, clientOpen: false, server: 2, serverOpen: true, challenged: false },
  after3: { client: 3, clientOpen: false, server: 2, serverOpen: false, challenged: false },
  inside3: { client: 3, clientOpen: true, server: 2, serverOpen: false, challenged: false },
  after4: { client: 3, clientOpen: false, server: 4, serverOpen: false, challenged: false },
} as const satisfies Record<string, PackageState>;

describe('the package of a message', () => {
  it.each<[keyof typeof AT, PackageInput, number]>([
    ['start', input('client', { starts: true }), 1],
    ['start', input('client'), 1],
    ['inside1', input('client'), 1],
    ['inside1', input('server', { final: false }), 2],
    ['after1', input('server'), 2],
    ['after2', input('client'), 3],
    ['after2', input('client', { starts: true }), 1],
    ['challenged', input('client'), 1],
    ['inside2', input('server'), 2],
    ['inside2', input('client', { final: false }), 3],
    ['after3', input('server'), 4],
    ['inside3', input('client'), 3],
    ['inside3', input('server', { final: false }), 4],
    ['after4', input('client'), 3],
    ['after4', input('client', { starts: true }), 3],
    ['after4', input('server'), 4],
    ['start', input('server'), 2],
  ])('after "%s", %o is package %i', (state, message, dmPackage) => {
    const next = nextPackage(AT[state], message);
    expect(message.from === 'client' ? next.client : next.server).toBe(dmPackage);
  });

  it('stays in package 2 while the server sends a large object and the client only says "go on"', () => {
    let state = AT.after1 as PackageState;
    for (let chunk = 0; chunk < 3; chunk += 1) {
      state = nextPackage(state, input('server', { final: false }));
      expect(state.server).toBe(2);
      state = nextPackage(state, input('client', { final: false }));
      expect(state.client).toBe(3);
    }
    state = nextPackage(state, input('server'));
    expect(state.server).toBe(2);
    state = nextPackage(state, input('client'));
    expect(nextPackage(state, input('server')).server).toBe(4);
  });

  it('forgets a challenge once the client has answered it', () => {
    const answered = nextPackage(AT.challenged, input('client'));
    expect(answered).toMatchObject({ client: 1, challenged: false });
    const accepted = nextPackage(answered, input('server'));
    expect(nextPackage(accepted, input('client')).client).toBe(3);
  });
});
