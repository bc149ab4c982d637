import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { isPcAgentError, PcAgentError } from '../../base/errors.ts';
import { readFaults } from './fault-board.ts';
import { type HandsetProfile, profileFrom } from './profiles.ts';

const text = z.string().min(1).max(200);
/** What has its place below the root, and what is no name there. */
const TAKEN: readonly string[] = ['.', '..', 'DevInfo', 'DevDetail', 'DMAcc', 'Inbox'];
/** A segment of a URI of the management tree. */
const segment = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,60}$/, 'must be letters, digits, dots, hyphens and underscores')
  .refine((name) => !TAKEN.includes(name), 'must be a name that nothing else has');
const yes = z.boolean().exactOptional();

/**
 * A kind of virtual handset as data: the file of `virtual-handset --profile FILE.json`, at most 256 KiB of JSON in UTF-8.
 * Everything but `name` may be left out; what this does not list is refused.
 *
 * - `name`, `help`: what it is called, and a line about it
 * - `identity`: what DevInfo says: `manufacturer` (Man), `model` (Mod), `dmVersion` (DmV), `language` (Lang)
 * - `details`: what DevDetail says: `type` (DevTyp), `oem` (OEM), `firmware` (FwV), `software` (SwV), `hardware` (HwV)
 * - `limits`: `maxMessage` (MaxMsgSize that it announces) and `maxObject` (MaxObjSize, and the largest value and download
 *   that it takes), in bytes, and `maxPacket`, the longest OBEX packet
 * - `components`: what is installed from the factory: `id`, `version`, and optionally `name`, `description`, `state`
 *   (`active` or `inactive`; default active) and `package` (PkgID that it came from; default its id)
 * - `habits`: what it does otherwise than others, see below
 * - `faults`: what it does wrong from the start, as `--fault` takes it
 * - `answers`: what its user says, one a question, the last one for all that follow: `accept`, `reject`, `cancel`,
 *   `timeout`, `ask`, `{"text": "typed"}` or `{"chosen": [1, 3]}`
 *
 * What the command line says as well counts more, and faults of both add up.
 */
export const ProfileFile = z.strictObject({
  name: text.regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower-case letters, digits and hyphens'),
  help: text.default('a profile of a file'),
  identity: z
    .strictObject({
      manufacturer: text.exactOptional(),
      model: text.exactOptional(),
      dmVersion: text.exactOptional(),
      language: text.exactOptional(),
    })
    .exactOptional(),
  details: z
    .strictObject({
      type: text.exactOptional(),
      oem: text.exactOptional(),
      firmware: text.exactOptional(),
      software: text.exactOptional(),
      hardware: text.exactOptional(),
    })
    .exactOptional(),
  limits: z
    .strictObject({
      /** A message has to have room for its header. */
      maxMessage: z
        .int()
        .min(500)
        .max(16 * 1024 * 1024)
        .exactOptional(),
      maxObject: z
        .int()
        .min(1)
        .max(1024 * 1024 * 1024)
        .exactOptional(),
      /** OBEX 1.5, 3.4.1.4: at least 255. */
      maxPacket: z.int().min(255).max(65535).exactOptional(),
    })
    .exactOptional(),
  components: z
    .array(
      z.strictObject({
        id: text,
        version: text,
        name: text.exactOptional(),
        description: text.exactOptional(),
        state: z.enum(['active', 'inactive']).exactOptional(),
        package: text.exactOptional(),
      }),
    )
    .max(500)
    .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'must have different ids')
    .exactOptional(),
  habits: z
    .strictObject({
      /** The SessionID of a notification is written in decimal. */
      decimalSession: yes,
      /** On a serial line it is deaf to OBEX until an AT command wakes it. */
      atOnly: yes,
      /** Name of its SCOMO object below the root. */
      scomoRoot: segment.exactOptional(),
      /** Name of the node above its update object. */
      firmwareParent: segment.exactOptional(),
      /** Nobody is there who could be asked. */
      nobodyThere: yes,
      /** It writes and takes only this. */
      encoding: z.enum(['wbxml', 'xml']).exactOptional(),
      /** Its MD5 proofs are made with an empty nonce as long as no challenge has brought one. */
      withoutNonce: yes,
      /** After 401 or 407 it proves itself and does not say package 1 again. */
      forgetsSetup: yes,
      /** OBEX objects end with an empty End-of-Body in a packet of its own. */
      emptyEnd: yes,
      /** The Connection Id is wanted in every OBEX packet. */
      idInEveryPacket: yes,
      /** When its link is lost it keeps its session for a minute, and goes on over any link. */
      keepsSession: yes,
      /** How its messages are written. */
      messages: z.enum(['odd-order', 'odd-children', 'odd-first-chunk']).exactOptional(),
    })
    .refine(
      ({ scomoRoot = 'SCM', firmwareParent = 'FwUpdate' }) => scomoRoot !== firmwareParent,
      'must keep software and firmware in different places',
    )
    .exactOptional(),
  faults: z.array(z.string().max(1000)).max(50).exactOptional(),
  answers: z
    .array(
      z.union([
        z.enum(['accept', 'reject', 'cancel', 'timeout', 'ask']),
        z.strictObject({ text: z.string().max(1000) }),
        z.strictObject({ chosen: z.array(z.int().min(1).max(1000)).max(1000) }),
      ]),
    )
    .min(1)
    .max(100)
    .exactOptional(),
});

export type ProfileData = z.input<typeof ProfileFile>;

const MAX_FILE = 256 * 1024;
const MAX_PROBLEMS = 5;

/** @throws PcAgentError `virtual/profile-invalid`, which names what is wrong */
export function readProfile(octets: string): HandsetProfile {
  let value: unknown;
  try {
    value = JSON.parse(octets);
  } catch (cause) {
    throw invalid('it is no JSON', cause);
  }
  const { success, data, error } = ProfileFile.safeParse(value);
  if (!success) {
    const problems = error.issues.map(
      ({ path, message }) => `${path.length === 0 ? '' : `${path.join('.')}: `}${message}`,
    );
    throw invalid(problems.slice(0, MAX_PROBLEMS).join('; '));
  }
  try {
    readFaults(data.faults ?? []);
  } catch (cause) {
    if (!isPcAgentError(cause)) throw cause;
    throw invalid(`faults: ${cause.message}`, cause);
  }
  return profileFrom(data);
}

/** @throws PcAgentError `virtual/profile-invalid` */
export function readProfileFile(path: string): HandsetProfile {
  let octets: string;
  try {
    if (statSync(path).size > MAX_FILE) throw invalid(`it has more than ${MAX_FILE} bytes`);
    octets = readFileSync(path, 'utf8');
  } catch (cause) {
    if (isPcAgentError(cause)) throw cause;
    throw invalid('it cannot be read', cause);
  }
  return readProfile(octets);
}

function invalid(problem: string, cause?: unknown): PcAgentError {
  return new PcAgentError('virtual/profile-invalid', `the profile of a virtual handset: ${problem}`, {
    retry: 'after-operator',
    ...(cause === undefined ? {} : { cause }),
  });
}
