import { CopyButton } from '../../components/copy-button.tsx';
import { Notice } from '../../components/notice.tsx';
import { useRequest } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';

/** As `settings/places.ts` of the product has them; names of folders are not words. */
const FOLDERS = [
  {
    system: 'Linux',
    settings: '~/.config/pc-agent',
    state: '~/.local/state/pc-agent',
    content: '~/.local/share/pc-agent/content',
  },
  {
    system: 'Windows',
    settings: '%APPDATA%\\PC Agent',
    state: '%LOCALAPPDATA%\\PC Agent\\state',
    content: '%LOCALAPPDATA%\\PC Agent\\content',
  },
  {
    system: 'macOS',
    settings: '~/Library/Application Support/PC Agent/settings',
    state: '~/Library/Application Support/PC Agent/state',
    content: '~/Library/Application Support/PC Agent/content',
  },
] as const;

/** Folders by system, and the one of this computer as the host tells it. */
export function PlacesTopic() {
  const { places } = useSpeech().words.screens.help.topics;
  const folder = useRequest('host.storage', {}).data?.folder;
  return (
    <>
      {folder !== undefined && (
        <dl className="facts">
          <dt>{places.now}</dt>
          <dd className="row">
            <code className="code" dir="ltr">
              {folder}
            </code>
            <CopyButton text={() => folder} />
          </dd>
        </dl>
      )}
      {FOLDERS.map(({ system, ...folders }) => (
        <section key={system} className="stack" aria-labelledby={`places-${system}`}>
          <h2 id={`places-${system}`}>{system}</h2>
          <dl className="facts">
            {(['settings', 'state', 'content'] as const).map((name) => (
              <Place key={name} name={places[name]} folder={folders[name]} />
            ))}
          </dl>
        </section>
      ))}
      <Notice tone="needs-you" level={2} title={places.secrets} />
    </>
  );
}

function Place({ name, folder }: { readonly name: string; readonly folder: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <code className="code" dir="ltr">
          {folder}
        </code>
      </dd>
    </>
  );
}
