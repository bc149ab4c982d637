/** @param names Of the entries beside `main` and `preload`. Default: all */
export function buildEntries(folder: string, names?: string[]): Promise<import('esbuild').BuildResult>;

/**
 * @param folder Default: `dist/electron`
 * @returns what the bundles ask for when they run
 */
export function buildShell(folder?: string): Promise<string[]>;
export function main(): Promise<void>;
