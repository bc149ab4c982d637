import { fromBase64 } from '../../base/base64.ts';
import { isPcAgentError, PcAgentError } from '../../base/errors.ts';
import { nodeDigest, nodeRandom } from '../../base/node/digest.ts';
import { notificationSessionText, parseNotification } from '../../dm/notification/notification.ts';
import { type DelegatedCredentials, NO_CREDENTIALS, ownNotifications } from '../../relay/own-notification.ts';
import type { CommandContext } from '../command.ts';
import type { RelayOptions } from '../options.ts';
import { fileStart, secretInFile } from '../secret-file.ts';

/** Characters of what was taken for base64 that a message repeats. */
const MAX_SHOWN = 100;

/** Package 0 of a session, and what to try after it; a new one for each session. */
export type NotificationSource = () => readonly [Uint8Array, ...Uint8Array[]];

/** Where package 0 comes from (contract, section 5), unless a trigger brings it. */
export async function notificationSource(options: RelayOptions, context: CommandContext): Promise<NotificationSource> {
  if (options.notification !== undefined) {
    const ready = await readyMade(options.notification, context);
    return () => [ready];
  }
  const credentials = await delegated(options, context);
  return () => {
    const [first, ...others] = ownNotifications(credentials, { digest: nodeDigest, random: nodeRandom });
    if (first === undefined) throw new TypeError('there is always one notification');
    return [first, ...others];
  };
}

/** `ServerID NAME, SessionID ID` of a notification, for people. */
export function describeNotification(body: Uint8Array): string {
  const { serverId, sessionId } = parseNotification(body);
  return `ServerID ${serverId}, SessionID ${notificationSessionText(sessionId)}`;
}

async function delegated(options: RelayOptions, context: CommandContext): Promise<DelegatedCredentials> {
  const { serverId, serverPasswordFile, serverNonce } = options;
  if (serverId === undefined || serverPasswordFile === undefined) {
    context.note(
      'No server credentials were given: package 0 goes out with ServerID pc-agent, an empty password and the ' +
        'default nonce, and a handset that checks it will ignore it. A second notification may follow.',
    );
    return NO_CREDENTIALS;
  }
  const password = await secretInFile(serverPasswordFile, '--server-password-file');
  const nonce = serverNonce === undefined ? undefined : fromBase64(serverNonce);
  return nonce === undefined ? { serverId, password } : { serverId, password, nonce };
}

async function readyMade(text: string, context: CommandContext): Promise<Uint8Array> {
  const file = await fileStart(context.resolvePath(text));
  const bytes = file ?? fromBase64(text);
  if (bytes === undefined) {
    throw new PcAgentError('cli/usage', '--notification is neither a file that can be read nor base64');
  }
  try {
    parseNotification(bytes);
  } catch (error) {
    // Most names of files could be base64 as well.
    if (file !== undefined || !isPcAgentError(error)) throw error;
    const { code, message, offset } = error;
    const shown = text.slice(0, MAX_SHOWN);
    throw new PcAgentError(code, `${message}; it was taken as base64, as there is no file ${shown}`, {
      cause: error,
      ...(offset === undefined ? {} : { offset }),
    });
  }
  return bytes;
}
