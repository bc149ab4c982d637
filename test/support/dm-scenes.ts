/**
 * DM sessions that a damaged message can fall into: what a server wants, and for each side the messages that bring a
 * fresh machine to where the next one is due. Nothing in them is random, so that they are recorded once.
 */
import { utf8 } from '../../src-main/base/bytes.ts';
import { nodeDigest } from '../../src-main/base/node/digest.ts';
import type { AuthType } from '../../src-main/dm/auth/credentials.ts';
import { Verifier } from '../../src-main/dm/auth/verifier.ts';
import type { DmClientSession } from '../../src-main/dm/client/dm-client-session.ts';
import type { DmServerSession } from '../../src-main/dm/server/dm-server-session.ts';
import type { WantedCommand } from '../../src-main/dm/server/work.ts';
import type { DmStep } from '../../src-main/dm/step.ts';
import type { UserAnswer, UserQuestion } from '../../src-main/dm/user-question.ts';
import type { Envelope } from '../../src-main/syncml/envelope.ts';
import type { Command, Encoding } from '../../src-main/syncml/model.ts';
import { clientOf, genericAlert, PAIR_NONCE, proverOf, serverOf, TestDevice } from './dm-pair.ts';

const at = (uri: string) => ({ target: { uri } });
const chr = { format: 'chr', type: 'text/plain' };
const TNDS_XML =
  '<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD><Node><NodeName>t</NodeName><RTProperties><Format><node/></Format>' +
  '</RTProperties><Node><NodeName>l</NodeName><RTProperties><Format><chr/></Format></RTProperties><Value>v</Value></Node></Node></MgmtTree>';
const tnds = (name: string, children: readonly unknown[] = [], content?: string) => ({
  page: 2,
  name,
  children,
  content,
});
const INLINE = [
  tnds('MgmtTree', [
    tnds('VerDTD', [], '1.2'),
    tnds('Node', [
      tnds('NodeName', [], 'u'),
      tnds('RTProperties', [tnds('Format', [tnds('chr')])]),
      tnds('Value', [], 'v'),
    ]),
  ]),
] as never;
const alert = (code: number, ...items: readonly string[]): Command => ({
  kind: 'Alert',
  cmdId: '',
  code,
  items: items.map((data) => (data === '' ? {} : { data })),
});

export interface Scene {
  readonly name: string;
  readonly auth: AuthType;
  readonly packages: readonly (readonly WantedCommand[])[];
}

export const SCENES: readonly Scene[] = [
  {
    name: 'reading and writing, with large objects in both directions',
    auth: 'none',
    packages: [
      [
        { kind: 'Get', items: [at('./long')] },
        { kind: 'Get', items: [at('./bag?list=StructData'), at('./a?prop=ACL'), at('./a')] },
        { kind: 'Add', items: [{ ...at('./bag/n'), meta: chr, data: 'x'.repeat(4000) }] },
      ],
      [
        { kind: 'Sequence', commands: [{ kind: 'Get', cmdId: '', items: [at('./b')] }] },
        { kind: 'Exec', correlator: 'c', items: [at('./later')] },
      ],
    ],
  },
  {
    name: 'questions, in groups and beside them',
    auth: 'none',
    packages: [
      [
        {
          kind: 'Atomic',
          commands: [
            { kind: 'Replace', cmdId: '', meta: chr, items: [{ ...at('./a'), data: 'new' }] },
            alert(1101, 'MINDT=1&MAXDT=20&DR=1', 'Install?'),
            { kind: 'Add', cmdId: '', meta: chr, items: [{ ...at('./bag/q'), data: 'v' }] },
          ],
        },
        alert(1102, 'DR=abc&MAXLEN=10&IT=A&ET=T', 'Name?') as WantedCommand,
        {
          kind: 'Sequence',
          commands: [
            alert(1104, 'DR=1-2', 'Which?', 'one', 'two', 'three'),
            { kind: 'Exec', cmdId: '', items: [at('./now')] },
          ],
        },
        alert(1103, 'DR=2', 'Which?', 'one', 'two') as WantedCommand,
        alert(1100, 'MAXDT=1', 'Done') as WantedCommand,
      ],
    ],
  },
  {
    name: 'trees, rights, copies and undone groups',
    auth: 'none',
    packages: [
      [
        { kind: 'Replace', items: [{ ...at('./a?prop=ACL'), data: 'Get=*&Replace=*' }] },
        { kind: 'Replace', items: [{ ...at('./bag?prop=Name'), data: 'sack' }] },
        {
          kind: 'Add',
          meta: { format: 'xml', type: 'application/vnd.syncml.dmtnds+xml' },
          items: [{ ...at('./bag/t'), data: TNDS_XML }],
        },
        {
          kind: 'Add',
          meta: { format: 'xml', type: 'application/vnd.syncml.dmtnds+xml' },
          items: [{ ...at('./bag/u'), markup: INLINE }],
        },
        { kind: 'Get', items: [at('./bag?list=TNDS'), at('.?list=Struct')] },
        { kind: 'Copy', items: [{ ...at('./bag/c'), source: { uri: './a' } }] },
        {
          kind: 'Atomic',
          commands: [
            { kind: 'Delete', cmdId: '', items: [at('./b')] },
            { kind: 'Copy', cmdId: '', items: [{ ...at('./bag/d'), source: { uri: './a' } }] },
            { kind: 'Replace', cmdId: '', items: [{ ...at('./nowhere'), data: 'x' }] },
          ],
        },
      ],
    ],
  },
  {
    name: 'proofs of both sides',
    auth: 'md5',
    packages: [
      [{ kind: 'Get', items: [at('./a')] }],
      [{ kind: 'Replace', meta: chr, items: [{ ...at('./a'), data: 'v' }] }],
    ],
  },
];

/** Octets that are always the same ones. */
const COUNTING = { bytes: (length: number) => Uint8Array.from({ length }, (_none, index) => index) };

export interface Sides {
  readonly device: TestDevice;
  readonly client: DmClientSession;
  readonly server: DmServerSession;
}

function verifier(auth: AuthType, user: string, password: string): Verifier {
  return new Verifier({
    demand: auth,
    passwordOf: (name) => (name === user ? password : undefined),
    defaultUser: user,
    nonces: [PAIR_NONCE],
    digest: nodeDigest,
    random: COUNTING,
  });
}

/** Fresh machines of a scene, over a tree that may be an old one. */
export function sidesOf(scene: Scene, encoding: Encoding, device = new TestDevice()): Sides {
  if (device.alerts.length === 0) device.alerts = [genericAlert('x')];
  const common = { encoding, maxMsgSize: 2000 };
  const stale = scene.auth === 'none' ? PAIR_NONCE : utf8('stale');
  const client = clientOf(device, {
    ...common,
    asksUser: true,
    prover: proverOf(scene.auth, 'handset', 'secret', stale),
    verifier: verifier(scene.auth, 'dms', 'server'),
  });
  const { session } = serverOf(scene.packages, {
    ...common,
    prover: proverOf(scene.auth, 'dms', 'server', stale),
    verifier: verifier(scene.auth, 'handset', 'secret'),
  });
  return { device, client, server: session };
}

/** Answers every question of a step; gives the step that is none. */
export function throughQuestions(
  client: DmClientSession,
  step: DmStep,
  answerTo: (question: UserQuestion) => UserAnswer,
): DmStep {
  let next = step;
  for (let asked = 0; next.ask !== undefined; asked += 1) {
    if (asked > 10_000) throw new Error('the machine asks for ever');
    next = client.answer(answerTo(next.ask));
  }
  return next;
}

/** What a willing person says. */
export function willing(question: UserQuestion): UserAnswer {
  switch (question.kind) {
    case 'input':
      return { text: 'abc' };
    case 'choice':
      return { chosen: [1] };
    default:
      return 'accept';
  }
}

/** The messages of a session that nothing disturbs, the client's first. */
export function record(scene: Scene, encoding: Encoding, device = new TestDevice()): readonly Envelope[] {
  const { client, server } = sidesOf(scene, encoding, device);
  const said: Envelope[] = [client.start()];
  for (;;) {
    const last = said.at(-1) as Envelope;
    const step = said.length % 2 === 1 ? server.receive(last) : throughQuestions(client, client.receive(last), willing);
    if (step.outcome !== undefined && !step.outcome.ok) throw new Error(`${scene.name}: ${step.outcome.code}`);
    if (step.send === undefined) return said;
    said.push(step.send);
    if (said.length > 200) throw new Error(`${scene.name}: the sides talk for ever`);
  }
}

/** A fresh machine that waits for message `depth` of the recording; the server for those at even places. */
export function machineAt(sides: Sides, said: readonly Envelope[], depth: number): DmClientSession | DmServerSession {
  const { client, server } = sides;
  if (depth % 2 === 0) {
    for (let index = 0; index < depth; index += 2) server.receive(said[index] as Envelope);
    return server;
  }
  client.start();
  for (let index = 1; index < depth; index += 2)
    throughQuestions(client, client.receive(said[index] as Envelope), willing);
  return client;
}
