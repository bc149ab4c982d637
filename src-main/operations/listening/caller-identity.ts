import { hash } from 'node:crypto';
import { deviceKey } from '../../base/device-key.ts';
import type { KeptCaller } from '../../settings/settings.ts';

/** What one caller is told from another by. */
interface CallerMark {
  readonly device?: string | undefined;
  readonly from?: string | undefined;
}

/** Only a Bluetooth address belongs to the device itself; an IP address, or a port here, is a place. */
export function hardwareOf(from: string | undefined): string | undefined {
  return from?.startsWith('bluetooth:') === true ? from.toLowerCase() : undefined;
}

/** The same for each call of the same one, by `deviceKey` and hardware address; `undefined` where nothing tells it from others. */
export function callerId({ device, from }: CallerMark): string | undefined {
  const hardware = hardwareOf(from);
  if (device === undefined && hardware === undefined) return undefined;
  const key = `${device === undefined ? '' : deviceKey(device)}\n${hardware ?? ''}`;
  return hash('sha256', key, 'hex').slice(0, 12);
}

/** The last answer that holds for a call. */
export function answerFor({ device, from }: CallerMark, kept: readonly KeptCaller[]): KeptCaller | undefined {
  const hardware = hardwareOf(from);
  const key = device === undefined ? undefined : deviceKey(device);
  if (key === undefined && hardware === undefined) return undefined;
  const same = kept.filter((each) => {
    const isDevice = key === undefined || (each.device !== undefined && deviceKey(each.device) === key);
    return isDevice && hardwareOf(each.from) === hardware;
  });
  return same.reduce<KeptCaller | undefined>(
    (last, each) => (last === undefined || each.answeredAt > last.answeredAt ? each : last),
    undefined,
  );
}
