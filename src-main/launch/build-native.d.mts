/** Digest of what the Bluetooth addon is made of. */
export function sourcesDigest(): string;
/** Whether the binary of this system was built from the sources as they are. */
export function isBinaryRight(binary?: string): boolean;
