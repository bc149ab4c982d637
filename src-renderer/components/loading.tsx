import { useSpeech } from '../language/language-context.tsx';

const LINES = [0, 1, 2, 3, 4, 5];

/** In the place of what is still on its way. */
export function Loading() {
  const { common } = useSpeech();
  return (
    <div className="skeleton" role="status">
      <span className="unseen">{common.loading}</span>
      {LINES.map((line) => (
        <span key={line} aria-hidden="true" />
      ))}
    </div>
  );
}
