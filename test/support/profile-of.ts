import { type HandsetProfile, PROFILES } from '../../src-main/virtual/handset/profiles.ts';

/** A profile of the virtual handset as `--profile` names it. */
export function profileOf(name: string): HandsetProfile {
  const profile = PROFILES.find((one) => one.name === name);
  if (profile === undefined) throw new Error(`there is no profile ${name}`);
  return profile;
}
