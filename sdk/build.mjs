// Builds the snippet into dist/snippet/cartpulse.js. Where only what runs is installed there is no builder.
import { resolve } from 'node:path';

const vite = await import('vite').catch(() => undefined);
if (vite === undefined) console.log('cartpulse: vite is not installed, so the snippet is not built here');
else
  await vite.build({
    configFile: false,
    root: import.meta.dirname,
    logLevel: 'warn',
    build: {
      outDir: resolve(import.meta.dirname, '../dist/snippet'),
      emptyOutDir: true,
      target: 'es2020',
      minify: true,
      lib: { entry: 'src/snippet.ts', formats: ['iife'], name: 'cartpulseSnippet', fileName: () => 'cartpulse.js' },
    },
  });
