import { Button } from '@mantine/core';
import { CircleHelp } from 'lucide-react';
import { useId } from 'react';
import { Link } from 'wouter';
import { maskEquipmentNumbers } from '../../../src-main/base/equipment-number.ts';
import type { Attachment } from '../../../src-main/contract/handsets.ts';
import { Badge } from '../../components/badge.tsx';
import { BearerChip } from '../../components/bearer-chip.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { TransferBar } from '../../components/transfer-bar.tsx';
import { useHost } from '../../host/host-context.tsx';
import { useAction } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { doctorOfThing } from './doctor-place.ts';
import { thingName } from './thing-name.ts';
import { unusableText } from './unusable-text.ts';
import { FOCUS_HOME } from './use-keep-focus.ts';

/** Of one that is only asked for by its address nothing else is known. */
type Thing = Pick<Attachment, 'address'> & Partial<Attachment>;

/** Something attached of which it is not known yet whose it is, or that cannot be used. */
export function AttachmentCard({ thing }: { readonly thing: Thing }) {
  const { words } = useSpeech();
  const title = useId();
  const { address, name, manufacturer, kind, place, reason } = thing;
  const ask = useAction('inventory');
  const asked = useHost(({ tasks }) => tasks.some((task) => task.end === undefined && task.handset === address), false);
  const asking = thing.asking === true || asked || ask.running;
  const called = thingName(thing, words.screens);
  return (
    <article
      className="panel handset-card"
      aria-labelledby={title}
      tabIndex={-1}
      data-state={reason === undefined ? 'new' : 'unusable'}
      data-attachment={address}
      {...{ [FOCUS_HOME]: '' }}
    >
      <header className="handset-head">
        <CircleHelp className="handset-icon" aria-hidden="true" strokeWidth={1.6} />
        <div className="handset-who">
          <div className="handset-name">
            <h3 id={title} title={called}>
              {called}
            </h3>
          </div>
          {manufacturer !== undefined && name?.includes(manufacturer) === false && (
            <p className="small">{manufacturer}</p>
          )}
        </div>
        <div className="handset-state">
          <AttachmentBadge asking={asking} usable={reason === undefined} />
        </div>
        <div className="handset-chips">
          {called !== maskEquipmentNumbers(address) && (
            <p className="handset-number small quiet">{maskEquipmentNumbers(address)}</p>
          )}
          {kind !== undefined && <BearerChip kind={kind} address={address} place={place} />}
        </div>
      </header>
      <AttachmentBody thing={thing} asking={asking} />
      {ask.error !== undefined && !asking && (
        <ErrorNotice code={ask.error.code} message={ask.error.message} phone={called} />
      )}
      <footer className="handset-actions">
        {!asking && (
          <AttachmentActions thing={thing} onAsk={() => void ask.run({ handset: address }, { keep: true })} />
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

/** That it is asked, or the one reason why it cannot be used. */
function AttachmentBody({ thing, asking }: { readonly thing: Thing; readonly asking: boolean }) {
  const { words, language } = useSpeech();
  const speech = words.screens.handsets;
  const { address, reason, holder } = thing;
  if (asking) {
    return (
      <div className="handset-progress">
        <p className="handset-phase">{speech.asking}</p>
        <TransferBar label={speech.transfer(maskEquipmentNumbers(address))} />
      </div>
    );
  }
  if (reason === undefined) return <p className="small quiet">{speech.newThingHint}</p>;
  const { what, next } = unusableText(reason, holder, speech, language);
  return (
    <p className="handset-reason">
      <strong>{what}</strong> {next}
    </p>
  );
}

/** What the reason demands, and nothing else. */
function AttachmentActions({ thing, onAsk }: { readonly thing: Thing; readonly onAsk: () => void }) {
  const { words } = useSpeech();
  const speech = words.screens.handsets;
  const { address, reason, finding } = thing;
  const doctor = doctorOfThing({ address, reason, finding });
  return (
    <div className="row">
      {doctor === undefined ? (
        <Button variant={reason === undefined ? 'filled' : 'default'} onClick={onAsk}>
          {reason === undefined ? speech.ask : speech.actions.tryAgain}
        </Button>
      ) : (
        <Button component={Link} href={doctor}>
          {speech.actions.openDoctor}
        </Button>
      )}
      {reason !== undefined && <Link href={`/help/${reason}`}>{speech.actions.readMore}</Link>}
    </div>
  );
}
