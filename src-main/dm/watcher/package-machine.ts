/**
 * Which DM package a message belongs to (DM Protocol 1.2, 2.3): the client's first is 1, the server's answer 2, then
 * 3 and 4 alternate. A package may take several messages; the last has Final. A client that is challenged goes back
 * to package 1.
 */
export interface PackageState {
  /** The client's package now or last; 0 before its first message. */
  readonly client: 0 | 1 | 3;
  /** The client's package has not had its Final yet. */
  readonly clientOpen: boolean;
  readonly server: 0 | 2 | 4;
  readonly serverOpen: boolean;
  /** The server's last message asked for credentials. */
  readonly challenged: boolean;
}

export interface PackageInput {
  readonly from: 'client' | 'server';
  readonly final: boolean;
  /** The message starts a session: it holds Alert 1200 or 1201. */
  readonly starts: boolean;
  /** The message asks the peer for credentials. */
  readonly challenges: boolean;
}

export const FIRST_PACKAGE: PackageState = Object.freeze({
  client: 0,
  clientOpen: false,
  server: 0,
  serverOpen: false,
  challenged: false,
});

/** The state after a message; its package is the new state's `client` or `server`. */
export function nextPackage(state: PackageState, input: PackageInput): PackageState {
  if (input.from === 'client') {
    return { ...state, client: clientPackage(state, input), clientOpen: !input.final, challenged: false };
  }
  return { ...state, server: serverPackage(state), serverOpen: !input.final, challenged: input.challenges };
}

function clientPackage(state: PackageState, input: PackageInput): 1 | 3 {
  if (state.client === 0) return 1;
  if (state.client === 3) return 3;
  if (state.clientOpen || state.challenged || input.starts) return 1;
  return 3;
}

function serverPackage(state: PackageState): 2 | 4 {
  if (state.serverOpen && state.server !== 0) return state.server;
  return state.client === 3 ? 4 : 2;
}
