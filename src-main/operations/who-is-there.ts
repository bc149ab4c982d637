import { seconds } from '../base/durations.ts';
import { isPcAgentError, PcAgentError } from '../base/errors.ts';
import { askCapability } from '../handset/identify/ask-by-obex.ts';
import { type HandsetFacts, joinFacts } from '../handset/identify/facts.ts';
import { turnKeyOf } from '../handset/ways.ts';
import type { Engine, WorkContext } from './engine.ts';
import { probableDevice } from './handset-place.ts';
import { knowsUsNot } from './own-account.ts';
import type { HandsetPlace } from './ports.ts';

/** All questions over OBEX together. */
const ASKING = seconds(10);

/**
 * The DevId of whoever is at this address: by one session of our own, in which nothing else is asked; of a handset that
 * does not know us, what it says of itself over OBEX.
 * @throws PcAgentError `handset/id-unknown`, and as of a session
 */
export async function whoIsThere(engine: Engine, place: HandsetPlace, context: WorkContext): Promise<string> {
  const { device, manufacturer, model } = await said(engine, place, context);
  if (device === undefined) throw unknown();
  await engine.handsets.met({ device, address: place.address.text, manufacturer, model });
  return device;
}

interface Said {
  readonly device: string | undefined;
  readonly manufacturer?: string | undefined;
  readonly model?: string | undefined;
}

async function said(engine: Engine, place: HandsetPlace, context: WorkContext): Promise<Said> {
  try {
    return await engine.ownServer.run([], place, context);
  } catch (error) {
    if (!isPcAgentError(error) || !knowsUsNot(error.code)) throw error;
    const facts = await askedByObex(engine, place, context.signal);
    if (facts.imei === undefined) throw unknown(error);
    return { device: deviceOf(facts.imei, place, engine), manufacturer: facts.manufacturer, model: facts.model };
  }
}

/** The DevId that a card of this number has, which need not begin as they mostly do. */
function deviceOf(imei: string, place: HandsetPlace, { handsets }: Engine): string {
  const known = probableDevice(place, handsets);
  return known?.endsWith(imei) === true ? known : `IMEI:${imei}`;
}

/** What was said within the limit. @throws AbortError */
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
    if (signal.aborted || !(limited.aborted || isPcAgentError(error))) throw error;
  } finally {
    end();
  }
  return facts;
}

function unknown(cause?: PcAgentError): PcAgentError {
  const text = 'the handset did not say who it is: name it with --device';
  return new PcAgentError('handset/id-unknown', text, {
    retry: 'after-operator',
    ...(cause === undefined ? {} : { cause }),
  });
}
