import { isPcAgentError } from '../../base/errors.ts';
import type { Account } from '../../dm/account.ts';
import type { DmServerSession } from '../../dm/server/dm-server-session.ts';
import type { Watcher } from '../../dm/watcher/watcher.ts';
import type { Envelope } from '../../link/message-link.ts';
import { type OperationComplete, readSoftwareRequest } from '../../scomo/operation-complete.ts';
import { Alert } from '../../syncml/alert.ts';
import { itemText } from '../../syncml/item-data.ts';
import type { Header, Item, ItemsCommand, Message } from '../../syncml/model.ts';
import type { FirmwareDesk } from './firmware-desk.ts';
import type { Job } from './job.ts';
import type { SessionPackages } from './session-packages.ts';
import type { SessionToken } from './session-token.ts';

/** Packages that a handset may ask for at once. */
const MAX_WANTED = 16;

/** A session that this server has with a handset. */
export interface OpenSession {
  readonly session: DmServerSession;
  readonly header: Header;
  readonly account: Account;
  readonly watcher: Watcher;
  readonly token: SessionToken;
  readonly alerts: OperationComplete[];
  readonly packages: SessionPackages;
  readonly firmware: FirmwareDesk;
  /** Those that it has begun. */
  readonly jobs: Job[];
  begun: boolean;
  /** Jobs for software whose completion alert came before the work began. */
  readonly reported: Set<string>;
  /** Jobs for software that the handset has accepted. */
  readonly accepted: Set<string>;
  ended: boolean;
  answered: number;
  /** Monotonic milliseconds. */
  lastHeard: number;
}

/** Sessions belong to a device: two may choose the same id. */
export function sessionKey({ source, sessionId }: Pick<Header, 'source' | 'sessionId'>): string {
  return `${source.uri}\n${sessionId.trim()}`;
}

export function greets(message: Message): boolean {
  return message.commands.some(
    (command) =>
      command.kind === 'Alert' &&
      (command.code === Alert.ServerInitiatedMgmt || command.code === Alert.ClientInitiatedMgmt),
  );
}

/** True when the message is the one that the session answered last. */
export function isRepeat(open: OpenSession, envelope: Envelope): boolean {
  return open.session.wire.isRepeat(envelope);
}

/** PkgIDs that a handset asks for in a message, so that they are at hand in its session. */
export function wantedIn({ commands }: Message): readonly string[] {
  return commands
    .flatMap((command) => (command.kind === 'Alert' ? readSoftwareRequest(command) : []))
    .slice(0, MAX_WANTED);
}

/** DevInfo/Mod in a message; nobody has proved anything yet, so that it only tells what to have at hand. */
export function modelIn({ commands }: Message): string | undefined {
  for (const command of commands) {
    if (command.kind !== 'Replace') continue;
    const item = command.items.find(({ source }) => /^(?:\.\/)?DevInfo\/Mod$/.test(source?.uri ?? ''));
    if (item !== undefined) return textOrNone(item, command);
  }
  return undefined;
}

function textOrNone(item: Item, { meta }: ItemsCommand): string | undefined {
  try {
    return itemText(item, meta)?.trim();
  } catch (error) {
    if (isPcAgentError(error, 'syncml')) return undefined;
    throw error;
  }
}
