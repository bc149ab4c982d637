import { CircleCheck, CircleX, Info, type LucideIcon } from 'lucide-react';
import { countText } from '../../../src-main/wording/numbers.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { evidenceText } from './evidence-text.ts';
import { type AnySession, isLive } from './session-log.ts';

const ICONS: Readonly<Record<string, LucideIcon>> = { done: CircleCheck, failed: CircleX };

/** Whether what came in went out unchanged, and who says so. */
export function EvidencePanel({ session }: { readonly session: AnySession }) {
  const { words, language } = useSpeech();
  const text = words.screens.session.evidence;
  const { tone, title, text: why, compared } = evidenceText(session, text);
  const Icon = ICONS[tone] ?? Info;
  const evidence = isLive(session) ? session.evidence : undefined;
  return (
    <section
      className="panel stack session-evidence"
      aria-labelledby="session-evidence"
      data-evidence={evidence === undefined ? 'none' : String(evidence.equal)}
    >
      <h2 id="session-evidence">{text.title}</h2>
      <div className="session-verdict" data-tone={tone}>
        <Icon aria-hidden="true" />
        <div>
          <p className="session-verdict-word">{title}</p>
          {compared > 0 && (
            <p className="small number" data-count="compared" data-value={compared}>
              {text.compared(compared, countText(compared, language))}
            </p>
          )}
        </div>
      </div>
      <p className="small quiet">{why}</p>
    </section>
  );
}
