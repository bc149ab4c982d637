/** What a person can do something with, by the operating system's name of it. */
export type ReasonWords = Readonly<Record<string, string>>;

export const DIALLING: ReasonWords = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'no computer of that name is known',
  EAI_AGAIN: 'names cannot be looked up now',
  ENETUNREACH: 'this computer has no network that leads there',
  EHOSTUNREACH: 'no computer answers at that address',
};

export const LISTENING: ReasonWords = {
  EADDRINUSE: 'another program listens there; take another port, or 0 for any that is free',
  EADDRNOTAVAIL: 'this computer does not have that address',
  EACCES: 'that port is kept for others; take a higher one, or 0 for any that is free',
};

/** Behind a sentence: what it means, and the name. @param os e.g. `ECONNREFUSED` */
export function reasonOf(os: string, words: ReasonWords): string {
  const meaning = words[os];
  return meaning === undefined ? ` (${os})` : `: ${meaning} (${os})`;
}
