import { Button } from '@mantine/core';
import { useDeferredValue, useId, useMemo, useState } from 'react';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import { countText, sizeText } from '../../../src-main/wording/numbers.ts';
import { StateBadge } from '../../components/state-badge.tsx';
import { useHost } from '../../host/host-context.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { type PackageChoice, type PackageChoices, packageChoices } from './package-choice.ts';

interface ChoosePackagesProps {
  readonly handset: KnownHandset;
  readonly chosen: readonly string[];
  readonly onChoose: (chosen: readonly string[]) => void;
  readonly onNext: () => void;
  readonly onClose: () => void;
}

/** The packages that this computer keeps, those for this handset first. */
export function ChoosePackages({ handset, chosen, onChoose, onNext, onClose }: ChoosePackagesProps) {
  const { words, common, language } = useSpeech();
  const speech = words.screens.install.choose;
  const packages = useHost((state) => state.packages, []);
  const [search, setSearch] = useState('');
  const wanted = useDeferredValue(search);
  const choices = useMemo(() => packageChoices(packages, handset.model, wanted), [packages, handset.model, wanted]);
  const present = packages.filter(({ id }) => chosen.includes(id));
  const size = present.reduce((sum, each) => sum + each.size, 0);
  const toggle = (id: string) => onChoose(chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id]);
  if (packages.length === 0) {
    return (
      <div className="stack dialog-body">
        <p>
          {speech.empty} <a href="#/packages">{speech.emptyLink}</a>
        </p>
        <div className="dialog-actions">
          <Button variant="default" onClick={onClose}>
            {common.close}
          </Button>
        </div>
      </div>
    );
  }
  return (
    <form
      className="stack dialog-body"
      onSubmit={(event) => {
        event.preventDefault();
        if (present.length > 0) onNext();
      }}
    >
      <input
        type="search"
        className="text-field"
        aria-label={speech.search}
        placeholder={speech.search}
        value={search}
        data-autofocus
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <ChoiceLists choices={choices} chosen={chosen} toggle={toggle} />
      <div className="dialog-actions">
        <p className="small quiet number dialog-count" aria-live="polite">
          {present.length === 0 ? speech.none : speech.chosen(present.length, sizeText(size, language))}
        </p>
        <Button variant="default" onClick={onClose}>
          {common.cancel}
        </Button>
        <Button type="submit" disabled={present.length === 0}>
          {speech.next}
        </Button>
      </div>
    </form>
  );
}

interface ChoiceListsProps {
  readonly choices: PackageChoices;
  readonly chosen: readonly string[];
  readonly toggle: (id: string) => void;
}

function ChoiceLists({ choices: { suitable, others, more }, chosen, toggle }: ChoiceListsProps) {
  const { words, language } = useSpeech();
  const speech = words.screens.install.choose;
  return (
    <div className="choices">
      {suitable.length + others.length === 0 && <p>{speech.noMatch}</p>}
      <ChoiceList title={speech.suitable} choices={suitable} chosen={chosen} toggle={toggle} />
      <ChoiceList title={speech.others} choices={others} chosen={chosen} toggle={toggle} />
      {more > 0 && <p className="small quiet">{speech.more(countText(more, language))}</p>}
    </div>
  );
}

interface ChoiceListProps {
  readonly title: string;
  readonly choices: readonly PackageChoice[];
  readonly chosen: readonly string[];
  readonly toggle: (id: string) => void;
}

function ChoiceList({ title, choices, chosen, toggle }: ChoiceListProps) {
  const heading = useId();
  if (choices.length === 0) return null;
  return (
    <section aria-labelledby={heading}>
      <h3 id={heading} className="choices-title">
        {title}
      </h3>
      <ul>
        {choices.map((choice) => (
          <Choice key={choice.package.id} choice={choice} chosen={chosen.includes(choice.package.id)} toggle={toggle} />
        ))}
      </ul>
    </section>
  );
}

interface ChoiceProps {
  readonly choice: PackageChoice;
  readonly chosen: boolean;
  readonly toggle: (id: string) => void;
}

function Choice({ choice: { package: each, fit }, chosen, toggle }: ChoiceProps) {
  const { words, language } = useSpeech();
  const speech = words.screens.install.choose;
  const { id, name, version, model, size, trust } = each;
  const forModel = model === undefined || model === '' ? speech.forAny : speech.forModel(model);
  const about =
    fit === 'quarantined' ? speech.quarantined : fit === 'other-model' ? speech.otherModel(model ?? '') : forModel;
  return (
    <li>
      <label className="choice" data-fit={fit}>
        <input
          type="checkbox"
          checked={chosen && fit !== 'quarantined'}
          disabled={fit === 'quarantined'}
          onChange={() => toggle(id)}
        />
        <span className="choice-name" title={id}>
          {name} <span className="number quiet">{version}</span>
          <span className="small quiet choice-about">{about}</span>
        </span>
        <span className="small number quiet">{sizeText(size, language)}</span>
        <span className="choice-trust">
          <StateBadge state={fit === 'quarantined' ? 'quarantined' : trust} />
        </span>
      </label>
    </li>
  );
}
