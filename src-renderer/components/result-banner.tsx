import { type DemoHandset, DemoResult } from '../../src-main/contract/demo-result.ts';
import type { ResultEvent } from '../../src-main/contract/events.ts';
import { isResultSuccess, resultCodeText } from '../../src-main/wording/code-text.ts';
import { useSpeech } from '../language/language-context.tsx';
import { ComponentTable } from './component-table.tsx';
import { DoneIcon, FailedIcon, WaitingIcon } from './icons.tsx';
import { NodeAddress } from './node-address.tsx';

/** How it ended: unchanged or not, what is on the handset now, and what the handset reported. */
export function ResultBanner({ result }: { readonly result: ResultEvent }) {
  const { words } = useSpeech();
  const parsed = DemoResult.safeParse(result);
  const handsets = parsed.data?.handsets ?? [];
  const heading = result.ok
    ? isInstalled(handsets)
      ? words.result.okHeading
      : words.result.okPlain
    : words.result.failedHeading;
  return (
    <section className="result" data-ok={result.ok} aria-labelledby="result-title">
      <div className="result-head">
        {result.ok ? <DoneIcon /> : <FailedIcon />}
        <h2 id="result-title">{heading}</h2>
      </div>
      {handsets.map((handset) => (
        <HandsetResult key={handset.device} handset={handset} alone={handsets.length === 1} />
      ))}
    </section>
  );
}

function HandsetResult({ handset, alone }: { readonly handset: DemoHandset; readonly alone: boolean }) {
  const { words, language } = useSpeech();
  const { before, after, alerts, fromCache, report } = handset;
  return (
    <div className="result-handset">
      {!alone && <h3 className="result-device">{words.result.handset(handset.device)}</h3>}
      <Transparency handset={handset} />
      <div className="result-part">
        <h3>{words.result.components}</h3>
        <ComponentTable before={before} after={after} />
      </div>
      <div className="result-part">
        <h3>{words.result.alerts}</h3>
        {alerts.length === 0 && <p className="quiet">{words.result.noAlerts}</p>}
        <ul className="alert-list">
          {alerts.map(({ resultCode, uri, correlator }) => (
            <li key={`${resultCode} ${uri} ${correlator}`}>
              {isResultSuccess(resultCode) ? <DoneIcon /> : <FailedIcon />}
              <span>
                {resultCodeText(resultCode, language)} <code className="code">{resultCode}</code>
                {uri !== undefined && <NodeAddress uri={uri} />}
              </span>
            </li>
          ))}
        </ul>
        {fromCache.length > 0 && (
          <p>
            {words.result.fromCache(fromCache.join(', '))} {words.result.reportDelivered(report.delivered)}
          </p>
        )}
      </div>
    </div>
  );
}

function Transparency({ handset }: { readonly handset: DemoHandset }) {
  const { words } = useSpeech();
  const { transparent, messages } = handset;
  const compared = words.result.comparedMessages(messages.toDms + messages.toHandset);
  if (transparent === true) {
    return (
      <div className="result-part" data-transparent="yes">
        <h3>
          <DoneIcon /> {words.result.transparentYes}
        </h3>
        <p>{words.result.transparentYesText(compared)}</p>
      </div>
    );
  }
  return (
    <div className="result-part" data-transparent={transparent === false ? 'no' : 'unknown'}>
      <h3>
        {transparent === false ? <FailedIcon /> : <WaitingIcon />}{' '}
        {transparent === false ? words.result.transparentNo : words.result.transparentNull}
      </h3>
      <p>{transparent === false ? words.result.transparentNoText : words.result.transparentNullText}</p>
    </div>
  );
}

function isInstalled(handsets: readonly DemoHandset[]): boolean {
  return handsets.length > 0 && handsets.every(({ before, after }) => after.length > before.length);
}
