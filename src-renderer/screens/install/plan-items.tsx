import { ArrowDownToLine, CircleSlash, type LucideIcon, RefreshCw, SkipForward } from 'lucide-react';
import type { PlanItem } from '../../../src-main/contract/install-plan.ts';
import { errorText } from '../../../src-main/wording/error-text.ts';
import { sizeText } from '../../../src-main/wording/numbers.ts';
import { Badge } from '../../components/badge.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import type { Tone } from '../../theme/tone.ts';

const LOOKS: Readonly<Record<PlanItem['action'], readonly [Tone, LucideIcon]>> = {
  install: ['working', ArrowDownToLine],
  update: ['working', RefreshCw],
  skip: ['idle', SkipForward],
  refuse: ['needs-you', CircleSlash],
};

/** Package by package: what will happen, or why not. */
export function PlanItems({ items }: { readonly items: readonly PlanItem[] }) {
  const speech = useSpeech().words.screens.install.plan;
  return (
    <div className="plan-items">
      <table className="dialog-table">
        <caption className="unseen">{speech.items}</caption>
        <thead>
          <tr>
            <th scope="col">{speech.package}</th>
            <th scope="col">{speech.version}</th>
            <th scope="col" className="dialog-last">
              {speech.size}
            </th>
            <th scope="col">{speech.why}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <PlanRow key={item.package} item={item} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function PlanRow({ item }: { readonly item: PlanItem }) {
  const { words, language } = useSpeech();
  const speech = words.screens.install.plan;
  const { name, version, installedVersion, size, action, code, trust } = item;
  const [tone, icon] = LOOKS[action];
  const travels = action === 'install' || action === 'update';
  const changes = travels && installedVersion !== undefined && installedVersion !== version;
  return (
    <tr data-action={action}>
      <th scope="row" title={item.package}>
        {name}
      </th>
      <td className="number">{changes ? speech.versions(installedVersion, version) : version}</td>
      <td className="number dialog-last">{size > 0 && sizeText(size, language)}</td>
      <td>
        <span className="row">
          <Badge tone={tone} icon={icon} text={speech.actions[action]} />
          {travels && trust === 'unverified' && <StateBadge state="unverified" />}
          {code !== undefined && <span className="small">{errorText(code, language).what}</span>}
        </span>
      </td>
    </tr>
  );
}
