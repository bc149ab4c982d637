import '@mantine/core/styles/Input.css';
import { Button, NativeSelect } from '@mantine/core';
import { ArrowUp, Download } from 'lucide-react';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import { countText } from '../../../src-main/wording/numbers.ts';
import { FilterField } from '../../components/filter-field.tsx';
import { useHost } from '../../host/host-context.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { phoneChoiceText } from './journal-words.ts';
import type { PageList } from './page-list.ts';
import type { JournalChoice } from './use-journal-choice.ts';

const NO_HANDSETS: KnownHandset[] = [];

interface JournalToolbarProps {
  readonly what: 'sessions' | 'jobs';
  readonly choice: JournalChoice;
  readonly list: PageList<unknown> | undefined;
  readonly onFresh: () => void;
  readonly onExport: () => void;
}

/** Search, phone, how many there are, what is new, export: the same above both lists. */
export function JournalToolbar({ what, choice, list, onFresh, onExport }: JournalToolbarProps) {
  const { words, language } = useSpeech();
  const text = words.screens.journal;
  const handsets = useHost((state) => state.handsets, NO_HANDSETS);
  const count = list?.rows.length ?? 0;
  const fresh = list?.fresh.length ?? 0;
  const freshText = list?.gap === true ? text.freshMany : text.fresh(countText(fresh, language));
  return (
    <search className="row journal-toolbar" aria-label={text.search[what]}>
      <FilterField
        className="journal-search"
        label={text.search[what]}
        hint={text.search[`${what}Hint`]}
        maxLength={200}
        value={choice.text}
        onChange={choice.setText}
      />
      <NativeSelect
        className="journal-phone"
        aria-label={text.phone}
        value={choice.device}
        onChange={({ currentTarget }) => choice.setDevice(currentTarget.value)}
        data={[
          { value: '', label: text.allPhones },
          ...handsets.map((handset) => ({ value: handset.device, label: phoneChoiceText(handset) })),
        ]}
      />
      {fresh > 0 && (
        <Button variant="light" leftSection={<ArrowUp size="1.1em" aria-hidden="true" />} onClick={onFresh}>
          {freshText}
        </Button>
      )}
      <p className="quiet small number" role="status">
        {list !== undefined && text.count[what](count, countText(count, language), list.next !== undefined)}
      </p>
      <Button
        variant="default"
        leftSection={<Download size="1.1em" aria-hidden="true" />}
        disabled={count === 0}
        onClick={onExport}
      >
        {text.export.open}
      </Button>
    </search>
  );
}
