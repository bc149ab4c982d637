import { describe, expect, it } from 'vitest';
import { browserCommand, hasDisplay } from '../../../src-main/host/page-browser.ts';

const ADDRESS = 'http://127.0.0.1:1/#token=a';

describe('opening a browser', () => {
  it.each([
    ['linux', {}, false],
    ['linux', { DISPLAY: '' }, false],
    ['linux', { DISPLAY: ':0' }, true],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, true],
    ['linux', { DISPLAY: ':0', CI: '1' }, false],
    ['darwin', {}, true],
    ['win32', {}, true],
    ['win32', { CI: 'true' }, false],
  ] as const)('knows on %s with %j whether a window could be seen', (platform, environment, visible) => {
    expect(hasDisplay(platform, environment)).toBe(visible);
  });

  it.each([
    ['linux', 'xdg-open'],
    ['darwin', 'open'],
    ['win32', 'cmd.exe'],
  ] as const)('uses the way of %s', (platform, file) => {
    const command = browserCommand(platform, ADDRESS);
    expect(command.file).toBe(file);
    expect(command.args.at(-1)).toContain(ADDRESS);
  });
});
