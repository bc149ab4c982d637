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
  const { device, manufacturer, model } =
    imei === undefined ? await askedInSession(engine, place, context) : { ...facts, device: deviceOf(imei, engine) };
  if (device === undefined) throw unknown();
  await engine.handsets.met({ device, address: place.address.text, manufacturer, model });
  return device;
}

/** A DevId need not begin as they mostly do. */
function deviceOf(imei: string, { handsets }: Engine): string {
  const known = handsets.find(imei);
  return known === undefined || known.provisional ? `IMEI:${imei}` : known.device;
}

interface Said {
  readonly device: string | undefined;
  readonly manufacturer?: string | undefined;
  readonly model?: string | undefined;
}

async function askedInSession(engine: Engine, place: HandsetPlace, context: WorkContext): Promise<Said> {
  try {
    return await engine.ownServer.run([], place, context);
  } catch (error) {
    if (!isPcAgentError(error) || !(knowsUsNot(error.code) || SILENT.includes(error.code))) throw error;
    throw unknown(error);
  }
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
