import { maskEquipmentNumbers } from '../base/equipment-number.ts';

/** Free text, in which a peer or an operating system may have repeated a secret. */
const FREE_TEXT = ['message', 'reason'];
/** A shorter secret occurs in ordinary words, and masking those would make a sentence unreadable. */
const SHORTEST_SECRET = 6;

/** Hides each of `secrets` in a text for people. */
export function maskSecrets(text: string, secrets: readonly string[]): string {
  let masked = text;
  for (const secret of secrets) if (secret.length >= SHORTEST_SECRET) masked = masked.replaceAll(secret, '***');
  return masked;
}

export interface MaskOptions {
  /** Hide the serial number of IMEIs, save those that no real phone has. */
  readonly equipmentNumbers: boolean;
  /** Passwords of the command line, hidden in free text. */
  readonly secrets: readonly string[];
}

/** A copy of an event's value with everything hidden that must be; `field` is the name it stands under. */
export function masked(value: unknown, options: MaskOptions, field = ''): unknown {
  if (typeof value === 'string') {
    const text = FREE_TEXT.includes(field) ? maskSecrets(value, options.secrets) : value;
    return options.equipmentNumbers ? maskEquipmentNumbers(text) : text;
  }
  if (Array.isArray(value)) return value.map((item) => masked(item, options, field));
  if (typeof value !== 'object' || value === null) return value;
  // A virtual handset among others has no secret number.
  const own = 'virtual' in value && value.virtual === true ? { ...options, equipmentNumbers: false } : options;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, masked(inner, own, name)]));
}
