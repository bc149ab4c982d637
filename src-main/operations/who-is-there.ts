import { seconds } from '../base/durations.ts';
import { isPcAgentError, PcAgentError } from '../base/errors.ts';
import { askCapability } from '../handset/identify/ask-by-obex.ts';
import { type HandsetFacts, joinFacts } from '../handset/identify/facts.ts';
import { turnKeyOf } from '../handset/ways.ts';
import type { Engine, WorkContext } from './engine.ts';
import { knowsUsNot } from './own-account.ts';
import type { HandsetPlace } from './ports.ts';

/** All questions over OBEX together. */
const ASKING = seconds(10);
/** How a session ends with a handset that does not say that it takes no notice. */
const SILENT: readonly string[] = ['dm/timeout', 'obex/timeout'];

/**
 * The DevId of whoever is at this address: the card's of the number that the handset tells over OBEX at once, else by
 * one session of our own, in which nothing else is asked. A handset that has no account of ours takes no notice of that
 * and may let a GET wait for half an hour (Symbian's OBEX transport).
 * @throws PcAgentError `handset/id-unknown`, and as of a session
 */
export async function whoIsThere(engine: Engine, place: HandsetPlace, context: WorkContext): Promise<string> {
  const { imei, ...facts } = await askedByObex(engine, place, context.signal);
  if (imei === undefined) return askedInSession(engine, place, context);
  const { manufacturer, model } = facts;
  const device = deviceOf(imei, place, engine);
  await engine.handsets.met({ device, address: place.address.text, manufacturer, model });
  return device;
}

/** A DevId need not begin as they mostly do (`urn:imei:`). Who was met here comes before others with this number. */
function deviceOf(imei: string, { address }: HandsetPlace, { handsets }: Engine): string {
  const here = handsets.at(address.text);
  const cards = here === undefined ? handsets.list() : [here, ...handsets.list()];
  return cards.find(({ device, provisional }) => !provisional && device.endsWith(imei))?.device ?? `IMEI:${imei}`;
}

async function askedInSession(engine: Engine, place: HandsetPlace, context: WorkContext): Promise<string> {
  try {
    const { device } = await engine.ownServer.run([], place, context);
    if (device !== undefined) return device;
  } catch (error) {
    if (!isPcAgentError(error) || !(knowsUsNot(error.code) || SILENT.includes(error.code))) throw error;
    throw unknown(error);
  }
  throw unknown();
}

/** What was said within the limit; nothing where nobody can be reached, which a session says better. @throws AbortError */
async function askedByObex(engine: Engine, place: HandsetPlace, signal: AbortSignal): Promise<HandsetFacts> {
  let facts: HandsetFacts = {};
  const learn = (more: HandsetFacts): void => {
    facts = joinFacts(facts, more);
  };
  const end = await engine.turns.take(turnKeyOf(place.address.text), signal);
  const limited = AbortSignal.any([signal, AbortSignal.timeout(ASKING)]);
  try {
    const stream = await place.bearer.dial(place.address, { signal: limited });
    try {
      await askCapability(stream, { signal: limited, learn });
    } finally {
      await stream.close();
    }
  } catch (error) {
    if (!limited.aborted && !isPcAgentError(error)) throw error;
  } finally {
    end();
  }
  signal.throwIfAborted();
  return facts;
}

function unknown(cause?: PcAgentError): PcAgentError {
  const text = 'the handset did not say who it is: name it with --device';
  return new PcAgentError('handset/id-unknown', text, {
    retry: 'after-operator',
    ...(cause === undefined ? {} : { cause }),
  });
}
