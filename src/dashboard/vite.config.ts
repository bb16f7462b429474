import { resolve } from 'node:path';
import { defineConfig } from 'vite';

/** The page is built into the package: `npm start` serves what lies in dist/dashboard. */
export default defineConfig({
  root: import.meta.dirname,
  build: {
    outDir: resolve(import.meta.dirname, '../../dist/dashboard'),
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 800,
    // Data URLs would need a wider Content-Security-Policy.
    assetsInlineLimit: 0,
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});
