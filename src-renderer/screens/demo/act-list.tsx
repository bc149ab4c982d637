import type { DemoView } from '../../../src-main/contract/demo-view.ts';
import { StateBadge } from '../../components/state-badge.tsx';
import type { StateWord } from '../../components/state-word.ts';
import { useSpeech } from '../../language/language-context.tsx';

const ACTS = ['relay', 'cache', 'bootstrap', 'offline'] as const;
const STATES: Readonly<Record<DemoView['acts'][number]['state'], StateWord>> = {
  started: 'working',
  done: 'done',
  failed: 'failed',
};

/** The acts of the demo and where each is. */
export function ActList({ demo: { acts, state } }: { readonly demo: DemoView }) {
  const { words } = useSpeech();
  const text = words.screens.demo;
  const missing = state === 'running' ? 'queued' : 'skipped';
  return (
    <section aria-labelledby="demo-acts">
      <h2 id="demo-acts" className="unseen">
        {text.acts}
      </h2>
      <ol className="demo-acts">
        {ACTS.map((name, index) => {
          const act = acts.findLast((each) => each.act === name);
          return (
            <li key={name} className="panel demo-act" data-act={name} data-state={act?.state ?? missing}>
              <h3>
                <span className="demo-act-number" aria-hidden="true">
                  {index + 1}
                </span>
                {text.act[name].title}
              </h3>
              <StateBadge state={act === undefined ? missing : STATES[act.state]} />
              <p className="small quiet">{text.act[name].text}</p>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
