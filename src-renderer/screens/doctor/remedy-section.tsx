import { Button } from '@mantine/core';
import { Undo2 } from 'lucide-react';
import type { Finding, Remedy } from '../../../src-main/contract/doctor.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { CodeBlock } from './code-block.tsx';
import { fileName, remedyByHand, remedyName, remedySentence } from './remedy-words.ts';

/** What a person wants to have done with a remedy. */
export interface Treatment {
  readonly how: 'apply' | 'undo';
  readonly remedy: Remedy;
  readonly finding: Finding;
}

interface RemedySectionProps {
  readonly finding: Finding;
  readonly remedy: Remedy;
  readonly onTreat: (treatment: Treatment) => void;
}

/** What mends a trouble: exactly what is written and run, and by whom. */
export function RemedySection({ finding, remedy, onTreat }: RemedySectionProps) {
  const { words } = useSpeech();
  const speech = words.screens.doctor.remedy;
  const { kind, path, content, commands, applied, outdated, needsAdministrator } = remedy;
  const isToDo = finding.state === 'trouble' || (finding.state === 'unknown' && outdated === true);
  if (applied && !isToDo) return <Applied {...{ finding, remedy, onTreat }} />;
  const byHand = remedyByHand(remedy);
  return (
    <div className="doctor-remedy stack">
      <div>
        <h4>{kind === 'apply' ? speech.title : speech.byYou}</h4>
        <p>{remedySentence(remedy, speech)}</p>
      </div>
      {path !== undefined && (
        <p>
          <span className="quiet">{speech.writes}</span>{' '}
          <code className="code" dir="ltr">
            {path}
          </code>
        </p>
      )}
      {kind === 'manual' && commands.length > 0 && (
        <>
          <CodeBlock label={speech.runs} text={commands.join('\n')} copy={speech.copyCommands} />
          {needsAdministrator && <p className="small quiet">{speech.asAdministrator}</p>}
        </>
      )}
      {kind === 'apply' && (
        <>
          {path !== undefined && content !== undefined && (
            <details>
              <summary>{speech.content(fileName(path))}</summary>
              <CodeBlock label={path} text={content} copy={speech.copyContent} />
            </details>
          )}
          <details>
            <summary>{speech.byHand}</summary>
            <CodeBlock label={speech.runs} text={byHand} copy={speech.copyCommands} />
          </details>
          <div className="row">
            <Button onClick={() => onTreat({ how: 'apply', remedy, finding })}>{speech.apply}</Button>
            {applied && <UndoButton {...{ finding, remedy, onTreat }} />}
            {needsAdministrator && <p className="small quiet doctor-note">{speech.administrator}</p>}
          </div>
        </>
      )}
    </div>
  );
}

/** Nothing more is to be done but to take it back. */
function Applied({ finding, remedy, onTreat }: RemedySectionProps) {
  const { applied, appliedTo } = useSpeech().words.screens.doctor.remedy;
  return (
    <div className="row doctor-applied">
      <p>{remedy.path === undefined ? applied : appliedTo(remedy.path)}</p>
      <UndoButton {...{ finding, remedy, onTreat }} />
    </div>
  );
}

function UndoButton({ finding, remedy, onTreat }: RemedySectionProps) {
  const speech = useSpeech().words.screens.doctor.remedy;
  return (
    <Button
      variant="default"
      leftSection={<Undo2 size="1.1em" aria-hidden="true" />}
      aria-label={`${speech.undo} ${remedyName(remedy, speech)}`}
      onClick={() => onTreat({ how: 'undo', remedy, finding })}
    >
      {speech.undo}
    </Button>
  );
}
