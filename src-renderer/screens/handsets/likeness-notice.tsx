import { Button } from '@mantine/core';
import { Copy } from 'lucide-react';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import { errorText } from '../../../src-main/wording/error-text.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { deviceName, deviceNumber, isProvisional } from '../../components/device-name.ts';
import { useHost } from '../../host/host-context.tsx';
import { useAction } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import type { OpenDialog } from './dialogs.ts';

interface LikenessNoticeProps {
  readonly handset: KnownHandset;
  readonly open: OpenDialog;
}

/** Another card may be the same phone: a person says whether it is. One question at a time. */
export function LikenessNotice({ handset, open }: LikenessNoticeProps) {
  const { words, common, language } = useSpeech();
  const speech = words.screens.links.like;
  const announce = useAnnounce();
  const differ = useAction('handsets.differ');
  const { device, likeness = [] } = handset;
  const other = useHost(
    ({ handsets }) => handsets.find((each) => likeness.some((like) => like.device === each.device)),
    undefined,
  );
  const why = likeness.find((like) => like.device === other?.device)?.why;
  if (other === undefined || why === undefined) return null;
  const called = cardName(other, common.noNumber);
  const different = async () => {
    if (differ.running) return;
    if ((await differ.run({ device, other: other.device })) !== undefined) announce(speech.isDifferent(called));
  };
  return (
    <div className="handset-likeness">
      <Copy aria-hidden="true" />
      <p>
        <strong>{speech.maybe(called)}</strong> <span className="small">{speech.why[why]}</span>
      </p>
      <div className="row">
        <Button
          size="compact-sm"
          aria-label={speech.sameAs(called)}
          onClick={() => open({ kind: 'join', device, other: other.device })}
        >
          {speech.same}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          aria-label={speech.differentFrom(called)}
          aria-disabled={differ.running}
          onClick={() => void different()}
        >
          {speech.different}
        </Button>
      </div>
      {differ.error !== undefined && (
        <p className="handset-problem small" role="alert">
          {errorText(differ.error.code, language).what}
        </p>
      )}
    </div>
  );
}

/** Two cards that are alike may be called the same: the number tells them apart. */
export function cardName(handset: KnownHandset, noNumber: string): string {
  const number = isProvisional(handset) ? noNumber : deviceNumber(handset);
  const name = deviceName(handset);
  return name === number ? name : `${name} (${number})`;
}
