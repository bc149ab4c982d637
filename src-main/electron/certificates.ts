import type { App } from 'electron';

/**
 * Electron would take the first certificate of the system's store for any server that asks, also for requests that have
 * no window (`webContents` null; breaking changes of Electron 44). The window speaks with no server, so none gets one.
 * `certificate-error` keeps its default: a certificate that cannot be verified ends the connection.
 */
export function withholdCertificates(app: Pick<App, 'on'>): void {
  app.on('select-client-certificate', (event, _contents, _url, _list, callback) => {
    event.preventDefault();
    callback();
  });
}
