import { TriangleAlert } from 'lucide-react';
import { Link } from 'wouter';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import { BearerChip } from '../../components/bearer-chip.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { doctorOfThing } from './doctor-place.ts';
import { unusableText } from './unusable-text.ts';

interface CardWaysProps {
  readonly ways: KnownHandset['bearers'];
  /** The card says already why none can be used. */
  readonly unusable: boolean;
  /** Without links, such as in a dialog. */
  readonly plain?: boolean;
}

/** Each way to the handset: whether it is there, at which port, and why it cannot be used. */
export function CardWays({ ways, unusable, plain = false }: CardWaysProps) {
  const { words, language } = useSpeech();
  const { handsets } = words.screens;
  const { way: speech, actions } = handsets;
  const sorted = ways.toSorted((a, b) => rank(a) - rank(b));
  return sorted.map(({ kind, address, attached, place, reason, holder }) => {
    // Of a single one the card's own word says it.
    const here = kind === 'bluetooth' ? speech.near : speech.attached;
    const state = attached === undefined || ways.length === 1 ? undefined : attached ? here : speech.away;
    const why = reason === undefined || unusable ? undefined : unusableText(reason, holder, handsets, language).what;
    const doctor = plain ? undefined : doctorOfThing({ address, reason, finding: undefined });
    return (
      <span key={address} className="handset-way" data-reason={why !== undefined || undefined}>
        <BearerChip {...{ kind, address, place, state }} away={attached === false} />
        {why !== undefined && (
          <span className="handset-way-reason small">
            <TriangleAlert aria-hidden="true" />
            {speech.unusable(why)} {doctor !== undefined && <Link href={doctor}>{actions.openDoctor}</Link>}
          </span>
        )}
      </span>
    );
  });
}

/** Those that can be used stand together. */
function rank({ attached, reason }: KnownHandset['bearers'][number]): number {
  return reason !== undefined ? 2 : Number(attached === false);
}
