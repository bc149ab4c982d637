import { type RefObject, Suspense, useEffect, useRef } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { useAnnounce } from '../components/announcer.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import { Loading } from '../components/loading.tsx';
import { useConnection, useHasState, useHost } from '../host/host-context.tsx';
import { useSpeech } from '../language/language-context.tsx';
import { HandsetsScreen } from '../screens/handsets/handsets-screen.tsx';
import { deviceOfPlace } from '../screens/handsets/software-place.ts';
import { laterScreen } from './later-screen.ts';
import { Nav } from './nav.tsx';
import { TopBar } from './top-bar.tsx';

// Only the home screen is in the first load.
const AirScreen = laterScreen(async () => (await import('../screens/air/air-screen.tsx')).AirScreen);
const DemoScreen = laterScreen(async () => (await import('../screens/demo/demo-screen.tsx')).DemoScreen);
const DoctorScreen = laterScreen(async () => (await import('../screens/doctor/doctor-screen.tsx')).DoctorScreen);
const HelpScreen = laterScreen(async () => (await import('../screens/help/help-screen.tsx')).HelpScreen);
const CallNotice = laterScreen(async () => (await import('../screens/listening/call-notice.tsx')).CallNotice);
const JournalScreen = laterScreen(async () => (await import('../screens/journal/journal-screen.tsx')).JournalScreen);
const ListeningScreen = laterScreen(
  async () => (await import('../screens/listening/listening-screen.tsx')).ListeningScreen,
);
const NetworkScreen = laterScreen(async () => (await import('../screens/network/network-screen.tsx')).NetworkScreen);
const PackagesScreen = laterScreen(
  async () => (await import('../screens/packages/packages-screen.tsx')).PackagesScreen,
);
const PromptDialog = laterScreen(async () => (await import('../screens/prompts/prompt-dialog.tsx')).PromptDialog);
const ServerJobsScreen = laterScreen(
  async () => (await import('../screens/servers/server-jobs-screen.tsx')).ServerJobsScreen,
);
const ServersScreen = laterScreen(async () => (await import('../screens/servers/servers-screen.tsx')).ServersScreen);
const SessionScreen = laterScreen(async () => (await import('../screens/session/session-screen.tsx')).SessionScreen);
const SettingsScreen = laterScreen(
  async () => (await import('../screens/settings/settings-screen.tsx')).SettingsScreen,
);
const SoftwareScreen = laterScreen(
  async () => (await import('../screens/software/software-screen.tsx')).SoftwareScreen,
);

/** The frame around every screen: where to go, what is true everywhere, and the screen itself. */
export function Shell() {
  const { common } = useSpeech();
  const main = useRef<HTMLElement>(null);
  const asked = useHost(({ prompts }) => prompts.length > 0, false);
  const called = useHost(({ callers }) => callers.some(({ state }) => state === 'asking'), false);
  useFocusOnNewPlace(main);
  useConnectionSaid();
  return (
    <div className="shell">
      <button type="button" className="skip" onClick={() => main.current?.focus()}>
        {common.skip}
      </button>
      <Nav />
      <TopBar />
      <main id="main" className="shell-main" tabIndex={-1} ref={main}>
        <ConnectionNotice />
        {called && (
          <Suspense>
            <CallNotice />
          </Suspense>
        )}
        <Suspense fallback={<Loading />}>
          <Switch>
            <Route path="/handsets" component={HandsetsScreen} />
            <Route path="/handsets/bluetooth" component={AirScreen} />
            <Route path="/handsets/:device/software">
              {({ device }) => <SoftwareScreen key={device} device={deviceOfPlace(device)} />}
            </Route>
            <Route path="/sessions/:key">{({ key }) => <SessionScreen key={key} session={key} />}</Route>
            <Route path="/packages" component={PackagesScreen} />
            <Route path="/journal" component={JournalScreen} />
            <Route path="/servers" component={ServersScreen} />
            <Route path="/servers/:server/jobs/:device?">
              {({ server, device }) => <ServerJobsScreen key={`${server} ${device}`} server={server} device={device} />}
            </Route>
            <Route path="/listening" component={ListeningScreen} />
            <Route path="/network" component={NetworkScreen} />
            <Route path="/demo" component={DemoScreen} />
            <Route path="/doctor/:finding?">
              {({ finding }) => <DoctorScreen target={finding === undefined ? undefined : deviceOfPlace(finding)} />}
            </Route>
            <Route path="/settings" component={SettingsScreen} />
            <Route path="/help/*?">{(params) => <HelpScreen topic={params['*']} />}</Route>
            <Route>
              <FirstPlace />
            </Route>
          </Switch>
        </Suspense>
      </main>
      {asked && (
        <Suspense>
          <PromptDialog />
        </Suspense>
      )}
    </div>
  );
}

/** Who has chosen no place sees the handsets, or the demo when there is one: then `npm start` opened the page. */
function FirstPlace() {
  const [location] = useLocation();
  const there = useHasState();
  const waiting = useConnection().kind === 'connecting';
  const shown = useHost(({ demo }) => demo !== undefined, false);
  if (location !== '/') return <Redirect to="/handsets" replace />;
  if (!there && waiting) return <Loading />;
  return <Redirect to={shown ? '/demo' : '/handsets'} replace />;
}

function ConnectionNotice() {
  const connection = useConnection();
  if (connection.kind !== 'lost' && connection.kind !== 'refused') return null;
  return (
    <div className="shell-notices">
      {connection.kind === 'lost' ? (
        <ErrorNotice code="page/unreachable" tone="needs-you" />
      ) : (
        <ErrorNotice code={connection.code} />
      )}
    </div>
  );
}

/** Who goes to another place by keyboard begins at its top. */
function useFocusOnNewPlace(main: RefObject<HTMLElement | null>): void {
  const [location] = useLocation();
  const before = useRef(location);
  useEffect(() => {
    if (before.current !== location && before.current !== '/') {
      main.current?.scrollTo(0, 0);
      main.current?.focus({ preventScroll: true });
    }
    before.current = location;
  }, [location, main]);
}

function useConnectionSaid(): void {
  const { common } = useSpeech();
  const announce = useAnnounce();
  const { kind } = useConnection();
  const before = useRef(kind);
  useEffect(() => {
    if (kind === 'lost') announce(common.say.lost);
    if (kind === 'live' && before.current === 'lost') announce(common.say.back);
    before.current = kind;
  }, [kind, announce, common]);
}
