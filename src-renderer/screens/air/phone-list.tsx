import '@mantine/core/styles/InlineInput.css';
import '@mantine/core/styles/Input.css';
import '@mantine/core/styles/Checkbox.css';
import { Checkbox } from '@mantine/core';
import { useRef, useState } from 'react';
import type { AirPhone } from '../../../src-main/contract/air.ts';
import { countText } from '../../../src-main/wording/numbers.ts';
import { FilterField } from '../../components/filter-field.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { useKeepFocus } from '../handsets/use-keep-focus.ts';
import { PhoneRow } from './phone-row.tsx';
import { type PhoneFilter, phoneRows } from './phone-rows.ts';

/** So few are seen at once. */
const FEW = 6;

interface PhoneListProps {
  readonly phones: readonly AirPhone[];
  readonly onForget: (phone: AirPhone) => void;
}

/** Those that are paired, then those that are in range. A hundred of them are found by their names. */
export function PhoneList({ phones, onForget }: PhoneListProps) {
  const { words, language } = useSpeech();
  const { air } = words.screens;
  const [filter, setFilter] = useState<PhoneFilter>({ text: '', others: false });
  const places = useRef(new Map<string, number>());
  const region = useRef<HTMLDivElement>(null);
  useKeepFocus(region);
  const { paired, near, all, others } = phoneRows(phones, filter, places.current);
  const shown = paired.length + near.length;
  const number = (count: number) => countText(count, language);
  const section = (key: 'paired' | 'near', rows: readonly AirPhone[]) =>
    rows.length === 0
      ? []
      : [
          <h2 key={key}>{air.section(air.sections[key], number(rows.length))}</h2>,
          ...rows.map((phone) => <PhoneRow key={phone.address} phone={phone} onForget={onForget} />),
        ];
  return (
    <>
      {(all > FEW || others > 0 || filter.text !== '') && (
        <search className="row air-filter" aria-label={air.filter}>
          <FilterField
            className="air-filter-text"
            label={air.filter}
            value={filter.text}
            onChange={(text) => setFilter({ ...filter, text })}
          />
          {others > 0 && (
            <Checkbox
              className="field"
              label={air.others(number(others))}
              checked={filter.others}
              onChange={({ currentTarget }) => setFilter({ ...filter, others: currentTarget.checked })}
            />
          )}
          <p className="quiet small number" role="status">
            {shown < all && air.shown(number(shown), number(all))}
          </p>
        </search>
      )}
      {shown === 0 && all > 0 && <p className="quiet">{air.noneShown}</p>}
      {/* One list: a phone that has been paired goes to the other section with the keyboard's place. */}
      <div ref={region} className="air-phones" tabIndex={-1}>
        {[...section('paired', paired), ...section('near', near)]}
      </div>
    </>
  );
}
