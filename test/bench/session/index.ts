/**
 * `bench session [--rounds N]`: whole management sessions between our client and our server machine in memory, without
 * any I/O: sessions a second of one core, and CPU of each machine per session, for trees of 10 and 1,000 nodes, in WBXML and XML.
 * There is no other pair of machines to hold them against, so there are figures and no verdict. Exit 0: they were
 * taken; 2: the machine was too busy for them to mean anything.
 */
import { utf8 } from '../../../src-main/base/bytes.ts';
import { nodeDigest, nodeRandom } from '../../../src-main/base/node/digest.ts';
import { Prover } from '../../../src-main/dm/auth/prover.ts';
import { Verifier } from '../../../src-main/dm/auth/verifier.ts';
import { DmClientSession } from '../../../src-main/dm/client/dm-client-session.ts';
import { DmServerSession } from '../../../src-main/dm/server/dm-server-session.ts';
import type { Work } from '../../../src-main/dm/server/work.ts';
import type { NodeSpec } from '../../../src-main/dm/tree/node.ts';
import type { Encoding } from '../../../src-main/syncml/model.ts';
import { HandsetDevice } from '../../../src-main/virtual/handset/handset-device.ts';
import { median } from '../codec/rounds.ts';
import { numberAfter } from '../number-after.ts';

const NODES = [10, 1000] as const;
const ENCODINGS: readonly Encoding[] = ['wbxml', 'xml'];
/** A round is so long, in milliseconds of CPU. */
const ROUND = 400;
const ROUNDS = 7;
/** Below this the machine was too busy to say anything. */
const QUIET = 0.5;
const NONCE = utf8('nonce');
const MAX_MESSAGE = 16_384;

/** One round of sessions one after the other. */
interface Round {
  readonly sessions: number;
  readonly messages: number;
  readonly octets: number;
  /** Milliseconds of CPU in each machine. */
  readonly client: number;
  readonly server: number;
}

export async function run(args: readonly string[]): Promise<number> {
  const count = numberAfter(args, '--rounds', ROUNDS);
  const cases = ENCODINGS.flatMap((encoding) => NODES.map((nodes) => ({ encoding, nodes, device: deviceOf(nodes) })));
  const rounds = cases.map((): Round[] => []);
  for (const { device, encoding, nodes } of cases) takeRound(device, encoding, nodes);
  for (let turn = 0; turn < count; turn += 1) {
    // The order turns, so that none is always the one after a pause.
    for (let step = 0; step < cases.length; step += 1) {
      const index = (turn + step) % cases.length;
      const one = cases[index];
      if (one !== undefined) rounds[index]?.push(takeRound(one.device, one.encoding, one.nodes));
    }
  }
  console.log('tree         encoding  messages  bytes   sessions/s  client us  server us  spread');
  const spreads = cases.map(({ encoding, nodes }, index) => print(encoding, nodes, rounds[index] ?? []));
  console.log('no verdict: there is no other client and server machine to compare with');
  return Math.min(...spreads) < QUIET ? 2 : 0;
}

/** @returns the slowest round by the fastest. */
function print(encoding: Encoding, nodes: number, rounds: readonly Round[]): number {
  const rates = rounds.map(({ sessions, client, server }) => (sessions * 1000) / (client + server));
  const perSession = (of: (round: Round) => number): number =>
    median(rounds.map((round) => of(round) / round.sessions));
  const spread = Math.min(...rates) / Math.max(...rates);
  const columns = [
    `${nodes} nodes`.padEnd(12),
    encoding.padEnd(8),
    perSession(({ messages }) => messages)
      .toFixed(0)
      .padStart(9),
    perSession(({ octets }) => octets)
      .toFixed(0)
      .padStart(7),
    median(rates).toFixed(0).padStart(11),
    (perSession(({ client }) => client) * 1000).toFixed(0).padStart(10),
    (perSession(({ server }) => server) * 1000).toFixed(0).padStart(10),
    spread.toFixed(2).padStart(7),
  ];
  console.log(columns.join(' '));
  return spread;
}

/** A handset with an object of so many leaves, ten in each of its folders. */
function deviceOf(nodes: number): HandsetDevice {
  const device = new HandsetDevice({ imei: '004999010640000', model: 'V1', digest: nodeDigest });
  const folders: Record<string, NodeSpec> = {};
  for (let folder = 0; folder * 10 < nodes; folder += 1) {
    const leaves: Record<string, NodeSpec> = {};
    for (let leaf = 0; leaf < Math.min(10, nodes - folder * 10); leaf += 1) {
      leaves[`Leaf${leaf}`] = { format: 'chr', value: `value ${folder}.${leaf}`, access: ['Get', 'Replace'] };
    }
    folders[`Folder${folder}`] = { format: 'node', access: ['Get'], children: leaves };
  }
  device.tree.put('.', 'Bench', { format: 'node', access: ['Get'], children: folders });
  return device;
}

/** Reads the whole object, changes a leaf, and looks at it again. */
function* work(found: { leaves: number }): Work {
  const all = yield [{ kind: 'Get', items: [{ target: { uri: './Bench?list=StructData' } }] }];
  found.leaves = all.reports[0]?.results.filter(({ data }) => data !== undefined).length ?? 0;
  const uri = './Bench/Folder0/Leaf0';
  yield [
    { kind: 'Replace', items: [{ target: { uri }, meta: { format: 'chr', type: 'text/plain' }, data: 'value 0.0' }] },
    { kind: 'Get', items: [{ target: { uri } }] },
    { kind: 'Get', items: [{ target: { uri: './DevDetail/SwV' } }] },
  ];
}

function takeRound(device: HandsetDevice, encoding: Encoding, nodes: number): Round {
  const total = { sessions: 0, messages: 0, octets: 0, client: 0, server: 0 };
  while (total.client + total.server < ROUND) {
    const one = takeSession(device, encoding, nodes);
    total.sessions += 1;
    total.messages += one.messages;
    total.octets += one.octets;
    total.client += one.client;
    total.server += one.server;
  }
  return total;
}

/** Milliseconds of CPU that this thread has had: what others do on the machine does not count. */
function cpuNow(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** @throws when the session fails or did not find all leaves. */
function takeSession(device: HandsetDevice, encoding: Encoding, nodes: number): Omit<Round, 'sessions'> {
  const common = { encoding, sessionId: '1A2B', maxMsgSize: MAX_MESSAGE, maxObjSize: 10_000_000 };
  const prover = (user: string, password: string) =>
    new Prover({ type: 'md5', user, password, nonce: NONCE, digest: nodeDigest });
  const verifier = (user: string, password: string) =>
    new Verifier({
      ...{ demand: 'md5', passwordOf: (name) => (name === user ? password : undefined), defaultUser: user },
      ...{ nonces: [NONCE], digest: nodeDigest, random: nodeRandom },
    });
  const found = { leaves: 0 };
  const start = cpuNow();
  const client = new DmClientSession({
    ...{ ...common, device, authority: 'dms', alert: 1201 },
    ...{ self: { uri: device.id, name: 'handset' }, peer: { uri: 'http://dms.example/dm' } },
    ...{ prover: prover('handset', 'secret'), verifier: verifier('dms', 'server') },
  });
  let message = client.start();
  const took = { messages: 0, octets: 0, client: cpuNow() - start, server: 0 };
  let at = cpuNow();
  const server = new DmServerSession({
    ...{ ...common, self: { uri: 'http://dms.example/dm', name: 'dms' }, peer: { uri: device.id } },
    ...{ prover: prover('dms', 'server'), verifier: verifier('handset', 'secret') },
    ...{ begin: () => work(found), onAlert: () => 200 },
  });
  for (;;) {
    const { send: answer, outcome } = server.receive(message);
    let now = cpuNow();
    took.server += now - at;
    took.messages += 1;
    took.octets += message.body.length;
    if (outcome?.ok === false || answer === undefined) throw new Error(`the server failed: ${outcome?.code}`);
    took.messages += 1;
    took.octets += answer.body.length;
    at = now;
    const step = client.receive(answer);
    now = cpuNow();
    took.client += now - at;
    at = now;
    if (step.outcome?.ok === false) throw new Error(`the client failed: ${step.outcome.code}`);
    if (step.send === undefined) break;
    message = step.send;
  }
  if (found.leaves !== nodes) throw new Error(`${found.leaves} leaves of ${nodes} were read`);
  return took;
}

if (import.meta.main) process.exitCode = await run(process.argv.slice(2));
