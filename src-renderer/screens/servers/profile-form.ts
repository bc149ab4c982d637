import type { ParamsOf } from '../../../src-main/contract/requests.ts';
import type { ProfileView } from '../../../src-main/contract/results.ts';

const MAX_NAME = 100;
/** As the contract has it. */
const MAX_ORIGINS = 50;

/** What a person has typed. */
export interface ProfileForm {
  readonly name: string;
  readonly url: string;
  /** One a line. */
  readonly origins: string;
  readonly makeDefault: boolean;
}

export type NameError = 'name-missing' | 'name-long' | 'name-taken';
export type UrlError = 'url-missing' | 'url-unreadable' | 'url-scheme' | 'url-credentials';

export interface OriginError {
  readonly kind: 'unreadable' | 'scheme' | 'credentials' | 'many';
  /** The line that is wrong. */
  readonly line: string;
}

export interface ProfileFormErrors {
  readonly name?: NameError | undefined;
  readonly url?: UrlError | undefined;
  readonly origins?: OriginError | undefined;
}

/** A form for a new profile, or with what a profile has. */
export function profileForm(profile: ProfileView | undefined): ProfileForm {
  if (profile === undefined) return { name: '', url: '', origins: '', makeDefault: false };
  const { name, url, isDefault } = profile;
  return { name, url, origins: otherOrigins(profile).join('\n'), makeDefault: isDefault };
}

/** Allowed origins without the address's own, which is always allowed. */
export function otherOrigins({ url, allowedOrigins }: Pick<ProfileView, 'url' | 'allowedOrigins'>): readonly string[] {
  const own = URL.canParse(url) ? new URL(url).origin : undefined;
  return allowedOrigins.filter((origin) => origin !== own);
}

/** @param others the profiles besides this one */
export function profileFormErrors(form: ProfileForm, others: readonly Pick<ProfileView, 'name'>[]): ProfileFormErrors {
  return {
    name: nameError(form.name.trim(), others),
    url: urlError(form.url.trim()),
    origins: originError(form.origins),
  };
}

/** What the host is asked for; only for a form without errors. */
export function profileParams({ name, url, origins, makeDefault }: ProfileForm): ParamsOf<'dms.add'> {
  return {
    name: name.trim(),
    url: url.trim(),
    allowedOrigins: [...new Set(linesOf(origins).map((line) => new URL(line).origin))],
    ...(makeDefault ? { makeDefault } : {}),
  };
}

function nameError(name: string, others: readonly Pick<ProfileView, 'name'>[]): NameError | undefined {
  if (name === '') return 'name-missing';
  if (name.length > MAX_NAME) return 'name-long';
  return others.some((other) => other.name.toLowerCase() === name.toLowerCase()) ? 'name-taken' : undefined;
}

function urlError(url: string): UrlError | undefined {
  if (url === '') return 'url-missing';
  const fault = addressFault(url);
  return fault === undefined ? undefined : `url-${fault}`;
}

function originError(text: string): OriginError | undefined {
  const lines = linesOf(text);
  if (lines.length > MAX_ORIGINS) return { kind: 'many', line: '' };
  for (const line of lines) {
    const kind = addressFault(line);
    if (kind !== undefined) return { kind, line };
  }
  return undefined;
}

function addressFault(text: string): 'unreadable' | 'scheme' | 'credentials' | undefined {
  if (!URL.canParse(text)) return 'unreadable';
  const { protocol, username, password } = new URL(text);
  if (protocol !== 'https:' && protocol !== 'http:') return 'scheme';
  return username === '' && password === '' ? undefined : 'credentials';
}

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
