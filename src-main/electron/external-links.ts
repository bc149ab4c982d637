import type { Shell } from 'electron';

/**
 * Web sites that the program itself refers to: the standards it speaks. Nobody else's address is ever handed to the
 * system, which would start whatever program is registered for it (security guide, item 15).
 */
const HOSTS: readonly string[] = ['www.openmobilealliance.org', 'openmobilealliance.org', 'www.rfc-editor.org'];
const MAX_LENGTH = 2048;

export function isAllowedLink(address: string): boolean {
  if (address.length > MAX_LENGTH) return false;
  try {
    const url = new URL(address);
    const plain = url.username === '' && url.password === '' && url.port === '';
    return url.protocol === 'https:' && plain && HOSTS.includes(url.hostname);
  } catch {
    return false;
  }
}

/** Opens an address in the person's browser. @returns whether it is one of those allowed and could be opened */
export async function openLink(shell: Pick<Shell, 'openExternal'>, address: string): Promise<boolean> {
  if (!isAllowedLink(address)) return false;
  try {
    // As it was parsed: what the check saw is what is opened.
    await shell.openExternal(new URL(address).href);
    return true;
  } catch {
    return false;
  }
}
