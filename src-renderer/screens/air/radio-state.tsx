import { Button } from '@mantine/core';
import { Bluetooth, Eye, EyeOff } from 'lucide-react';
import { Link } from 'wouter';
import type { AirView } from '../../../src-main/contract/air.ts';
import { errorText } from '../../../src-main/wording/error-text.ts';
import { elapsedText } from '../../../src-main/wording/numbers.ts';
import { CommandText } from '../../components/command-text.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Notice } from '../../components/notice.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { useTimedRequest } from './use-timed-request.ts';

/** Seconds for which phones find this computer: time to look for it in the menus of a phone. */
const SHOWN = 120;
/** Nothing here could be mended by this program: something is to be plugged in, or is another system's. */
const NOT_DOCTORED: readonly string[] = ['air/no-adapter', 'air/not-supported'];

interface RadioStateProps {
  readonly air: AirView;
  readonly onLook: () => void;
}

/** Whether the radio can be used, and if not, why, and the one thing to do. */
export function RadioState({ air, onLook }: RadioStateProps) {
  return air.reason === undefined ? (
    <ReadyRadio adapters={air.adapters} />
  ) : (
    <NoRadio reason={air.reason} onLook={onLook} />
  );
}

function NoRadio({ reason, onLook }: { readonly reason: string; readonly onLook: () => void }) {
  const { words, language } = useSpeech();
  const { radio } = words.screens.air;
  const { what, next } = errorText(reason, language);
  const doctored = !NOT_DOCTORED.includes(reason);
  return (
    <Notice tone={doctored ? 'needs-you' : 'idle'} title={radio.off} level={2}>
      <p>
        <strong>{what}</strong> <CommandText text={next} />
      </p>
      <p className="quiet">{radio.cables}</p>
      <div className="row">
        {doctored && (
          <Button component={Link} href="/doctor/bluetooth">
            {radio.openDoctor}
          </Button>
        )}
        {reason === 'air/no-adapter' && (
          <Button variant="default" onClick={onLook}>
            {radio.lookAgain}
          </Button>
        )}
        <Link href={`/help/${reason}`}>{radio.readMore}</Link>
      </div>
    </Notice>
  );
}

/** What this computer is called over the air, and whether phones find it. */
function ReadyRadio({ adapters }: Pick<AirView, 'adapters'>) {
  const { words, language } = useSpeech();
  const { radio, show } = words.screens.air;
  const { left, error, start, stop } = useTimedRequest('air.show', SHOWN);
  const seen = left !== undefined || adapters.some(({ visible }) => visible);
  const Icon = seen ? Eye : EyeOff;
  const said = left === undefined ? (seen ? show.visible : show.hidden) : show.left(elapsedText(left, language));
  return (
    <section className="panel air-radio" aria-labelledby="air-radio">
      <Bluetooth className="air-radio-icon" aria-hidden="true" />
      <div className="air-radio-words">
        <h2 id="air-radio">{radio.ready}</h2>
        {adapters.map(({ id, name, address }) => (
          <p key={id} className="quiet">
            {radio.adapter(name || id, address)}
          </p>
        ))}
        <p className="quiet number air-seen">
          <Icon aria-hidden="true" />
          {said}
        </p>
      </div>
      <Button variant="default" onClick={left === undefined ? () => void start() : stop}>
        {left === undefined ? show.start : show.stop}
      </Button>
      {error !== undefined && <ErrorNotice code={error.code} message={error.message} />}
    </section>
  );
}
