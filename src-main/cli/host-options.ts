/** Flags of the commands that work with the host, checked as `options.ts` checks the others. */
import { z } from 'zod';
import { DEFAULTS } from './defaults.ts';
import { base64, imsi, pin } from './options.ts';

const text = z.string().min(1, 'must not be empty').max(1000, 'is too long');
/** A profile's name or an address. */
const dms = text.exactOptional();
const webAddress = text
  .refine(
    (value) => /^https?:\/\//i.test(value) && URL.canParse(value),
    'must be an address such as http://HOST:PORT/PATH',
  )
  // It is shown in events.
  .refine((value) => !/^https?:\/\/[^/?#\\]*@/i.test(value), 'must be an address without user and password');

const target = {
  handset: z.string({ error: 'is needed: an address such as tcp:HOST:PORT, an IMEI or an alias' }).min(1),
  /** DevId of the handset at that address. */
  device: text.exactOptional(),
  dms,
  offline: z.boolean().default(false),
};

const notBoth = (options: { readonly dms?: string; readonly offline: boolean }): boolean =>
  options.dms === undefined || !options.offline;
const NOT_BOTH = { error: 'takes --dms or --offline, not both' };

export const InventoryOptions = z.object(target).refine(notBoth, NOT_BOTH);

/** Work on software by the PC's own server. */
const change = {
  ...target,
  consent: z.enum(['required', 'if-possible', 'none']).exactOptional(),
  reportTo: dms,
  reconnect: z.coerce
    .number('must be a number of seconds')
    .int('must be whole seconds')
    .min(0)
    .max(3600)
    .exactOptional(),
};

/** The handset fetches packages by itself. */
const download = z.boolean().default(false);
const notDownloaded = (options: { readonly dms?: string; readonly download: boolean }): boolean =>
  options.dms === undefined || !options.download;
const NOT_DOWNLOADED = {
  error: 'takes --dms or --download, not both: a DM server says itself how packages get onto a handset',
};

export const InstallOptions = z
  .object({
    ...change,
    package: z.array(text, { error: 'is needed: the id of a package' }).min(1, 'is needed').max(100),
    allowUnverified: z.boolean().default(false),
    inactive: z.boolean().default(false),
    download,
  })
  .refine(notBoth, NOT_BOTH)
  .refine(notDownloaded, NOT_DOWNLOADED);

/** To remove, activate or deactivate. */
export const ChangeComponentOptions = z
  .object({ ...change, component: z.string({ error: 'is needed: the id of a component' }).min(1) })
  .refine(notBoth, NOT_BOTH);

export const UpdateOptions = z
  .object({
    ...change,
    /** Absent: whatever is newer. */
    package: z.array(text).min(1).max(100).exactOptional(),
    allowUnverified: z.boolean().default(false),
    download,
  })
  .refine(notBoth, NOT_BOTH)
  .refine(notDownloaded, NOT_DOWNLOADED);

export const FirmwareOptions = z
  .object({
    ...change,
    package: z.string({ error: 'is needed: the id of a package' }).min(1).max(1000),
    allowUnverified: z.boolean().default(false),
    download,
  })
  .refine(notBoth, NOT_BOTH)
  .refine(notDownloaded, NOT_DOWNLOADED);

export const ArchiveAddOptions = z.object({
  ...change,
  component: text,
  note: z.string().max(2000, 'is too long').exactOptional(),
});

export const ArchiveListOptions = z.object({ device: text.exactOptional() });

export const ArchiveRestoreOptions = z.object({ ...change, archive: text });

const snapshotName = z.string().min(1, 'must not be empty').max(60, 'is too long');

export const SnapshotTakeOptions = z.object({ ...target, name: snapshotName });

export const SnapshotCompareOptions = z.object({ ...target, snapshot: text });

export const SnapshotRestoreOptions = z.object({
  ...change,
  snapshot: text,
  allowUnverified: z.boolean().default(false),
  removeExtra: z.boolean().default(false),
  partial: z.boolean().default(false),
});

export const SnapshotExportOptions = z.object({ snapshot: text, to: text });

export const SnapshotImportOptions = z.object({ file: text, name: snapshotName.exactOptional() });

/** An account of another server; the flags that describe it go with its name. */
const OTHER_SERVER = ['serverPassword', 'serverPasswordFile', 'user', 'password', 'passwordFile', 'nonce'] as const;

export const BootstrapOptions = z
  .object({
    handset: target.handset,
    device: text.exactOptional(),
    profile: z.enum(['dm', 'cp']).default('dm'),
    sec: z.enum(['userpin', 'networkid']).default('userpin'),
    pin: pin.default(DEFAULTS.pin),
    imsi: imsi.default(DEFAULTS.imsi),
    serverId: text
      .regex(/^[!-~]{1,255}$/, 'must be printable and without blanks')
      .regex(/^[^=&*+]*$/, 'must be without = & * +')
      .exactOptional(),
    serverPassword: text.exactOptional(),
    serverPasswordFile: text.exactOptional(),
    user: text.exactOptional(),
    password: text.exactOptional(),
    passwordFile: text.exactOptional(),
    nonce: base64.exactOptional(),
    auth: z.enum(['basic', 'md5', 'mac']).default(DEFAULTS.auth),
    address: text.exactOptional(),
    check: z.boolean().default(true),
    wait: z.coerce.number('must be a number of seconds').int('must be whole seconds').min(0).max(600).prefault(0),
  })
  .refine((options) => options.serverId !== undefined || OTHER_SERVER.every((name) => options[name] === undefined), {
    error: '--server-password, --user, --password (or a -file of theirs) and --nonce go with --server-id',
  })
  .refine(
    ({ serverPassword, serverPasswordFile }) => serverPassword === undefined || serverPasswordFile === undefined,
    {
      error: 'take either --server-password or --server-password-file',
    },
  )
  .refine(({ password, passwordFile }) => password === undefined || passwordFile === undefined, {
    error: 'take either --password or --password-file',
  });

/** Id of a remedy, as the findings have it. */
const remedy = text.exactOptional();

export const DoctorOptions = z
  .object({ apply: remedy, undo: remedy, yes: z.boolean().default(false) })
  .refine(({ apply, undo }) => apply === undefined || undo === undefined, {
    error: 'takes --apply or --undo, not both',
  })
  .refine(({ apply, yes }) => apply !== undefined || !yes, { error: '--yes goes with --apply' });

export const HandsetsOptions = z
  .object({
    watch: z.boolean().default(false),
    verb: z.enum(['join', 'differ', 'name', 'forget'], 'must be join, differ, name or forget').exactOptional(),
    device: text.exactOptional(),
    other: text.exactOptional(),
  })
  .refine(({ verb, other }) => (verb !== 'join' && verb !== 'differ') || other !== undefined, {
    error: 'join and differ take two handsets',
  })
  .refine(({ verb, device }) => (verb !== 'name' && verb !== 'forget') || device !== undefined, {
    error: 'name and forget take a handset',
  })
  .refine(({ verb, other }) => verb !== 'forget' || other === undefined, { error: 'forget takes one handset' })
  .refine(({ verb, watch }) => verb === undefined || !watch, { error: '--watch goes with the list' });

const meta = {
  id: text.exactOptional(),
  name: text.exactOptional(),
  version: text.exactOptional(),
  model: text.exactOptional(),
};

export const PackagesAddOptions = z
  .object({ ...meta, files: z.array(z.string().min(1)).min(1).max(1000) })
  .refine(
    ({ files, id, name, version, model }) => files.length === 1 || (id ?? name ?? version ?? model) === undefined,
    {
      error: '--id, --name, --version and --model go with one file',
    },
  );

export const PackagesFetchOptions = z.object({
  ...meta,
  url: webAddress,
  sha256: z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/, 'must be 64 hexadecimal digits')
    .exactOptional(),
  manifest: webAddress.exactOptional(),
});

export const PackagesOfferOptions = z.object({
  id: text,
  allowUnverified: z.boolean().exactOptional(),
  minutes: z.coerce.number().int().min(1).max(1440).exactOptional(),
  network: z.boolean().default(false),
});

export const DmsAddOptions = z.object({
  url: webAddress,
  name: text.exactOptional(),
  allowOrigin: z.array(webAddress.transform((value) => new URL(value).origin)).default([]),
  default: z.boolean().default(false),
});

export const DmsEditOptions = z.object({
  dms: text,
  name: text.exactOptional(),
  url: webAddress.exactOptional(),
  allowOrigin: z.array(webAddress.transform((value) => new URL(value).origin)).exactOptional(),
  default: z.literal(true).exactOptional(),
});

/** DevId, alias, or the digits of an IMEI alone. */
const virtualDevice = z.string({ error: 'is needed: the IMEI or alias of a virtual handset' }).min(1).max(1000);

export const VirtualStartOptions = z.object({ profile: text.exactOptional(), model: text.exactOptional() });

export const VirtualFaultsOptions = z
  .object({
    device: virtualDevice,
    fault: z.array(text).max(50).exactOptional(),
    none: z.boolean().default(false),
  })
  .refine(({ fault, none }) => fault === undefined || !none, { error: 'takes --fault or --none, not both' });

export const VirtualStopOptions = z.object({ device: virtualDevice });

export const DmsJobsOptions = z.object({ device: text.exactOptional(), watch: z.boolean().default(false) });

const listenerKind = z.enum(['tcp', 'serial', 'bluetooth', 'network'], {
  error: 'is tcp, serial, bluetooth or network',
});

export const ListenOnOptions = z
  .object({ kind: listenerKind, address: text.exactOptional(), dms })
  .refine(({ kind, address }) => address !== undefined || kind !== 'serial', {
    error: 'serial needs a port, e.g. pc-agent listen on serial /dev/ttyUSB0',
  })
  .refine(({ kind, address }) => address !== undefined || kind !== 'network', {
    error: 'network needs an interface or an address of this computer, e.g. pc-agent listen on network usb0',
  });

export const ListenOffOptions = z.object({ kind: listenerKind });

const bluetoothAddress = z
  .string({ error: 'is needed: the address of a phone' })
  .regex(/^(?:bluetooth:)?[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i, {
    error: 'must be a Bluetooth address such as 00:11:22:AA:BB:CC',
  });

const bluetoothSeconds = z.coerce
  .number({ error: 'must be a number of seconds' })
  .int()
  .min(1)
  .max(300)
  .exactOptional();

/** What is answered while phones are paired. */
const pairingAnswers = { yes: z.boolean().default(false), pin: z.string().min(1).max(16).exactOptional() };

export const BluetoothFindOptions = z.object({ seconds: bluetoothSeconds });

export const BluetoothPairOptions = z.object({ address: bluetoothAddress, ...pairingAnswers });

export const BluetoothForgetOptions = z.object({ address: bluetoothAddress });

export const BluetoothShowOptions = z.object({ seconds: bluetoothSeconds, ...pairingAnswers });

export const CallerOptions = z.object({ id: text });

export const SyncOptions = z.object({
  handset: target.handset,
  device: text.exactOptional(),
  dms: z.string({ error: 'is needed: the address of a DM server, or the name of its profile' }).min(1).max(1000),
});

export const ServeOptions = z.object({
  /** Port of the page on 127.0.0.1; 0 is any free one. */
  port: z.coerce.number({ error: 'must be a port' }).int().min(0).max(65535).default(0),
});

/** What all work on software by the PC's own server takes. */
export type ChangeOptions = z.infer<z.ZodObject<typeof change>>;
export type InventoryOptions = z.infer<typeof InventoryOptions>;
export type InstallOptions = z.infer<typeof InstallOptions>;
export type ChangeComponentOptions = z.infer<typeof ChangeComponentOptions>;
export type UpdateOptions = z.infer<typeof UpdateOptions>;
export type FirmwareOptions = z.infer<typeof FirmwareOptions>;
export type BootstrapOptions = z.infer<typeof BootstrapOptions>;
export type DoctorOptions = z.infer<typeof DoctorOptions>;
export type HandsetsOptions = z.infer<typeof HandsetsOptions>;
export type PackagesAddOptions = z.infer<typeof PackagesAddOptions>;
export type PackagesFetchOptions = z.infer<typeof PackagesFetchOptions>;
export type DmsAddOptions = z.infer<typeof DmsAddOptions>;
export type DmsEditOptions = z.infer<typeof DmsEditOptions>;
export type VirtualFaultsOptions = z.infer<typeof VirtualFaultsOptions>;
export type DmsJobsOptions = z.infer<typeof DmsJobsOptions>;
export type BluetoothFindOptions = z.infer<typeof BluetoothFindOptions>;
export type BluetoothPairOptions = z.infer<typeof BluetoothPairOptions>;
export type BluetoothShowOptions = z.infer<typeof BluetoothShowOptions>;
export type ListenOnOptions = z.infer<typeof ListenOnOptions>;
export type ListenOffOptions = z.infer<typeof ListenOffOptions>;
export type SyncOptions = z.infer<typeof SyncOptions>;
export type ServeOptions = z.infer<typeof ServeOptions>;
