import { equalBytes } from '../base/bytes.ts';
import { deviceKey } from '../base/device-key.ts';
import { PcAgentError } from '../base/errors.ts';
import { decodeMessage, encodeMessage } from '../syncml/codec.ts';
import { charsetOf, dmContentType, encodingOf } from '../syncml/content-type.ts';
import type { Envelope } from '../syncml/envelope.ts';
import type { Command, Encoding, Header, Location, Message, Meta, StatusCommand } from '../syncml/model.ts';
import { badSizes, type SalvagedHeader, salvageHeader } from '../syncml/salvage-header.ts';
import { Status } from '../syncml/status.ts';
import type { Prover } from './auth/prover.ts';
import type { Verdict, Verifier } from './auth/verifier.ts';
import { MAX_RESP_URI, resolveRespUri } from './resp-uri.ts';

/** Another way to write a message than `encodeMessage`'s; what it says is the same. */
export interface MessageWriter {
  /** Octets that a message may come out longer by; they are kept free in each. */
  readonly spare: number;
  write(message: Message, encoding: Encoding): Uint8Array;
}

export interface SessionWireOptions {
  readonly encoding: Encoding;
  readonly sessionId: string;
  readonly prover: Prover;
  readonly verifier: Verifier;
  /** Largest message that this side can take, in bytes; announced in every header. */
  readonly maxMsgSize: number;
  /** Largest object that this side can take, in bytes as carried. */
  readonly maxObjSize: number;
  /** Longest message that fits one packet of the link, where there are packets; messages are kept within it. */
  readonly packetRoom?: number;
  readonly self: Location;
  readonly peer: Location;
  /** Where the peer shall send its next message, if not where it sent this one. */
  readonly respUri?: string;
  /** This side is a device: what is meant for another one is refused (404). */
  readonly checksTarget?: boolean;
  /** Writes the messages, instead of `encodeMessage`: the virtual peers' habits. */
  readonly writer?: MessageWriter;
  /** Changes a message before it is encoded: the virtual peers' faults. */
  readonly mangle?: (message: Message) => Message;
  /** Changes an envelope when it is ready: the virtual peers' faults. */
  readonly mangleEnvelope?: (envelope: Envelope) => Envelope;
}

export type Opened =
  | {
      readonly kind: 'message';
      readonly message: Message;
      readonly verdict: Verdict;
      /** Code for the Status of the header as far as it is no matter of proof: 200, or why nothing is executed. */
      readonly headerCode: number;
    }
  /** The peer sent its last message again: the stored answer goes out again and nothing is executed. */
  | { readonly kind: 'repeat'; readonly answer: Envelope };

/**
 * What both machines share: numbering, headers, credentials, and the checks of an incoming message against the
 * session (DM Protocol 1.2, 2.3.3; spec sheet dm-protocol, section 2).
 */
export class SessionWire {
  readonly encoding: Encoding;
  readonly sessionId: string;
  readonly prover: Prover;
  readonly verifier: Verifier;
  readonly #options: SessionWireOptions;
  #target: Location;
  #peerLimit: number | undefined;
  #peerObjectLimit: number | undefined;
  #sent = 0;
  #received = 0;
  #lastHeader: Header | undefined;
  #lastBody: Uint8Array | undefined;
  #lastAnswer: Envelope | undefined;

  constructor(options: SessionWireOptions) {
    this.#options = options;
    this.encoding = options.encoding;
    this.sessionId = options.sessionId;
    this.prover = options.prover;
    this.verifier = options.verifier;
    this.#target = options.peer;
  }

  /** MsgID of the message sent last; 0 before the first. */
  get lastSent(): number {
    return this.#sent;
  }

  /** MsgID of the peer's last message. */
  get lastReceived(): number {
    return this.#received;
  }

  /** Most bytes of our next message: the peer's MaxMsgSize and the link's packets; `undefined` = no limit. */
  get limit(): number | undefined {
    const limit = Math.min(
      this.#peerLimit ?? Number.POSITIVE_INFINITY,
      this.#options.packetRoom ?? Number.POSITIVE_INFINITY,
    );
    return Number.isFinite(limit) ? limit - (this.#options.writer?.spare ?? 0) : undefined;
  }

  get peerObjectLimit(): number | undefined {
    return this.#peerObjectLimit;
  }

  /** Where the next message goes: the peer's latest RespURI, else its address. */
  get target(): string {
    return this.#target.uri;
  }

  /** Decodes and checks a message. @throws PcAgentError `wbxml/*`, `xml/*`, `syncml/*`, `dm/*` */
  open(envelope: Envelope): Opened {
    const stored = this.storedAnswer(envelope);
    if (stored !== undefined) return { kind: 'repeat', answer: stored };
    if (envelope.body.length > this.#options.maxMsgSize) {
      throw new PcAgentError(
        'dm/message-too-large',
        `a message of ${envelope.body.length} bytes came, the limit is ${this.#options.maxMsgSize}`,
      );
    }
    const encoding = encodingOf(envelope.contentType);
    if (encoding === undefined) {
      throw new PcAgentError('syncml/content-type', `"${envelope.contentType}" is not a SyncML message's type`);
    }
    const charset = charsetOf(envelope.contentType);
    const { message, root } = decodeMessage(envelope.body, encoding, charset === undefined ? {} : { charset });
    this.#checkHeader(message.header);
    const verdict = this.verifier.check(message.header, envelope.body, envelope.hmac);
    this.#received = message.header.msgId;
    this.#lastHeader = message.header;
    this.#lastBody = envelope.body.slice();
    this.#lastAnswer = undefined;
    this.#learn(message.header);
    return { kind: 'message', message, verdict, headerCode: this.#headerCode(message.header, badSizes(root)) };
  }

  /** The header of a message that cannot be used, when it belongs to this session. */
  salvage(envelope: Envelope): SalvagedHeader | undefined {
    const encoding = encodingOf(envelope.contentType);
    if (encoding === undefined || envelope.body.length > this.#options.maxMsgSize) return undefined;
    const charset = charsetOf(envelope.contentType);
    const header = salvageHeader(envelope.body, encoding, charset === undefined ? {} : { charset });
    return header?.sessionId === this.sessionId ? header : undefined;
  }

  #headerCode(header: Header, badNumbers: boolean): number {
    const version = versionCode(header);
    if (version !== Status.Ok) return version;
    if (badNumbers) return Status.IncompleteCommand;
    if ((header.respUri?.length ?? 0) > MAX_RESP_URI) return Status.UriTooLong;
    const { self, respUri, checksTarget } = this.#options;
    const here = deviceKey(header.target.uri);
    const known = checksTarget !== true || here === deviceKey(self.uri) || here === deviceKey(respUri ?? self.uri);
    return known ? Status.Ok : Status.NotFound;
  }

  /** Header of the peer's last message. */
  get lastHeader(): Header | undefined {
    return this.#lastHeader;
  }

  /** The stored answer, when these are the octets of the peer's last message and it was answered. */
  storedAnswer(envelope: Envelope): Envelope | undefined {
    return this.isRepeat(envelope) ? this.#lastAnswer : undefined;
  }

  /** True when these are the octets of the peer's last message. */
  isRepeat(envelope: Envelope): boolean {
    return this.#lastBody !== undefined && equalBytes(this.#lastBody, envelope.body);
  }

  /**
   * The header of the next message. What the peer knows for the whole session is not said again, since each octet is
   * paid for in every message of a large object: credentials after a 212 (DM Security 1.2, 5.1.3), and MaxObjSize,
   * which stays in force (DM Protocol 1.2, 2.2).
   */
  header(): Header {
    const { accepted, acceptedForSession } = this.prover;
    const cred = acceptedForSession ? undefined : this.prover.cred();
    const { self, respUri, maxMsgSize, maxObjSize } = this.#options;
    const knowsLimits = this.#sent > 0 && accepted;
    return {
      verDtd: '1.2',
      verProto: 'DM/1.2',
      sessionId: this.sessionId,
      msgId: this.#sent + 1,
      target: this.#target,
      source: acceptedForSession ? { uri: self.uri } : self,
      ...(respUri === undefined ? {} : { respUri }),
      ...(cred === undefined ? {} : { cred }),
      // A peer may take a header without MaxMsgSize for one without a limit; MaxObjSize stays valid until replaced.
      meta: knowsLimits ? { maxMsgSize } : { maxMsgSize, maxObjSize },
    };
  }

  /** Encodes the next message and proves it; it becomes the stored answer to the peer's last one. */
  seal(header: Header, commands: readonly Command[], final: boolean): Envelope {
    const plain: Message = { header, commands, final };
    const message = this.#options.mangle?.(plain) ?? plain;
    const body = this.#options.writer?.write(message, this.encoding) ?? encodeMessage(message, this.encoding);
    const hmac = this.prover.hmac(body);
    const sealed: Envelope = {
      contentType: dmContentType(this.encoding),
      body,
      ...(hmac === undefined ? {} : { hmac }),
    };
    const envelope = this.#options.mangleEnvelope?.(sealed) ?? sealed;
    this.#sent = header.msgId;
    this.#lastAnswer = envelope;
    if (commands.some((command) => command.kind === 'Status' && command.chal !== undefined)) {
      this.verifier.challengeSent();
    }
    return envelope;
  }

  #checkHeader(header: Header): void {
    const { sessionId } = this.#options;
    if (header.sessionId.trim() !== sessionId) {
      throw new PcAgentError('dm/session-wrong', `SessionID ${header.sessionId} came in session ${sessionId}`);
    }
    if (!Number.isSafeInteger(header.msgId) || header.msgId < 1) {
      throw new PcAgentError('dm/msgid-wrong', `MsgID ${header.msgId} is not a number from 1`);
    }
    if (header.msgId <= this.#received) {
      throw new PcAgentError('dm/msgid-wrong', `MsgID ${header.msgId} came after ${this.#received}`);
    }
  }

  #learn(header: Header): void {
    const { maxMsgSize, maxObjSize } = header.meta ?? {};
    if (maxMsgSize !== undefined && maxMsgSize > 0) this.#peerLimit = maxMsgSize;
    if (maxObjSize !== undefined && maxObjSize > 0) this.#peerObjectLimit = maxObjSize;
    const { respUri } = header;
    if (respUri !== undefined && respUri !== '' && respUri.length <= MAX_RESP_URI) {
      this.#target = { uri: resolveRespUri(this.#target.uri, respUri) };
    }
  }
}

/** Status code for a header's versions; 200 when both are ours (DM Representation 1.2, 4.1.1). */
function versionCode(header: Header): number {
  if (header.verDtd.trim() !== '1.2') return Status.DtdVersionNotSupported;
  if (header.verProto.trim().toUpperCase() !== 'DM/1.2') return Status.ProtocolVersionNotSupported;
  return Status.Ok;
}

/** The Status that answers a header. */
export function headerStatus(cmdId: string, header: Header, code: number, chal: Meta | undefined): StatusCommand {
  return {
    kind: 'Status',
    cmdId,
    msgRef: header.msgId,
    cmdRef: '0',
    cmd: 'SyncHdr',
    targetRefs: [header.target.uri],
    sourceRefs: [header.source.uri],
    ...(chal === undefined ? {} : { chal }),
    code,
    items: [],
  };
}

/** The Status that answers a command as a whole, or one of its items when a URI is given. */
export function commandStatus(msgRef: number, command: Command, code: number, targetRef?: string): StatusCommand {
  return {
    kind: 'Status',
    cmdId: '',
    msgRef,
    cmdRef: command.cmdId,
    cmd: command.kind === 'Unknown' ? command.name : command.kind,
    targetRefs: targetRef === undefined ? [] : [targetRef],
    sourceRefs: [],
    code,
    items: [],
  };
}

/** Ids of one message's commands: 1, 2, 3, … */
export function commandIds(): () => string {
  let last = 0;
  return () => {
    last += 1;
    return String(last);
  };
}
