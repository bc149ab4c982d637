/** A DM client in each of its states, and every kind of thing that can come to it there. */
import { PcAgentError } from '../../../src-main/base/errors.ts';
import type { DmClientSession } from '../../../src-main/dm/client/dm-client-session.ts';
import type { DmStep } from '../../../src-main/dm/step.ts';
import type { UserAnswer } from '../../../src-main/dm/user-question.ts';
import type { Envelope } from '../../../src-main/syncml/envelope.ts';
import {
  byHand,
  clientOf,
  genericAlert,
  gist,
  type HandMade,
  proverOf,
  readEnvelope,
  statusXml,
  TestDevice,
} from '../../support/dm-pair.ts';
import { alert, change, get, metaXml, TAKEN } from './talk.ts';

export const STATES = [
  'new',
  'setup',
  'setup-rest',
  'management',
  'our-rest',
  'our-object',
  'rest',
  'object',
  'asked',
  'ended',
] as const;
export type State = (typeof STATES)[number];

/** A client in a state, and what a good server's next message begins with there. */
export interface Placed {
  readonly device: TestDevice;
  readonly client: DmClientSession;
  /** Statuses that are due, but for that of the header. */
  readonly due: string;
  /** MsgID of the server's next message, and the last one that it sent. */
  readonly msgId: number;
  readonly last: Envelope | undefined;
}

const REST_OF_TAKEN = TAKEN.slice(TAKEN.indexOf('</Status>') + '</Status>'.length);
const SMALL = metaXml({ MaxMsgSize: 1300 });

/** Brings a client into a state, by messages such as a server would send. */
export function placed(state: State): Placed {
  const device = new TestDevice();
  if (state === 'setup-rest')
    device.alerts = ['x', 'y', 'z'].map((id) => ({ ...genericAlert(id), data: id.repeat(300) }));
  const client = clientOf(device, {
    asksUser: true,
    prover: proverOf('basic', 'handset', 'secret'),
    ...(state === 'setup-rest' ? { packetRoom: 1500 } : {}),
  });
  if (state === 'new') return { device, client, due: '', msgId: 1, last: undefined };
  client.start();
  const hear = (body: string, made: HandMade = {}) => {
    const message = byHand(body, made);
    client.receive(message);
    return { device, client, msgId: 2, last: message };
  };
  switch (state) {
    case 'setup':
    case 'setup-rest':
      // The first of the three alerts went with package 1.
      return {
        device,
        client,
        due: REST_OF_TAKEN + (state === 'setup-rest' ? statusXml(4, 1, 3, 'Alert', 200) : ''),
        msgId: 1,
        last: undefined,
      };
    case 'management':
      return { ...hear(TAKEN + get(4, './a')), due: '' };
    case 'our-rest': {
      const gets = Array.from({ length: 12 }, (_, index) => get(index + 4, './nothing')).join('');
      return { ...hear(TAKEN + gets, { header: SMALL }), due: '' };
    }
    case 'our-object':
      return { ...hear(TAKEN + get(4, './long'), { header: SMALL }), due: '' };
    case 'rest':
      return { ...hear(TAKEN + get(4, './a'), { final: false }), due: statusXml(2, 2, 2, 'Alert', 200) };
    case 'object': {
      const part = change('Replace', 4, './a', 'ABC', '<MoreData/>', metaXml({ Size: 6 }));
      return { ...hear(TAKEN + part, { final: false }), due: statusXml(2, 2, 2, 'Alert', 200) };
    }
    case 'asked':
      return { ...hear(TAKEN + alert(4, 1101, '', 'Now?')), due: '' };
    case 'ended':
      return { ...hear(TAKEN), due: '' };
    default:
      return state satisfies never;
  }
}

/** What is given to a client. */
export type Input =
  /** A message: the good Statuses of the state, and this behind them. */
  | {
      readonly kind: 'message';
      readonly body: string;
      readonly made?: HandMade;
      readonly status?: string;
      readonly due?: false;
    }
  | { readonly kind: 'raw'; readonly envelope: (place: Placed) => Envelope }
  | { readonly kind: 'answer'; readonly answer: UserAnswer }
  | { readonly kind: 'start' | 'abort' | 'close' };

export function messageFor(place: Placed, input: Extract<Input, { kind: 'message' }>): Envelope {
  const { lastSent } = place.client.wire;
  const header = input.status ?? statusXml(1, Math.max(1, lastSent), 0, 'SyncHdr', 200);
  const made = { msgId: place.msgId, ...input.made };
  return byHand(
    header.replaceAll('MSGREF', String(Math.max(1, lastSent))) + (input.due === false ? '' : place.due) + input.body,
    made,
  );
}

/** What became of an input, in a line. */
export function outcomeOf(state: State, input: Input): string {
  const place = placed(state);
  const { client } = place;
  try {
    return told(run(place, input), client);
  } catch (error) {
    if (error instanceof PcAgentError) return `! ${error.code}${client.state.kind === 'ended' ? ' > ended' : ''}`;
    throw error;
  }
}

function run(place: Placed, input: Input): DmStep {
  const { client } = place;
  switch (input.kind) {
    case 'message':
      return client.receive(messageFor(place, input));
    case 'raw':
      return client.receive(input.envelope(place));
    case 'answer':
      return client.answer(input.answer);
    case 'start':
      return { send: client.start(), progress: [] };
    case 'abort':
      return { send: client.abort(), progress: [] };
    case 'close':
      client.close();
      return { progress: [] };
    default:
      return input satisfies never;
  }
}

function told(step: DmStep, client: DmClientSession): string {
  const parts: string[] = [];
  if (step.send !== undefined) {
    const codes = gist(step.send)
      .map((line) =>
        line
          .replace(/^Status \d+\/\d* /, '')
          .replace(/^(Results|Replace) .*\+$/, '$1+')
          .replace(/^(Results|Replace) .*=.*$/, '$1'),
      )
      .filter((line) => line !== 'SyncHdr 200');
    parts.push(runs(codes).join(', ') || 'nothing');
    if (readEnvelope(step.send).header.cred !== undefined) parts.push('Cred');
  }
  if (step.ask !== undefined) parts.push(`? ${step.ask.kind}`);
  if (step.outcome !== undefined) parts.push(step.outcome.ok ? 'ok' : (step.outcome.code ?? 'failed'));
  const { state } = client;
  return `${parts.join(' | ')} > ${state.kind === 'waiting' ? state.awaits : state.kind}`;
}

/** `a, a, a` as `3 a`. */
function runs(lines: readonly string[]): readonly string[] {
  const found: { line: string; count: number }[] = [];
  for (const line of lines) {
    const before = found.at(-1);
    if (before?.line === line) before.count += 1;
    else found.push({ line, count: 1 });
  }
  return found.map(({ line, count }) => (count === 1 ? line : `${count} ${line}`));
}
