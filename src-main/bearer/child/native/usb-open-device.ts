import { readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { platform } from 'node:process';
import { PcAgentError } from '../../../base/errors.ts';
import { oneAtATime } from '../../../base/one-at-a-time.ts';
import type { OpenUsbDevice } from '../../usb/usb-host.ts';
import { usbNode } from '../../usb/usb-node.ts';
import { withHolder } from './named-holder.ts';
import { usbCodeError } from './usb-errors.ts';
import type { PackageDevice, Setup } from './usb-package.ts';

/** Where Linux keeps its USB devices; containers and some virtual machines have none. */
export const SYSFS_DEVICES = '/sys/bus/usb/devices';
/** Requests (USB 2.0, table 9-4), features (table 9-6) and descriptor types (table 9-5). */
const SET_FEATURE = 0x03;
const GET_DESCRIPTOR = 0x06;
const GET_CONFIGURATION = 0x08;
const ENDPOINT_HALT = 0;
const CONFIGURATION = 0x02;
const STRING = 0x03;
/** Language of a device that does not tell which it knows: English (United States). */
const ENGLISH = 0x0409;
const LONGEST_STRING = 255;
const CONFIGURATION_HEAD = 9;
const MOST_CONFIGURATIONS = 8;
/** Standard requests without data are answered within 50 ms, others within 500 ms a packet (USB 2.0, 9.2.6.4). */
const CONTROL_LIMIT = 5_000;
/** A transfer waits as long as the device likes: one that is broken off by the package loses what has come. */
const NO_LIMIT = 0xffff_ffff;
const MOST_INTERFACES = 32;

/**
 * Interfaces of devices that are in use, as `place:number`. The package lets a device be claimed a second time within
 * the same process.
 */
const inUse = new Set<string>();

/** A device that npm `usb` has opened. */
export class NativeOpenDevice implements OpenUsbDevice {
  readonly #device: PackageDevice;
  readonly #place: string;
  readonly #claimed: number[] = [];
  readonly #detached: number[] = [];
  #closing: Promise<void> | undefined;
  /**
   * One call that changes the device after the other. The package refuses those that come while another one runs, with
   * an error that is thrown where a promise is due: during a reset the device could not be closed.
   */
  readonly #change = oneAtATime();

  constructor(device: PackageDevice, place: string) {
    this.#device = device;
    this.#place = place;
  }

  async configuration(): Promise<Uint8Array> {
    const borrowed = await this.#borrowInterface();
    try {
      const [value] = await this.#controlIn(GET_CONFIGURATION, 0, 0, 1);
      for (let index = 0; index < MOST_CONFIGURATIONS; index += 1) {
        const head = await this.#controlIn(GET_DESCRIPTOR, (CONFIGURATION << 8) | index, 0, CONFIGURATION_HEAD);
        // bConfigurationValue; a device that tells no configuration in effect has one.
        if (head[5] !== value && value !== undefined && value !== 0) continue;
        const total = (head[2] ?? 0) | ((head[3] ?? 0) << 8);
        return await this.#controlIn(GET_DESCRIPTOR, (CONFIGURATION << 8) | index, 0, Math.max(total, head.length));
      }
      throw new Error(`none of its configurations is number ${value}`);
    } catch (error) {
      throw usbCodeError(error, 'bearer/unavailable');
    } finally {
      if (borrowed !== undefined) await this.#device.releaseInterface(borrowed).catch(() => undefined);
    }
  }

  async text(index: number): Promise<string | undefined> {
    try {
      const languages = await this.#controlIn(GET_DESCRIPTOR, STRING << 8, 0, LONGEST_STRING);
      const language = languages.length < 4 ? ENGLISH : (languages[2] ?? 0) | ((languages[3] ?? 0) << 8);
      const octets = await this.#controlIn(GET_DESCRIPTOR, (STRING << 8) | index, language, LONGEST_STRING);
      return new TextDecoder('utf-16le').decode(octets.subarray(2, octets[0]));
    } catch {
      return undefined;
    }
  }

  async claim(interfaces: readonly number[]): Promise<void> {
    for (const number of interfaces) {
      const key = `${this.#place}:${number}`;
      if (inUse.has(key)) throw busyHere(key);
      inUse.add(key);
      this.#claimed.push(number);
      try {
        await this.#detachDriver(number);
        await this.#change(() => this.#device.claimInterface(number));
      } catch (error) {
        throw await withHolder(usbCodeError(error, 'bearer/unavailable'), () => nodeOf(this.#place), true);
      }
    }
  }

  async select(interfaceNumber: number, alternate: number): Promise<void> {
    await this.#change(() => this.#device.selectAlternateInterface(interfaceNumber, alternate)).catch(lost);
  }

  async transferIn(endpoint: number, length: number): Promise<Uint8Array | 'stall'> {
    try {
      const { data } = await this.#device.transferIn(endpoint, length, NO_LIMIT);
      return data === undefined ? 'stall' : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    } catch (error) {
      return stallOf(error);
    }
  }

  async transferOut(endpoint: number, bytes: Uint8Array): Promise<'done' | 'stall'> {
    try {
      const { bytesWritten } = await this.#device.transferOut(endpoint, bytes, NO_LIMIT);
      if (bytesWritten === bytes.length) return 'done';
    } catch (error) {
      return stallOf(error);
    }
    throw usbCodeError(new Error(`the device took only a part of ${bytes.length} octets`), 'bearer/lost');
  }

  async clearHalt(direction: 'in' | 'out', endpoint: number): Promise<void> {
    await this.#device.clearHalt(direction, endpoint).catch(lost);
  }

  /**
   * The package cannot break a transfer off. A device that is told to halt an endpoint refuses what waits there, and
   * selecting a setting ends the halt (USB 2.0, 9.4.5).
   */
  async cancel(direction: 'in' | 'out', endpoint: number): Promise<void> {
    const index = direction === 'in' ? endpoint | 0x80 : endpoint;
    const setup: Setup = {
      requestType: 'standard',
      recipient: 'endpoint',
      request: SET_FEATURE,
      value: ENDPOINT_HALT,
      index,
    };
    await this.#device.controlTransferOut(setup, new Uint8Array(0), CONTROL_LIMIT).catch(lost);
  }

  reset(): Promise<void> {
    return this.#change(() => this.#device.reset());
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const tried = (call: () => Promise<void>) => this.#change(call).catch(() => undefined);
    for (const number of this.#claimed) await tried(() => this.#device.releaseInterface(number));
    for (const number of this.#detached) await tried(() => this.#device.attachKernelDriver(number));
    await tried(() => this.#device.close());
    for (const number of this.#claimed) inUse.delete(`${this.#place}:${number}`);
  }

  /** A driver of the system lets go; what another program has claimed is left to it. */
  async #detachDriver(number: number): Promise<void> {
    const driver = await driverOf(this.#place, number);
    if (driver === undefined || driver === 'usbfs') return;
    await this.#change(() => this.#device.detachKernelDriver(number));
    this.#detached.push(number);
  }

  /** Windows answers requests through a claimed interface only: the first that lets itself be claimed. */
  async #borrowInterface(): Promise<number | undefined> {
    if (platform !== 'win32') return undefined;
    let refusal: unknown;
    for (let number = 0; number < MOST_INTERFACES; number += 1) {
      try {
        await this.#device.claimInterface(number);
        return number;
      } catch (error) {
        refusal ??= error;
      }
    }
    throw usbCodeError(refusal, 'bearer/unavailable');
  }

  async #controlIn(request: number, value: number, index: number, length: number): Promise<Uint8Array> {
    const setup: Setup = { requestType: 'standard', recipient: 'device', request, value, index };
    const { data } = await this.#device.controlTransferIn(setup, length, CONTROL_LIMIT);
    if (data === undefined) throw new Error('the device refused a standard request');
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  }
}

/** Name of the driver that holds an interface; only Linux tells, and only there may one have to let go. */
async function driverOf(place: string, number: number): Promise<string | undefined> {
  if (platform !== 'linux') return undefined;
  try {
    const configuration = (await readFile(`${SYSFS_DEVICES}/${place}/bConfigurationValue`, 'utf8')).trim();
    return basename(await readlink(`${SYSFS_DEVICES}/${place}/${place}:${configuration}.${number}/driver`));
  } catch {
    return undefined;
  }
}

/** The file by which programs have a device open; only Linux has one. */
async function nodeOf(place: string): Promise<string> {
  const number = async (name: string) => (await readFile(`${SYSFS_DEVICES}/${place}/${name}`, 'utf8')).trim();
  return usbNode(await number('busnum'), await number('devnum'));
}

function stallOf(error: unknown): 'stall' {
  if (error instanceof Error && /\bstall/i.test(error.message)) return 'stall';
  throw usbCodeError(error, 'bearer/lost');
}

function lost(error: unknown): never {
  throw usbCodeError(error, 'bearer/lost');
}

function busyHere(os: string): PcAgentError {
  return new PcAgentError('bearer/busy', 'this program has a conversation with the USB device already', {
    retry: 'later',
    details: { bearer: 'usb', os },
  });
}
