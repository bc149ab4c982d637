import { Button } from '@mantine/core';
import { CircleHelp } from 'lucide-react';
import { useId } from 'react';
import type { Attachment } from '../../../src-main/contract/handsets.ts';
import { errorText } from '../../../src-main/wording/error-text.ts';
import { Badge } from '../../components/badge.tsx';
import { BearerChip } from '../../components/bearer-chip.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { TransferBar } from '../../components/transfer-bar.tsx';
import { useHost } from '../../host/host-context.tsx';
import { useAction } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { FOCUS_HOME } from './use-keep-focus.ts';

type Thing = Pick<Attachment, 'address' | 'name' | 'reason'> & Partial<Pick<Attachment, 'kind'>>;

/** Something attached of which it is not known yet whose it is. */
export function AttachmentCard({ thing }: { readonly thing: Thing }) {
  const { words } = useSpeech();
  const speech = words.screens.handsets;
  const title = useId();
  const { address, name, kind, reason } = thing;
  const ask = useAction('inventory');
  const asked = useHost(({ tasks }) => tasks.some((task) => task.end === undefined && task.handset === address), false);
  const asking = asked || ask.running;
  return (
    <article
      className="panel handset-card"
      aria-labelledby={title}
      tabIndex={-1}
      data-state={reason === undefined ? 'new' : 'unusable'}
      {...{ [FOCUS_HOME]: '' }}
    >
      <header className="handset-head">
        <CircleHelp className="handset-icon" aria-hidden="true" strokeWidth={1.6} />
        <div className="handset-who">
          <div className="handset-name">
            <h3 id={title} title={name ?? address}>
              {name ?? address}
            </h3>
          </div>
        </div>
        <div className="handset-state">
          <AttachmentBadge asking={asking} usable={reason === undefined} />
        </div>
        <div className="handset-chips">
          {name !== undefined && <p className="handset-number small quiet">{address}</p>}
          {kind !== undefined && <BearerChip kind={kind} address={address} />}
        </div>
      </header>
      <AttachmentBody address={address} asking={asking} reason={reason} />
      {ask.error !== undefined && !asking && (
        <ErrorNotice code={ask.error.code} message={ask.error.message} phone={name ?? address} />
      )}
      <footer className="handset-actions">
        {!asking && (
          <div className="row">
            <Button
              variant={reason === undefined ? 'filled' : 'default'}
              onClick={() => void ask.run({ handset: address }, { keep: true })}
            >
              {reason === undefined ? speech.ask : speech.actions.tryAgain}
            </Button>
            {reason !== undefined && <a href={`#/help/${reason}`}>{speech.actions.readMore}</a>}
          </div>
        )}
      </footer>
    </article>
  );
}

function AttachmentBadge({ asking, usable }: { readonly asking: boolean; readonly usable: boolean }) {
  const { words } = useSpeech();
  if (asking) return <StateBadge state="working" />;
  if (!usable) return <StateBadge state="unusable" />;
  return <Badge tone="needs-you" icon={CircleHelp} text={words.screens.handsets.newThing} />;
}

interface AttachmentBodyProps {
  readonly address: string;
  readonly asking: boolean;
  readonly reason: string | undefined;
}

function AttachmentBody({ address, asking, reason }: AttachmentBodyProps) {
  const { words, language } = useSpeech();
  const speech = words.screens.handsets;
  if (asking) {
    return (
      <div className="handset-progress">
        <p className="handset-phase">{speech.asking}</p>
        <TransferBar label={speech.transfer(address)} />
      </div>
    );
  }
  if (reason === undefined) return <p className="small quiet">{speech.newThingHint}</p>;
  const { what, next } = errorText(reason, language);
  return (
    <p className="handset-reason">
      <strong>{what}</strong> {next}
    </p>
  );
}
