import './theme/theme.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import * as z from 'zod/mini';
import { App } from './app.tsx';
import { BridgeTransport } from './host/bridge-transport.ts';
import { HostClient } from './host/host-client.ts';
import { createHostStore } from './host/host-store.ts';
import { takeToken } from './host/sign-in.ts';
import { WebSocketTransport } from './host/web-socket-transport.ts';
import { loadFirstLanguage } from './language/language-choice.ts';

// The page's policy forbids code from strings, which the schema library would try for speed.
z.config({ jitless: true });

const bridge = window.pcAgent;
const store = createHostStore();
const transport = bridge === undefined ? new WebSocketTransport(takeToken()) : new BridgeTransport(bridge);
const client = new HostClient({ transport, store, face: bridge === undefined ? 'browser' : 'window' });
client.start();
bridge?.onNavigate((place) => {
  location.hash = place;
});

const root = document.getElementById('root');
if (root === null) throw new TypeError('the page has a root element');
const language = await loadFirstLanguage();
createRoot(root).render(
  <StrictMode>
    <App client={client} store={store} language={language} />
  </StrictMode>,
);
