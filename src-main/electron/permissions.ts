import type { Session, WebContents } from 'electron';
import { APP_ORIGIN } from './origin.ts';

/** What the page may do beyond showing itself: put text on the clipboard, for the copy buttons. */
const ALLOWED = 'clipboard-sanitized-write';

/** Electron grants everything where nobody is asked (security guide, item 5). The page gets no device at all. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, callback, details) => {
    callback(mayCopy(permission, contents.mainFrame.origin, details.isMainFrame));
  });
  session.setPermissionCheckHandler((_contents, permission, origin, details) =>
    mayCopy(permission, origin.replace(/\/$/, ''), details.isMainFrame),
  );
  session.setDevicePermissionHandler(() => false);
  // Phones are spoken with by the host process; the window is never offered one.
  session.on('select-usb-device', (event, _details, callback) => {
    event.preventDefault();
    callback();
  });
  session.on('select-hid-device', (event, _details, callback) => {
    event.preventDefault();
    callback(null);
  });
  session.on('select-serial-port', (event, _ports, _contents, callback) => {
    event.preventDefault();
    callback('');
  });
}

/** Web Bluetooth asks the contents, not the session. */
export function denyBluetooth(contents: Pick<WebContents, 'on'>): void {
  contents.on('select-bluetooth-device', (event, _devices, callback) => {
    event.preventDefault();
    callback('');
  });
}

function mayCopy(permission: string, origin: string, isMainFrame: boolean): boolean {
  return permission === ALLOWED && origin === APP_ORIGIN && isMainFrame;
}
