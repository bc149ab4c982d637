import { imeiOf } from '../../base/imei.ts';

/** What a handset, or its plug, says of itself. */
export interface HandsetFacts {
  readonly imei?: string;
  readonly manufacturer?: string;
  readonly model?: string;
  readonly firmware?: string;
  /** A number that is no IMEI. */
  readonly serial?: string;
  readonly speaksDm?: boolean;
}

/** A name or a version is far shorter. */
const MAX_TEXT = 100;
/** What cannot be seen, or turns the direction of what follows. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]+/gu;

/** A text that somebody unknown has written, as it may be shown; `undefined` when nothing is left of it. */
export function plainText(text: string | undefined, length = MAX_TEXT): string | undefined {
  const plain = text?.replace(UNSEEN, ' ').trim().slice(0, length).trim();
  return plain === undefined || plain === '' ? undefined : plain;
}

/** A number that tells a handset from others: as its IMEI when it is one. */
export function numberFacts(text: string | undefined): HandsetFacts {
  const plain = plainText(text);
  if (plain === undefined) return {};
  const imei = imeiOf(plain);
  return imei === undefined ? { serial: plain } : { imei };
}

/** Facts of several sources together: who spoke first is believed. That it speaks DM is true when any way says so. */
export function joinFacts(first: HandsetFacts, then: HandsetFacts): HandsetFacts {
  const speaksDm = first.speaksDm === true || then.speaksDm === true || (first.speaksDm ?? then.speaksDm);
  return { ...then, ...first, ...(speaksDm === undefined ? {} : { speaksDm }) };
}

/** The facts that have a value. */
export function knownFacts(
  facts: Readonly<Record<'manufacturer' | 'model' | 'firmware', string | undefined>>,
): HandsetFacts {
  const manufacturer = plainText(facts.manufacturer);
  const model = plainText(facts.model);
  const firmware = plainText(facts.firmware);
  return {
    ...(manufacturer === undefined ? {} : { manufacturer }),
    ...(model === undefined ? {} : { model }),
    ...(firmware === undefined ? {} : { firmware }),
  };
}
