// Builds the page into dist/dashboard. Runs after `npm ci`; where only what runs is installed there is no builder, and nothing to do.
import { resolve } from 'node:path';

const vite = await import('vite').catch(() => undefined);
if (vite === undefined) console.log('cartpulse: vite is not installed, so the page is not built here');
else await vite.build({ configFile: resolve(import.meta.dirname, 'vite.config.ts'), logLevel: 'warn' });
