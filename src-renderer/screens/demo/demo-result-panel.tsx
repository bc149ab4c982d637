import { CircleCheck, CircleHelp, CircleX, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import type { DemoHandset, DemoResult } from '../../../src-main/contract/demo-result.ts';
import { isResultSuccess, resultCodeText } from '../../../src-main/wording/code-text.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Notice } from '../../components/notice.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import type { Tone } from '../../theme/tone.ts';
import { NodeAddress } from '../session/node-address.tsx';
import { ComponentTable } from './component-table.tsx';

/** How the demo ended: unchanged or not, what is on the handset now, and what was reported. */
export function DemoResultPanel({ result }: { readonly result: DemoResult }) {
  const { words } = useSpeech();
  const text = words.screens.demo.result;
  const { ok, code, message, handsets } = result;
  return (
    <section className="stack demo-result" aria-labelledby="demo-result" data-ok={ok}>
      <h2 id="demo-result" className="unseen">
        {text.title}
      </h2>
      {ok ? (
        <Notice tone="done" title={handsets.some(isInstalled) ? text.okHeading : text.okPlain} />
      ) : code === undefined ? (
        <Notice tone="failed" title={text.failedHeading} />
      ) : (
        <ErrorNotice code={code} message={message} />
      )}
      {handsets.map((handset) => (
        <HandsetResult key={handset.device} handset={handset} />
      ))}
    </section>
  );
}

function HandsetResult({ handset }: { readonly handset: DemoHandset }) {
  const { words } = useSpeech();
  const text = words.screens.demo.result;
  return (
    <section className="panel demo-handset" aria-label={text.handset(handset.device)}>
      <p className="demo-handset-name quiet">{text.handset(handset.device)}</p>
      {!handset.ok && handset.code !== undefined && (
        <div className="demo-wide">
          <ErrorNotice code={handset.code} message={handset.message} phone={handset.device} />
        </div>
      )}
      <Transparency handset={handset} />
      <Part title={text.components} name="demo-components">
        <ComponentTable before={handset.before} after={handset.after} />
      </Part>
      <Reports handset={handset} />
    </section>
  );
}

const VERDICTS: Readonly<Record<string, readonly [LucideIcon, Tone, 'Yes' | 'No' | 'Null']>> = {
  true: [CircleCheck, 'done', 'Yes'],
  false: [CircleX, 'failed', 'No'],
  null: [CircleHelp, 'idle', 'Null'],
};

function Transparency({ handset: { transparent, messages } }: { readonly handset: DemoHandset }) {
  const { words } = useSpeech();
  const text = words.screens.demo.result;
  const [Icon, tone, word] = VERDICTS[String(transparent)] ?? [CircleHelp, 'idle', 'Null'];
  const why =
    transparent === true
      ? text.transparentYesText(text.comparedMessages(messages.toDms + messages.toHandset))
      : text[transparent === false ? 'transparentNoText' : 'transparentNullText'];
  return (
    <div className="demo-part" data-transparent={String(transparent)}>
      <h3 className="demo-verdict" data-tone={tone}>
        <Icon aria-hidden="true" />
        {text[`transparent${word}`]}
      </h3>
      <p className="small quiet">{why}</p>
    </div>
  );
}

function Reports({ handset: { alerts, fromCache, report } }: { readonly handset: DemoHandset }) {
  const { words, language } = useSpeech();
  const text = words.screens.demo.result;
  return (
    <div className="stack">
      <Part title={text.alerts}>
        {alerts.length === 0 && <p className="quiet small">{text.noAlerts}</p>}
        <ul className="demo-alerts">
          {alerts.map(({ resultCode, uri, correlator }) => (
            <li key={`${resultCode} ${uri} ${correlator}`} data-ok={isResultSuccess(resultCode)}>
              {isResultSuccess(resultCode) ? <CircleCheck aria-hidden="true" /> : <CircleX aria-hidden="true" />}
              <span>
                {resultCodeText(resultCode, language)} <code className="code">{resultCode}</code>{' '}
                {uri !== undefined && <NodeAddress uri={uri} />}
              </span>
            </li>
          ))}
        </ul>
      </Part>
      <Part title={text.offline}>
        <p className="small">
          {fromCache.length === 0
            ? text.noOffline
            : `${text.fromCache(fromCache.join(', '))} ${text.reportDelivered(report.delivered)}`}
        </p>
      </Part>
    </div>
  );
}

interface PartProps {
  readonly title: string;
  readonly name?: string;
  readonly children: ReactNode;
}

function Part({ title, name = '', children }: PartProps) {
  return (
    <div className={`demo-part ${name}`}>
      <h3>{title}</h3>
      {children}
    </div>
  );
}

function isInstalled({ before, after }: DemoHandset): boolean {
  return after.length > before.length;
}
