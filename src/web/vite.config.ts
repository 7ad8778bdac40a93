import { existsSync, readdirSync } from 'node:fs';
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
    assetsInlineLimit: 0, // the content security policy has no `data:` for scripts and styles
    rollupOptions: {
      input: readdirSync(here('.'))
        .filter((room) => room !== 'chat-widget')
        .map((room) => here(`${room}/index.html`))
        .filter((page) => existsSync(page)),
    },
  },
});
