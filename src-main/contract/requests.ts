/**
 * What a face may ask of the host: for each name the schema of what goes in, of what comes out, and of the pieces before
 * it for one that answers in pieces. The face checks what it gets, the host what it is given. A change that an older side
 * would misread raises `CONTRACT_VERSION`.
 */
import * as z from 'zod/mini';
import { AIR_REQUESTS } from './air.ts';
import { DemoResult } from './demo-result.ts';
import { Finding, RemedyOutcome } from './doctor.ts';
import { Attachment, KnownHandset } from './handsets.ts';
import { InstallPlan } from './install-plan.ts';
import { JobRow, ReadinessRow, StorageView } from './journal-views.ts';
import { LISTENING_REQUESTS } from './listening.ts';
import { PromptAnswer } from './prompts.ts';
import {
  BootstrapResult,
  Hop,
  OperationResult,
  PackageCheck,
  PackageView,
  ProfileView,
  ReportView,
} from './results.ts';
import { SessionMessage, SessionPart, SessionRow } from './sessions.ts';
import { BodyRetention, SettingsView } from './settings-view.ts';
import {
  ArchiveView,
  Comparison,
  DmsJobView,
  FaultView,
  SnapshotDocument,
  SnapshotName,
  SnapshotView,
} from './software-views.ts';

const NOTHING = z.object({});
const text = z.string().check(z.minLength(1), z.maxLength(1000));
const path = z.string().check(z.minLength(1), z.maxLength(4096));
const url = z.string().check(z.maxLength(4096));
const sha256 = z.string().check(z.regex(/^[0-9a-fA-F]{64}$/));
const origins = z.array(url).check(z.maxLength(50));
/** Rows of a page of a list. */
const limit = z.optional(z.int().check(z.minimum(1), z.maximum(500)));
const count = z.int().check(z.minimum(0));

/** A handset and who manages it: a DM server with `dms`, else the PC's own. */
const target = {
  handset: text,
  /** DevId of the handset at that address, when the host need not find it out. */
  device: z.optional(text),
  dms: z.optional(url),
  /** Not one outgoing connection but the bearer's own for this work. */
  offline: z.optional(z.boolean()),
};

/** Work on software. */
const change = {
  ...target,
  /** Whether the person at the handset is asked; default `if-possible`. With `dms` that server decides unless it is said here. */
  consent: z.optional(z.enum(['required', 'if-possible', 'none'])),
  /** DM server that is told the outcome: a profile or an address; default: the default profile, else none. */
  reportTo: z.optional(url),
  /** Seconds for which the PC's own server waits for a handset whose link was lost, and goes on by itself. Default 0. */
  reconnect: z.optional(z.int().check(z.minimum(0), z.maximum(3600))),
};

/**
 * The handset fetches packages over its network link to this computer (`listeners.set`); of the PC's own server only.
 * Default: they are sent in the session.
 */
const download = z.optional(z.boolean());

const installation = {
  ...change,
  packages: z.array(text).check(z.minLength(1), z.maxLength(100)),
  allowUnverified: z.optional(z.boolean()),
  /** What is installed is left inactive. Default false. */
  inactive: z.optional(z.boolean()),
  download,
};

const BootstrapAccount = z.object({
  /** It goes into ACLs, so it has none of the signs that separate entries there. */
  serverId: z.string().check(z.regex(/^[!-~]{1,255}$/), z.regex(/^[^=&*+]*$/)),
  serverPassword: text,
  user: text,
  password: text,
  auth: z.enum(['basic', 'md5', 'mac']),
  /** First nonce of both ways, base64. */
  nonce: text,
});

/** What a person says of a file that becomes a package; what is missing is taken from the file's name. */
const about = {
  id: z.optional(text),
  name: z.optional(text),
  version: z.optional(text),
  model: z.optional(text),
};

export const PackageFile = z.object({ file: path, ...about });

/** Octets of one piece of an upload before base64. */
export const UPLOAD_PIECE = 512 * 1024;
const piece = z.string().check(z.maxLength(Math.ceil(UPLOAD_PIECE / 3) * 4));

/** One page of a list, newest first. */
const page = {
  /** Only of this handset, by DevId. */
  device: z.optional(text),
  /** Only rows that hold this text; letter case does not count. */
  search: z.optional(z.string().check(z.maxLength(200))),
  limit,
};

export const REQUESTS = {
  'host.status': {
    params: NOTHING,
    result: z.object({ pid: z.int(), version: z.string(), offline: z.boolean(), startedAt: z.string() }),
  },
  /** The offline switch, kept over restarts. */
  'host.offline': { params: z.object({ offline: z.boolean() }), result: z.object({ offline: z.boolean() }) },
  'host.storage': { params: NOTHING, result: StorageView },
  /** A fresh one-time address of the page. */
  'page.open': { params: NOTHING, result: z.object({ address: z.string() }) },
  'settings.set': { params: z.object({ journalBodies: z.optional(BodyRetention) }), result: SettingsView },

  /** The handsets that were met, and what is attached besides; looks for it when nobody follows. */
  'handsets.list': {
    params: NOTHING,
    result: z.object({ handsets: z.array(KnownHandset), attachments: z.optional(z.array(Attachment)) }),
  },
  /** The handset that a person names by IMEI, DevId or alias; looks who is at which port when nobody follows. */
  'handsets.find': { params: z.object({ handset: text }), result: z.object({ address: text }) },
  /** Gives a handset a name of the person's own; without one it loses it. */
  'handsets.rename': {
    params: z.object({ device: text, alias: z.optional(z.string().check(z.maxLength(60))) }),
    result: z.object({ handset: KnownHandset }),
  },
  /** Takes a handset off the list; what was done with it stays in the journal. */
  'handsets.forget': { params: z.object({ device: text }), result: z.object({ forgotten: z.string() }) },
  /** Two cards are one phone: the ways and the history of `other` go to `device`. */
  'handsets.join': { params: z.object({ device: text, other: text }), result: z.object({ handset: KnownHandset }) },
  /** Two cards that seem alike are two phones: it is not proposed again. */
  'handsets.differ': { params: z.object({ device: text, other: text }), result: NOTHING },
  /** Diagnoses the ways to handsets; changes nothing. */
  'doctor.look': { params: NOTHING, result: z.object({ findings: z.array(Finding) }) },
  /** Applies a remedy that a person agreed to, and looks at the devices again. */
  'doctor.apply': { params: z.object({ remedy: text, digest: z.optional(text) }), result: RemedyOutcome },
  /** Takes back a remedy that was applied. */
  'doctor.undo': { params: z.object({ remedy: text }), result: RemedyOutcome },
  /** Starts a virtual handset, a process of its own, that ends with the host. */
  'virtual.start': {
    params: z.object({
      /** Name of one of the program's own profiles; default: standard. */
      profile: z.optional(text),
      model: z.optional(text),
    }),
    result: z.object({ device: z.string(), address: z.string() }),
  },
  'virtual.stop': { params: z.object({ device: text }), result: z.object({ stopped: z.string() }) },
  /** From now on it does these things wrong and no others: `NAME` or `NAME=VALUE`. */
  'virtual.faults': {
    params: z.object({ device: text, faults: z.array(text).check(z.maxLength(50)) }),
    result: z.object({ device: z.string(), faults: z.array(z.string()) }),
  },
  /** What a virtual handset can be told. */
  'virtual.catalogue': {
    params: NOTHING,
    result: z.object({ faults: z.array(FaultView), profiles: z.array(FaultView) }),
  },
  /** What the owner of a virtual handset says when asked. */
  'prompts.answer': { params: PromptAnswer, result: NOTHING },
  /** Plays the demo on virtual peers in a data folder of its own. One at a time. */
  'demo.run': { params: NOTHING, result: DemoResult },

  inventory: { params: z.object(target), result: OperationResult },
  /** Looks at handset and packages and says what `install` with the same parameters would do. Changes nothing. */
  'install.plan': { params: z.object(installation), result: InstallPlan },
  install: { params: z.object(installation), result: OperationResult },
  remove: { params: z.object({ ...change, component: text }), result: OperationResult },
  activate: { params: z.object({ ...change, component: text }), result: OperationResult },
  deactivate: { params: z.object({ ...change, component: text }), result: OperationResult },
  /** Newer packages for what is installed; what is up to date, or not installed, is left alone. */
  update: {
    params: z.object({
      ...change,
      /** Default: every package of the cache that is newer than what is installed. */
      packages: z.optional(z.array(text).check(z.minLength(1), z.maxLength(100))),
      allowUnverified: z.optional(z.boolean()),
      download,
    }),
    result: OperationResult,
  },
  firmware: {
    params: z.object({ ...change, package: text, allowUnverified: z.optional(z.boolean()), download }),
    result: OperationResult,
  },
  /** Takes a component off a handset and keeps what it takes to put it back. */
  archive: {
    params: z.object({ ...change, component: text, note: z.optional(z.string().check(z.maxLength(2000))) }),
    result: z.object({ ...OperationResult.shape, archive: z.optional(ArchiveView) }),
  },
  'archives.list': {
    params: z.object({ device: z.optional(text) }),
    result: z.object({ archives: z.array(ArchiveView) }),
  },
  'archives.remove': { params: z.object({ archive: text }), result: z.object({ removed: z.string() }) },
  /** Puts an archived component back, on the same or another handset of its model. */
  restore: { params: z.object({ ...change, archive: text }), result: OperationResult },
  /** Looks at a handset and keeps its set of components under a name. */
  'snapshots.take': {
    params: z.object({ ...target, name: SnapshotName }),
    result: z.object({ snapshot: SnapshotView }),
  },
  'snapshots.list': { params: NOTHING, result: z.object({ snapshots: z.array(SnapshotView) }) },
  /** `snapshot`: its id or name. */
  'snapshots.export': { params: z.object({ snapshot: text }), result: z.object({ document: SnapshotDocument }) },
  /** Keeps a snapshot that came from another PC. */
  'snapshots.import': {
    params: z.object({ document: SnapshotDocument }),
    result: z.object({ snapshot: SnapshotView }),
  },
  'snapshots.remove': { params: z.object({ snapshot: text }), result: z.object({ removed: z.string() }) },
  /** Beside a handset's inventory of now. Changes nothing. `snapshot`: its id or name. */
  'snapshots.compare': { params: z.object({ ...target, snapshot: text }), result: Comparison },
  /** Installs what is missing or in another version, and activates and deactivates as it was. */
  'snapshots.restore': {
    params: z.object({
      ...change,
      snapshot: text,
      allowUnverified: z.optional(z.boolean()),
      /** What is not in the snapshot is removed. Default: left alone. */
      removeExtra: z.optional(z.boolean()),
      /** What no package is kept for is left as it is. Default: then nothing at all is done. */
      partial: z.optional(z.boolean()),
    }),
    result: OperationResult,
  },
  /** Carries the sessions that a DM server wants with a handset, until it wants no more. */
  sync: {
    params: z.object({ handset: text, device: z.optional(text), dms: url }),
    result: OperationResult,
  },
  /** Puts an account on a handset: that of the PC's own DM server, with fresh passwords, unless another is given. */
  bootstrap: {
    params: z.object({
      handset: text,
      device: z.optional(text),
      /** Default `dm`. */
      profile: z.optional(z.enum(['dm', 'cp'])),
      /** How the document is signed: by what the person at the handset types, or by the IMSI. Default `userpin`. */
      security: z.optional(z.enum(['userpin', 'networkid'])),
      pin: z.optional(z.string().check(z.regex(/^[0-9]{1,20}$/))),
      imsi: z.optional(z.string().check(z.regex(/^[0-9]{5,16}$/))),
      /** How both sides prove themselves, for an account of our own; default `md5`. */
      auth: z.optional(z.enum(['basic', 'md5', 'mac'])),
      /** Another DM server's account. */
      account: z.optional(BootstrapAccount),
      /** Where the DM server is, as the handset keeps it. */
      address: z.optional(url),
      /** Whether the handset is asked afterwards if it has taken the account; default yes, for our own account. */
      check: z.optional(z.boolean()),
      /** Seconds in which the person at the handset may type the PIN before it is not asked any more; default 0. */
      wait: z.optional(z.int().check(z.minimum(0), z.maximum(600))),
    }),
    result: BootstrapResult,
  },
  /** Breaks a task off, whoever asked for it. */
  'tasks.cancel': { params: z.object({ task: text }), result: NOTHING },
  /** Takes a task that is over off the list. */
  'tasks.dismiss': { params: z.object({ task: text }), result: NOTHING },

  /** Files of this machine, so only for faces that may read them anyway. */
  'packages.add': {
    params: z.object({ files: z.array(PackageFile).check(z.minLength(1), z.maxLength(1000)) }),
    result: z.object({ packages: z.array(PackageView) }),
  },
  /** A file's bytes from a face that has them: `upload`, then pieces in their order, then `finish`. */
  'packages.upload': { params: z.object({ name: text, size: count }), result: z.object({ upload: z.string() }) },
  'packages.piece': {
    params: z.object({ upload: text, data: piece }),
    result: z.object({ received: z.int() }),
  },
  'packages.finish': {
    params: z.object({ upload: text, ...about }),
    result: z.object({ package: PackageView }),
  },
  'packages.discard': { params: z.object({ upload: text }), result: NOTHING },
  'packages.fetch': {
    params: z.object({ url, sha256: z.optional(sha256), manifest: z.optional(url), ...about }),
    result: z.object({ package: PackageView }),
  },
  /** Offers one package to one handset for a download of its own, until it says how that ended. */
  'packages.offer': {
    params: z.object({
      id: text,
      allowUnverified: z.optional(z.boolean()),
      /** Default 60. */
      minutes: z.optional(z.int().check(z.minimum(1), z.maximum(1440))),
      /** On the way in for handsets with a network link to this computer. Default: on this computer only. */
      network: z.optional(z.boolean()),
    }),
    /** Where it can be had from now on: the descriptor's address, the package's own, and its MIME type. */
    part: z.object({ descriptor: z.string(), object: z.string(), type: z.string() }),
    result: z.object({
      package: PackageView,
      /** Code of the installation notification: 900 is success. */
      notification: z.object({ code: z.int(), text: z.string(), success: z.boolean() }),
    }),
  },
  'packages.list': { params: NOTHING, result: z.object({ packages: z.array(PackageView) }) },
  'packages.show': { params: z.object({ id: text }), result: z.object({ package: PackageView }) },
  'packages.verify': {
    params: z.object({ id: z.optional(text) }),
    result: z.object({ checks: z.array(PackageCheck) }),
  },
  'packages.remove': { params: z.object({ id: text }), result: z.object({ removed: z.array(z.string()) }) },
  /** For each handset whether it could be given this package, or how many, with no network. */
  'packages.readiness': {
    params: z.object({ id: z.optional(text) }),
    result: z.object({ handsets: z.array(ReadinessRow) }),
  },

  'sessions.list': {
    params: z.object({ ...page, before: z.optional(z.int()) }),
    /** `next`: `before` of the next page; absent on the last. */
    result: z.object({ sessions: z.array(SessionRow), next: z.optional(z.int()) }),
  },
  /** One session from its message `after` on, until it is over. */
  'sessions.watch': {
    params: z.object({ session: text, after: z.optional(count) }),
    part: SessionPart,
    result: NOTHING,
  },
  'sessions.message': { params: z.object({ session: text, number: count }), result: SessionMessage },
  /** The journal or one session of it as text, secrets masked. */
  'sessions.export': {
    params: z.object({
      format: z.enum(['csv', 'json']),
      session: z.optional(text),
      device: z.optional(text),
      search: z.optional(z.string().check(z.maxLength(200))),
      /** Equipment numbers of real handsets are whole. */
      unmask: z.optional(z.boolean()),
    }),
    part: z.object({ text: z.string() }),
    result: NOTHING,
  },
  'jobs.list': {
    params: z.object({ ...page, before: z.optional(z.int()) }),
    result: z.object({ jobs: z.array(JobRow), next: z.optional(z.int()) }),
  },
  'jobs.export': {
    params: z.object({
      format: z.enum(['csv', 'json']),
      device: z.optional(text),
      search: z.optional(z.string().check(z.maxLength(200))),
      unmask: z.optional(z.boolean()),
    }),
    part: z.object({ text: z.string() }),
    result: NOTHING,
  },
  /** Outcomes for DM servers, oldest first; those that were acknowledged are left out. */
  'reports.list': { params: NOTHING, result: z.object({ reports: z.array(ReportView) }) },
  /** Tries to send them now, whatever pause they were given. */
  'reports.send': { params: NOTHING, result: z.object({ unsent: z.int() }) },
  /** A waiting report with its key, as it would be sent, for a DM server that has to get it in another way. */
  'reports.export': {
    params: z.object({ id: text }),
    result: z.object({
      id: z.string(),
      origin: z.optional(z.string()),
      virtual: z.optional(z.boolean()),
      body: z.record(z.string(), z.unknown()),
    }),
  },

  'dms.add': {
    params: z.object({
      name: text,
      url,
      allowedOrigins: z.optional(origins),
      makeDefault: z.optional(z.boolean()),
    }),
    result: z.object({ profile: ProfileView }),
  },
  /** What is not given stays. */
  'dms.edit': {
    params: z.object({
      dms: text,
      name: z.optional(text),
      url: z.optional(url),
      allowedOrigins: z.optional(origins),
      makeDefault: z.optional(z.boolean()),
    }),
    result: z.object({ profile: ProfileView }),
  },
  'dms.list': { params: NOTHING, result: z.object({ profiles: z.array(ProfileView) }) },
  /** `dms`: a profile's name or id, or an address. Each hop comes as a piece as soon as it is known. */
  'dms.test': {
    params: z.object({ dms: url }),
    part: Hop,
    result: z.object({ dms: z.string(), hops: z.array(Hop) }),
  },
  /** The jobs that a DM server has, newest first; of one handset with `device`. */
  'dms.jobs': {
    params: z.object({ dms: url, device: z.optional(text), limit }),
    result: z.object({ jobs: z.array(DmsJobView) }),
  },
  /** Each job as it is now and whenever it changes, until broken off. */
  'dms.watch': {
    params: z.object({ dms: url, device: z.optional(text) }),
    part: DmsJobView,
    result: NOTHING,
  },
  'dms.remove': { params: z.object({ dms: text }), result: z.object({ removed: z.string() }) },

  ...LISTENING_REQUESTS,
  ...AIR_REQUESTS,
} as const satisfies Record<
  string,
  { readonly params: z.ZodMiniType; readonly result: z.ZodMiniType; readonly part?: z.ZodMiniType }
>;

export type Requests = typeof REQUESTS;
export type RequestName = keyof Requests;
export type ParamsOf<N extends RequestName> = z.infer<Requests[N]['params']>;
export type ResultOf<N extends RequestName> = z.infer<Requests[N]['result']>;
/** What comes before the result; `never` for a request that answers at once. */
export type PartOf<N extends RequestName> = Requests[N] extends { readonly part: infer P extends z.ZodMiniType }
  ? z.infer<P>
  : never;

export function isRequestName(name: string): name is RequestName {
  return Object.hasOwn(REQUESTS, name);
}

/** Requests that name files of this machine: not for a page, which anybody's web browser shows. */
export const LOCAL_ONLY: readonly RequestName[] = ['packages.add'];

/** Work long enough that other faces want to see it; it may go on when its face goes away. */
export const TASKS: readonly RequestName[] = [
  'inventory',
  'install',
  'update',
  'remove',
  'activate',
  'deactivate',
  'firmware',
  'archive',
  'restore',
  'snapshots.take',
  'snapshots.compare',
  'snapshots.restore',
  'sync',
  'packages.fetch',
];
