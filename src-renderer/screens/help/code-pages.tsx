import { Link } from 'wouter';
import type { ErrorText } from '../../../src-main/wording/error-text.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { Notice } from '../../components/notice.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { isDoctored } from '../handsets/doctor-place.ts';
import type { CodeEntry, Family } from './help-index.ts';

/** What is known of one code. */
export function CodePage({ entry: { code, text }, family }: { readonly entry: CodeEntry; readonly family: Family }) {
  const { words } = useSpeech();
  const { help } = words.screens;
  return (
    <>
      <PageHeader title={code}>
        {isDoctored(code) && <Link href="/doctor">{words.screens.handsets.actions.openDoctor}</Link>}
        <CopyButton text={() => code} label={help.copyCode} />
      </PageHeader>
      <Answers text={text} />
      <Siblings family={family} but={code} />
    </>
  );
}

/** What all codes of a family have in common, and which there are. */
export function FamilyPage({ family }: { readonly family: Family }) {
  const { words } = useSpeech();
  return (
    <>
      <PageHeader title={family.name} hint={words.screens.help.family} />
      <Answers text={family.text ?? words.errors.unknown} />
      <section className="stack" aria-labelledby="codes-title">
        <h2 id="codes-title">{words.screens.help.codesTitle}</h2>
        <CodeList codes={family.codes} />
      </section>
    </>
  );
}

/** A code that has no page: says so, and what its family tells. */
export function UnknownPage({ code, family }: { readonly code: string; readonly family: Family | undefined }) {
  const { words } = useSpeech();
  const { help } = words.screens;
  return (
    <>
      <PageHeader title={code}>
        <CopyButton text={() => code} label={help.copyCode} />
      </PageHeader>
      <Notice tone="idle" level={2} title={help.unknownTitle}>
        <p>{family === undefined ? help.unknownFamily(code) : help.unknown(code)}</p>
      </Notice>
      <Answers text={family?.text ?? words.errors.unknown} />
      {family !== undefined && <Siblings family={family} but={code} />}
    </>
  );
}

/** The codes that can be gone to, with what happened. */
export function CodeList({ codes }: { readonly codes: readonly CodeEntry[] }) {
  return (
    <ul className="help-codes">
      {codes.map(({ code, text }) => (
        <li key={code}>
          <Link href={`/help/${code}`}>{code}</Link>
          <span>{text.what}</span>
        </li>
      ))}
    </ul>
  );
}

/** The three questions that every failure answers. */
function Answers({ text: { what, phoneSafe, next } }: { readonly text: ErrorText }) {
  const { words, common } = useSpeech();
  return (
    <dl className="help-answers">
      <div>
        <dt>{words.screens.help.what}</dt>
        <dd>{what}</dd>
      </div>
      <div>
        <dt>{common.error.phone}</dt>
        <dd>{phoneSafe}</dd>
      </div>
      <div>
        <dt>{common.error.next}</dt>
        <dd>{next}</dd>
      </div>
    </dl>
  );
}

function Siblings({ family, but }: { readonly family: Family; readonly but: string }) {
  const { help } = useSpeech().words.screens;
  const others = family.codes.filter(({ code }) => code !== but);
  if (others.length === 0) return null;
  return (
    <section className="stack" aria-labelledby="siblings-title">
      <h2 id="siblings-title">{help.siblings}</h2>
      <CodeList codes={others} />
    </section>
  );
}
