/** DM machines with what they need around them, and messages by hand for them: no link, no process, no clock. */
import { textOf, utf8 } from '../../src-main/base/bytes.ts';
import { nodeDigest, nodeRandom } from '../../src-main/base/node/digest.ts';
import type { AuthType } from '../../src-main/dm/auth/credentials.ts';
import { Prover } from '../../src-main/dm/auth/prover.ts';
import { Verifier } from '../../src-main/dm/auth/verifier.ts';
import { type DmClientOptions, DmClientSession, type DmDevice } from '../../src-main/dm/client/dm-client-session.ts';
import type { GenericAlert } from '../../src-main/dm/generic-alert.ts';
import { type DmServerOptions, DmServerSession } from '../../src-main/dm/server/dm-server-session.ts';
import type { DeviceFacts, PackageReport, WantedCommand, Work } from '../../src-main/dm/server/work.ts';
import type { SessionOutcome } from '../../src-main/dm/session-outcome.ts';
import type { DmStep } from '../../src-main/dm/step.ts';
import { ManagementTree } from '../../src-main/dm/tree/management-tree.ts';
import type { NodeSpec } from '../../src-main/dm/tree/node.ts';
import { decodeMessage } from '../../src-main/syncml/codec.ts';
import { encodingOf } from '../../src-main/syncml/content-type.ts';
import type { Envelope } from '../../src-main/syncml/envelope.ts';
import type { AlertCommand, Command, Message, StatusCommand } from '../../src-main/syncml/model.ts';

export const PAIR_NONCE: Uint8Array = utf8('nonce');
export const DEVICE = 'IMEI:004999010640000';
export const SERVER = 'http://dms.example/dm';
export const XML_TYPE = 'application/vnd.syncml.dm+xml';

export function proverOf(type: AuthType, user: string, password: string, nonce: Uint8Array = PAIR_NONCE): Prover {
  return new Prover({ type, user, password, nonce, digest: nodeDigest });
}

export function verifierOf(demand: AuthType, user: string, password: string, nonce: Uint8Array = PAIR_NONCE): Verifier {
  return new Verifier({
    demand,
    passwordOf: (name) => (name === user ? password : undefined),
    defaultUser: user,
    nonces: [nonce],
    digest: nodeDigest,
    random: nodeRandom,
  });
}

/** A handset with a tree of the test's own, that counts what was executed. */
export class TestDevice implements DmDevice {
  readonly tree: ManagementTree;
  readonly executed: string[] = [];
  alerts: GenericAlert[] = [];
  settled = 0;

  constructor(maxValue = 1_000_000) {
    const leaf = (value: string): NodeSpec => ({ format: 'chr', value, access: ['Get', 'Replace', 'Delete'] });
    const exec = (name: string, code: number): NodeSpec => ({
      format: 'null',
      access: ['Exec'],
      exec: (call) => {
        this.executed.push(`${name}${call.correlator === undefined ? '' : `#${call.correlator}`}`);
        return code;
      },
    });
    this.tree = new ManagementTree(
      {
        format: 'node',
        acl: 'Add=*&Delete=*&Exec=*&Get=*&Replace=*',
        children: {
          a: leaf('one'),
          b: leaf('two'),
          long: leaf('long '.repeat(600)),
          now: exec('now', 200),
          later: exec('later', 202),
          bag: {
            format: 'node',
            access: ['Get', 'Add'],
            allowed: () => ({ format: 'chr', access: ['Get', 'Add', 'Replace', 'Delete'] }),
          },
        },
      },
      { maxValue },
    );
  }

  devInfo() {
    return [{ uri: './DevInfo/DevId', value: DEVICE }];
  }

  waitingAlerts(): readonly GenericAlert[] {
    return this.alerts;
  }

  acknowledged(alert: GenericAlert): void {
    this.alerts = this.alerts.filter(({ id }) => id !== alert.id);
  }

  settle(): void {
    this.settled += 1;
  }
}

export function genericAlert(id: string): GenericAlert {
  return { id, source: './now', type: 'urn:example:done', format: 'chr', mark: 'informational', data: id };
}

export function clientOf(device: DmDevice, options: Partial<DmClientOptions> = {}): DmClientSession {
  return new DmClientSession({
    device,
    authority: 'dms',
    alert: 1201,
    encoding: 'xml',
    sessionId: '1A2B',
    maxMsgSize: 65_000,
    maxObjSize: 1_000_000,
    self: { uri: DEVICE, name: 'handset' },
    peer: { uri: SERVER },
    prover: proverOf('none', 'handset', 'secret'),
    verifier: verifierOf('none', 'dms', 'server'),
    ...options,
  });
}

/** Asks for these packages one after the other, and keeps what was answered. */
export function* workOf(
  packages: readonly (readonly WantedCommand[])[],
  reports: PackageReport[] = [],
): Generator<readonly WantedCommand[], void, PackageReport> {
  for (const commands of packages) reports.push(yield commands);
}

export interface TestServer {
  readonly session: DmServerSession;
  readonly reports: PackageReport[];
  readonly alerts: AlertCommand[];
  readonly begun: DeviceFacts[];
}

export function serverOf(
  packages: readonly (readonly WantedCommand[])[],
  options: Partial<DmServerOptions> & { readonly alertCode?: number } = {},
): TestServer {
  const reports: PackageReport[] = [];
  const alerts: AlertCommand[] = [];
  const begun: DeviceFacts[] = [];
  const session = new DmServerSession({
    encoding: 'xml',
    sessionId: '1A2B',
    maxMsgSize: 65_000,
    maxObjSize: 1_000_000,
    self: { uri: SERVER, name: 'dms' },
    peer: { uri: DEVICE },
    prover: proverOf('none', 'dms', 'server'),
    verifier: verifierOf('none', 'handset', 'secret'),
    begin: (facts): Work => {
      begun.push(facts);
      return workOf(packages, reports);
    },
    onAlert: (alert) => {
      alerts.push(alert);
      return options.alertCode ?? 200;
    },
    ...options,
  });
  return { session, reports, alerts, begun };
}

export interface Dialogue {
  readonly client: SessionOutcome | undefined;
  readonly server: SessionOutcome | undefined;
  /** Every message in turn, client first. */
  readonly messages: readonly Envelope[];
}

/** Carries messages to and fro until one side has nothing more to say. */
export function converse(client: DmClientSession, server: DmServerSession, most = 2000): Dialogue {
  const messages: Envelope[] = [client.start()];
  let atClient: SessionOutcome | undefined;
  let atServer: SessionOutcome | undefined;
  for (;;) {
    if (messages.length > most) throw new Error('the sides talk for ever');
    const said = messages.at(-1);
    if (said === undefined) throw new Error('nothing was said');
    const step: DmStep = messages.length % 2 === 1 ? server.receive(said) : client.receive(said);
    if (messages.length % 2 === 1) atServer ??= step.outcome;
    else atClient ??= step.outcome;
    if (step.send === undefined) return { client: atClient, server: atServer, messages };
    messages.push(step.send);
  }
}

export interface HandMade {
  readonly msgId?: number;
  readonly session?: string;
  /** Written into SyncHdr behind Source. */
  readonly header?: string;
  readonly final?: boolean;
  readonly verDtd?: string;
  readonly verProto?: string;
  readonly source?: string;
  readonly target?: string;
}

/** A message as another implementation might write it: no string of it comes from our encoder. */
export function byHand(body: string, options: HandMade = {}): Envelope {
  const { msgId = 1, session = '1A2B', header = '', final = true } = options;
  const { verDtd = '1.2', verProto = 'DM/1.2', source = SERVER, target = DEVICE } = options;
  const text = `<?xml version='1.0'?>
<SyncML xmlns='SYNCML:SYNCML1.2'>
 <SyncHdr><VerDTD>${verDtd}</VerDTD><VerProto>${verProto}</VerProto><SessionID>${session}</SessionID><MsgID>${msgId}</MsgID>
  <Target><LocURI>${target}</LocURI></Target><Source><LocURI>${source}</LocURI></Source>${header}</SyncHdr>
 <SyncBody>${body}${final ? '<Final/>' : ''}</SyncBody>
</SyncML>`;
  return { contentType: XML_TYPE, body: utf8(text) };
}

/** A Status by hand; `more` goes before Data. */
export function statusXml(id: number, msgRef: number, cmdRef: number, cmd: string, code: number, more = ''): string {
  return `<Status><MsgRef>${msgRef}</MsgRef><CmdRef>${cmdRef}</CmdRef><CmdID>${id}</CmdID><Cmd>${cmd}</Cmd>${more}<Data>${code}</Data></Status>`;
}

export function readEnvelope(envelope: Envelope | undefined): Message {
  if (envelope === undefined) throw new Error('there is no message');
  return decodeMessage(envelope.body, encodingOf(envelope.contentType) ?? 'wbxml').message;
}

/** What a message says in a line a command, for comparing whole answers: `Status 2 Get 200`, `Alert 1222`, `Final`. */
export function gist(envelope: Envelope | undefined): readonly string[] {
  if (envelope === undefined) return ['nothing'];
  const message = readEnvelope(envelope);
  return [...message.commands.map(lineOf), ...(message.final ? ['Final'] : [])];
}

function lineOf(command: Command): string {
  switch (command.kind) {
    case 'Status':
      return `Status ${command.msgRef}/${command.cmdRef} ${command.cmd} ${command.code}${command.chal === undefined ? '' : ' Chal'}`;
    case 'Alert':
      return `Alert ${command.code}`;
    case 'Results':
    case 'Add':
    case 'Replace':
    case 'Delete':
    case 'Get':
    case 'Exec': {
      const items = command.items.map((item) => {
        const data = item.data instanceof Uint8Array ? textOf(item.data) : item.data;
        const shown = data === undefined || data.length > 40 ? `${data?.length ?? 'no'} long` : data;
        return `${(item.source ?? item.target)?.uri ?? ''}=${shown}${item.moreData === true ? '+' : ''}`;
      });
      const refs = command.kind === 'Results' ? ` ${command.msgRef}/${command.cmdRef}` : '';
      return `${command.kind}${refs} ${items.join(', ')}`;
    }
    default:
      return command.kind;
  }
}

export function statusesOf(envelope: Envelope | undefined): readonly StatusCommand[] {
  return readEnvelope(envelope).commands.filter((command) => command.kind === 'Status');
}
