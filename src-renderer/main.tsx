import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import { App } from './app.tsx';
import { FeedConnection } from './connection/feed-connection.ts';
import { takeToken } from './connection/sign-in.ts';
import { LanguageProvider } from './language/language-context.tsx';
import { LiveStore } from './state/live-store.ts';

// The page's policy forbids code from strings, which the schema library would try for speed.
z.config({ jitless: true });

const store = new LiveStore();
const connection = new FeedConnection({ store, token: takeToken() });
connection.start();

const root = document.getElementById('root');
if (root === null) throw new TypeError('the page has a root element');
createRoot(root).render(
  <StrictMode>
    <LanguageProvider>
      <App store={store} />
    </LanguageProvider>
  </StrictMode>,
);
