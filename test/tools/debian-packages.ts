import { spawnSync } from 'node:child_process';

/** Debian packages that only tests and benchmarks need, never the product. */
const PACKAGES = [
  'libwbxml2-utils',
  'libwbxml2-dev',
  'obexftp',
  'openobex-apps',
  'socat',
  'curl',
  'wget',
  // Its own service stays stopped in containers; the tests start one with a configuration of theirs.
  'nginx-light',
  'iproute2',
  'strace',
  'chromium-headless-shell',
  'fonts-noto-core',
  // The virtual machine of test/lab, and what its image is built with.
  'qemu-system-x86',
  'mmdebstrap',
  'cpio',
  'xz-utils',
  'zstd',
  'kmod',
  'e2fsprogs',
] as const;
/** With what node-bluetooth-serial-port is compiled, which the long part of the laboratory runs beside our addon. */
const COMPILER_PACKAGES = ['libbluetooth-dev', 'g++', 'make', 'python3'] as const;
const APT_LIMIT = 8 * 60_000;

function isInstalled(name: string): boolean {
  const { status, stdout } = spawnSync('dpkg-query', ['-W', '-f=${db:Status-Status}', name], { encoding: 'utf8' });
  return status === 0 && stdout === 'installed';
}

function apt(...args: readonly string[]): boolean {
  const { status } = spawnSync('apt-get', ['-q', '-y', '-o', 'DPkg::Lock::Timeout=300', ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: APT_LIMIT,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return status === 0;
}

/**
 * Installs what is missing when this is root on Debian and `PC_AGENT_NO_APT` is not set, else says how; tests whose
 * program is missing then count as skipped. Never fails: a missing program speaks for itself.
 * @param long also what only the long part needs
 */
export function provideDebianPackages(say: (text: string) => void, long: boolean): void {
  const wanted = long ? [...PACKAGES, ...COMPILER_PACKAGES] : PACKAGES;
  if (spawnSync('dpkg-query', ['--version']).status !== 0) {
    say(`Some tests need the programs of the Debian packages ${wanted.join(' ')}; without them they are skipped.`);
    return;
  }
  const missing = wanted.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const line = `apt-get install --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0 || process.env.PC_AGENT_NO_APT === '1') {
    say(`Some tests need Debian packages and are skipped without them:\n  sudo ${line}`);
    return;
  }
  say(`Installing Debian packages that only tests need (PC_AGENT_NO_APT=1 forbids it):\n  ${line}`);
  const install = () => apt('install', '--no-install-recommends', ...missing);
  // The package lists of a fresh machine are empty or old.
  if (!(apt('update') && install()) && !install()) say('apt-get failed; tests that need these packages are skipped.');
}
