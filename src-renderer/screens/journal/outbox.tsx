import { Button } from '@mantine/core';
import { CircleSlash, Clock, Inbox, type LucideIcon, MailX, Send } from 'lucide-react';
import { useState } from 'react';
import { isVirtualImei } from '../../../src-main/base/imei.ts';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { ReportView } from '../../../src-main/contract/results.ts';
import { errorText } from '../../../src-main/wording/error-text.ts';
import { countText, dateTimeText } from '../../../src-main/wording/numbers.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { Badge } from '../../components/badge.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Loading } from '../../components/loading.tsx';
import { Notice } from '../../components/notice.tsx';
import { saveText } from '../../components/save-text.ts';
import { useHost } from '../../host/host-context.tsx';
import { useAction, useRequest } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import type { Tone } from '../../theme/tone.ts';
import { exportFileName } from './export-file-name.ts';
import { phoneText, serverText } from './journal-words.ts';

const NOTHING = {};
const NO_HANDSETS: KnownHandset[] = [];
const LOOKS: Readonly<Record<ReportView['state'], readonly [Tone, LucideIcon]>> = {
  waiting: ['needs-you', Clock],
  unsupported: ['idle', CircleSlash],
  rejected: ['failed', MailX],
  unaddressed: ['idle', CircleSlash],
};

/** What came of work that a DM server has not been told yet, and why. */
export function Outbox() {
  const { words, common, language } = useSpeech();
  const text = words.screens.journal.outbox;
  const version = useHost(({ reportsWaiting, journal }) => `${reportsWaiting} ${journal}`, '');
  const { data, reload, ...answer } = useRequest('reports.list', NOTHING, version);
  const send = useSendNow(reload);
  const reports = data?.reports ?? [];
  return (
    <div className="journal-outbox">
      {reports.length > 0 && (
        <div className="row journal-toolbar">
          <p className="number" role="status">
            {text.waiting(reports.length, countText(reports.length, language))}
          </p>
          <Button
            leftSection={<Send size="1.1em" aria-hidden="true" />}
            loading={send.action.running}
            onClick={() => void send.start()}
          >
            {text.send}
          </Button>
        </div>
      )}
      {send.said !== undefined && (
        <Notice tone={send.said.ok ? 'done' : 'needs-you'} title={send.said.text} level={2} />
      )}
      {send.action.error !== undefined && (
        <ErrorNotice level={2} code={send.action.error.code} message={send.action.error.message} />
      )}
      {answer.kind === 'failed' && (
        <ErrorNotice level={2} code={answer.error.code} message={answer.error.message}>
          <Button variant="default" size="compact-sm" onClick={reload}>
            {common.retry}
          </Button>
        </ErrorNotice>
      )}
      {data === undefined && answer.kind === 'loading' && <Loading />}
      {data !== undefined && reports.length === 0 && (
        <EmptyState icon={Inbox} title={text.emptyTitle} text={text.emptyText} />
      )}
      {reports.length > 0 && (
        <ul className="journal-reports" aria-label={text.table}>
          {reports.map((report) => (
            <ReportCard key={report.id} report={report} />
          ))}
        </ul>
      )}
    </div>
  );
}

function useSendNow(reload: () => void) {
  const { words, language } = useSpeech();
  const text = words.screens.journal.outbox;
  const announce = useAnnounce();
  const action = useAction('reports.send');
  const [said, setSaid] = useState<{ readonly ok: boolean; readonly text: string } | undefined>();
  const start = async () => {
    setSaid(undefined);
    const result = await action.run({});
    if (result === undefined) return;
    const { unsent } = result;
    const sentence = unsent === 0 ? text.allSent : text.unsent(unsent, countText(unsent, language));
    setSaid({ ok: unsent === 0, text: sentence });
    announce(sentence);
    reload();
  };
  return { action, said, start };
}

function ReportCard({ report }: { readonly report: ReportView }) {
  const { words, language } = useSpeech();
  const text = words.screens.journal.outbox;
  const handsets = useHost((state) => state.handsets, NO_HANDSETS);
  const { device, operation } = report.body;
  const virtual = isVirtualImei(device.replace(/^\D+/, ''));
  const phone = phoneText({ device, handset: device, virtual }, handsets);
  const operations: Readonly<Record<string, string>> = text.operations;
  const work = Object.hasOwn(operations, operation) ? operations[operation] : operation;
  const [tone, icon] = LOOKS[report.state];
  const next = report.nextTryAt === undefined ? text.noNext : text.next(dateTimeText(report.nextTryAt, language));
  return (
    <li className="panel journal-report">
      <div className="journal-report-head">
        <h2>
          {work}, {phone.name}
        </h2>
        <Badge tone={tone} icon={icon} text={text.states[report.state]} />
        {phone.number !== '' && <span className="quiet small number">{phone.number}</span>}
      </div>
      <dl className="facts">
        <dt>{text.to}</dt>
        <dd title={report.origin}>{report.origin === undefined ? text.nobody : serverText(report.origin)}</dd>
        <dt>{text.why}</dt>
        <dd>
          <Why report={report} />
        </dd>
      </dl>
      <div className="row journal-report-end">
        <p className="quiet small number">
          {text.tries(report.tries, countText(report.tries, language))}
          {report.state === 'waiting' || report.tries > 0 ? ` · ${next}` : ''}
        </p>
        <ExportReport report={report} />
      </div>
    </li>
  );
}

function Why({ report: { code, state } }: { readonly report: ReportView }) {
  const { words, language } = useSpeech();
  const text = words.screens.journal.outbox;
  if (code === undefined) return state === 'unaddressed' ? text.whyNobody : text.whyFirst;
  const { what, next } = errorText(code, language);
  return (
    <>
      {what} {next} <code className="code">{code}</code>{' '}
      <a href={`#/help/${code}`}>{words.screens.common.error.help}</a>
    </>
  );
}

function ExportReport({ report }: { readonly report: ReportView }) {
  const { words } = useSpeech();
  const text = words.screens.journal;
  const announce = useAnnounce();
  const { running, error, run } = useAction('reports.export');
  const save = async () => {
    const result = await run({ id: report.id });
    if (result === undefined) return;
    const file = exportFileName(`report-${report.id}`, 'json', new Date());
    saveText(file, 'application/json', [`${JSON.stringify(result, null, 2)}\n`]);
    announce(text.export.saved(file));
  };
  return (
    <>
      <Button variant="default" size="compact-sm" loading={running} onClick={() => void save()}>
        {text.outbox.export}
      </Button>
      {error !== undefined && <ErrorNotice level={3} code={error.code} message={error.message} />}
    </>
  );
}
