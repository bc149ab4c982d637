import { join, resolve } from 'node:path';
import type { Session } from 'electron';
import { APP_SCHEMES } from './app-protocol.ts';
import { withholdCertificates } from './certificates.ts';
import { holdInPlace } from './navigation.ts';
import { denyBluetooth, denyPermissions } from './permissions.ts';
import type { ShellOptions } from './pieces.ts';
import { startRequestOf } from './places.ts';
import { Program } from './program.ts';
import { isOnlyInstance } from './single-instance.ts';

/**
 * Starts the program's own window. Everything that must hold before the first page exists is set before Electron is
 * ready. @returns resolves when the window is opening, or when another start has taken over.
 */
export async function runShell(options: ShellOptions): Promise<void> {
  const { electron, args } = options;
  const { app, crashReporter, protocol, session } = electron;
  app.enableSandbox();
  protocol.registerSchemesAsPrivileged(APP_SCHEMES);
  // Dumps stay on this machine; there is no telemetry.
  crashReporter.start({ uploadToServer: false });
  keepApart(options);
  guardEverything(options);
  const request = startRequestOf(args);
  let program: Program | undefined;
  if (!isOnlyInstance(app, request, (second) => program?.show(second.place))) return app.quit();
  await app.whenReady();
  denyOnce(session.defaultSession);
  program = new Program(options);
  await program.open(request.place);
}

/** Another data folder is another program: it has its own window state and may run beside the first. */
function keepApart({ electron: { app }, env }: ShellOptions): void {
  const home = env.PC_AGENT_HOME;
  if (home !== undefined && home !== '') app.setPath('userData', join(resolve(env.INIT_CWD ?? '', home), 'window'));
}

/** Holds for every page and every session that there will ever be. */
function guardEverything({ electron: { app }, note }: ShellOptions): void {
  withholdCertificates(app);
  app.on('session-created', denyOnce);
  app.on('web-contents-created', (_event, contents) => {
    holdInPlace(contents);
    denyBluetooth(contents);
  });
  app.on('child-process-gone', (_event, { type, reason, serviceName }) => {
    if (reason !== 'clean-exit') note(`a process of the window ended: ${serviceName ?? type}, ${reason}`);
  });
}

const DENIED = new WeakSet<Session>();

function denyOnce(session: Session): void {
  if (DENIED.has(session)) return;
  DENIED.add(session);
  denyPermissions(session);
}
