import { spawn } from 'node:child_process';

type Environment = Readonly<Record<string, string | undefined>>;

export interface BrowserCommand {
  readonly file: string;
  readonly args: readonly string[];
}

/** Whether a window could be seen here. Windows and macOS always have a desktop; elsewhere a display is announced. */
export function hasDisplay(platform: NodeJS.Platform, environment: Environment): boolean {
  if (isSet(environment.CI)) return false;
  if (platform === 'win32' || platform === 'darwin') return true;
  return isSet(environment.DISPLAY) || isSet(environment.WAYLAND_DISPLAY);
}

/** The system's own way to open an address in the default browser. */
export function browserCommand(platform: NodeJS.Platform, address: string): BrowserCommand {
  if (platform === 'win32') return { file: 'cmd.exe', args: ['/d', '/c', 'start', '""', `"${address}"`] };
  return { file: platform === 'darwin' ? 'open' : 'xdg-open', args: [address] };
}

/** Opens the default browser. Should that fail, the address that was printed still works, so nothing is reported. */
export function openBrowser(address: string): void {
  const { file, args } = browserCommand(process.platform, address);
  const child = spawn(file, args, { detached: true, stdio: 'ignore', windowsVerbatimArguments: true });
  child.on('error', () => undefined);
  child.unref();
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}
