import { type Duration, seconds } from '../base/durations.ts';
import { isPcAgentError, PcAgentError } from '../base/errors.ts';
import { VERSION } from '../base/version.ts';
import type { ParamsOf, ResultOf } from '../contract/requests.ts';
import type { Hop } from '../contract/results.ts';
import { profileFor } from '../dms/profile-store.ts';
import { createHttpClientLink } from '../link/http-client-link.ts';
import type { Envelope } from '../link/message-link.ts';
import { httpRequest } from '../net/http-request.ts';
import { type ProbeOptions, probeName, probeTcp, probeTls } from '../net/probe.ts';
import { Alert } from '../syncml/alert.ts';
import { decodeMessage, encodeMessage } from '../syncml/codec.ts';
import { ContentType, encodingOf } from '../syncml/content-type.ts';
import type { Message } from '../syncml/model.ts';
import type { Engine, WorkContext } from './engine.ts';

/** Limit of one hop. */
const HOP_LIMIT: Duration = seconds(15);
const INITIATOR = 'dms-test';

interface Stage {
  readonly hop: Hop['hop'];
  /** Says what was found; `undefined`: this hop is not on the way. */
  readonly run: (() => Promise<string>) | undefined;
}

/**
 * Goes the way to a DM server hop by hop; the first that fails is where to look.
 * @param onHop told of each hop as soon as it is known
 */
export async function testDms(
  engine: Engine,
  params: ParamsOf<'dms.test'>,
  { signal }: Pick<WorkContext, 'signal'>,
  onHop: (hop: Hop) => unknown = () => undefined,
): Promise<ResultOf<'dms.test'>> {
  const { url } = profileFor(params.dms, engine.profiles);
  const { agent, ledger } = engine;
  const probe: ProbeOptions = { url, ledger, initiator: INITIATOR, limit: HOP_LIMIT, signal };
  const stages: readonly Stage[] = [
    { hop: 'name', run: async () => (await probeName(probe)).join(', ') },
    { hop: 'tcp', run: async () => `connected to ${await probeTcp(probe)}` },
    { hop: 'tls', run: url.protocol === 'https:' ? () => probeTls(probe) : undefined },
    {
      hop: 'http',
      run: async () => {
        const limits = { headerTime: HOP_LIMIT, bodyTime: HOP_LIMIT };
        const answer = await httpRequest({
          ...{ url, agent, ledger, signal, ...limits },
          method: 'HEAD',
          purpose: 'test',
          initiator: INITIATOR,
          family: 'dms',
        });
        // Whatever the status: who posts is served otherwise than who asks for a page.
        return `HTTP status ${answer.status}`;
      },
    },
    { hop: 'dm', run: () => askDm(engine, url, signal) },
  ];
  return { dms: url.href, hops: await inTurn(stages, engine, signal, onHop) };
}

async function inTurn(
  stages: readonly Stage[],
  { clock }: Engine,
  signal: AbortSignal,
  onHop: (hop: Hop) => unknown,
): Promise<Hop[]> {
  const hops: Hop[] = [];
  const found = async (hop: Hop): Promise<void> => {
    hops.push(hop);
    await onHop(hop);
  };
  let broken = false;
  for (const { hop, run } of stages) {
    if (run === undefined || broken) {
      const why = broken ? 'not tried: an earlier hop failed' : 'the address has no TLS';
      await found({ hop, state: 'skipped', why, milliseconds: 0 });
      continue;
    }
    const start = clock.monotonic();
    const took = () => Math.round((clock.monotonic() - start) * 10) / 10;
    let why: string;
    try {
      why = await run();
    } catch (error) {
      signal.throwIfAborted();
      broken = true;
      await found({ hop, state: 'failed', ...reasonOf(error), milliseconds: took() });
      continue;
    }
    await found({ hop, state: 'ok', why, milliseconds: took() });
  }
  return hops;
}

function reasonOf(error: unknown): Pick<Hop, 'why' | 'code'> {
  if (isPcAgentError(error)) return { why: error.message, code: error.code };
  if (!(error instanceof Error)) return { why: String(error) };
  if (error.name === 'TimeoutError') return { why: `no answer within ${HOP_LIMIT / 1000} s`, code: 'dms/timeout' };
  return { why: error.message, code: 'dms/unreachable' };
}

/** A message that starts nothing: the abort of a session that never was. That a DM message answers it is the test. */
async function askDm({ agent, ledger }: Engine, url: URL, signal: AbortSignal): Promise<string> {
  const link = createHttpClientLink({
    ...{ url, agent, ledger },
    initiator: INITIATOR,
    version: VERSION,
    headerTime: HOP_LIMIT,
    bodyTime: HOP_LIMIT,
    // That the server is busy is what the test is to tell.
    patience: seconds(0),
  });
  try {
    await link.send({ contentType: ContentType.DmWbxml, body: encodeMessage(abortMessage(url), 'wbxml') }, signal);
    const answer = await link.receive(signal);
    if (answer === undefined) return 'took the message and answered without one';
    const { header, commands } = messageOf(answer);
    const status = commands.find((command) => command.kind === 'Status' && command.cmdRef === '0');
    const said = status?.kind === 'Status' ? `, status ${status.code} to the header` : '';
    return `${header.source.uri} answered in ${header.verProto}${said}`;
  } finally {
    await link.close('done');
  }
}

/** @throws PcAgentError `dms/answer-unexpected` for what is no DM message */
function messageOf({ body, contentType }: Envelope): Message {
  try {
    return decodeMessage(body, encodingOf(contentType) ?? 'wbxml').message;
  } catch (cause) {
    if (!isPcAgentError(cause)) throw cause;
    throw new PcAgentError('dms/answer-unexpected', `the answer is no DM message: ${cause.message}`, {
      cause,
      retry: 'after-operator',
    });
  }
}

function abortMessage(url: URL): Message {
  return {
    header: {
      verDtd: '1.2',
      verProto: 'DM/1.2',
      sessionId: '1',
      msgId: 1,
      target: { uri: url.href },
      source: { uri: 'PC-AGENT:TEST' },
    },
    commands: [{ kind: 'Alert', cmdId: '1', code: Alert.SessionAbort, items: [] }],
    final: true,
  };
}
