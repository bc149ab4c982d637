import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** What the first drawing needs goes into one file: many small ones compress badly. The rest comes when it is wanted. */
const FIRST = [
  /node_modules\/(react|react-dom|scheduler|use-sync-external-store|zod|zustand|wouter|regexparam)\//,
  /src-renderer\/(host|language|shell|screens\/handsets\/(?!.*dialog|card-outcome|outcome-text|rename-form|add-by-address|arrivals|likeness|continued-|way-|use-launch|handset-address))/,
  /src-renderer\/components\/(announcer|badge|bearer-chip|copy-button|device-name|empty-state|error-notice|loading|notice|page-header|state-badge|transfer-bar|unplug-word|use-now)\./,
  /src-main\/(base|contract)\/(?!session-steps|prompt-answer|base64|bytes|plain-text)/,
  /src-main\/wording\/((?!describe-|code-text)[a-z-]+|en\/(index|errors|screens\/(cards|common|handsets)))\.ts/,
];

/** Builds the page into `dist/renderer`. Nothing is inlined: the page's policy allows scripts from files only. */
export default defineConfig({
  root: 'src-renderer',
  base: '/',
  plugins: [react()],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: { groups: [{ name: 'first', test: (id) => FIRST.some((part) => part.test(id)) }] },
      },
    },
  },
});
