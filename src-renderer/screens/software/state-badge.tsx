import { CircleDot, CirclePause, CirclePlay, CircleX, LoaderCircle } from 'lucide-react';
import { Badge } from '../../components/badge.tsx';
import { useSpeech } from '../../language/language-context.tsx';

/** Whether a component is in use: icon, word and colour. */
export function ComponentState({ state }: { readonly state: string }) {
  const speech = useSpeech().words.screens.software;
  if (state === 'active') return <Badge tone="done" icon={CirclePlay} text={speech.active} />;
  if (state === 'inactive') return <Badge tone="idle" icon={CirclePause} text={speech.inactive} />;
  return <Badge tone="idle" icon={CircleDot} text={state} />;
}

/** SCOMO 1.0, Status of a deployed component: these three say that something went wrong. */
const FAILED: readonly number[] = [20, 40, 60];

/** What goes on with a component, or went wrong. */
export function ComponentStatus({ status }: { readonly status: number }) {
  const speech = useSpeech().words.screens.software;
  const words: Readonly<Record<string, string>> = speech.difference.values.status;
  const text = words[String(status)] ?? speech.otherStatus(String(status));
  const failed = FAILED.includes(status);
  return <Badge tone={failed ? 'failed' : 'working'} icon={failed ? CircleX : LoaderCircle} text={text} />;
}
