import { isPcAgentError, PcAgentError } from '../base/errors.ts';
import { askCapability } from '../handset/identify/ask-by-obex.ts';
import { type HandsetFacts, joinFacts } from '../handset/identify/facts.ts';
import { turnKeyOf } from '../handset/ways.ts';
import type { Engine, WorkContext } from './engine.ts';
import type { HandsetPlace } from './ports.ts';

/**
 * The DevId of whoever is at this address: what the handset says of itself over OBEX, else one session of our own, in which
 * nothing else is asked; a handset that knows no account of ours takes no notice of that.
 * @throws PcAgentError `handset/id-unknown`, and as of a session
 */
export async function whoIsThere(engine: Engine, place: HandsetPlace, context: WorkContext): Promise<string> {
  const said = await askedByObex(engine, place, context.signal);
  const { device, manufacturer, model } = said ?? (await askedInSession(engine, place, context));
  if (device === undefined) throw unknown();
  await engine.handsets.met({ device, address: place.address.text, manufacturer, model });
  return device;
}

interface Said {
  readonly device: string | undefined;
  readonly manufacturer?: string | undefined;
  readonly model?: string | undefined;
}

/** `undefined` where it tells no IMEI, or cannot be asked: a session says why. @throws AbortError */
async function askedByObex(engine: Engine, place: HandsetPlace, signal: AbortSignal): Promise<Said | undefined> {
  let facts: HandsetFacts = {};
  const learn = (more: HandsetFacts): void => {
    facts = joinFacts(facts, more);
  };
  const end = await engine.turns.take(turnKeyOf(place.address.text), signal);
  try {
    const stream = await place.bearer.dial(place.address, { signal });
    try {
      await askCapability(stream, { signal, learn });
    } finally {
      await stream.close();
    }
  } catch (error) {
    if (!isPcAgentError(error)) throw error;
  } finally {
    end();
  }
  const { imei, manufacturer, model } = facts;
  return imei === undefined ? undefined : { device: `IMEI:${imei}`, manufacturer, model };
}

async function askedInSession(engine: Engine, place: HandsetPlace, context: WorkContext): Promise<Said> {
  try {
    return await engine.ownServer.run([], place, context);
  } catch (error) {
    if (isPcAgentError(error, 'dm/notification-ignored')) throw unknown(error);
    throw error;
  }
}

function unknown(cause?: PcAgentError): PcAgentError {
  const text = 'the handset did not say who it is: name it with --device';
  return new PcAgentError('handset/id-unknown', text, {
    retry: 'after-operator',
    ...(cause === undefined ? {} : { cause }),
  });
}
