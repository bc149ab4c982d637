import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { InstallPlan } from '../../../src-main/contract/install-plan.ts';
import { durationText, sizeText } from '../../../src-main/wording/numbers.ts';
import { deviceName, deviceNumber, isProvisional } from '../../components/device-name.ts';
import { useSpeech } from '../../language/language-context.tsx';

interface PlanFactsProps {
  readonly plan: InstallPlan;
  readonly handset: KnownHandset;
}

/** What a person wants to know before saying yes. */
export function PlanFacts({ plan, handset }: PlanFactsProps) {
  const { words, common, language } = useSpeech();
  const speech = words.screens.install.plan;
  const { bytes, seconds, dms, reportTo } = plan;
  const time = seconds === undefined ? speech.noEstimate : speech.aboutTime(durationText(seconds, language));
  return (
    <dl className="facts">
      <dt>{speech.phone}</dt>
      <dd>
        {deviceName(handset)}{' '}
        <span className="quiet small number">{isProvisional(handset) ? common.noNumber : deviceNumber(handset)}</span>
        {plan.virtual && <span className="quiet small"> · {common.virtual}</span>}
      </dd>
      <dt>{speech.bytes}</dt>
      <dd className="number">
        {sizeText(bytes, language)} · {time}
      </dd>
      <dt>{speech.cable}</dt>
      <dd>
        <ul>
          {speech.cableText.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </dd>
      <dt>{speech.person}</dt>
      <dd>{plan.virtual ? speech.personVirtual : speech.personText}</dd>
      <dt>{speech.manager}</dt>
      <dd>{dms ?? speech.ownServer}</dd>
      <dt>{speech.report}</dt>
      <dd>{reportTo === undefined ? (dms ?? speech.reportNone) : speech.reportTo(reportTo)}</dd>
    </dl>
  );
}
