import { ArrowDownToLine, CircleSlash, type LucideIcon, RefreshCw, SkipForward, TriangleAlert } from 'lucide-react';
import { useMemo } from 'react';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { PlanItem } from '../../../src-main/contract/install-plan.ts';
import type { PackageView } from '../../../src-main/contract/results.ts';
import { errorText } from '../../../src-main/wording/error-text.ts';
import { sizeText } from '../../../src-main/wording/numbers.ts';
import { Badge } from '../../components/badge.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { useHost } from '../../host/host-context.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import type { Tone } from '../../theme/tone.ts';
import { lastReading } from '../software/reading.ts';
import { type PlanInside, planNeeds } from './plan-needs.ts';

const LOOKS: Readonly<Record<PlanItem['action'], readonly [Tone, LucideIcon]>> = {
  install: ['working', ArrowDownToLine],
  update: ['working', RefreshCw],
  skip: ['idle', SkipForward],
  refuse: ['needs-you', CircleSlash],
};

const NO_PACKAGES: PackageView[] = [];

interface PlanItemsProps {
  readonly items: readonly PlanItem[];
  readonly handset: KnownHandset;
}

/** Package by package: what will happen, or why not; of a bundle also what lies in it and what that needs. */
export function PlanItems({ items, handset }: PlanItemsProps) {
  const packages = useHost((state) => state.packages, NO_PACKAGES);
  const reading = useHost(({ tasks }) => lastReading(tasks, handset), undefined);
  const needs = useMemo(() => planNeeds(items, packages, reading?.end?.result?.components), [items, packages, reading]);
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
            <PlanRow key={item.package} item={item} inside={needs.get(item.package)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface PlanRowProps {
  readonly item: PlanItem;
  readonly inside: PlanInside | undefined;
}

function PlanRow({ item, inside }: PlanRowProps) {
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
        {inside !== undefined && <Inside inside={inside} />}
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

/** A bundle is installed whole or not at all, so what it needs belongs to the plan. */
function Inside({ inside: { components, needs } }: { readonly inside: PlanInside }) {
  const speech = useSpeech().words.screens.install.plan;
  return (
    <span className="small quiet plan-inside">
      <span>{speech.inside(speech.list(components.map(({ name, version }) => `${name} ${version}`)))}</span>
      {needs.map(({ id, version, where }) => (
        <span key={id} data-where={where}>
          {where === 'missing' && <TriangleAlert aria-hidden="true" />}
          {speech.need(version === undefined ? id : speech.orNewer(id, version), speech.where[where])}
        </span>
      ))}
    </span>
  );
}
