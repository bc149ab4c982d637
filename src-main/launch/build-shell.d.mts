/**
 * @param folder Default: `dist/electron`
 * @returns what the bundles ask for when they run
 */
export function buildShell(folder?: string): Promise<string[]>;
export function main(): Promise<void>;
