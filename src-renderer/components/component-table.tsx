import type { InventoryComponent } from '../../src-main/contract/demo-result.ts';
import { useSpeech } from '../language/language-context.tsx';

interface ComponentTableProps {
  readonly before: readonly InventoryComponent[];
  readonly after: readonly InventoryComponent[];
}

/** What was on the handset and what is; a change is told in a word, not only by colour. */
export function ComponentTable({ before, after }: ComponentTableProps) {
  const { words } = useSpeech();
  const { result } = words;
  const ids = [...new Set([...before, ...after].map(({ id }) => id))];
  if (ids.length === 0) return <p className="quiet">{result.noComponents}</p>;
  const text = (component: InventoryComponent | undefined) =>
    component === undefined
      ? result.absent
      : [component.version, stateText(component, result)].filter(Boolean).join(', ');
  return (
    <table className="components">
      <thead>
        <tr>
          <th scope="col">{result.component}</th>
          <th scope="col">{result.before}</th>
          <th scope="col">{result.after}</th>
          <th scope="col">{result.change}</th>
        </tr>
      </thead>
      <tbody>
        {ids.map((id) => {
          const old = before.find((component) => component.id === id);
          const now = after.find((component) => component.id === id);
          const change = changeOf(old, now);
          return (
            <tr key={id} data-change={change}>
              <th scope="row">{id}</th>
              <td>{text(old)}</td>
              <td>{text(now)}</td>
              <td>{result[change]}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

type Change = 'added' | 'removed' | 'changed' | 'same';

function changeOf(old: InventoryComponent | undefined, now: InventoryComponent | undefined): Change {
  if (old === undefined) return 'added';
  if (now === undefined) return 'removed';
  return old.version === now.version && old.state === now.state ? 'same' : 'changed';
}

/** SCOMO 1.0, states of a deployed component: 10 inactive, 20 active. */
function stateText({ state }: InventoryComponent, result: { active: string; inactive: string }): string | undefined {
  if (String(state) === '20') return result.active;
  if (String(state) === '10') return result.inactive;
  return state === undefined ? undefined : String(state);
}
