import { imeiOf } from '../../base/imei.ts';
import { plainText } from '../../base/plain-text.ts';

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
