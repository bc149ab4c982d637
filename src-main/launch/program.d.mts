/** Names, sizes and times of everything that the packed program is made of: an edit of any kind changes it. */
export function printOfSources(root?: string): string;
export function programFolder(root?: string): string;
/** Path of the packed command line; `undefined` when there is none of the sources as they are now. */
export function packedProgram(root?: string): string | undefined;
/** The same for a command line, which a test run spares looking through the sources. */
export function programToRun(root?: string): string | undefined;
/** Says that the packed program is the one of these sources. */
export function keepPrint(print: string, root?: string): void;
