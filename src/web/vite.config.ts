import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The React applications, built together so that they share their common code. */
export default defineConfig({
  root: here('.'),
  base: '/',
  plugins: [react()],
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    outDir: here('../../dist/web/applications'),
    emptyOutDir: true,
    chunkSizeWarningLimit: 2_000, // they share one chunk, which loads once and stays in the browser's cache
    assetsInlineLimit: 0, // the content security policy has no `data:` for scripts and styles
    rollupOptions: {
      // Every page of every room but the chat widget's, which is built alone: it must stay small.
      input: globSync('*/*.html', { cwd: here('.') })
        .filter((page) => !page.startsWith('chat-widget/'))
        .map((page) => here(page)),
    },
  },
});
