import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * The chat widget: `widget.js`, which pages include and which must stay one classic script, and the frame
 * with its own script and style. No framework: both together are to stay under 30 kB gzipped.
 */
export default defineConfig({
  root: here('.'),
  base: '/chat/',
  build: {
    outDir: here('../../../dist/web/chat-widget'),
    emptyOutDir: true,
    modulePreload: false,
    rollupOptions: {
      input: { frame: here('frame.html'), widget: here('loader/main.ts') },
      output: {
        // A classic script's variables would be the page's.
        banner: ({ name }) => (name === 'widget' ? '(() => {' : ''),
        footer: ({ name }) => (name === 'widget' ? '})();' : ''),
        // Pages include the loader by this name for years; it imports nothing, so it is a classic script too.
        entryFileNames: (chunk) =>
          chunk.name === 'widget' ? 'widget.js' : 'assets/[name]-[hash].js',
      },
    },
  },
});
