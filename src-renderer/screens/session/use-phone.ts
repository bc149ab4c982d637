import { maskEquipmentNumbers } from '../../../src-main/base/equipment-number.ts';
import { deviceName, deviceNumber, isProvisional } from '../../components/device-name.ts';
import { useHost } from '../../host/host-context.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import type { AnySession } from './session-log.ts';

export interface Phone {
  /** What people call it. */
  readonly name: string;
  /** Its number as it may be shown; absent until it is known. */
  readonly number: string | undefined;
}

/** The handset of a session, in the words that are used for it everywhere. */
export function usePhone({ device, virtual, handset }: Pick<AnySession, 'device' | 'virtual' | 'handset'>): Phone {
  const { words } = useSpeech();
  const known = useHost(({ handsets }) => handsets.find((row) => row.device === device), undefined);
  if (device === undefined) {
    const name = handset === '' ? words.screens.session.unknownHandset : maskEquipmentNumbers(handset);
    return { name, number: undefined };
  }
  return {
    name: deviceName(known ?? { device, virtual }),
    number: isProvisional({ device }) ? undefined : deviceNumber({ device, virtual }),
  };
}
