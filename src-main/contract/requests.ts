/**
 * What a face may ask of the host: for each name the schema of what goes in and of what comes out. The face checks
 * what it gets, the host what it is given. A change that an older side would misread raises `CONTRACT_VERSION`.
 */
import { z } from 'zod';
import { Hop, KnownHandset, OperationResult, PackageCheck, PackageView, ProfileView, ReportView } from './results.ts';

const NOTHING = z.object({});
const text = z.string().min(1).max(1000);
const path = z.string().min(1).max(4096);
const url = z.string().max(4096);
const sha256 = z.string().regex(/^[0-9a-fA-F]{64}$/);

/** A handset and who manages it: a DM server with `dms`, else the PC's own. */
const target = {
  handset: text,
  /** DevId of the handset at that address, when the host need not find it out. */
  device: text.optional(),
  dms: url.optional(),
  /** Not one outgoing connection but the bearer's own for this work. */
  offline: z.boolean().optional(),
};

/** Work on software by the PC's own server. */
const change = {
  ...target,
  /** Whether the person at the handset is asked; default `if-possible`. */
  consent: z.enum(['required', 'if-possible', 'none']).optional(),
  /** DM server that is told the outcome: a profile or an address; default: the default profile, else none. */
  reportTo: url.optional(),
};

/** What a person says of a file that becomes a package; what is missing is taken from the file's name. */
export const PackageFile = z.object({
  file: path,
  id: text.optional(),
  name: text.optional(),
  version: text.optional(),
  model: text.optional(),
});

export const REQUESTS = {
  'host.status': {
    params: NOTHING,
    result: z.object({ pid: z.int(), version: z.string(), offline: z.boolean(), startedAt: z.string() }),
  },
  /** The offline switch, kept over restarts. */
  'host.offline': { params: z.object({ offline: z.boolean() }), result: z.object({ offline: z.boolean() }) },
  /** A fresh one-time address of the page. */
  'page.open': { params: NOTHING, result: z.object({ address: z.string() }) },
  'handsets.list': { params: NOTHING, result: z.object({ handsets: z.array(KnownHandset) }) },
  inventory: { params: z.object(target), result: OperationResult },
  install: {
    params: z.object({
      ...change,
      packages: z.array(text).min(1).max(100),
      allowUnverified: z.boolean().optional(),
    }),
    result: OperationResult,
  },
  remove: { params: z.object({ ...change, component: text }), result: OperationResult },
  /** Files of this machine, so only for faces that may read them anyway. */
  'packages.add': {
    params: z.object({ files: z.array(PackageFile).min(1).max(1000) }),
    result: z.object({ packages: z.array(PackageView) }),
  },
  'packages.fetch': {
    params: z.object({
      url,
      sha256: sha256.optional(),
      manifest: url.optional(),
      id: text.optional(),
      name: text.optional(),
      version: text.optional(),
      model: text.optional(),
    }),
    result: z.object({ package: PackageView }),
  },
  'packages.list': { params: NOTHING, result: z.object({ packages: z.array(PackageView) }) },
  'packages.show': { params: z.object({ id: text }), result: z.object({ package: PackageView }) },
  'packages.verify': { params: z.object({ id: text.optional() }), result: z.object({ checks: z.array(PackageCheck) }) },
  'packages.remove': { params: z.object({ id: text }), result: z.object({ removed: z.array(z.string()) }) },
  /** Outcomes for DM servers, oldest first; those that were acknowledged are left out. */
  'reports.list': { params: NOTHING, result: z.object({ reports: z.array(ReportView) }) },
  /** Tries to send them now, whatever pause they were given. */
  'reports.send': { params: NOTHING, result: z.object({ unsent: z.int() }) },
  'dms.add': {
    params: z.object({
      name: text,
      url,
      allowedOrigins: z.array(url).max(50).optional(),
      makeDefault: z.boolean().optional(),
    }),
    result: z.object({ profile: ProfileView }),
  },
  'dms.list': { params: NOTHING, result: z.object({ profiles: z.array(ProfileView) }) },
  /** `dms`: a profile's name or id, or an address. */
  'dms.test': { params: z.object({ dms: url }), result: z.object({ dms: z.string(), hops: z.array(Hop) }) },
  'dms.remove': { params: z.object({ dms: text }), result: z.object({ removed: z.string() }) },
} as const satisfies Record<string, { readonly params: z.ZodType; readonly result: z.ZodType }>;

export type Requests = typeof REQUESTS;
export type RequestName = keyof Requests;
export type ParamsOf<N extends RequestName> = z.infer<Requests[N]['params']>;
export type ResultOf<N extends RequestName> = z.infer<Requests[N]['result']>;

export function isRequestName(name: string): name is RequestName {
  return Object.hasOwn(REQUESTS, name);
}

/** Requests that name files of this machine: not for a page, which anybody's web browser shows. */
export const LOCAL_ONLY: readonly RequestName[] = ['packages.add'];
