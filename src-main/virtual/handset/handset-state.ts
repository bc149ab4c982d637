import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { PcAgentError } from '../../base/errors.ts';
import { writeFileAtomically } from '../../base/node/atomic-file.ts';
import { NotificationCode } from '../../dlota/notification-code.ts';
import { SCOMO_OPERATIONS } from '../../scomo/names.ts';

const ComponentState = z.object({
  node: z.string(),
  id: z.string(),
  name: z.string(),
  version: z.string(),
  pkgIdRef: z.string(),
  envType: z.string().exactOptional(),
  state: z.int(),
  sha256: z.string(),
  size: z.int().exactOptional(),
  description: z.string().exactOptional(),
});

const SoftwareState = z.object({
  pending: z.array(
    z.object({
      operation: z.literal(SCOMO_OPERATIONS),
      uri: z.string(),
      base: z.string(),
      correlator: z.string().exactOptional(),
      server: z.string().exactOptional(),
      brought: z.string().exactOptional(),
      group: z.int().exactOptional(),
    }),
  ),
  before: z.array(ComponentState).exactOptional(),
});

const AlertState = z.object({
  id: z.string(),
  server: z.string().exactOptional(),
  source: z.string(),
  target: z.string().exactOptional(),
  type: z.string(),
  format: z.string(),
  mark: z.string(),
  correlator: z.string().exactOptional(),
  data: z.string(),
});

const FirmwareState = z.object({
  state: z.int(),
  pending: z
    .object({
      operation: z.enum(['download', 'update', 'downloadandupdate']),
      correlator: z.string().exactOptional(),
      server: z.string().exactOptional(),
      url: z.string().exactOptional(),
      refused: z.int().exactOptional(),
    })
    .exactOptional(),
  alerts: z.array(AlertState),
});

/** What has to fit the management tree. */
const Fitting = z.object({
  components: z.array(ComponentState).exactOptional(),
  alerts: z.array(AlertState).default([]),
  /** Operations that are under way. */
  software: SoftwareState.exactOptional(),
  firmware: FirmwareState.exactOptional(),
  /** Counts how often it was kept: the tree has a copy, and the one that was kept last holds. */
  revision: z.int().min(0).exactOptional(),
});
/** What of a handset's state has to fit its management tree. */
export type FittingState = z.infer<typeof Fitting>;

const Stored = Fitting.extend({
  version: z.literal(1),
  /** Installation notifications that could not be delivered yet. */
  owed: z.array(z.object({ uri: z.url(), code: z.literal(Object.values(NotificationCode)) })).exactOptional(),
  /** The accounts from the factory were put into the tree: from then on it has its own. */
  provisioned: z.boolean().exactOptional(),
  /** Digests, in hex, of the notifications that have led to a session. */
  heard: z.array(z.string()).exactOptional(),
  /** Base64 nonces by ServerID: of the client's proof and of the server's; and the proof that was taken with that. */
  nonces: z
    .record(z.string(), z.object({ client: z.string(), server: z.string(), spent: z.string().exactOptional() }))
    .default({}),
});

export type HandsetState = z.infer<typeof Stored>;

export const EMPTY_STATE: HandsetState = { version: 1, alerts: [], nonces: {} };

/** Where a virtual handset keeps what must survive its end; without a folder it is forgotten. */
export class HandsetStateFile {
  readonly #path: string | undefined;
  #state: HandsetState;

  /** @throws PcAgentError `settings/invalid` when the file is there and is not ours. */
  constructor(folder: string | undefined) {
    this.#path = folder === undefined ? undefined : join(folder, 'handset.json');
    if (folder !== undefined) mkdirSync(folder, { recursive: true });
    this.#state = this.#path === undefined ? EMPTY_STATE : readState(this.#path);
  }

  /** Where values go that are too large for the state. */
  get objectFolder(): string | undefined {
    return this.#path === undefined ? undefined : join(dirname(this.#path), 'objects');
  }

  /** Where the management tree is kept. */
  get treeFolder(): string | undefined {
    return this.#path === undefined ? undefined : join(dirname(this.#path), 'tree');
  }

  get state(): HandsetState {
    return this.#state;
  }

  /** Takes what was kept with the tree, where that is newer: the device went down before it was written here too. */
  catchUp(note: unknown): void {
    const { success, data } = Fitting.safeParse(note);
    if (success && (data.revision ?? 0) > (this.#state.revision ?? 0)) this.change(data);
  }

  /** On disk when it returns. */
  change(part: Partial<HandsetState>): void {
    this.#state = { ...this.#state, ...part };
    if (this.#path !== undefined) writeFileAtomically(this.#path, JSON.stringify(this.#state));
  }
}

function readState(path: string): HandsetState {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return EMPTY_STATE;
    throw new PcAgentError('settings/unreadable', `the handset's state cannot be read`, { cause: error });
  }
  try {
    return Stored.parse(JSON.parse(text));
  } catch (error) {
    throw new PcAgentError('settings/invalid', `${path} is not a virtual handset's state`, { cause: error });
  }
}
