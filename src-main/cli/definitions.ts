/**
 * The commands and their flags as `--help` shows them. Nothing is loaded here but commander, so that help is quick;
 * the values are checked by `options.ts` when a command runs.
 */
import { Command, Option } from 'commander';
import { VERSION } from '../base/version.ts';
import { DEFAULTS } from './defaults.ts';

/** A command that runs: what commander read from the command line. */
export interface Call {
  readonly name: string;
  readonly flags: Readonly<Record<string, unknown>>;
  /** Arguments without a flag, e.g. the file of `syncml decode`. */
  readonly operands: readonly string[];
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function withDefault(text: string, value: string | number): string {
  return `${text} (default: ${value})`;
}

function everyCommand(command: Command): Command {
  return command
    .option('--json', 'write events as JSON lines (default: sentences)')
    .option('--unmask', 'show IMEIs of real handsets whole (default: masked)');
}

function credentials(command: Command): Command {
  return command
    .addOption(
      new Option('--auth <scheme>', withDefault('how both sides prove themselves', DEFAULTS.auth)).choices([
        'none',
        'basic',
        'md5',
        'mac',
      ]),
    )
    .option('--user <name>', withDefault('user name of the handset', DEFAULTS.user))
    .option('--password <text>', withDefault('password of the handset', DEFAULTS.password))
    .option('--server-id <id>', withDefault('ServerID of the DMS', DEFAULTS.serverId))
    .option('--server-password <text>', withDefault('password of the DMS', DEFAULTS.serverPassword))
    .option('--nonce <base64>', withDefault('first nonce of both ways', DEFAULTS.nonce))
    .option('--accounts <file>', 'accounts from a JSON file instead: [{serverId, serverPassword, user, password, …}]');
}

function defineDemo(command: Command): void {
  command
    .addOption(
      new Option('--bearer <kind>', withDefault('how the handsets are reached', 'tcp')).choices([
        'tcp',
        'serial',
        'usb',
        'bluetooth',
      ]),
    )
    .option('--handsets <n>', withDefault('number of handsets', 1))
    .option('--acts <list>', withDefault('relay, cache, offline (with it also cache); separated by commas', 'all'))
    .option('--profile <name>', 'what kind of handset, or of DM server, takes part, see below (default: standard)')
    .option('--fault <name>', 'a fault that the demo must notice (default: none)');
}

function defineVirtualHandset(command: Command): void {
  command
    .option('--listen <address>', 'be an OBEX server there, e.g. tcp:127.0.0.1:0 (port 0: any free one)')
    .option(
      '--connect <address>',
      'call there, e.g. tcp:HOST:PORT, serial:PATH, bluetooth:ADDRESS@CHANNEL or http://HOST:PORT/PATH, and start a session',
    )
    .option(
      '--download <url>',
      'download there as its user would, by descriptor (OMA DLOTA) or straight, and end; what comes is kept in --inbox',
    )
    .option('--initiate', 'no more than a reminder: --connect starts a session at once')
    .option('--imei <digits>', withDefault('IMEI that it says it has', DEFAULTS.imei))
    .option('--model <name>', withDefault('model that it says it is', DEFAULTS.model))
    .addOption(
      new Option('--encoding <name>', withDefault('how its messages are written', DEFAULTS.encoding)).choices([
        'wbxml',
        'xml',
      ]),
    )
    .option('--max-message <bytes>', withDefault('largest message that it takes (MaxMsgSize)', DEFAULTS.maxMessage))
    .option('--inbox <folder>', 'keep what is put without Target (default: in memory)')
    .option('--state <folder>', 'keep the tree between runs (default: forgotten at the end)')
    .option(
      '--profile <name|file>',
      'be a kind of handset, see below, or one that a .json file describes (default: as the standard says)',
    )
    .option(
      '--fault <name[=value]>',
      'do something wrong on purpose, see below; may be repeated (default: nothing)',
      collect,
    )
    .option(
      '--answer <answer>',
      "its user's answer to a question (alerts 1100 to 1104): accept, reject, cancel, timeout, text:WHAT IS TYPED, choose:1-3 (the first and the third), or ask (a person answers on standard input); repeated, one a question (default: accept, which takes what the server suggests)",
      collect,
    )
    .option(
      '--pin <digits>',
      `${withDefault('what its user types to let a bootstrap in', DEFAULTS.pin)}; with --answer ask a person types it`,
    )
    .option('--imsi <digits>', withDefault('IMSI of its SIM, for bootstraps signed with it', DEFAULTS.imsi))
    .addOption(
      new Option(
        '--firmware <action>',
        'what it does about its firmware as soon as it starts: ask the DM server for an update, or begin one with the package or URL that is there (default: nothing)',
      ).choices(['ask-as-user', 'ask-as-device', 'update', 'download-and-update']),
    )
    .option(
      '--software <action=id>',
      'what it does about its software as soon as it starts: want=PACKAGE asks the DM server for it; download-install= and install=PACKAGE (a download job or a package that a server has left), activate=, deactivate= and remove=COMPONENT do it and report it (default: nothing)',
    )
    .option(
      '--package-key <file>',
      'take only software and firmware that is signed with this Ed25519 key, public, in PEM (default: signatures are not looked at)',
    )
    .option(
      '--lax-notification',
      'start a session with the first server on a package 0 with a wrong digest (default: ignore it)',
    );
  credentials(command).addHelpText(
    'after',
    `\nA second account is always there for the DM server of PC Agent: ServerID ${DEFAULTS.agentServerId}, password ${DEFAULTS.agentPassword}. Another, or that one with
secrets of its own, comes by pc-agent bootstrap. An account of --accounts may have rights, e.g. ["Get"]; default: all.`,
  );
}

function defineVirtualDms(command: Command): void {
  command
    .requiredOption('--listen <host:port>', 'where to listen; port 0: any free one')
    .option('--packages <folder>', 'offer the packages of a folder (default: packages of its own)')
    .option('--state <folder>', 'keep jobs and reports between runs (default: forgotten at the end)')
    .option('--profile <name>', 'behave like a kind of DM server, see below (default: as the standard says)')
    .option('--fault <name>', 'do something wrong on purpose, see below; may be repeated (default: nothing)', collect);
  credentials(command);
}

function defineRelay(command: Command): void {
  command
    .option('--handset <address>', 'call the handset there, e.g. tcp:HOST:PORT')
    .option(
      '--listen <address>',
      'wait there for handsets that start sessions: tcp:, serial: or bluetooth: (OBEX), http://HOST:PORT/PATH',
    )
    .requiredOption('--dms <url>', 'the DM server; its origin is where messages may go')
    .option(
      '--count <n>',
      'number of sessions, then it ends (default: 1 with --handset, endless with --listen or --trigger)',
    )
    .option('--timeout <seconds>', 'limit of one step (default: 300; 60 for an answer of the DM server)')
    .option(
      '--idle <seconds>',
      withDefault('a session in which nothing happens for so long has stalled', DEFAULTS.idleSeconds),
    )
    .option(
      '--allow-origin <origin>',
      'messages may go there too when the server asks (RespURI); may be repeated (default: nowhere else)',
      collect,
    )
    .option('--notification <file|base64>', 'package 0 to send, ready-made (default: see --trigger and --server-id)')
    .option('--trigger <url>', "package 0 from the DMS's trigger interface (the whole long-poll address)")
    .option(
      '--server-id <id>',
      'build package 0 for this ServerID; needs --server-password-file (default: none is built)',
    )
    .option('--server-password-file <file>', 'the password for it, in a file')
    .option('--server-nonce <base64>', 'the nonce for it (default: four zero octets)');
}

function defineStart(command: Command): void {
  command
    .option('--run', "print the demo's run as text too (default: only without a display)")
    .option('--no-open', 'do not open a browser (default: open one where there is a display)')
    .option('--port <n>', withDefault('port of the page on 127.0.0.1', 'any free one'));
}

function defineHandset(command: Command): Command {
  return command
    .requiredOption('--handset <address>', 'where it is, e.g. tcp:HOST:PORT, or an IMEI or alias that is known')
    .option('--device <id>', 'DevId of the handset at that address, e.g. IMEI:004999010640000 (default: found out)');
}

function defineTarget(command: Command): Command {
  return defineHandset(command)
    .option('--dms <url|name>', 'post the work to this DM server and relay its session (default: --offline)')
    .option(
      '--offline',
      'work from what this PC holds, without a network; the only socket is the one to a tcp: handset',
    );
}

function defineChange(command: Command): Command {
  return defineOwnChange(defineTarget(command), '; with --dms the server decides, unless this is given');
}

/** Work of the PC's own DM server. */
function defineOwnChange(command: Command, elsewhere = ''): Command {
  return command
    .addOption(
      new Option('--consent <policy>', `ask the person at the handset (default: if-possible${elsewhere})`).choices([
        'required',
        'if-possible',
        'none',
      ]),
    )
    .option('--reconnect <seconds>', 'a handset whose link is lost is waited for so long; then it goes on (default: 0)')
    .option('--report-to <url|name>', 'tell this DM server how it ended (default: the default profile, if any)');
}

/** Work of the PC's own DM server on packages, which need not go through the session. */
function defineDelivery(command: Command): Command {
  return defineChange(command).option(
    '--download',
    'let the handset fetch it over its network link to this PC, see listen (default: it is sent in the session)',
  );
}

function defineInstall(command: Command): void {
  defineDelivery(command)
    .requiredOption(
      '--package <id...>',
      'ids of packages that this PC keeps (with --dms: that the DM server has); may be repeated',
    )
    .option('--allow-unverified', 'install a package that nobody vouches for too (default: refuse it)')
    .option('--inactive', 'leave what is installed inactive (default: it is activated)');
}

function defineUpdate(command: Command): void {
  defineDelivery(command)
    .option(
      '--package <id...>',
      'ids of newer packages that this PC keeps (with --dms: that the DM server has); may be repeated (default: whatever is newer than what is installed)',
    )
    .option('--allow-unverified', 'take a package that nobody vouches for too (default: refuse it)');
}

function defineFirmware(command: Command): void {
  defineDelivery(command)
    .requiredOption('--package <id>', 'id of the package that this PC keeps (with --dms: that the DM server has)')
    .option('--allow-unverified', 'take a package that nobody vouches for too (default: refuse it)');
}

/** To remove, activate or deactivate. */
function defineChangeComponent(command: Command): void {
  defineChange(command).requiredOption('--component <id>', 'id of the component, as the inventory has it');
}

function defineBootstrap(command: Command): void {
  command
    .requiredOption('--handset <address>', 'where it is, e.g. tcp:HOST:PORT, or an IMEI or alias that is known')
    .option('--device <id>', 'DevId of the handset at that address, e.g. IMEI:004999010640000 (default: found out)')
    .addOption(
      new Option('--profile <name>', withDefault('a DM message (dm) or client provisioning (cp)', 'dm')).choices([
        'dm',
        'cp',
      ]),
    )
    .addOption(
      new Option('--sec <name>', withDefault('signed by a PIN or by the IMSI', 'userpin')).choices([
        'userpin',
        'networkid',
      ]),
    )
    .option('--pin <digits>', withDefault('PIN that the person at the handset has to type', DEFAULTS.pin))
    .option('--imsi <digits>', withDefault("IMSI of the handset's SIM, for --sec networkid", DEFAULTS.imsi))
    .option('--server-id <id>', "another DM server's account (default: that of the server built into PC Agent)")
    .option('--server-password <text>', withDefault('its password; with --server-id', DEFAULTS.serverPassword))
    .option('--server-password-file <file>', 'the same, in a file that only you can read (default: none)')
    .option('--user <name>', withDefault('user name of the handset; with --server-id', DEFAULTS.user))
    .option('--password <text>', withDefault('password of the handset; with --server-id', DEFAULTS.password))
    .option('--password-file <file>', 'the same, in a file that only you can read (default: none)')
    .option('--nonce <base64>', withDefault('first nonce of both ways; with --server-id', DEFAULTS.nonce))
    .addOption(
      new Option('--auth <scheme>', withDefault('how both sides prove themselves', DEFAULTS.auth)).choices([
        'basic',
        'md5',
        'mac',
      ]),
    )
    .option('--address <url>', "the DM server's address, as the handset keeps it (default: obex:SERVER-ID)")
    .option('--no-check', 'do not ask the handset afterwards whether it has taken the account')
    .option('--wait <seconds>', withDefault('how long the person at the handset may take to type the PIN', 0));
}

function defineServe(command: Command): void {
  command.option('--port <n>', withDefault('port of the page on 127.0.0.1', 'any free one'));
}

function defineMeta(command: Command): void {
  command
    .option('--id <id>', "id of the package (default: the file's name without its ending)")
    .option('--name <name>', 'name for people (default: as the id)')
    .option('--version <version>', withDefault('version', '1.0'))
    .option('--model <name>', 'only for handsets of this model (default: any)');
}

function defineFetch(command: Command): void {
  defineMeta(command);
  command
    .option('--sha256 <hex>', 'SHA-256 digest that it must have')
    .option('--manifest <url>', "list of packages that vouches for it, e.g. the DM server's /packages/index.json");
}

function defineOffer(command: Command): void {
  command
    .option('--allow-unverified', 'offer it although nobody vouches for it (default: refuse)')
    .option('--minutes <n>', 'how long it waits for the handset (default: 60)')
    .option('--network', 'where handsets with a network link are let in, see listen (default: on this computer only)');
}

function defineDmsAdd(command: Command): void {
  command
    .option('--name <name>', "name of the profile (default: the address's host and port)")
    .option(
      '--allow-origin <origin>',
      'messages may go there too when the server asks (RespURI); may be repeated (default: nowhere else)',
      collect,
    )
    .option('--default', 'make it the one that is meant where none is named (default: only the very first profile is)');
}

function defineDmsEdit(command: Command): void {
  command
    .option('--name <name>', 'another name')
    .option('--url <url>', 'another address; the origin of the old one is no longer allowed')
    .option('--allow-origin <origin>', 'messages may go there too; may be repeated, and replaces all before', collect)
    .option('--default', 'make it the one that is meant where none is named');
}

function defineVirtualStart(command: Command): void {
  command
    .option('--profile <name>', "kind of handset, as virtual-handset's own profiles are called (default: standard)")
    .option('--model <name>', withDefault('model that it says it is', 'Virtual Handset'));
}

function defineVirtualStop(command: Command): void {
  command.requiredOption('--device <imei>', 'which one, by IMEI or alias');
}

function defineVirtualFaults(command: Command): void {
  command
    .requiredOption('--device <imei>', 'which one, by IMEI or alias')
    .option(
      '--fault <name[=value]>',
      'from now on it does this wrong, and nothing that is not named; may be repeated (default: show what is set)',
      collect,
    )
    .option('--none', 'from now on it does nothing wrong');
}

function defineDmsJobs(command: Command): void {
  command
    .option('--device <id>', 'only jobs of this handset, e.g. IMEI:004999010640000 (default: all)')
    .option('--watch', 'go on showing each that is new or changes, until Ctrl-C (default: once)');
}

function defineDoctor(command: Command): void {
  command
    .option('--apply <remedy>', 'do what this remedy says, and try the handset again; shows it and asks first')
    .option('--yes', 'do it without asking')
    .option('--undo <remedy>', 'take back what the doctor did, and put back what was there before');
}

function defineSync(command: Command): void {
  command
    .requiredOption('--handset <address>', 'where it is, e.g. tcp:HOST:PORT, or an IMEI or alias that is known')
    .option('--device <id>', 'DevId of the handset at that address, e.g. IMEI:004999010640000 (default: found out)')
    .requiredOption('--dms <url|name>', 'the DM server whose sessions are carried');
}

function defineArchiveAdd(command: Command): void {
  defineOwnChange(defineHandset(command))
    .requiredOption('--component <id>', 'id of the component, as the inventory has it')
    .option('--note <text>', 'what you want to remember of it, e.g. its settings');
}

function defineArchiveList(command: Command): void {
  command.option('--device <id>', 'only those of this handset, by DevId (default: all)');
}

function defineSnapshotTake(command: Command): void {
  defineHandset(command).requiredOption('--name <name>', 'name of the snapshot; letter case does not count');
}

function defineSnapshotRestore(command: Command): void {
  defineOwnChange(defineHandset(command))
    .option('--remove-extra', 'remove what is not in the snapshot (default: leave it alone)')
    .option('--partial', 'leave what no package is kept for as it is (default: then do nothing at all)')
    .option('--allow-unverified', 'install packages that nobody vouches for too (default: refuse them)');
}

function defineSnapshotExport(command: Command): void {
  command.requiredOption('--to <file>', 'file that is made; one that is there is not overwritten');
}

function defineSnapshotImport(command: Command): void {
  command.option('--name <name>', 'another name (default: the one in the file)');
}

function defineListenOn(command: Command): void {
  command
    .argument(
      '[address]',
      'tcp: [HOST][:PORT] (default: every interface, port 650); serial: the port; bluetooth: the channel (default: any free one); network: INTERFACE[:PORT] or ADDRESS[:PORT]',
    )
    .option(
      '--dms <url|name>',
      'carry the sessions to this DM server (default: the profile that the handset means, else the default one)',
    );
}

function definePairing(command: Command): void {
  command
    .option(
      '--yes',
      'agree to the pairing, and that both show the same digits, without being asked (default: you are asked)',
    )
    .option(
      '--pin <text>',
      'PIN to pair with, or digits that the phone shows, where they have to be typed (default: you are asked)',
    );
}

function defineBluetoothFind(command: Command): void {
  command.option('--seconds <n>', 'how long to look (default: 15)');
}

function defineBluetoothShow(command: Command): void {
  definePairing(command.option('--seconds <n>', 'for how long (default: 120)'));
}

const LISTENER_KINDS = 'tcp, serial, bluetooth or network';
const CALLER_ID = 'as callers list shows it';
const PHONE_ADDRESS = 'of the phone, e.g. 00:11:22:AA:BB:CC, as bluetooth find shows it';

interface Verb {
  readonly name: string;
  readonly description: string;
  /** As commander writes arguments: `<needed>`, `[optional]`, `<several...>`. */
  readonly argument?: string;
  /** What the argument is. */
  readonly about?: string;
  readonly define?: (command: Command) => void;
}

const FAMILIES: readonly (readonly [name: string, description: string, verbs: readonly Verb[]])[] = [
  [
    'packages',
    'keeps packages on this PC: add, fetch, offer, list, show, verify, remove',
    [
      { name: 'add', description: 'keep files of this machine', argument: '<file...>', define: defineMeta },
      {
        name: 'fetch',
        description:
          'fetch a package, or that of a download descriptor (.dd); without digest and manifest it is kept as unverified',
        argument: '<url>',
        define: defineFetch,
      },
      {
        name: 'offer',
        description: 'offer one package to one handset on 127.0.0.1, by download descriptor, until it has it',
        argument: '<id>',
        define: defineOffer,
      },
      { name: 'list', description: 'list the packages that are kept' },
      { name: 'show', description: 'all that is known of one package', argument: '<id>' },
      { name: 'verify', description: 'read a package through and compare its digest (default: all)', argument: '[id]' },
      { name: 'remove', description: 'throw a package away', argument: '<id>' },
    ],
  ],
  [
    'archive',
    'components that were taken off handsets and can be put back: add, list, restore, remove',
    [
      {
        name: 'add',
        description:
          'keep what it takes to put a component back, then remove it; refused unless its package is on this PC',
        define: defineArchiveAdd,
      },
      { name: 'list', description: 'list the archives', define: defineArchiveList },
      {
        name: 'restore',
        description: 'put a component back, as it was, on its handset or another one of that model',
        argument: '<archive>',
        define: (command) => defineOwnChange(defineHandset(command)),
      },
      { name: 'remove', description: 'forget an archive; its package may then be removed', argument: '<archive>' },
    ],
  ],
  [
    'snapshots',
    'sets of components under names: take, list, show, compare, restore, remove, export, import',
    [
      { name: 'take', description: "keep a handset's set of components", define: defineSnapshotTake },
      { name: 'list', description: 'list the snapshots' },
      { name: 'show', description: 'one of them, with the packages that it can be put back from', argument: '<name>' },
      {
        name: 'compare',
        description:
          'lay it beside a handset: what is missing, outdated and more; exit code 0: nothing missing or outdated, 1: something is',
        argument: '<name>',
        define: defineHandset,
      },
      {
        name: 'restore',
        description:
          'put it on its handset or another one of that model: installs, activates and deactivates; exit code 2: nothing to do',
        argument: '<name>',
        define: defineSnapshotRestore,
      },
      { name: 'remove', description: 'forget it; its packages may then be removed', argument: '<name>' },
      {
        name: 'export',
        description: 'write it to a file for another PC; the file does not say which handset it is of',
        argument: '<name>',
        define: defineSnapshotExport,
      },
      { name: 'import', description: 'take it from such a file', argument: '<file>', define: defineSnapshotImport },
    ],
  ],
  [
    'reports',
    'reports that DM servers have not acknowledged: list, send, export',
    [
      { name: 'list', description: 'list those that are kept' },
      { name: 'send', description: 'try to send them now' },
      {
        name: 'export',
        description: 'one of them as it would be sent, for a way of your own; --unmask: with the whole IMEI',
        argument: '<id>',
      },
    ],
  ],
  [
    'dms',
    'DM servers: add, edit, list, test, remove profiles; their jobs',
    [
      { name: 'add', description: 'make a profile of an address', argument: '<url>', define: defineDmsAdd },
      {
        name: 'edit',
        description: 'change what is given; the rest stays as it is',
        argument: '<name>',
        define: defineDmsEdit,
      },
      { name: 'list', description: 'list the profiles' },
      {
        name: 'test',
        description: 'go the way to a DM server hop by hop: name, TCP, TLS, HTTP, DM (default: the default profile)',
        argument: '[name|url]',
      },
      { name: 'remove', description: 'remove a profile', argument: '<name>' },
      {
        name: 'jobs',
        description: 'what a DM server has to do (default: the default profile)',
        argument: '[name|url]',
        define: defineDmsJobs,
      },
    ],
  ],
  [
    'listen',
    'ways in for handsets that start sessions themselves, all off by default: list (when no verb is given), on, off',
    [
      { name: 'list', description: 'show each, where it listens and why it does not' },
      {
        name: 'on',
        description: 'let handsets in by tcp, serial, bluetooth (all OBEX) or network (HTTP); kept over restarts',
        argument: '<kind>',
        about: LISTENER_KINDS,
        define: defineListenOn,
      },
      {
        name: 'off',
        description: 'let no more in; sessions that go on are not broken off',
        argument: '<kind>',
        about: LISTENER_KINDS,
      },
    ],
  ],
  [
    'callers',
    'handsets that called, each let in once by a person: list (when no verb is given), accept, refuse, forget',
    [
      { name: 'list', description: 'show who has called, who is let in and who is sent away' },
      { name: 'accept', description: 'let a caller in, now and from now on', argument: '<id>', about: CALLER_ID },
      { name: 'refuse', description: 'send a caller away, now and from now on', argument: '<id>', about: CALLER_ID },
      { name: 'forget', description: 'it is a stranger again', argument: '<id>', about: CALLER_ID },
    ],
  ],
  [
    'bluetooth',
    'phones over the air: list (when no verb is given), find, pair, forget, show',
    [
      { name: 'list', description: 'show the adapters and the phones that are known; looks for nobody' },
      { name: 'find', description: 'look for phones around', define: defineBluetoothFind },
      {
        name: 'pair',
        description: 'pair with a phone',
        argument: '<address>',
        about: PHONE_ADDRESS,
        define: definePairing,
      },
      { name: 'forget', description: 'undo a pairing', argument: '<address>', about: PHONE_ADDRESS },
      {
        name: 'show',
        description: 'let phones see this computer and ask for pairing; ends on Ctrl-C',
        define: defineBluetoothShow,
      },
    ],
  ],
  [
    'virtual',
    'virtual handsets of the running PC Agent: start, list, faults, stop, catalogue',
    [
      {
        name: 'start',
        description: 'start one, a process of its own that ends with the host',
        define: defineVirtualStart,
      },
      { name: 'list', description: 'list those that run, and what each does wrong' },
      { name: 'faults', description: 'show or set what one does wrong, while it runs', define: defineVirtualFaults },
      { name: 'stop', description: 'end one', define: defineVirtualStop },
      { name: 'catalogue', description: 'list every fault and profile that there is' },
    ],
  ],
];

const BUILT: readonly (readonly [name: string, description: string, define: (command: Command) => unknown])[] = [
  ['demo', 'the main job with virtual handsets and a virtual DMS, each in a process of its own', defineDemo],
  ['virtual-handset', 'a handset made of software, with a DM client; ends on Ctrl-C', defineVirtualHandset],
  [
    'virtual-dms',
    'a DM server made of software: OMA DM at /dm, jobs and reports at /api/v1; ends on Ctrl-C',
    defineVirtualDms,
  ],
  ['relay', 'carries DM sessions between a handset and a DM server, messages unchanged', defineRelay],
  [
    'handsets',
    'shows the handsets that were met and what is attached; joins, tells apart, names and forgets them',
    (command) =>
      command
        .argument(
          '[join|differ|name|forget]',
          'two cards are one handset; are two that only seem alike; gives one a name; takes it off the list (default: the list)',
        )
        .argument('[handset]', 'alias or DevId; with join, what belongs to the other one is given to it')
        .argument('[other]', 'alias or DevId of the other one; with name, the alias (default: it has none any more)')
        .option('--watch', 'go on showing them, and all that happens in the host, until Ctrl-C (default: once)'),
  ],
  ['inventory', 'shows what is installed on a handset', defineTarget],
  ['install', 'puts packages on a handset', defineInstall],
  ['update', 'puts newer packages on a handset for what is installed there', defineUpdate],
  ['remove', 'takes a component off a handset', defineChangeComponent],
  ['activate', 'makes a component of a handset available to its user', defineChangeComponent],
  ['deactivate', 'takes a component of a handset out of use and leaves it there', defineChangeComponent],
  ['firmware', 'updates the firmware of a handset', defineFirmware],
  ['sync', 'carries the sessions that a DM server wants with a handset, until it wants no more', defineSync],
  ['bootstrap', "puts the account of PC Agent's own DM server, or of another one, on a handset", defineBootstrap],
  ['serve', 'runs the host without a window; ends on Ctrl-C', defineServe],
  ['open', 'gives a new one-time address of the page of the running host', () => undefined],
  [
    'doctor',
    'finds out what keeps handsets from being used, and mends it; exit code 0: nothing, 1: something',
    defineDoctor,
  ],
  ['start', 'what `npm start` runs: the page and the demo that it shows; ends on Ctrl-C', defineStart],
];

function defineSyncml(program: Command, args: readonly string[], onCall: (call: Call) => void): void {
  const syncml = program.command('syncml').description('turns WBXML of DM messages into XML and back');
  if (!args.includes('syncml')) return;
  const verbs = [
    ['decode', 'WBXML or XML in, indented XML out'],
    ['encode', 'XML in, WBXML out'],
  ] as const;
  for (const [verb, description] of verbs) {
    const command = syncml
      .command(verb)
      .description(description)
      .argument('[file]', 'a file, or - for standard input', '-');
    everyCommand(command).action((file: string, flags: Record<string, unknown>) =>
      onCall({ name: 'syncml', flags, operands: [verb, file] }),
    );
  }
}

/** Families that show what they have when no verb is named. */
const LISTED_ALONE = ['listen', 'callers', 'bluetooth'];

/** Commands with verbs, as `packages add`. */
function defineFamilies(program: Command, args: readonly string[], onCall: (call: Call) => void): void {
  for (const [family, description, verbs] of FAMILIES) {
    const parent = program.command(family).description(description);
    if (!args.includes(family)) continue;
    if (LISTED_ALONE.includes(family)) listWithoutVerb(parent, family, onCall);
    for (const { name, description: text, argument, about, define } of verbs) {
      const command = parent.command(name).description(text);
      if (argument !== undefined) command.argument(argument, about);
      define?.(command);
      everyCommand(command).action((...given: unknown[]) => {
        // Commander hands over the arguments, then the flags, then the command.
        onCall({ name: family, flags: command.opts(), operands: [name, ...textsIn(given.slice(0, -2))] });
      });
    }
  }
}

function listWithoutVerb(parent: Command, family: string, onCall: (call: Call) => void): void {
  parent.allowExcessArguments().action(() => {
    const [unknown] = parent.args;
    if (unknown !== undefined) parent.error(`error: unknown command '${unknown}'`);
    onCall({ name: family, flags: {}, operands: ['list'] });
  });
}

function textsIn(given: readonly unknown[]): readonly string[] {
  return given.flat().filter((value) => typeof value === 'string');
}

/**
 * The whole program; `onCall` is told which command a person asked for. Flags are defined for the commands that
 * `args` names, since the list of commands does not show them.
 */
export function defineProgram(args: readonly string[], onCall: (call: Call) => void): Command {
  const program = new Command('pc-agent')
    .description('Manages handsets: relays OMA DM sessions, keeps packages, installs them offline')
    .addHelpText('after', '\nExit codes: 0 done, 1 failed, 2 nothing to do, 3 not found, 4 cancelled, 64 wrong usage');
  everyCommand(program);
  // Behind a command it is a flag of that: the version of a package.
  if (args[0] === 'help' || args.every((arg) => arg.startsWith('-')))
    program.version(VERSION, '--version', 'show the version of PC Agent');
  program.exitOverride().configureOutput({ writeErr: () => undefined });
  for (const [name, description, define] of BUILT) {
    const command = program.command(name).description(description);
    if (!args.includes(name)) continue;
    define(command);
    everyCommand(command).action((...given: unknown[]) =>
      onCall({ name, flags: command.opts(), operands: textsIn(given.slice(0, -2)) }),
    );
  }
  defineFamilies(program, args, onCall);
  defineSyncml(program, args, onCall);
  return program;
}
