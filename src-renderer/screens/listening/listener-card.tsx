import '@mantine/core/styles/InlineInput.css';
import '@mantine/core/styles/Input.css';
import '@mantine/core/styles/Switch.css';
import { Button, Switch } from '@mantine/core';
import {
  CircleCheck,
  CircleDashed,
  CircleHelp,
  Clock,
  LoaderCircle,
  type LucideIcon,
  TriangleAlert,
} from 'lucide-react';
import { useId } from 'react';
import { Link } from 'wouter';
import type { InterfaceView, ListenerView } from '../../../src-main/contract/listening.ts';
import type { ProfileView } from '../../../src-main/contract/results.ts';
import { errorText } from '../../../src-main/wording/error-text.ts';
import { countText } from '../../../src-main/wording/numbers.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { Badge } from '../../components/badge.tsx';
import { CommandText } from '../../components/command-text.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { useConnection, useHost } from '../../host/host-context.tsx';
import { useAction, useRequest } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import type { Tone } from '../../theme/tone.ts';
import { WAY_ICONS } from './way-looks.ts';

const LOOKS: Readonly<Record<ListenerView['state'], readonly [Tone, LucideIcon]>> = {
  off: ['idle', CircleDashed],
  starting: ['working', LoaderCircle],
  listening: ['done', CircleCheck],
  // It is tried again by itself.
  waiting: ['idle', Clock],
};
const NOT_KNOWN: readonly [Tone, LucideIcon] = ['idle', CircleHelp];

const NO_PROFILES: readonly ProfileView[] = [];

interface ListenerCardProps {
  readonly listener: ListenerView;
  readonly interfaces: readonly InterfaceView[];
  /** Opens what is to be chosen. */
  readonly onChoose: () => void;
}

/** One way in: what it is for, whether it is open, where, and to whom its sessions go. */
export function ListenerCard({ listener, interfaces, onChoose }: ListenerCardProps) {
  const { listening: text } = useSpeech().words.screens;
  const title = useId();
  const { kind, state } = listener;
  const way = text.ways[kind];
  const on = state !== 'off';
  const Icon = WAY_ICONS[kind];
  const live = useConnection().kind === 'live';
  const [tone, icon] = live ? LOOKS[state] : NOT_KNOWN;
  const { turn, error } = useTurn(listener, onChoose);
  return (
    <li className="panel listener" data-kind={kind} data-state={state}>
      <div className="listener-head">
        <Icon className="listener-icon" aria-hidden="true" />
        <div className="listener-words">
          <div className="row">
            <h3 id={title}>{way.title}</h3>
            <Badge
              tone={tone}
              icon={icon}
              text={live ? text.states[state] : text.notKnown}
              busy={live && state === 'starting'}
            />
          </div>
          <p className="quiet">{way.about}</p>
        </div>
        <Switch
          size="md"
          classNames={{ track: 'listener-track' }}
          checked={on}
          disabled={!live}
          aria-label={text.on(way.title)}
          onChange={({ currentTarget }) => turn(currentTarget.checked)}
        />
      </div>
      {on && <ListenerFacts listener={listener} interfaces={interfaces} />}
      {on && listener.reason !== undefined && <ListenerReason listener={listener} />}
      {error !== undefined && <ErrorNotice code={error.code} message={error.message} />}
      {kind === 'bluetooth' && !on && <RadioReason />}
      <div className="row">
        <Button
          variant="default"
          size="compact-sm"
          disabled={!live}
          aria-label={on ? text.changeNamed(way.title) : text.chooseNamed(way.title)}
          onClick={onChoose}
        >
          {on ? text.change : text.choose}
        </Button>
        {state === 'waiting' && <Link href={`/doctor/${encodeURIComponent(`way-in:${kind}`)}`}>{text.doctor}</Link>}
      </div>
    </li>
  );
}

/** One that needs to be told its place is asked for it first. */
function useTurn({ kind }: ListenerView, onChoose: () => void) {
  const { listening: text } = useSpeech().words.screens;
  const announce = useAnnounce();
  const { run, running, error } = useAction('listeners.set');
  const turn = (on: boolean) => {
    if (on && kind !== 'bluetooth') {
      onChoose();
      return;
    }
    if (running) return;
    void run({ kind, on }).then((result) => {
      if (result !== undefined) announce(on ? text.say.on(text.ways[kind].title) : text.say.off(text.ways[kind].title));
    });
  };
  return { turn, error };
}

function ListenerFacts({ listener, interfaces }: Omit<ListenerCardProps, 'onChoose'>) {
  const { words, language } = useSpeech();
  const { listening: text } = words.screens;
  const { kind, address, wanted, downloads, sessions } = listener;
  const places = placesOf(address ?? wanted, interfaces);
  return (
    <dl className="facts">
      {places.length > 0 && (
        <>
          <dt>{text.address}</dt>
          <dd className="row" data-address={kind}>
            {places.map((place) => (
              <code key={place} className="code" dir="ltr">
                {place}
              </code>
            ))}
            {isEverywhere(address) && <span className="small quiet">{text.everywhere}</span>}
            {address !== undefined && places.length === 1 && <CopyButton text={() => places.join('\n')} />}
          </dd>
        </>
      )}
      {downloads !== undefined && (
        <>
          <dt>{text.downloads}</dt>
          <dd className="row">
            <code className="code" dir="ltr">
              {downloads}
            </code>
          </dd>
        </>
      )}
      <dt>{text.server}</dt>
      <dd>
        <ServerName dms={listener.dms} />
      </dd>
      {sessions > 0 && (
        <>
          <dt>{text.sessions}</dt>
          <dd className="number">{text.sessionsOf(sessions, countText(sessions, language))}</dd>
        </>
      )}
    </dl>
  );
}

function ServerName({ dms }: Pick<ListenerView, 'dms'>) {
  const { listening: text } = useSpeech().words.screens;
  const profiles = useHost((state) => state.profiles, NO_PROFILES);
  if (dms === undefined && profiles.length === 0) {
    return (
      <>
        <TriangleAlert aria-hidden="true" className="listener-warning" />
        {text.form.noServer} <Link href="/servers">{text.form.addServer}</Link>
      </>
    );
  }
  if (dms === undefined) return text.serverOfPhone;
  return profiles.find(({ id, name, url }) => id === dms || name === dms || url === dms)?.name ?? dms;
}

/** Why it is not open, or what it has to do without. */
function ListenerReason({ listener: { reason = '', message } }: Pick<ListenerCardProps, 'listener'>) {
  const { words, language } = useSpeech();
  const { listening: text } = words.screens;
  // Words of an error tell of a handset that was to be reached; here one is to reach us.
  const { what, next } = reason === 'bearer/unavailable' ? text.notThere : errorText(reason, language);
  return (
    <div className="listener-reason">
      <p>
        <strong>{what}</strong> <CommandText text={next} />
      </p>
      <p className="small quiet">
        <code className="code">{reason}</code>
        {message !== undefined && ` ${message}`}
      </p>
    </div>
  );
}

/** What the Bluetooth screen says, before somebody opens this way in and waits. */
function RadioReason() {
  const { words, language } = useSpeech();
  const { listening } = words.screens;
  const look = useRequest('air.look', {});
  const followed = useHost((state) => state.air, undefined);
  const reason = (followed ?? look.data?.air)?.reason;
  if (reason === undefined) return null;
  const { what } = errorText(reason, language);
  return (
    <p className="listener-reason">
      <span>
        {what} <Link href="/handsets/bluetooth">{listening.radio}</Link>
      </span>
    </p>
  );
}

/** All addresses of this computer, of either family. */
const EVERYWHERE = /^tcp:(?:0\.0\.0\.0|\[?::\]?):(\d+)$/;

function isEverywhere(address: string | undefined): boolean {
  return address !== undefined && EVERYWHERE.test(address);
}

/** Nobody can call at 0.0.0.0: it stands for each address of this computer. */
function placesOf(address: string | undefined, interfaces: readonly InterfaceView[]): readonly string[] {
  if (address === undefined) return [];
  const port = EVERYWHERE.exec(address)?.[1];
  const own = interfaces.flatMap(({ loopback, addresses }) => (loopback ? [] : addresses));
  const v4 = own.filter((each) => !each.includes(':'));
  return port === undefined || v4.length === 0 ? [address] : v4.map((each) => `tcp:${each}:${port}`);
}
