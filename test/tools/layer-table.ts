/** One folder (or file) of the product and what it may import of ours besides itself and `base`. */
export interface Layer {
  readonly path: string;
  readonly may: readonly string[];
  /** Compiled without Node types: no `node:` import, no dependency but these. */
  readonly pure?: readonly string[];
}

const PURE: readonly string[] = [];
const SAID = ['xml', 'wbxml', 'syncml', 'dm', 'provisioning', 'scomo', 'fumo', 'dlota'];
const TRAVELS = ['obex', 'bearer', 'net', 'link'];
const KEPT = ['store', 'settings', 'journal', 'cache', 'jobs', 'archive'];
const DOES = ['handset', 'doctor', 'dms', 'relay', 'management-server', 'offline'];
const ENGINE = [...SAID, ...TRAVELS, ...KEPT, ...DOES];
/** What a command of the command line needs besides the engine. */
const COMMAND = ['cli', 'contract', 'wording', 'base/node'];
/** What both virtual sides need. */
const PEER = ['virtual/faults', 'contract', 'net', 'link', 'syncml', 'dm', 'scomo', 'fumo', 'base/node'];

/**
 * Bottom to top. The longest matching path counts. Entries (`cli/main`, `cli/run-…`, `demo`, `start`) may import what
 * they start. `virtual/handset` and `virtual/dms` know neither each other nor the engine that they are tried with.
 */
export const LAYERS: readonly Layer[] = [
  { path: 'src-main/launch', may: [] },
  { path: 'src-main/base', may: [], pure: PURE },
  { path: 'src-main/base/node', may: [] },
  { path: 'src-main/contract', may: [], pure: ['zod'] },
  // It makes sentences of the contract's events and summaries.
  { path: 'src-main/wording', may: ['contract'], pure: PURE },
  { path: 'src-main/xml', may: [], pure: ['saxes', 'fast-xml-parser'] },
  { path: 'src-main/wbxml', may: [], pure: PURE },
  { path: 'src-main/syncml', may: ['xml', 'wbxml'], pure: PURE },
  // A value that XML cannot hold as characters is carried as octets, and does not get into names.
  { path: 'src-main/dm', may: ['syncml', 'xml/characters'], pure: PURE },
  // A serialized tree is a document of its own, in XML or in WBXML.
  { path: 'src-main/dm/tnds', may: ['syncml', 'dm', 'xml', 'wbxml'], pure: PURE },
  // It reads copies of envelopes (an interface only) and shows them in the contract's words and as XML.
  { path: 'src-main/dm/watcher', may: ['syncml', 'dm', 'xml', 'contract', 'link/message-link'], pure: PURE },
  { path: 'src-main/provisioning', may: ['xml', 'wbxml', 'syncml', 'dm'], pure: PURE },
  { path: 'src-main/scomo', may: ['syncml', 'dm'], pure: PURE },
  // Its operations are ordered, and a person's consent is asked, as those of software are.
  {
    path: 'src-main/fumo',
    may: ['syncml', 'dm', 'scomo/procedure/commands', 'scomo/procedure/execute'],
    pure: PURE,
  },
  { path: 'src-main/dlota', may: ['xml'], pure: PURE },
  { path: 'src-main/obex', may: [] },
  { path: 'src-main/obex/header.ts', may: [], pure: PURE },
  { path: 'src-main/obex/packet.ts', may: ['obex/header'], pure: PURE },
  // What some phones need over USB is kept with all else that is known of phones.
  { path: 'src-main/bearer', may: ['handset/quirks', 'native', 'base/node'] },
  { path: 'src-main/net', may: ['base/node'] },
  { path: 'src-main/link', may: ['syncml', 'obex', 'net', 'base/node'] },
  { path: 'src-main/store', may: ['base/node'] },
  { path: 'src-main/settings', may: ['store', 'base/node'] },
  // It keeps the watcher's summaries, which are the contract's.
  { path: 'src-main/journal', may: ['store', 'syncml', 'dm', 'contract', 'base/node'] },
  { path: 'src-main/cache', may: ['store', 'net', 'dlota', 'base/node'] },
  // Its outbox posts reports through the one door out; operations and differences are the contract's.
  { path: 'src-main/jobs', may: ['store', 'net', 'contract', 'base/node'] },
  // It keeps what the contract describes, and looks into packages for the components of an inventory.
  { path: 'src-main/archive', may: ['store', 'cache', 'jobs', 'scomo', 'contract', 'base/node'] },
  // What is known of phone families, as data.
  { path: 'src-main/handset/quirks', may: ['bearer/usb', 'bearer/serial/at-switch'] },
  // Who it is tells a handset itself, over OBEX or by AT commands.
  { path: 'src-main/handset', may: ['bearer', 'obex', 'link', 'store', 'syncml', 'xml', 'contract', 'base/node'] },
  // It looks at what is attached and mends the ways to it.
  { path: 'src-main/doctor', may: ['bearer', 'handset', 'contract', 'base/node'] },
  { path: 'src-main/dms', may: ['net', 'settings', 'link', 'store'] },
  // It dials and listens too, so that command line, demo and host share one way to a session.
  { path: 'src-main/relay', may: [...TRAVELS, 'syncml', 'dm', 'dms', 'contract'] },
  // It dials the handset and tells of its messages in the contract's words.
  {
    path: 'src-main/management-server',
    may: ['bearer', 'link', 'syncml', 'dm', 'scomo', 'fumo', 'provisioning', 'contract'],
  },
  // The works that it hands over are made of SCOMO and FUMO procedures.
  {
    path: 'src-main/offline',
    may: ['management-server', 'cache', 'jobs', 'handset', 'scomo', 'fumo', 'dm', 'syncml', 'contract'],
  },
  // It answers in the contract's words and tells what happens as its events.
  { path: 'src-main/operations', may: [...ENGINE, 'contract', 'base/node'] },
  // What both virtual sides do wrong on purpose, to messages on their way.
  { path: 'src-main/virtual/faults', may: ['link', 'syncml', 'dm', 'xml', 'wbxml', 'base/node'] },
  {
    path: 'src-main/virtual/handset',
    may: [...PEER, 'bearer', 'obex', 'provisioning', 'dlota', 'xml'],
  },
  {
    path: 'src-main/virtual/dms',
    may: [...PEER, 'dlota', 'management-server'],
  },
  { path: 'src-main/host', may: [...ENGINE, 'operations', 'virtual', 'contract', 'wording', 'base/node'] },
  // It finds the host or becomes it; what only the host needs is loaded then.
  { path: 'src-main/host/client.ts', may: ['contract', 'host', 'settings', 'base/node'] },
  { path: 'src-main/cli', may: ['contract', 'wording', 'host/client', 'base/node'] },
  { path: 'src-main/cli/peers', may: [...COMMAND, 'virtual', 'relay', ...TRAVELS, 'dms', ...SAID] },
  { path: 'src-main/cli/demo.ts', may: [...COMMAND, 'cli/peers', 'virtual', 'relay', 'host', ...TRAVELS, ...SAID] },
  // The one command whose process is the host on purpose.
  { path: 'src-main/cli/serve.ts', may: [...COMMAND, 'host', 'settings'] },
  { path: 'src-main/cli/start.ts', may: [...COMMAND, 'cli/peers', 'host', 'settings', 'relay', 'net'] },
  // The window's own processes; it speaks with the host's in the contract's frames only.
  // It finds Electron's program as the set-up does, and starts it.
  { path: 'src-main/cli/shell.ts', may: ['cli', 'launch/electron'] },
  { path: 'src-main/electron', may: ['contract', 'wording', 'base/node'] },
  // It says which package is newer, and of what type one is, by the rules of the host.
  { path: 'src-renderer', may: ['contract', 'wording', 'scomo/version-order', 'dlota/package-type'] },
];

/** Below `src-main/cli`, whose own files may start the commands below them. */
export const ENTRIES: readonly string[] = ['src-main/cli/main.ts', 'src-main/cli/run-command.ts'];

/** The only folder that may import these: it is what runs in the process that they may end. */
export const NATIVE_HOME = 'src-main/bearer/child/native';
export const NATIVE_MODULES: readonly string[] = [
  'serialport',
  '@serialport',
  'usb',
  '@node-usb',
  'node-bluetooth-serial-port',
];

/** What starts processes by the names of their modules, and what opens our own binary. */
export const LOADS_BY_NAME: readonly string[] = [
  'src-main/launch',
  'src-main/bearer/child/start-child',
  'src-main/bearer/child/native/rfcomm-binary',
];

/** The only folder that may import `electron`. */
export const ELECTRON_HOME = 'src-main/electron';
