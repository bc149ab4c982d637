import { Button } from '@mantine/core';
import { Bluetooth, Laptop, Link2, type LucideIcon, Smartphone } from 'lucide-react';
import { memo, useId, useRef } from 'react';
import { Link } from 'wouter';
import { plainText } from '../../../src-main/base/plain-text.ts';
import type { AirPhone } from '../../../src-main/contract/air.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { deviceName } from '../../components/device-name.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { useHost } from '../../host/host-context.tsx';
import { useAction } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { FOCUS_HOME } from '../handsets/use-keep-focus.ts';
import { isAtAddress, signalWord } from './phone-rows.ts';

const TYPES: Readonly<Record<NonNullable<AirPhone['type']>, LucideIcon>> = {
  phone: Smartphone,
  computer: Laptop,
  other: Bluetooth,
};
/** Bars that are full, of three. */
const BARS = { strong: 3, medium: 2, weak: 1 } as const;

interface PhoneRowProps {
  readonly phone: AirPhone;
  readonly onForget: (phone: AirPhone) => void;
}

/** One phone that is in range or paired: drawn again only when something of its own differs. */
export const PhoneRow = memo(
  function PhoneRow({ phone, onForget }: PhoneRowProps) {
    const { air } = useSpeech().words.screens;
    const title = useId();
    const { address, type, paired } = phone;
    const name = phoneName(phone);
    const Icon = type === undefined ? Smartphone : TYPES[type];
    const pairing = usePairing(phone, name);
    return (
      <article
        className="air-phone"
        aria-labelledby={title}
        tabIndex={-1}
        data-address={address}
        {...{ [FOCUS_HOME]: '' }}
      >
        <Icon className="air-phone-icon" aria-hidden="true" strokeWidth={1.6} />
        <div className="air-phone-who">
          <h3 id={title} title={name}>
            <bdi>{name}</bdi>
          </h3>
          <p className="air-phone-facts small quiet">
            {name === address ? (
              <span>{air.unnamed}</span>
            ) : (
              <span className="number" dir="ltr">
                {address}
              </span>
            )}
            <Facts phone={phone} />
          </p>
          {pairing.running && (
            <p className="small" role="status">
              {air.pairing}
            </p>
          )}
        </div>
        <div className="row air-phone-actions">
          {pairing.running ? (
            <Button key="act" variant="default" aria-label={air.stopPairingNamed(name)} onClick={pairing.stop}>
              {air.stopPairing}
            </Button>
          ) : paired ? (
            <Button key="act" variant="subtle" aria-label={air.forgetNamed(name)} onClick={() => onForget(phone)}>
              {air.forget}
            </Button>
          ) : (
            <Button key="act" variant="default" aria-label={air.pairNamed(name)} onClick={pairing.start}>
              {air.pair}
            </Button>
          )}
        </div>
        {pairing.error !== undefined && (
          <div className="air-phone-error">
            <ErrorNotice code={pairing.error.code} message={pairing.error.message} phone={name} />
          </div>
        )}
      </article>
    );
  },
  (before, after) => before.onForget === after.onForget && JSON.stringify(before.phone) === JSON.stringify(after.phone),
);

/** What it calls itself, made plain once more: anybody in range may have written it. */
export function phoneName({ name, address }: Pick<AirPhone, 'name' | 'address'>): string {
  return plainText(name) ?? address;
}

function Facts({ phone }: { readonly phone: AirPhone }) {
  const { air } = useSpeech().words.screens;
  const { address, type, paired, connected, speaksDm, seenAt } = phone;
  const signal = signalWord(phone);
  const card = useHost(
    ({ handsets }) => handsets.find(({ bearers }) => bearers.some((way) => isAtAddress(way.address, address))),
    undefined,
  );
  const attached = useHost(
    ({ attachments }) => attachments.some((thing) => isAtAddress(thing.address, address)),
    false,
  );
  return (
    <>
      {type !== undefined && <span>{air.types[type]}</span>}
      {connected && (
        <span className="air-fact" data-tone="done">
          <Link2 aria-hidden="true" />
          {air.connected}
        </span>
      )}
      {signal !== undefined && !connected && (
        <span className="air-fact">
          <Bars full={BARS[signal]} />
          {air.signal[signal]}
        </span>
      )}
      {paired && !connected && seenAt === undefined && <span>{air.notSeen}</span>}
      {speaksDm !== undefined && <span>{speaksDm ? air.speaksDm : air.noDm}</span>}
      {card !== undefined && <Link href="/handsets">{air.card(deviceName(card))}</Link>}
      {card === undefined && attached && <Link href="/handsets">{air.among}</Link>}
    </>
  );
}

function Bars({ full }: { readonly full: number }) {
  return (
    <svg aria-hidden="true" viewBox="0 0 12 12" fill="currentColor">
      {[1, 2, 3].map((bar) => (
        <rect key={bar} x={bar * 4 - 4} y={12 - bar * 4} width="3" height={bar * 4} opacity={bar <= full ? 1 : 0.25} />
      ))}
    </svg>
  );
}

interface Pairing {
  readonly running: boolean;
  readonly error: ReturnType<typeof useAction<'air.pair'>>['error'];
  readonly start: () => void;
  readonly stop: () => void;
}

/** It goes on when the person goes to another place: its questions come everywhere. */
function usePairing({ address }: AirPhone, name: string): Pairing {
  const { air } = useSpeech().words.screens;
  const announce = useAnnounce();
  const { run, running, error } = useAction('air.pair');
  const stopper = useRef<AbortController | undefined>(undefined);
  const start = () => {
    stopper.current = new AbortController();
    void run({ address }, { signal: stopper.current.signal }).then((result) => {
      if (result !== undefined) announce(air.say.paired(name));
    });
  };
  return { running, error, start, stop: () => stopper.current?.abort() };
}
