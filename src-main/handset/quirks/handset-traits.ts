import * as z from 'zod/mini';
import motorola from './motorola.json' with { type: 'json' };
import nokia from './nokia-s60.json' with { type: 'json' };
import { type Quirk, QuirkFamily, type Traits } from './quirk-schema.ts';
import samsungLg from './samsung-lg.json' with { type: 'json' };
import sharp from './sharp.json' with { type: 'json' };
import siemens from './siemens-x55.json' with { type: 'json' };
import sonyEricsson from './sony-ericsson.json' with { type: 'json' };

/** What is known of a handset; nothing of it need be. */
export interface HandsetFacts {
  readonly vendorId?: number | undefined;
  readonly productId?: number | undefined;
  readonly manufacturer?: string | undefined;
  readonly model?: string | undefined;
  readonly firmware?: string | undefined;
}

const FILES: readonly unknown[] = [nokia, siemens, sonyEricsson, motorola, samsungLg, sharp];
let families: readonly QuirkFamily[] | undefined;

/** All that is known of phones, checked. @throws TypeError when a file of ours is not as the schema says */
export function quirkFamilies(): readonly QuirkFamily[] {
  families ??= FILES.map((file) => {
    const read = QuirkFamily.safeParse(file);
    if (read.success) return read.data;
    throw new TypeError(`a file of quirks is wrong: ${z.prettifyError(read.error)}`);
  });
  return families;
}

/** What is done differently with this handset; a later entry of its family says more than an earlier one. */
export function handsetTraits(facts: HandsetFacts): Traits {
  const found = quirkFamilies().filter((family) => isOf(family, facts));
  const quirks = found.flatMap((family) => family.quirks.filter((quirk) => applies(quirk, facts)));
  return Object.assign({}, ...quirks.map(({ does }) => does));
}

/** The maker's name decides where it is known: the ids may be those of an adapter in between. */
function isOf({ match }: QuirkFamily, { vendorId, manufacturer }: HandsetFacts): boolean {
  if (manufacturer !== undefined) return match.manufacturers.some((pattern) => begins(pattern, manufacturer));
  return vendorId !== undefined && match.vendorIds.includes(idOf(vendorId));
}

function applies({ when }: Quirk, { productId, model, firmware }: HandsetFacts): boolean {
  if (when === undefined) return true;
  const { productIds, models, firmware: pattern } = when;
  if (productIds !== undefined && (productId === undefined || !productIds.includes(idOf(productId)))) return false;
  if (models !== undefined && (model === undefined || !models.some((one) => begins(one, model)))) return false;
  return pattern === undefined || (firmware !== undefined && begins(pattern, firmware));
}

function begins(pattern: string, text: string): boolean {
  return new RegExp(`^(?:${pattern})`, 'i').test(text.trim());
}

function idOf(value: number): string {
  return value.toString(16).padStart(4, '0');
}
