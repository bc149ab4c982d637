import type { PackageContents, PackageView } from '../../../src-main/contract/results.ts';
import { useSpeech } from '../../language/language-context.tsx';

/** What lies in a package of our own format; of another file nothing is known. */
export function PackageInside({ view: { contents } }: { readonly view: PackageView }) {
  const { words } = useSpeech();
  const text = words.screens.packages.inside;
  if (contents === undefined) return null;
  return (
    <section className="stack packages-inside" aria-labelledby="packages-detail-inside">
      <h3 id="packages-detail-inside">{contents.kind === 'firmware' ? text.firmware : text.title}</h3>
      {contents.kind === 'firmware' ? (
        <p>
          {text.step(
            contents.from === undefined || contents.from.length === 0 ? text.any : text.list(contents.from),
            contents.to ?? '',
          )}
        </p>
      ) : (
        <Components components={contents.components ?? []} />
      )}
    </section>
  );
}

function Components({ components }: { readonly components: NonNullable<PackageContents['components']> }) {
  const { words } = useSpeech();
  const text = words.screens.packages.inside;
  return (
    <ul>
      {components.map(({ id, name, version, description, needs }) => (
        <li key={id}>
          <p>
            <strong>{name}</strong> <span className="number quiet">{version}</span>
            <span className="small quiet packages-under">{id}</span>
          </p>
          {description !== undefined && <p className="small">{description}</p>}
          {needs.map((need) => (
            <p className="small" key={need.id}>
              {text.needs(need.version === undefined ? need.id : text.orNewer(need.id, need.version))}
            </p>
          ))}
        </li>
      ))}
    </ul>
  );
}
