import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { App } from 'electron';
import { writeFileAtomically } from '../base/node/atomic-file.ts';

export interface Autostart {
  /** Off until a person switches it on. */
  readonly on: boolean;
  set(on: boolean): void;
}

export interface AutostartOptions {
  readonly app: Pick<App, 'getLoginItemSettings' | 'setLoginItemSettings'>;
  readonly platform: NodeJS.Platform;
  /** The program's file: of an AppImage the image, not what it was mounted as. */
  readonly program: string;
  /** `$XDG_CONFIG_HOME` or `~/.config` (Desktop Application Autostart Specification, section "Autostart Directories"). */
  readonly configFolder: string;
  readonly name: string;
}

/** Whether the program starts when the person signs in. */
export function autostart(options: AutostartOptions): Autostart {
  const { app, platform } = options;
  if (platform === 'linux') return desktopEntry(options);
  return {
    get on() {
      return app.getLoginItemSettings().openAtLogin;
    },
    set: (on) => app.setLoginItemSettings({ openAtLogin: on }),
  };
}

function desktopEntry({ configFolder, program, name }: AutostartOptions): Autostart {
  const file = join(configFolder, 'autostart', 'pc-agent.desktop');
  return {
    get on() {
      return existsSync(file);
    },
    set(on) {
      if (!on) return rmSync(file, { force: true });
      mkdirSync(dirname(file), { recursive: true });
      writeFileAtomically(file, entryText(name, program));
    },
  };
}

function entryText(name: string, program: string): string {
  const lines = ['[Desktop Entry]', 'Type=Application', `Name=${name}`, `Exec=${quoted(program)}`, 'Terminal=false'];
  return `${lines.join('\n')}\n`;
}

/** Desktop Entry Specification 1.5, "The Exec key": a quoted argument, and the string escapes of every value. */
function quoted(path: string): string {
  const argument = path.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%');
  return `"${argument.replaceAll('\\', '\\\\')}"`;
}
