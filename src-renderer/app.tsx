import { MantineProvider } from '@mantine/core';
import { Router } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import type { Language } from '../src-main/wording/language.ts';
import { Announcer } from './components/announcer.tsx';
import type { HostClient } from './host/host-client.ts';
import { HostProvider } from './host/host-context.tsx';
import type { HostStore } from './host/host-store.ts';
import { LanguageProvider } from './language/language-context.tsx';
import { Shell } from './shell/shell.tsx';
import { schemeManager } from './theme/scheme-choice.ts';
import { theme } from './theme/theme.ts';

interface AppProps {
  readonly client: HostClient;
  readonly store: HostStore;
  readonly language: Language;
}

/** The window: what every screen needs around it. */
export function App({ client, store, language }: AppProps) {
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      colorSchemeManager={schemeManager}
      withCssVariables={false}
      withGlobalClasses={false}
      withStaticClasses={false}
    >
      <LanguageProvider first={language}>
        <HostProvider client={client} store={store}>
          <Announcer>
            <Router hook={useHashLocation}>
              <Shell />
            </Router>
          </Announcer>
        </HostProvider>
      </LanguageProvider>
    </MantineProvider>
  );
}
