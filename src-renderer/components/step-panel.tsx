import type { LiveOverview } from '../../src-main/contract/live-overview.ts';
import type { Step } from '../../src-main/contract/live-steps.ts';
import { catalogue } from '../../src-main/wording/catalogue.ts';
import { resultCodeText, statusText } from '../../src-main/wording/code-text.ts';
import { actName } from '../../src-main/wording/describe-event.ts';
import type { Language } from '../../src-main/wording/language.ts';
import { useSpeech } from '../language/language-context.tsx';
import { StateIcon } from './status-pill.tsx';
import { TransferBar } from './transfer-bar.tsx';

interface StepPanelProps {
  readonly overview: LiveOverview;
  readonly loading: boolean;
}

export function StepPanel({ overview, loading }: StepPanelProps) {
  const { words, language } = useSpeech();
  const act = overview.acts.at(-1);
  return (
    <section className="panel steps" aria-labelledby="steps-title">
      <div className="panel-head">
        <h2 id="steps-title">{words.steps}</h2>
        {act !== undefined && <span className="panel-note">{words.act(actName(act.act, language))}</span>}
      </div>
      <div className="panel-body">
        {overview.transfer !== undefined && <TransferBar transfer={overview.transfer} />}
        {overview.steps.length > 0 ? (
          <StepList steps={overview.steps} />
        ) : loading ? (
          <Skeleton rows={4} />
        ) : (
          <p className="empty">{words.stepsEmpty}</p>
        )}
      </div>
    </section>
  );
}

function StepList({ steps }: { readonly steps: readonly Step[] }) {
  const { words, language } = useSpeech();
  return (
    <ol className="step-list">
      {steps.map((step, index) => (
        <li key={`${step.from} ${step.kind}`} className="step" data-state={step.state}>
          {step.session !== steps[index - 1]?.session && <p className="step-session">{words.session(step.session)}</p>}
          <div className="step-line" aria-current={step.state === 'working' ? 'step' : undefined}>
            <StateIcon word={step.state} />
            <span className="step-text">
              {catalogue(language).steps[step.kind]}
              {step.code !== undefined && <span className="step-note">{codeText(step, language)}</span>}
            </span>
            <span className="step-state">{words.stepState[step.state]}</span>
          </div>
        </li>
      ))}
    </ol>
  );
}

function codeText({ kind, code = 0 }: Step, language: Language): string {
  const text = kind === 'report' ? resultCodeText(code, language) : statusText(code, language);
  return catalogue(language).screen.stepCode(text, code);
}

export function Skeleton({ rows }: { readonly rows: number }) {
  return (
    <div className="skeleton" aria-hidden="true">
      {Array.from({ length: rows }, (_row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all the same
        <span key={index} />
      ))}
    </div>
  );
}
