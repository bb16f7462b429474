import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { z } from 'zod';
import { type Actions, runCommandLine } from './app/command-line.ts';
import { endWith, placeOf, reasonOf } from './app/process.ts';
import { loadEnvFile } from './config.ts';

/**
 * `npm start` gives young objects 64 MB, so that what a batch takes is mostly gone before it counts as old. What
 * is old is little then, and collected before it has doubled (docs/decisions/0018-room-for-young-objects.md).
 */
setFlagsFromString('--heap-growing-percent=60');

/** Loaded when they are needed, so that help and a wrong command line are answered at once. */
const actions: Actions = {
  run: async (roles) => (await import('./app/run-roles.ts')).runRoles(roles),
  import: async (format, file, options) => (await import('./app/commands.ts')).importFile(format, file, options),
  rebuild: async (options) => (await import('./app/commands.ts')).rebuild(options),
  doctor: async () => (await import('./app/upkeep/doctor.ts')).runDoctor(),
  backup: async (dir) => (await import('./app/upkeep/backup.ts')).backup(dir),
  restore: async (dir) => (await import('./app/upkeep/backup.ts')).restore(dir),
  reset: async (options) => (await import('./app/commands.ts')).reset(options),
  mcp: async (options) => (await import('./app/mcp/run-mcp.ts')).runMcp(options),
  keys: async (command) => (await import('./app/commands.ts')).keys(command),
};

function packageVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}

// What nobody awaits would end the process too, with pages of Node's own.
process.on('uncaughtException', (error) =>
  endWith(`ended by a fault of its own: ${reasonOf(error)} (${placeOf(error)})`),
);
loadEnvFile();
runCommandLine(process.argv.slice(2), packageVersion(), actions).then(
  () => process.exit(0),
  (error: unknown) => endWith(reasonOf(error)),
);
