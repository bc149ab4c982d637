import { deviceKey } from '../../base/device-key.ts';
import type { Digest, Random } from '../../base/digest.ts';
import type { Account } from '../../dm/account.ts';
import { buildNotification, isNotificationSession, newNotificationId } from '../../dm/notification/notification.ts';
import { NONCE_FORMS, type NonceForm, nonceOfForm } from '../../dm/notification/verify-notification.ts';

/** Calls remembered of a device, and devices; the oldest give way. */
const MAX_CALLS = 32;
const MAX_DEVICES = 10_000;

interface Call {
  readonly sessionId: number;
  readonly form: NonceForm;
}

interface CallsOptions {
  readonly digest: Digest;
  readonly random: Random;
}

/** The notifications that were made, as far as the sessions that they call for have to know of them. */
export class Calls {
  readonly #options: CallsOptions;
  readonly #calls = new Map<string, readonly Call[]>();

  constructor(options: CallsOptions) {
    this.#options = options;
  }

  /**
   * A notification with a session id of its own. A handset that takes no notice of the nonce that we know has another:
   * the next attempt is made with the default nonce as four zero octets, the one after with the ASCII reading, and
   * then it is the stored one's turn again (DM Notification 1.2, 6.2; spec sheet dm-protocol, section 6).
   */
  make(device: string, account: Account, storedNonce: Uint8Array, attempt: number): Uint8Array {
    const { digest, random } = this.#options;
    const form = NONCE_FORMS[attempt % NONCE_FORMS.length] ?? 'stored';
    const sessionId = newNotificationId(random);
    this.#remember(device, { sessionId, form });
    const { serverId, serverPassword: password } = account;
    const nonce = nonceOfForm(form, storedNonce);
    return buildNotification(
      { serverId, password, nonce, sessionId, uiMode: 'background', initiator: 'server' },
      digest,
    );
  }

  /** How the notification of a session was made; `undefined` when none of ours called for it. */
  formOf(device: string, sessionText: string): NonceForm | undefined {
    const calls = this.#calls.get(deviceKey(device)) ?? [];
    return calls.findLast(({ sessionId }) => isNotificationSession(sessionId, sessionText))?.form;
  }

  /** A session of the device has begun and both sides go on from there. */
  settled(device: string): void {
    this.#calls.delete(deviceKey(device));
  }

  #remember(device: string, call: Call): void {
    const key = deviceKey(device);
    const calls = [...(this.#calls.get(key) ?? []), call].slice(-MAX_CALLS);
    this.#calls.delete(key);
    this.#calls.set(key, calls);
    const oldest = this.#calls.keys().next().value;
    if (this.#calls.size > MAX_DEVICES && oldest !== undefined) this.#calls.delete(oldest);
  }
}
