import type { ReactNode } from 'react';
import type { LiveOverview } from '../../src-main/contract/live-overview.ts';
import { useSpeech } from '../language/language-context.tsx';
import { type ProgressWord, progressWord } from '../state/progress-word.ts';
import { Flow } from './flow.tsx';
import { AgentIcon, HandsetIcon, ServerIcon } from './icons.tsx';
import { StatusPill } from './status-pill.tsx';

/** ServerID of the PC's own DM server, which has no address. */
const OWN_SERVER = 'pc-agent';

/** Handset, PC Agent and DM server, with what went each way between them. */
export function CardRow({ overview }: { readonly overview: LiveOverview }) {
  const { words } = useSpeech();
  const word = progressWord(overview);
  const handset = overview.handsets.at(-1);
  const session = overview.sessions.at(-1);
  const others = overview.handsets.length - 1;
  const own = session?.dms === OWN_SERVER;
  const serverWord = session === undefined && word === 'waiting' ? 'ready' : word;
  return (
    <section className="cards" aria-label={`${words.cards.handset}, ${words.cards.agent}, ${words.cards.server}`}>
      <Card icon={<HandsetIcon />} title={words.cards.handset} word={handset === undefined ? 'waiting' : word}>
        <p className="card-name">{handset?.device ?? words.noHandset}</p>
        <p className="card-note">
          {handset?.address}
          {others > 0 && ` ${words.more(others)}`}
        </p>
      </Card>
      <Flow overview={overview} place="first" />
      <Card icon={<AgentIcon />} title={words.cards.agent} word={word === 'waiting' ? 'ready' : word}>
        <p className="card-name">{session === undefined ? words.noSession : words.session(session.id)}</p>
        <p className="card-note">{own ? words.ownServerAgentHint : words.agentHint}</p>
      </Card>
      <Flow overview={overview} place="second" />
      <Card icon={<ServerIcon />} title={words.cards.server} word={serverWord}>
        <p className="card-name">
          {session === undefined ? words.noServer : own ? words.ownServer : hostOf(session.dms)}
        </p>
        <p className="card-note">{own ? words.ownServerHint : session?.dms}</p>
      </Card>
    </section>
  );
}

interface CardProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly word: ProgressWord;
  readonly children: ReactNode;
}

function Card({ icon, title, word, children }: CardProps) {
  return (
    <article className="card" data-state={word}>
      <div className="card-head">
        <span className="card-icon">{icon}</span>
        <h2>{title}</h2>
        <StatusPill word={word} />
      </div>
      {children}
    </article>
  );
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : address;
}
