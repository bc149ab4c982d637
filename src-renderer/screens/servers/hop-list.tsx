import { CircleCheck, CircleDashed, CircleMinus, CircleX, LoaderCircle, type LucideIcon } from 'lucide-react';
import { errorText } from '../../../src-main/wording/error-text.ts';
import { Badge } from '../../components/badge.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import type { Tone } from '../../theme/tone.ts';
import type { HopRow } from './hop-rows.ts';
import { millisecondsText } from './milliseconds-text.ts';

const LOOKS: Readonly<Record<HopRow['state'], readonly [Tone, LucideIcon]>> = {
  ok: ['done', CircleCheck],
  failed: ['failed', CircleX],
  skipped: ['idle', CircleDashed],
  unneeded: ['idle', CircleMinus],
  working: ['working', LoaderCircle],
  waiting: ['idle', CircleDashed],
};

/** Every hop apart, in the order of the way, from the first moment on: nothing jumps when more is known. */
export function HopList({ rows, label }: { readonly rows: readonly HopRow[]; readonly label: string }) {
  return (
    <ol className="hops" aria-label={label}>
      {rows.map((row) => (
        <HopItem key={row.hop} row={row} />
      ))}
    </ol>
  );
}

function HopItem({ row: { hop, state, result } }: { readonly row: HopRow }) {
  const { words, language } = useSpeech();
  const { test } = words.screens.servers;
  const [tone, icon] = LOOKS[state];
  const tried = result !== undefined && (state === 'ok' || state === 'failed');
  return (
    <li className="hop" data-state={state}>
      <strong>{test.hops[hop]}</strong>
      <div>
        <Badge tone={tone} icon={icon} text={test.states[state]} busy={state === 'working'} />
      </div>
      <div className="hop-found">
        <p className="quiet">{test.meaning[hop]}</p>
        {state === 'unneeded' && <p>{test.unneeded}</p>}
        {state === 'skipped' && result !== undefined && <p>{test.skipped}</p>}
        {state === 'ok' && <p lang="en">{result?.why}</p>}
        {state === 'failed' && <HopFailure code={result?.code ?? 'dms/unreachable'} why={result?.why ?? ''} />}
      </div>
      <span className="hop-time number quiet">
        {tried ? test.milliseconds(millisecondsText(result.milliseconds, language)) : ''}
      </span>
    </li>
  );
}

function HopFailure({ code, why }: { readonly code: string; readonly why: string }) {
  const { common, language } = useSpeech();
  const { what, phoneSafe, next } = errorText(code, language);
  return (
    <>
      <p>
        <strong>{what}</strong> {next}
      </p>
      <p className="quiet">{phoneSafe}</p>
      <p className="row">
        <code className="code">{code}</code>
        <span lang="en">{why}</span>
        <a href={`#/help/${code}`}>{common.error.help}</a>
      </p>
    </>
  );
}
