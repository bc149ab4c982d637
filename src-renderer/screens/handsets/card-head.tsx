import { ActionIcon } from '@mantine/core';
import { CircleDashed, Eye, EyeOff, FlaskConical, Pencil, PhoneIncoming, Smartphone } from 'lucide-react';
import { memo, Suspense, useState } from 'react';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import { Badge } from '../../components/badge.tsx';
import { deviceName, deviceNumber, isProvisional } from '../../components/device-name.ts';
import { StateBadge } from '../../components/state-badge.tsx';
import type { StateWord } from '../../components/state-word.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { laterScreen } from '../../shell/later-screen.ts';
import type { CardState } from './card-state.ts';
import { CardWays } from './card-ways.tsx';

// Only virtual handsets have faults.
const FaultsButton = laterScreen(async () => (await import('../virtual/faults-button.tsx')).FaultsButton);
// Few handsets are renamed, and not at first.
const RenameForm = laterScreen(async () => (await import('./rename-form.tsx')).RenameForm);

const STATE_WORDS: Readonly<Record<Exclude<CardState['kind'], 'unknown' | 'caller'>, StateWord>> = {
  'asked-here': 'waiting',
  'asked-there': 'waiting',
  busy: 'working',
  queued: 'working',
  interrupted: 'needsYou',
  unusable: 'unusable',
  away: 'away',
  ready: 'ready',
};

interface CardHeadProps {
  /** Of the heading. */
  readonly id: string;
  readonly handset: KnownHandset;
  readonly kind: CardState['kind'];
}

/** Who it is, how it is reached, and its state in a word. */
export const CardHead = memo(function CardHead({ id, handset, kind }: CardHeadProps) {
  const { words, common } = useSpeech();
  const speech = words.screens.handsets;
  const [renaming, setRenaming] = useState(false);
  const name = deviceName(handset);
  const made = [handset.manufacturer, handset.model].filter(Boolean).join(' ');
  return (
    <header className="handset-head">
      <Smartphone className="handset-icon" aria-hidden="true" strokeWidth={1.6} />
      <div className="handset-who">
        {renaming ? (
          <>
            <h3 id={id} className="unseen">
              {name}
            </h3>
            <Suspense>
              <RenameForm handset={handset} onDone={() => setRenaming(false)} />
            </Suspense>
          </>
        ) : (
          <div className="handset-name">
            <h3 id={id} title={name}>
              {name}
            </h3>
            <ActionIcon
              variant="subtle"
              size="sm"
              color="gray"
              aria-label={speech.actions.rename(name)}
              title={speech.actions.rename(name)}
              onClick={() => setRenaming(true)}
            >
              <Pencil size="0.9rem" aria-hidden="true" />
            </ActionIcon>
          </div>
        )}
        {(handset.alias !== undefined || made === '') && <p className="small">{made || speech.unknownModel}</p>}
        <About handset={handset} />
      </div>
      <div className="handset-state">
        <CardStateBadge kind={kind} />
      </div>
      <div className="handset-chips">
        <DeviceNumber handset={handset} />
        {handset.virtual && <Badge tone="idle" icon={FlaskConical} text={common.virtual} title={common.virtualHint} />}
        <CardWays ways={handset.bearers} unusable={kind === 'unusable'} />
        {handset.faults !== undefined && (
          <Suspense>
            <FaultsButton handset={handset} />
          </Suspense>
        )}
      </div>
    </header>
  );
});

/** Its firmware, and whether it can be managed at all. */
function About({ handset: { firmware, speaksDm } }: Pick<CardHeadProps, 'handset'>) {
  const speech = useSpeech().words.screens.handsets;
  const dm = speech.speaksDm[speaksDm === undefined ? 'unknown' : speaksDm ? 'yes' : 'no'];
  return (
    <p className="small quiet" data-dm={speaksDm}>
      {firmware === undefined ? dm : `${speech.firmware(firmware)} · ${dm}`}
    </p>
  );
}

function CardStateBadge({ kind }: Pick<CardHeadProps, 'kind'>) {
  const speech = useSpeech().words.screens.handsets;
  if (kind === 'caller') return <Badge tone="idle" icon={PhoneIncoming} text={speech.callsItself} />;
  if (kind === 'unknown') {
    return <Badge tone="idle" icon={CircleDashed} text={speech.notLookedFor} title={speech.notLookedForHint} />;
  }
  return <StateBadge state={STATE_WORDS[kind]} />;
}

/** A real handset's serial number is hidden until somebody asks for it. */
function DeviceNumber({ handset }: { readonly handset: KnownHandset }) {
  const { common } = useSpeech();
  const [shown, setShown] = useState(false);
  if (isProvisional(handset)) return <p className="handset-number small quiet">{common.noNumber}</p>;
  const masked = deviceNumber(handset);
  const label = shown ? common.hideNumber : common.showNumber;
  const Icon = shown ? EyeOff : Eye;
  return (
    <p className="handset-number small quiet number">
      <span>{shown ? handset.device : masked}</span>
      {masked !== handset.device && (
        <ActionIcon
          variant="subtle"
          size="xs"
          color="gray"
          aria-label={label}
          title={label}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        >
          <Icon size="0.85rem" aria-hidden="true" />
        </ActionIcon>
      )}
    </p>
  );
}
