import './step-list.css';
import { Button } from '@mantine/core';
import { CircleCheck, CircleX, LoaderCircle, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import type { Step } from '../../../src-main/contract/session-steps.ts';
import { resultCodeText, statusText } from '../../../src-main/wording/code-text.ts';
import { useSpeech } from '../../language/language-context.tsx';

/** Steps that are shown before a person asks for all. */
const SHOWN = 10;

const ICONS: Readonly<Record<Step['state'], LucideIcon>> = {
  working: LoaderCircle,
  done: CircleCheck,
  failed: CircleX,
};

/** What handset and server have done together so far. */
export function StepList({ steps }: { readonly steps: readonly Step[] }) {
  const { words, common } = useSpeech();
  const [all, setAll] = useState(false);
  if (steps.length === 0) return <p className="quiet small">{words.screens.session.stepsEmpty}</p>;
  const shown = all ? steps : steps.slice(-SHOWN);
  return (
    <div>
      {shown.length < steps.length && (
        <Button variant="subtle" size="compact-sm" onClick={() => setAll(true)}>
          {common.showAll}
        </Button>
      )}
      <ol>
        {shown.map((step) => (
          <StepLine key={`${step.from} ${step.kind}`} step={step} />
        ))}
      </ol>
    </div>
  );
}

function StepLine({ step }: { readonly step: Step }) {
  const { words } = useSpeech();
  const Icon = ICONS[step.state];
  return (
    <li className="step" data-state={step.state} aria-current={step.state === 'working' ? 'step' : undefined}>
      <Icon aria-hidden="true" className={step.state === 'working' ? 'is-working' : undefined} />
      <span>
        {words.steps[step.kind]}
        <span className="unseen">, {words.screens.session.stepState[step.state]}</span>
        {step.code !== undefined && <StepCode kind={step.kind} code={step.code} server={step.server} />}
      </span>
    </li>
  );
}

interface StepCodeProps {
  readonly kind: Step['kind'];
  readonly code: number;
  readonly server: string | undefined;
}

function StepCode({ kind, code, server }: StepCodeProps) {
  const { language } = useSpeech();
  return (
    <span className="step-note">
      {kind === 'report' ? resultCodeText(code, language) : statusText(code, language, server)}{' '}
      <code className="code">{code}</code>
    </span>
  );
}
