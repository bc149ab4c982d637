import type { DemoHandset, InventoryComponent } from '../../../src-main/contract/demo-result.ts';
import type { Catalogue } from '../../../src-main/wording/catalogue.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { activityOf, componentChanges } from './component-changes.ts';

/** What was on the handset and what is; a change is told in a word, not only by weight. */
export function ComponentTable({ before, after }: Pick<DemoHandset, 'before' | 'after'>) {
  const { words } = useSpeech();
  const text = words.screens.demo.result;
  const rows = componentChanges(before, after);
  if (rows.length === 0) return <p className="quiet small">{text.noComponents}</p>;
  return (
    <table className="demo-table">
      <thead>
        <tr>
          <th scope="col">{text.component}</th>
          <th scope="col">{text.before}</th>
          <th scope="col">{text.after}</th>
          <th scope="col">{text.change}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id} data-change={row.change}>
            <th scope="row">{row.id}</th>
            <td>{componentText(row.before, text)}</td>
            <td>{componentText(row.after, text)}</td>
            <td>{text[row.change]}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function componentText(
  component: InventoryComponent | undefined,
  text: Catalogue['screens']['demo']['result'],
): string {
  if (component === undefined) return text.absent;
  const activity = activityOf(component);
  const state = activity === undefined ? component.state : text[activity];
  return [component.version, state].filter((part) => part !== undefined && part !== '').join(', ');
}
