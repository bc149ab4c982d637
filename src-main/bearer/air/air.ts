/** What this computer's Bluetooth service does for us beside carrying bytes: finding, pairing, publishing records. */
import type { Duration } from '../../base/durations.ts';

/** Why there is no Bluetooth now; stable codes with words in `wording`. */
export type AirReason =
  /** Another system than Linux, where pairing is done in the system's own settings. */
  | 'air/not-supported'
  /** There is no system bus, or nobody on it who is the Bluetooth service. */
  | 'air/no-service'
  /** The bus or the service does not let this user in. */
  | 'air/permission-denied'
  | 'air/no-adapter'
  /** Switched off by a key or by software (rfkill). */
  | 'air/blocked'
  | 'air/not-powered';

export interface AirAdapter {
  /** The system's name, e.g. `hci0`. */
  readonly id: string;
  readonly address: string;
  readonly name: string;
  readonly powered: boolean;
  /** Switched off by a key or by software (rfkill). */
  readonly blocked: boolean;
  /** Phones that look for other devices see this computer. */
  readonly visible: boolean;
}

export interface AirPhone {
  /** Six octets in capital hexadecimal digits, e.g. `00:11:22:AA:BB:CC`. */
  readonly address: string;
  /** What it calls itself, or how it was named here: capped, no control characters. */
  readonly name?: string;
  /** Class of Device (Bluetooth Assigned Numbers, 2.8). */
  readonly deviceClass?: number;
  readonly paired: boolean;
  readonly connected: boolean;
  /** UUIDs of services that are known without asking it, in small letters with hyphens. */
  readonly services: readonly string[];
  /** When an inquiry saw it last in this run of the program, or it was connected; ISO 8601. */
  readonly seenAt?: string;
  /** dBm at the last inquiry. */
  readonly signal?: number;
}

/** Everything that is known now. Values never change; a new one takes its place. */
export interface AirView {
  /** Absent: it can be used. */
  readonly reason?: AirReason;
  readonly adapters: readonly AirAdapter[];
  /** At most `MAX_PHONES`, those that are paired and near first. */
  readonly phones: readonly AirPhone[];
  /** A search of ours is under way. */
  readonly searching: boolean;
}

/** What a person is asked or shown while two devices are paired. */
export type PairingQuestion =
  /** Whether both show the same six digits. */
  | { readonly kind: 'confirm'; readonly code: string }
  /** Whether this phone may be paired at all; neither shows anything. */
  | { readonly kind: 'allow' }
  /** 1 to 16 characters that are entered on the phone too. */
  | { readonly kind: 'enter-pin' }
  /** Up to six digits that the phone shows. */
  | { readonly kind: 'enter-passkey' }
  /** To be entered on the phone; shown until `signal` is aborted, and nothing is answered. */
  | { readonly kind: 'show'; readonly code: string };

/** `true` and `false` for `confirm` and `allow`; what was typed for the others; `undefined`: broken off. */
export type PairingAnswer = boolean | string | undefined;

/** Puts a question to a person. `signal`: the phone, or the time limit, does not want it any more. */
export type AskPairing = (question: PairingQuestion, phone: AirPhone, signal: AbortSignal) => Promise<PairingAnswer>;

/** An RFCOMM service of ours for other devices to find. */
export interface ServiceRecord {
  /** Service class, 128 bits: small letters with hyphens. */
  readonly uuid: string;
  readonly name: string;
  /** RFCOMM channel on which we listen. */
  readonly channel: number;
}

/** A record that is published as long as there is a service that publishes it; again when that was away. */
export interface AirOffer {
  /** Why it is not published now; absent: it is. */
  readonly reason: AirReason | 'air/record-refused' | undefined;
  /** Takes it back. May be called again. */
  close(): Promise<void>;
}

/**
 * Bluetooth of this computer as one process uses it. It costs nothing until its first use, and never throws for a
 * computer without Bluetooth: `view.reason` says why there is none.
 */
export interface Air {
  readonly view: AirView;
  /** Calls with each new view, the first time when it is known. @returns a function that ends it. */
  follow(listener: (view: AirView) => void): () => void;
  /** What is there now: `view` after the service was asked. */
  look(signal: AbortSignal): Promise<AirView>;
  /**
   * Looks for phones so long, or until `signal` is aborted, which is no error: phones are in `view` as they are found.
   * @throws PcAgentError `air/*`
   */
  search(options: { readonly limit: Duration; readonly signal: AbortSignal }): Promise<AirView>;
  /**
   * Pairs with a phone. One that is paired already is left as it is. What else of this computer it may use is not touched:
   * our own channels ask for themselves.
   * @throws PcAgentError `air/*`; AbortError
   */
  pair(address: string, options: { readonly ask: AskPairing; readonly signal: AbortSignal }): Promise<AirPhone>;
  /** @throws PcAgentError `air/*`; AbortError */
  forget(address: string, signal: AbortSignal): Promise<void>;
  /**
   * Other devices see this computer and may ask for pairing, so long or until `signal` is aborted, which is no error.
   * @throws PcAgentError `air/*`
   */
  show(options: { readonly limit: Duration; readonly ask: AskPairing; readonly signal: AbortSignal }): Promise<void>;
  /**
   * Publishes a record until `signal` is aborted or it is closed. Where nothing can be published now, the offer says
   * why, and it is published as soon as it can be.
   * @param onChange told when it was published or lost.
   */
  offer(
    record: ServiceRecord,
    options: { readonly signal: AbortSignal; readonly onChange?: (offer: AirOffer) => void },
  ): Promise<AirOffer>;
  /** Ends everything, and the connection to the service. May be called again. */
  close(): Promise<void>;
}
