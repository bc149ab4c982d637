import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

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
  },
});
