import { Button, Modal } from '@mantine/core';
import { BatteryCharging, Clock, PhoneOff, PlugZap } from 'lucide-react';
import { useState } from 'react';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { PackageView } from '../../../src-main/contract/results.ts';
import { durationText, sizeText } from '../../../src-main/wording/numbers.ts';
import { deviceName } from '../../components/device-name.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { useHost } from '../../host/host-context.tsx';
import { useRequest } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { useLaunch } from '../handsets/use-launch.ts';
import { firmwarePackages } from './reading.ts';

const NO_PACKAGES: PackageView[] = [];

interface FirmwareDialogProps {
  readonly handset: KnownHandset;
  readonly onClose: () => void;
}

/** The firmware that fits, what to know before it is put on, and the consent to it. */
export function FirmwareDialog({ handset, onClose }: FirmwareDialogProps) {
  const { words, common } = useSpeech();
  const speech = words.screens.software.firmware;
  const packages = useHost((state) => state.packages, NO_PACKAGES);
  const fitting = firmwarePackages(packages, handset.model);
  const [chosen, setChosen] = useState(fitting[0]?.id);
  const found = fitting.find(({ id }) => id === chosen) ?? fitting[0];
  return (
    <Modal
      opened
      onClose={onClose}
      title={speech.title(deviceName(handset))}
      size="46rem"
      closeButtonProps={{ 'aria-label': common.close }}
    >
      <div className="stack dialog-body">
        {found === undefined ? (
          <>
            <p>
              {speech.none} <a href="#/packages">{speech.noneLink}</a>
            </p>
            <div className="dialog-actions">
              <Button variant="default" onClick={onClose} data-autofocus>
                {common.close}
              </Button>
            </div>
          </>
        ) : (
          <>
            <Choices packages={fitting} chosen={found.id} onChoose={setChosen} />
            <Consent key={found.id} handset={handset} firmware={found} onClose={onClose} />
          </>
        )}
      </div>
    </Modal>
  );
}

interface ChoicesProps {
  readonly packages: readonly PackageView[];
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}

function Choices({ packages, chosen, onChoose }: ChoicesProps) {
  const { words, language } = useSpeech();
  const speech = words.screens.software.firmware;
  return (
    <fieldset className="software-choices">
      <legend>{speech.choose}</legend>
      {packages.map(({ id, name, version, contents, size, trust }) => (
        <label key={id} className="choice">
          <input type="radio" name="firmware" checked={id === chosen} onChange={() => onChoose(id)} />
          <span className="choice-name" title={id}>
            {name} <span className="number quiet">{contents?.to ?? version}</span>
            <span className="small quiet choice-about">
              {contents?.from === undefined || contents.from.length === 0
                ? speech.fromAny
                : speech.from(speech.list(contents.from))}
            </span>
          </span>
          <span className="small number quiet">{sizeText(size, language)}</span>
          <span className="choice-trust">
            <StateBadge state={trust} />
          </span>
        </label>
      ))}
    </fieldset>
  );
}

interface ConsentProps {
  readonly handset: KnownHandset;
  readonly firmware: PackageView;
  readonly onClose: () => void;
}

/** Warnings first; the battery cannot be asked for over DM, so a person vouches for it. */
function Consent({ handset, firmware, onClose }: ConsentProps) {
  const { words, common } = useSpeech();
  const speech = words.screens.software.firmware;
  const { device } = handset;
  const name = deviceName(handset);
  const unverified = firmware.trust === 'unverified';
  const [charged, setCharged] = useState(false);
  const [allowed, setAllowed] = useState(false);
  const { launch, launching, error } = useLaunch('firmware', handset, onClose);
  const mayStart = charged && (!unverified || allowed);
  const start = () =>
    launch({
      ...{ handset: device, device, package: firmware.id },
      ...(unverified ? { allowUnverified: true } : {}),
    });
  return (
    <>
      <ul className="software-warnings" aria-label={speech.warnings}>
        <li>
          <PhoneOff aria-hidden="true" />
          <span>{speech.unusable}</span>
        </li>
        <li>
          <PlugZap aria-hidden="true" />
          <span>{speech.plugged}</span>
        </li>
        <li>
          <Clock aria-hidden="true" />
          <TimeText handset={handset} firmware={firmware} />
        </li>
        <li>
          <BatteryCharging aria-hidden="true" />
          <span>{speech.battery}</span>
        </li>
      </ul>
      <p className="small quiet">{handset.virtual ? speech.askedHere : speech.askedThere}</p>
      <label className="software-tick">
        <input type="checkbox" checked={charged} onChange={(event) => setCharged(event.currentTarget.checked)} />
        <span>{speech.charged}</span>
      </label>
      {unverified && (
        <label className="software-tick" data-tone="needs-you">
          <input type="checkbox" checked={allowed} onChange={(event) => setAllowed(event.currentTarget.checked)} />
          <span>{words.screens.install.plan.unverified(1)}</span>
        </label>
      )}
      {error !== undefined && <ErrorNotice code={error.code} message={error.message} phone={name} />}
      <div className="dialog-actions">
        {!mayStart && <p className="small quiet dialog-count">{speech.tickFirst}</p>}
        <Button variant="default" onClick={onClose} data-autofocus>
          {common.cancel}
        </Button>
        <Button disabled={!mayStart} aria-disabled={launching} onClick={start}>
          {speech.consent(name)}
        </Button>
      </div>
    </>
  );
}

/** The same reckoning as of any package: its size, and what this handset's link did before, which a plan tells. */
function TimeText({ handset: { device }, firmware }: Omit<ConsentProps, 'onClose'>) {
  const { words, language } = useSpeech();
  const speech = words.screens.software.firmware;
  const answer = useRequest('install.plan', {
    ...{ handset: device, device, packages: [firmware.id] },
    allowUnverified: true,
  });
  const rate = answer.data?.rate;
  const seconds = rate === undefined || rate <= 0 ? undefined : firmware.size / rate;
  const size = sizeText(firmware.size, language);
  return (
    <span className="number">
      {seconds === undefined
        ? answer.kind === 'loading'
          ? speech.timeAsked(size)
          : speech.timeUnknown(size)
        : speech.time(size, durationText(seconds, language))}
    </span>
  );
}
