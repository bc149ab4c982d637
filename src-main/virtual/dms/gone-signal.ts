import type { FastifyReply } from 'fastify';

/** Aborted when the client of this reply has gone or the server ends. */
export function goneSignal(reply: FastifyReply, closing: AbortSignal): AbortSignal {
  const gone = new AbortController();
  const abort = (): void => gone.abort();
  if (closing.aborted) abort();
  closing.addEventListener('abort', abort, { once: true });
  // Comes after every answer, too: then nobody looks at the signal any more, and the server's own is let go of.
  reply.raw.once('close', () => {
    closing.removeEventListener('abort', abort);
    abort();
  });
  return gone.signal;
}
