import { ActionIcon, Button } from '@mantine/core';
import { Archive, Trash2 } from 'lucide-react';
import { memo } from 'react';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import { useSpeech } from '../../language/language-context.tsx';
import type { OpenDialog } from '../handsets/dialogs.ts';
import { useLaunch } from '../handsets/use-launch.ts';
import type { SoftwareRow } from './reading.ts';
import { ComponentState, ComponentStatus } from './state-badge.tsx';

interface ComponentTableProps {
  readonly handset: KnownHandset;
  readonly rows: readonly SoftwareRow[];
  readonly idle: boolean;
  readonly open: OpenDialog;
}

/** Component by component: what it is, where it came from, whether it is in use, and what can be done with it. */
export function ComponentTable({ handset, rows, idle, open }: ComponentTableProps) {
  const speech = useSpeech().words.screens.software;
  const activate = useLaunch('activate', handset, nothing);
  const deactivate = useLaunch('deactivate', handset, nothing);
  const { device } = handset;
  const change = (work: 'activate' | 'deactivate', component: string) =>
    (work === 'activate' ? activate : deactivate).launch({ handset: device, device, component });
  return (
    <div className="software-table" data-scrolls>
      <table className="software-list">
        <caption className="unseen">{speech.components}</caption>
        <thead>
          <tr>
            <th scope="col">{speech.columns.component}</th>
            <th scope="col">{speech.columns.version}</th>
            <th scope="col">{speech.columns.state}</th>
            <th scope="col">
              <span className="unseen">{speech.columns.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <ComponentRow key={row.id} {...{ row, device, idle, open, change }} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function nothing(): void {
  // The page itself shows how it goes.
}

interface ComponentRowProps {
  readonly row: SoftwareRow;
  readonly device: string;
  readonly idle: boolean;
  readonly open: OpenDialog;
  readonly change: (work: 'activate' | 'deactivate', component: string) => void;
}

const ComponentRow = memo(function ComponentRow({ row, device, idle, open, change }: ComponentRowProps) {
  const speech = useSpeech().words.screens.software;
  const { id, name, version, state, status, update, package: from } = row;
  const turn = state === 'active' ? 'deactivate' : 'activate';
  const when = (act: () => void) => (idle ? act : undefined);
  return (
    <tr>
      <th scope="row">
        {name}
        <span className="small quiet software-under">
          {from === id || from === undefined ? id : speech.from(id, from)}
        </span>
      </th>
      <td className="number">
        {version}
        {update !== undefined && <span className="small software-newer">{speech.newer(update.version)}</span>}
      </td>
      <td>
        <span className="row software-states">
          <ComponentState state={state} />
          {status !== undefined && <ComponentStatus status={status} />}
        </span>
      </td>
      <td className="software-actions">
        <div>
          {update !== undefined && (
            <Button
              variant="light"
              size="compact-sm"
              aria-disabled={!idle}
              aria-label={speech.updateThis(name, update.version)}
              onClick={when(() => open({ kind: 'update', device, packages: [update.package.id] }))}
            >
              {speech.update}
            </Button>
          )}
          <Button
            variant="default"
            size="compact-sm"
            aria-disabled={!idle}
            aria-label={speech[turn].this(name)}
            onClick={when(() => change(turn, id))}
          >
            {speech[turn].text}
          </Button>
          <span className="software-icons">
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-disabled={!idle}
              aria-label={speech.archive.this(name)}
              title={speech.archive.this(name)}
              onClick={when(() => open({ kind: 'archive', device, component: id }))}
            >
              <Archive size="1.1rem" aria-hidden="true" />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              color="red"
              aria-disabled={!idle}
              aria-label={speech.remove.this(name)}
              title={speech.remove.this(name)}
              onClick={when(() => open({ kind: 'remove', device, component: id }))}
            >
              <Trash2 size="1.1rem" aria-hidden="true" />
            </ActionIcon>
          </span>
        </div>
      </td>
    </tr>
  );
});
