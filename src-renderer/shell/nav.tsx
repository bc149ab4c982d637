import { Fragment } from 'react';
import { Link, useLocation } from 'wouter';
import { useHost } from '../host/host-context.tsx';
import { useSpeech } from '../language/language-context.tsx';
import { PLACES, type Place } from './places.ts';

export function Nav() {
  const { common } = useSpeech();
  return (
    <nav className="shell-nav" aria-label={common.nav}>
      <div className="shell-brand">
        <img src="/favicon.svg" alt="" />
        {common.product}
      </div>
      {PLACES.map((place) => (
        <Fragment key={place.path}>
          {place.apart === true && <div className="shell-gap" />}
          <NavLink place={place} />
        </Fragment>
      ))}
    </nav>
  );
}

function NavLink({ place: { path, words: name, icon: Icon } }: { readonly place: Place }) {
  const { common } = useSpeech();
  const [location] = useLocation();
  const waiting = useHost(({ reportsWaiting }) => reportsWaiting, 0);
  const current = location === path || location.startsWith(`${path}/`) || (location === '/' && path === '/handsets');
  const asking = useHost(({ callers }) => callers.filter(({ state }) => state === 'asking').length, 0);
  const count =
    path === '/journal' && waiting > 0
      ? common.reportsWaiting(String(waiting))
      : path === '/listening' && asking > 0
        ? common.callersWaiting(String(asking))
        : undefined;
  return (
    <Link href={path} className="shell-link" aria-current={current ? 'page' : undefined}>
      <Icon aria-hidden="true" />
      <span>{common.places[name]}</span>
      {count !== undefined && <span className="chip shell-count">{count}</span>}
    </Link>
  );
}
