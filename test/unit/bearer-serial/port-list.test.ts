import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { handsetPorts, portAccess } from '../../../src-main/bearer/serial/port-list.ts';

describe('the serial ports of a machine', () => {
  it('are those that came with something, not those that are always there', () => {
    const ports = [
      { path: '/dev/ttyS0', manufacturer: undefined },
      { path: '/dev/ttyS4', vendorId: '04e8' },
      { path: '/dev/ttyACM0', manufacturer: 'Nokia', vendorId: '0421' },
      { path: '/dev/ttyUSB12', pnpId: 'usb-Prolific_2303' },
      { path: '/dev/rfcomm1' },
      { path: 'COM7' },
      { path: '/dev/tty.usbmodem1' },
      { path: '/dev/tty.Bluetooth-Incoming-Port' },
      { path: '/dev/ttyAMA0', vendorId: '' },
    ];
    expect(handsetPorts(ports)).toEqual([
      { path: '/dev/ttyS4' },
      { path: '/dev/ttyACM0', name: 'Nokia' },
      { path: '/dev/ttyUSB12', name: 'usb-Prolific_2303' },
      { path: '/dev/rfcomm1' },
      { path: 'COM7' },
      { path: '/dev/cu.usbmodem1' },
    ]);
  });

  it('are told from those that are not there, and from those of somebody else', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pc-agent-port-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, 'ttyACM0');
    expect(await portAccess(path)).toBe('absent');
    writeFileSync(path, '');
    expect(await portAccess(path)).toBe('usable');
    chmodSync(path, 0o000);
    // To root nothing is denied.
    expect(await portAccess(path)).toBe(process.getuid?.() === 0 ? 'usable' : 'denied');
  });
});
