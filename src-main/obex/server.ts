import type { ByteStream } from '../base/byte-stream.ts';
import { type Duration, seconds } from '../base/durations.ts';
import { isAbort, isPcAgentError, PcAgentError } from '../base/errors.ts';
import { unlessAborted } from '../base/unless-aborted.ts';
import { ConnectionTable, type OpenConnection } from './connection-table.ts';
import { addToGet, type GetOperation, type GetTransfer, getOperation, getTransfer, nextOf } from './get-operation.ts';
import {
  bytesHeader,
  bytesOf,
  type Header,
  HeaderId,
  keptHeader,
  numberOf,
  textOfHeader,
  wordHeader,
} from './header.ts';
import {
  CONNECT_FIELDS,
  connectFields,
  encodeConnect,
  encodePacket,
  FINAL_BIT,
  isSuccess,
  MAX_PACKET,
  MIN_PACKET,
  OBEX_VERSION,
  Opcode,
  packetHeaders,
  packetLimit,
  ResponseCode,
  requestOf,
  responseText,
  SETPATH_FIELDS,
} from './packet.ts';
import { addToPut, discardPut, giveToSink, type PutOperation, putOperation } from './put-operation.ts';
import { asPcAgentError, brokenOff, disconnected, endedInside } from './server-errors.ts';
import { type Done, ServerLink } from './server-link.ts';
import type { ConnectionEnd, ObexAnswer, ObexService } from './service.ts';
import { ServiceQuestion } from './service-question.ts';
import { abortError } from './time-limit.ts';

export interface ServeObexOptions {
  readonly services: readonly ObexService[];
  readonly signal: AbortSignal;
  /** Longest packet that we take, 255 to 65535; default 65535. */
  readonly maxPacket?: number;
  /** Longest packet that is sent to a peer which announced `peerMax`; default: as long as the peer takes. */
  readonly answerLimit?: (peerMax: number) => number;
  /** Answers end with an empty End-of-Body in a packet of its own, as some handsets do it; default no. */
  readonly emptyEnd?: boolean;
  /** Every packet has to carry the ConnectionID, not only the first of a request; default no. */
  readonly idInEveryPacket?: boolean;
  /** How long a peer, or a sink, may pause inside a PUT or GET before the stream is dropped; default 60 s. */
  readonly pause?: Duration;
}

const DEFAULT_PAUSE = seconds(60);

/**
 * Serves one stream until the peer ends it; the stream is closed then, also after an error.
 * @throws PcAgentError `obex/packet-length`, `obex/packet-too-long`, `obex/timeout`, `bearer/lost`; AbortError.
 */
export async function serveObex(stream: ByteStream, options: ServeObexOptions): Promise<void> {
  const server = new ObexServer(stream, options);
  await server.run();
}

type Operation = PutOperation | GetOperation;

/** One stream's server: idle, connected, in a PUT, in a GET. One packet is handled at a time, in order. */
class ObexServer {
  readonly #link: ServerLink;
  readonly #services: readonly ObexService[];
  readonly #maxPacket: number;
  readonly #answerLimit: (peerMax: number) => number;
  readonly #emptyEnd: boolean;
  readonly #idInEveryPacket: boolean;
  readonly #signal: AbortSignal;
  readonly #connections = new ConnectionTable();
  readonly #plainPackets = new Map<number, Uint8Array>();
  #operation: Operation | undefined;
  /** What sinks are forgetting, of the operations that were broken off. */
  #discarding: Promise<void> | undefined;
  /** An answer that the peer broke off by leaving the ConnectionID out. */
  #kept: { readonly connection: OpenConnection; readonly answer: ObexAnswer } | undefined;
  readonly #question: ServiceQuestion;

  constructor(stream: ByteStream, options: ServeObexOptions) {
    this.#maxPacket = Math.min(MAX_PACKET, Math.max(MIN_PACKET, options.maxPacket ?? MAX_PACKET));
    this.#link = new ServerLink(stream, this.#maxPacket, options.pause ?? DEFAULT_PAUSE);
    this.#question = new ServiceQuestion({
      peek: () => this.#link.peek(),
      handle: () => this.#handleWhileAsked(),
      operation: () => this.#operation,
      dropped: this.#link.dropped,
    });
    this.#services = options.services;
    this.#answerLimit = options.answerLimit ?? ((peerMax) => peerMax);
    this.#emptyEnd = options.emptyEnd ?? false;
    this.#idInEveryPacket = options.idInEveryPacket ?? false;
    this.#signal = options.signal;
  }

  async run(): Promise<void> {
    const drop = (): void => this.#link.drop();
    this.#signal.addEventListener('abort', drop, { once: true });
    if (this.#signal.aborted) drop();
    try {
      await this.#serve();
      this.#end(this.#operation === undefined ? 'disconnect' : endedInside());
    } catch (error) {
      this.#end(error instanceof PcAgentError ? error : brokenOff(error));
      if (this.#signal.aborted) throw abortError(this.#signal);
      if (!isAbort(error) || !this.#link.dropped.aborted) throw error;
    } finally {
      this.#signal.removeEventListener('abort', drop);
      // Who waits for the end may end the process: nothing half done stays then.
      await Promise.all([this.#link.close(), this.#discarding]);
    }
  }

  async #serve(): Promise<void> {
    for (;;) {
      if (this.#link.dropped.aborted) throw abortError(this.#link.dropped);
      const packet = await this.#link.read(this.#operation !== undefined);
      if (packet === undefined) return;
      const handled = this.#handle(packet);
      if (handled !== undefined) await handled;
    }
  }

  #end(end: ConnectionEnd): void {
    this.#finishOperation(end === 'disconnect' ? disconnected() : end);
    for (const connection of this.#connections.takeAll()) connection.service.ended(end);
  }

  #handle(packet: Uint8Array): Done {
    try {
      return this.#dispatch(packet)?.catch(this.#onBroken);
    } catch (error) {
      return this.#onBroken(error);
    }
  }

  /** A packet whose inside is broken costs the operation, not the connection (spec sheet obex, section 9). */
  readonly #onBroken = async (error: unknown): Promise<void> => {
    if (!isPcAgentError(error, 'obex/header-length') && !isPcAgentError(error, 'obex/header-truncated')) {
      if (!isPcAgentError(error, 'obex/packet-truncated')) throw error;
    }
    await this.#refuse(ResponseCode.BadRequest);
  };

  #dispatch(packet: Uint8Array): Done {
    const opcode = packet[0] ?? 0;
    switch (opcode) {
      case Opcode.Connect:
        return this.#connect(packet);
      case Opcode.Disconnect:
        return this.#disconnect(packet);
      case Opcode.Abort:
        return this.#abort(packet);
      case Opcode.SetPath:
        return this.#setPath(packet);
      case Opcode.Put:
      case Opcode.Put | FINAL_BIT:
        return this.#put(packetHeaders(packet), opcode !== Opcode.Put);
      case Opcode.Get:
      case Opcode.Get | FINAL_BIT:
        return this.#get(packetHeaders(packet), opcode !== Opcode.Get);
      default:
        return this.#refuse(ResponseCode.NotImplemented);
    }
  }

  async #connect(packet: Uint8Array): Promise<void> {
    const fields = connectFields(packet);
    const target = bytesOf(packetHeaders(packet, CONNECT_FIELDS).map(keptHeader), HeaderId.Target);
    // The operation that runs is not touched by it.
    if (this.#operation !== undefined) return this.#answerConnect(ResponseCode.Conflict, []);
    const service = this.#services.find((candidate) => candidate.serves(target));
    if (service === undefined) return this.#answerConnect(ResponseCode.NotFound, []);
    // A peer that connects to the same service again has forgotten its connection.
    const forgotten = this.#connections.takeOf(service);
    if (forgotten !== undefined) this.#takeKept(forgotten)?.settled?.(disconnected());
    forgotten?.service.ended('disconnect');
    const limit = packetLimit(this.#maxPacket, this.#answerLimit(fields.maxPacket));
    const connection = service.connect({ target, packetLimit: limit, drop: () => this.#link.drop() });
    if (typeof connection === 'number') return this.#answerConnect(connection, []);
    const opened = this.#connections.open(service, connection, limit, target !== undefined);
    if (target === undefined) return this.#answerConnect(ResponseCode.Success, []);
    return this.#answerConnect(ResponseCode.Success, [
      wordHeader(HeaderId.ConnectionId, opened.id),
      bytesHeader(HeaderId.Who, target),
    ]);
  }

  #answerConnect(code: number, headers: readonly Header[]): Done {
    const fields = { version: OBEX_VERSION, flags: 0, maxPacket: this.#maxPacket };
    return this.#link.write(encodeConnect(code, fields, headers));
  }

  async #disconnect(packet: Uint8Array): Promise<void> {
    const id = numberOf(packetHeaders(packet), HeaderId.ConnectionId);
    const connection = this.#connections.find(id);
    if (connection === undefined && (id !== undefined || this.#connections.size > 0)) {
      return this.#answer(ResponseCode.ServiceUnavailable);
    }
    if (this.#operation?.connection === connection) this.#finishOperation(disconnected());
    if (connection !== undefined) this.#takeKept(connection)?.settled?.(disconnected());
    await this.#answer(ResponseCode.Success);
    if (connection !== undefined) {
      this.#connections.remove(connection);
      connection.service.ended('disconnect');
    }
  }

  /** Needs no ConnectionID (gobex); it is about what runs, else about the connection that it names. */
  async #abort(packet: Uint8Array): Promise<void> {
    const connection =
      this.#operation?.connection ?? this.#connections.find(numberOf(packetHeaders(packet), HeaderId.ConnectionId));
    this.#finishOperation(new PcAgentError('obex/aborted', 'the other side aborted the OBEX operation'));
    connection?.service.aborted();
    await this.#answer(ResponseCode.Success);
  }

  async #setPath(packet: Uint8Array): Promise<void> {
    const headers = packetHeaders(packet, SETPATH_FIELDS);
    if (this.#operation !== undefined) return this.#refuse(ResponseCode.BadRequest);
    const connection = this.#connections.find(numberOf(headers, HeaderId.ConnectionId));
    if (connection === undefined) return this.#answer(ResponseCode.ServiceUnavailable);
    const flags = packet[3] ?? 0;
    const name = textOfHeader(headers, HeaderId.Name);
    const request = { up: (flags & 1) !== 0, dontCreate: (flags & 2) !== 0, name };
    await this.#answer(connection.service.setPath?.(request) ?? ResponseCode.NotImplemented);
  }

  #put(headers: readonly Header[], final: boolean): Done {
    const before = this.#operation;
    const connection = this.#connectionFor(headers);
    if (connection === undefined) return this.#refuse(ResponseCode.ServiceUnavailable);
    if (before?.kind === 'get') return this.#refuse(ResponseCode.BadRequest);
    // Who has something new to say no longer asks for what it began to take.
    if (before === undefined) this.#takeKept(connection)?.settled?.(endedInside());
    const operation: PutOperation = before ?? putOperation(connection);
    this.#operation = operation;
    const refusal = addToPut(operation, headers);
    if (refusal !== undefined) return this.#refuse(refusal);
    if (!final && operation.sink?.prompt === true) return this.#answerFirst(operation, headers);
    const taken = giveToSink(operation, headers);
    return taken instanceof Promise ? this.#holdPut(operation, taken, final) : this.#answerPut(operation, taken, final);
  }

  /** The peer makes its next packet while the sink takes this one. */
  #answerFirst(operation: PutOperation, headers: readonly Header[]): Done {
    const answered = this.#answer(ResponseCode.Continue);
    if (answered === undefined) return this.#takeAfter(operation, headers);
    return answered.then(() => this.#takeAfter(operation, headers));
  }

  #takeAfter(operation: PutOperation, headers: readonly Header[]): Done {
    const taken = giveToSink(operation, headers);
    if (taken instanceof Promise) return this.#wait(taken).then((late) => this.#took(operation, late));
    return this.#took(operation, taken);
  }

  /** What was not taken is refused with the next packet. */
  #took(operation: PutOperation, taken: boolean | undefined): undefined {
    operation.failed = taken === false;
  }

  async #holdPut(operation: PutOperation, taking: Promise<boolean>, final: boolean): Promise<void> {
    const taken = await this.#wait(taking);
    if (taken !== undefined) await this.#answerPut(operation, taken, final);
  }

  /**
   * Notices meanwhile when the peer does not wait for the sink any more: `undefined` then. More of the object that comes
   * ahead waits its turn.
   */
  async #wait(taking: Promise<boolean>): Promise<boolean | undefined> {
    const work = async () => ({ code: (await taking) ? ResponseCode.Continue : ResponseCode.DatabaseFull });
    const answer = await this.#link.hold(this.#question.ask(work, Opcode.Put));
    return answer === undefined ? undefined : answer.code === ResponseCode.Continue;
  }

  #answerPut(operation: PutOperation, taken: boolean, final: boolean): Done {
    if (!taken) return this.#refuse(ResponseCode.DatabaseFull);
    if (!final) return this.#answer(ResponseCode.Continue);
    // A final PUT without body asks for a deletion; a message service has nothing to delete (section 4).
    if (!operation.hasBody) return this.#refuse(ResponseCode.BadRequest);
    return this.#completePut(operation);
  }

  /** A continuation may leave the ConnectionID out even where several connections are open, but not change it. */
  #connectionFor(headers: readonly Header[]): OpenConnection | undefined {
    const id = numberOf(headers, HeaderId.ConnectionId);
    const running = this.#operation?.connection;
    if (id === undefined && running !== undefined) {
      return this.#idInEveryPacket && running.directed ? undefined : running;
    }
    const connection = this.#connections.find(id);
    return running === undefined || running === connection ? connection : undefined;
  }

  async #completePut(operation: PutOperation): Promise<void> {
    const answer = await this.#question.ask((signal) => completed(operation, signal));
    if (answer === undefined) return;
    this.#operation = undefined;
    if (!isSuccess(answer.code)) await discardPut(operation);
    await this.#answerOf(answer);
  }

  async #get(headers: readonly Header[], final: boolean): Promise<void> {
    const before = this.#operation;
    const connection = this.#connectionFor(headers);
    if (connection === undefined) {
      // The object itself is not lost by it: it is there when it is asked for properly.
      if (this.#idInEveryPacket && before?.kind === 'get' && before.transfer !== undefined) {
        this.#giveUpKept(new PcAgentError('obex/aborted', 'another answer is kept in its place'));
        this.#kept = { connection: before.connection, answer: before.transfer.answer };
        this.#operation = undefined;
        return this.#answer(ResponseCode.ServiceUnavailable);
      }
      return this.#refuse(ResponseCode.ServiceUnavailable);
    }
    if (before?.kind === 'put') return this.#refuse(ResponseCode.BadRequest);
    if (before?.transfer !== undefined) return this.#continueGet(before, before.transfer);
    const operation = before ?? getOperation(connection);
    this.#operation = operation;
    const refusal = addToGet(operation, headers, final);
    if (refusal !== undefined) return this.#refuse(refusal);
    return final ? this.#startAnswer(operation) : this.#answer(ResponseCode.Continue);
  }

  #takeKept(connection: OpenConnection): ObexAnswer | undefined {
    if (this.#kept?.connection !== connection) return undefined;
    const { answer } = this.#kept;
    this.#kept = undefined;
    return answer;
  }

  async #startAnswer(operation: GetOperation): Promise<void> {
    const answer =
      this.#takeKept(operation.connection) ??
      (await this.#question.ask((signal) => operation.connection.service.get(operation.headers, signal)));
    if (answer === undefined) return;
    if (!isSuccess(answer.code)) {
      this.#operation = undefined;
      return this.#answerOf(answer);
    }
    let transfer: GetTransfer;
    try {
      transfer = getTransfer(operation, answer, this.#emptyEnd);
    } catch (error) {
      answer.settled?.(asPcAgentError(error));
      return this.#refuse(ResponseCode.InternalServerError);
    }
    operation.transfer = transfer;
    await this.#continueGet(operation, transfer);
  }

  async #continueGet(operation: GetOperation, transfer: GetTransfer): Promise<void> {
    const packet = nextOf(transfer);
    await this.#link.write(packet.bytes);
    transfer.following = undefined;
    if (!packet.last) transfer.following = nextOf(transfer);
    else if (this.#operation === operation) this.#finishOperation();
  }

  /** Handles what came while the service was thinking: ABORT, DISCONNECT, CONNECT, or the end of the stream. */
  async #handleWhileAsked(): Promise<void> {
    const packet = await this.#link.peek();
    this.#link.taken();
    if (packet === undefined) throw endedInside();
    const opcode = requestOf(packet);
    // One request at a time is the rule; a second one ends the first.
    if (opcode === Opcode.Put || opcode === Opcode.Get) await this.#refuse(ResponseCode.BadRequest);
    else await this.#handle(packet);
  }

  /** Ends the operation that runs, if any; without a failure its answer went out whole. */
  #finishOperation(failure?: PcAgentError): void {
    const operation = this.#operation;
    this.#operation = undefined;
    if (failure !== undefined) {
      this.#giveUpKept(failure);
      this.#question.breakOff(failure);
    }
    if (operation?.kind === 'get') operation.transfer?.answer.settled?.(failure);
    if (operation?.kind === 'put') this.#discard(operation);
  }

  #giveUpKept(failure: PcAgentError): void {
    this.#kept?.answer.settled?.(failure);
    this.#kept = undefined;
  }

  #discard(operation: PutOperation): void {
    const before = this.#discarding;
    this.#discarding = Promise.all([before, discardPut(operation)]).then(() => undefined);
  }

  async #refuse(code: number): Promise<void> {
    this.#finishOperation(new PcAgentError('obex/aborted', `an OBEX request was refused with ${responseText(code)}`));
    // Who hears that there is no room may try something smaller at once: what this one took is given back first.
    if (code === ResponseCode.DatabaseFull) await this.#givenBack();
    return this.#answer(code);
  }

  /** A disk that hangs holds neither a drop nor, for ever, the answer. */
  async #givenBack(): Promise<void> {
    if (this.#discarding === undefined) return;
    await this.#link.hold(unlessAborted(this.#discarding, this.#link.dropped));
  }

  #answer(code: number): Done {
    return this.#link.write(this.#plain(code));
  }

  async #answerOf({ code, headers, settled }: ObexAnswer): Promise<void> {
    try {
      await this.#link.write(headers === undefined ? this.#plain(code) : encodePacket(code, headers));
      settled?.();
    } catch (error) {
      settled?.(asPcAgentError(error));
      throw error;
    }
  }

  /** The packet of an answer without headers: one half of all answers, and always the same. */
  #plain(code: number): Uint8Array {
    let packet = this.#plainPackets.get(code);
    if (packet === undefined) {
      packet = encodePacket(code, []);
      this.#plainPackets.set(code, packet);
    }
    return packet;
  }
}

function completed(operation: PutOperation, signal: AbortSignal): Promise<ObexAnswer> {
  const { sink, headers, body } = operation;
  if (sink === undefined) return operation.connection.service.put(headers, body.take(), signal);
  return sink.finish(headers, signal);
}
