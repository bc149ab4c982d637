import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { InstallPlan } from '../../../src-main/contract/install-plan.ts';
import { deviceName } from '../../components/device-name.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Notice } from '../../components/notice.tsx';
import { TransferBar } from '../../components/transfer-bar.tsx';
import { useRequest } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { useLaunch } from '../handsets/use-launch.ts';
import { PlanFacts } from './plan-facts.tsx';
import { PlanItems } from './plan-items.tsx';
import { planOutlook } from './plan-outlook.ts';

interface PlanPageProps {
  readonly handset: KnownHandset;
  readonly work: 'install' | 'update';
  readonly packages: readonly string[];
  readonly onBack: () => void;
  readonly onClose: () => void;
}

/** Asks the host what would happen, shows it, and takes the consent. The plan is made anew each time. */
export function PlanPage({ handset, work, packages, onBack, onClose }: PlanPageProps) {
  const { words, common } = useSpeech();
  const speech = words.screens.install;
  const { device } = handset;
  const name = deviceName(handset);
  // Planned as if unverified packages were allowed; whether they are is asked below, before anything is done.
  const answer = useRequest('install.plan', {
    ...{ handset: device, device, packages: [...packages] },
    allowUnverified: true,
  });
  switch (answer.kind) {
    case 'loading':
      return (
        <div className="stack dialog-body">
          <div className="stack" role="status">
            <p>{speech.making(name)}</p>
            <TransferBar label={speech.making(name)} />
            <p className="small quiet">{speech.makingHint}</p>
          </div>
          <div className="dialog-actions">
            <Button variant="default" onClick={onBack} data-autofocus>
              {common.cancel}
            </Button>
          </div>
        </div>
      );
    case 'failed':
      return (
        <div className="stack dialog-body">
          <ErrorNotice code={answer.error.code} message={answer.error.message} phone={name} />
          <div className="dialog-actions">
            <Button variant="default" onClick={onBack}>
              {work === 'update' ? common.cancel : speech.plan.back}
            </Button>
            <Button onClick={answer.reload} data-autofocus>
              {speech.plan.again}
            </Button>
          </div>
        </div>
      );
    case 'ready':
      return <Plan plan={answer.data} handset={handset} work={work} onBack={onBack} onClose={onClose} />;
  }
}

interface PlanProps {
  readonly plan: InstallPlan;
  readonly handset: KnownHandset;
  readonly work: 'install' | 'update';
  readonly onBack: () => void;
  readonly onClose: () => void;
}

function Plan({ plan, handset, work, onBack, onClose }: PlanProps) {
  const { words, common } = useSpeech();
  const speech = words.screens.install.plan;
  const name = deviceName(handset);
  const outlook = planOutlook(plan);
  return (
    <div className="stack dialog-body">
      {outlook.kind === 'nothing' && (
        <Notice tone="done" title={speech.nothing(name)}>
          <p>{speech.nothingText}</p>
        </Notice>
      )}
      {outlook.kind === 'refused' && <Notice tone="needs-you" title={speech.allRefused(name)} />}
      <PlanItems items={plan.items} handset={handset} />
      {outlook.kind === 'work' ? (
        <Consent
          handset={handset}
          work={work}
          packages={outlook.packages}
          unverified={outlook.unverified}
          onBack={onBack}
          onClose={onClose}
        >
          <PlanFacts plan={plan} handset={handset} />
        </Consent>
      ) : (
        <div className="dialog-actions">
          {work === 'install' && (
            <Button variant="default" onClick={onBack}>
              {speech.back}
            </Button>
          )}
          <Button onClick={onClose} data-autofocus>
            {common.close}
          </Button>
        </div>
      )}
    </div>
  );
}

interface ConsentProps extends Omit<PlanProps, 'plan'> {
  readonly packages: readonly string[];
  readonly unverified: number;
  readonly children: ReactNode;
}

/** One button for what was shown, and nothing else; unverified packages need a tick of their own. */
function Consent({ handset, work, packages, unverified, onBack, onClose, children }: ConsentProps) {
  const { words, common } = useSpeech();
  const speech = words.screens.install.plan;
  const [allowed, setAllowed] = useState(false);
  const { device } = handset;
  const name = deviceName(handset);
  const [inactive, setInactive] = useState(false);
  const install = useLaunch('install', handset, onClose);
  const update = useLaunch('update', handset, onClose);
  const { launching, error } = work === 'install' ? install : update;
  const mayStart = unverified === 0 || allowed;
  const start = () => {
    const params = {
      ...{ handset: device, device, packages: [...packages] },
      ...(unverified > 0 ? { allowUnverified: true } : {}),
    };
    if (work === 'update') update.launch(params);
    else install.launch({ ...params, ...(inactive ? { inactive } : {}) });
  };
  return (
    <>
      {unverified > 0 && (
        <div className="plan-tick">
          <label>
            <input type="checkbox" checked={allowed} onChange={(event) => setAllowed(event.currentTarget.checked)} />
            <span>{speech.unverified(unverified)}</span>
          </label>
          {!allowed && <p className="small quiet">{speech.tickFirst}</p>}
        </div>
      )}
      {children}
      {work === 'install' && (
        <label className="plan-option">
          <input type="checkbox" checked={inactive} onChange={(event) => setInactive(event.currentTarget.checked)} />
          <span>
            {speech.inactive} <span className="small quiet">{speech.inactiveHint}</span>
          </span>
        </label>
      )}
      {error !== undefined && <ErrorNotice code={error.code} message={error.message} phone={name} />}
      <div className="dialog-actions">
        <Button variant="default" onClick={onBack}>
          {work === 'update' ? common.cancel : speech.back}
        </Button>
        <Button disabled={!mayStart} aria-disabled={launching} onClick={start} data-autofocus>
          {launching ? speech.starting(name) : work === 'install' ? speech.consent(name) : speech.consentUpdate(name)}
        </Button>
      </div>
    </>
  );
}
