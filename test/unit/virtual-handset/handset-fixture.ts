/** A virtual handset without process or bearer: its events are kept, its state is in a folder when one is given. */
import { nodeDigest, nodeRandom } from '../../../src-main/base/node/digest.ts';
import type { Account } from '../../../src-main/dm/account.ts';
import { buildNotification, type NotificationFields } from '../../../src-main/dm/notification/notification.ts';
import { Handset, type HandsetOptions } from '../../../src-main/virtual/handset/handset.ts';
import { HandsetStateFile } from '../../../src-main/virtual/handset/handset-state.ts';
import { STANDARD } from '../../../src-main/virtual/handset/profiles.ts';

export const ACCOUNT: Account = {
  serverId: 'dms.example',
  serverPassword: 'srv-secret',
  user: 'handset',
  password: 'secret',
  auth: 'md5',
  serverNonce: 'c2VydmVyIG5vbmNl',
  clientNonce: 'Y2xpZW50IG5vbmNl',
};

export interface Made {
  readonly handset: Handset;
  readonly events: Record<string, unknown>[];
}

export function handsetOf(options: Partial<HandsetOptions> = {}): Made {
  const events: Record<string, unknown>[] = [];
  const handset = new Handset({
    imei: '004999010640000',
    model: 'V1',
    encoding: 'wbxml',
    maxMessage: 60_000,
    accounts: [ACCOUNT],
    laxNotification: false,
    profile: STANDARD,
    faults: [],
    state: new HandsetStateFile(undefined),
    digest: nodeDigest,
    random: nodeRandom,
    emit: (event) => void events.push(event),
    ...options,
  });
  return { handset, events };
}

export function notificationOf(request: Partial<NotificationFields> = {}): Uint8Array {
  return buildNotification(
    {
      serverId: ACCOUNT.serverId,
      password: ACCOUNT.serverPassword,
      nonce: new TextEncoder().encode('server nonce'),
      sessionId: 0x1a2b,
      uiMode: 'background',
      initiator: 'server',
      ...request,
    },
    nodeDigest,
  );
}
