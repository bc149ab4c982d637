/** A session in which both machines say whatever they can say, over small messages. */
import { utf8 } from '../../src-main/base/bytes.ts';
import type { Element } from '../../src-main/base/element.ts';
import type { AuthType } from '../../src-main/dm/auth/credentials.ts';
import type { PackageReport, WantedCommand } from '../../src-main/dm/server/work.ts';
import type { SessionOutcome } from '../../src-main/dm/session-outcome.ts';
import { decodeMessage } from '../../src-main/syncml/codec.ts';
import type { Envelope } from '../../src-main/syncml/envelope.ts';
import type { Encoding, Message } from '../../src-main/syncml/model.ts';
import { clientOf, converse, genericAlert, proverOf, serverOf, TestDevice, verifierOf } from './dm-pair.ts';

const at = (uri: string) => ({ target: { uri } });
const chr = { format: 'chr', type: 'text/plain' };

export const TOUR_PACKAGES: readonly (readonly WantedCommand[])[] = [
  [
    { kind: 'Get', items: [at('./a'), at('./b')] },
    { kind: 'Get', items: [at('./bag')] },
    { kind: 'Get', items: [at('./nowhere')] },
    {
      kind: 'Sequence',
      commands: [
        { kind: 'Replace', cmdId: '', meta: chr, items: [{ ...at('./a'), data: 'new' }] },
        { kind: 'Get', cmdId: '', items: [at('./a')] },
        { kind: 'Exec', cmdId: '', correlator: 'c-17', items: [at('./later')] },
      ],
    },
  ],
  [
    { kind: 'Add', items: [{ ...at('./bag/large'), meta: chr, data: 'large '.repeat(500) }] },
    { kind: 'Get', items: [at('./long')] },
  ],
  [
    {
      kind: 'Atomic',
      commands: [
        { kind: 'Add', cmdId: '', meta: chr, items: [{ ...at('./bag/one'), data: '1' }] },
        { kind: 'Replace', cmdId: '', items: [{ ...at('./a'), data: 'atomic' }] },
      ],
    },
    { kind: 'Copy', items: [{ ...at('./bag/copy'), source: { uri: './a' } }] },
    { kind: 'Delete', items: [at('./bag/large')] },
    { kind: 'Alert', code: 1100, items: [{ data: 'MAXDT=1' }, { data: 'Good day' }] },
  ],
];

export interface Tour {
  readonly device: TestDevice;
  readonly client: SessionOutcome | undefined;
  readonly server: SessionOutcome | undefined;
  /** Messages in turn, the client's first. */
  readonly envelopes: readonly Envelope[];
  readonly messages: readonly Message[];
  readonly roots: readonly Element[];
  readonly reports: readonly PackageReport[];
}

/** @param auth of both sides; their first proofs are made with a nonce that nobody expects, so that both are challenged. */
export function grandTour(encoding: Encoding, auth: AuthType = 'md5'): Tour {
  const device = new TestDevice();
  device.alerts = [genericAlert('x'), { ...genericAlert('y'), correlator: 'c-9' }];
  const stale = utf8('stale');
  const common = { encoding, maxMsgSize: 2000 };
  const client = clientOf(device, {
    ...common,
    prover: proverOf(auth, 'handset', 'secret', stale),
    verifier: verifierOf(auth, 'dms', 'server'),
  });
  const { session, reports } = serverOf(TOUR_PACKAGES, {
    ...common,
    respUri: 'http://dms.example/dm?s=1',
    prover: proverOf(auth, 'dms', 'server', stale),
    verifier: verifierOf(auth, 'handset', 'secret'),
  });
  const talk = converse(client, session);
  const decoded = talk.messages.map(({ body }) => decodeMessage(body, encoding));
  return {
    device,
    client: talk.client,
    server: talk.server,
    envelopes: talk.messages,
    messages: decoded.map(({ message }) => message),
    roots: decoded.map(({ root }) => root),
    reports,
  };
}
