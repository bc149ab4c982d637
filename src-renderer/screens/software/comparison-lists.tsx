import { CircleMinus, CirclePlus, type LucideIcon, RefreshCw } from 'lucide-react';
import { useId } from 'react';
import type { ComponentView } from '../../../src-main/contract/results.ts';
import type { Comparison } from '../../../src-main/contract/software-views.ts';
import { countText } from '../../../src-main/wording/numbers.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { componentName } from './reading.ts';

interface ComparisonListsProps {
  readonly comparison: Comparison;
  /** What has a name. */
  readonly components: readonly ComponentView[];
}

/** What is missing, what is there in another version or state, and what is there beside it. */
export function ComparisonLists({ comparison, components }: ComparisonListsProps) {
  const { words } = useSpeech();
  const { compared: speech, active, inactive } = words.screens.software;
  const states: Readonly<Record<string, string>> = { active, inactive };
  const { missing, outdated, extra } = comparison;
  return (
    <div className="software-compared">
      <Group
        icon={CirclePlus}
        title={speech.missing}
        none={speech.noneMissing}
        entries={missing.map((each) => ({
          id: componentName(components, each.id),
          text: each.version,
          more: each.package === undefined ? speech.noPackage : speech.fromPackage(each.package),
        }))}
      />
      <Group
        icon={RefreshCw}
        title={speech.outdated}
        none={speech.noneOutdated}
        entries={outdated.map(({ id, has, wanted, field, package: from }) => ({
          id: componentName(components, id),
          text:
            field === 'state'
              ? speech.change(states[has] ?? has, states[wanted] ?? wanted)
              : speech.change(has, wanted),
          more: field === 'state' ? undefined : from === undefined ? speech.noPackage : speech.fromPackage(from),
        }))}
      />
      <Group
        icon={CircleMinus}
        title={speech.extra}
        none={speech.noneExtra}
        entries={extra.map(({ id, version }) => ({
          id: componentName(components, id),
          text: version,
          more: undefined,
        }))}
      />
    </div>
  );
}

interface GroupProps {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly none: string;
  readonly entries: readonly { readonly id: string; readonly text: string; readonly more: string | undefined }[];
}

function Group({ icon: Icon, title, none, entries }: GroupProps) {
  const { words, language } = useSpeech();
  const heading = useId();
  return (
    <section aria-labelledby={heading}>
      <h3 id={heading}>
        <Icon aria-hidden="true" />
        {words.screens.handsets.section(title, countText(entries.length, language))}
      </h3>
      {entries.length === 0 && <p className="small quiet">{none}</p>}
      <ul>
        {entries.map(({ id, text, more }) => (
          <li key={`${id} ${text}`}>
            <span className="software-id">{id}</span>
            <span className="number software-under">{text}</span>
            {more !== undefined && <span className="small quiet software-under">{more}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
