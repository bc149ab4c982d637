import '@mantine/core/styles/Input.css';
import { NativeSelect } from '@mantine/core';
import type { PackageView } from '../../../src-main/contract/results.ts';
import { countText } from '../../../src-main/wording/numbers.ts';
import { FilterField } from '../../components/filter-field.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { countByState, PACKAGE_STATES, type PackageChoice } from './package-rows.ts';

interface PackagesToolbarProps {
  readonly packages: readonly PackageView[];
  /** Rows that fit. */
  readonly shown: number;
  readonly choice: PackageChoice;
  readonly onChoice: (choice: PackageChoice) => void;
}

export function PackagesToolbar({ packages, shown, choice, onChoice }: PackagesToolbarProps) {
  const { words, common, language } = useSpeech();
  const { filter, count, shown: shownText } = words.screens.packages;
  const counts = countByState(packages);
  const number = (value: number) => countText(value, language);
  const all = packages.length;
  return (
    <search className="row packages-toolbar" aria-label={filter.label}>
      <FilterField
        className="packages-filter"
        label={filter.text}
        value={choice.text}
        onChange={(typed) => onChoice({ ...choice, text: typed })}
      />
      <NativeSelect
        aria-label={filter.state}
        value={choice.state}
        onChange={({ currentTarget }) =>
          onChoice({ ...choice, state: PACKAGE_STATES.find((state) => state === currentTarget.value) ?? 'all' })
        }
        data={[
          { value: 'all', label: `${filter.all} (${number(all)})` },
          ...PACKAGE_STATES.map((state) => ({
            value: state,
            label: `${common.states[state]} (${number(counts[state])})`,
          })),
        ]}
      />
      <p className="quiet small number" role="status">
        {shown === all ? count(all, number(all)) : shownText(number(shown), all, number(all))}
      </p>
    </search>
  );
}
