import type { Envelope, MessageLink } from '../../link/message-link.ts';

/** A link whose first message was received already: whoever goes on with it receives that one first. */
export function withFirstMessage(link: MessageLink, first: Envelope): MessageLink {
  let waiting: Envelope | undefined = first;
  return {
    async receive(signal) {
      const message = waiting;
      if (message === undefined) return link.receive(signal);
      signal.throwIfAborted();
      waiting = undefined;
      return message;
    },
    send: (envelope, signal) => link.send(envelope, signal),
    close: (reason) => link.close(reason),
    ...(link.sayNothing === undefined ? {} : { sayNothing: () => link.sayNothing?.() }),
    ...(link.peerGone === undefined ? {} : { peerGone: link.peerGone }),
  };
}
