import { userInfo } from 'node:os';
import type { Key } from '../../keys/key.ts';
import type { KeyRing } from '../../keys/key-ring.ts';
import type { NewKey } from '../../keys/new-key.ts';
import { BadCommand } from '../command-line.ts';
import type { System } from '../composition.ts';
import { type KeysCommand, OPTION_OF } from './key-commands.ts';

/** It has to be able to make others. */
export const MAKE_FIRST = 'npm start -- keys make NAME --scopes admin';
const NO_SUCH_KEY = 'there is no such key that was made here; `keys list` has their ids';

/** @returns what is to be shown, line by line */
export async function runKeysCommand(
  command: KeysCommand,
  system: Pick<System, 'keeper' | 'keys' | 'audit'>,
): Promise<string[]> {
  if (command.command === 'list') return listed(system.keys());
  const lines = await change(command, system.keeper());
  const action =
    command.command === 'make' ? `keys make ${command.input.name}` : `keys ${command.command} ${command.id}`;
  const at = new Date().toISOString();
  await system.audit().write({ at, by: 'command-line', name: userInfo().username, action, status: 200 });
  return lines;
}

/** Nothing at all would leave a newcomer wondering whether it went well. */
function listed(keys: KeyRing): string[] {
  const all = keys.list();
  if (all.length > 0) return all.map(lineOf);
  const first = `\`${MAKE_FIRST}\` makes the first`;
  return [
    keys.isOpen
      ? `there are no keys: who reaches the API from this machine may do everything; ${first}`
      : `there are no keys any more, and nobody is let in; ${first}`,
  ];
}

async function change(
  command: Exclude<KeysCommand, { command: 'list' }>,
  keeper: ReturnType<System['keeper']>,
): Promise<string[]> {
  switch (command.command) {
    case 'make': {
      const made = await keeper.make(command.input);
      if (made.outcome === 'made') return shownOnce(made);
      throw new BadCommand(
        made.outcome === 'too-many'
          ? `there are ${made.most} keys already; revoke some first`
          : `${OPTION_OF[made.path] ?? made.path} ${made.message}`,
      );
    }
    case 'rotate': {
      const rotated = await keeper.rotate(command.id, command.keepOldHours);
      if (rotated === undefined) throw new BadCommand(NO_SUCH_KEY);
      return shownOnce(rotated);
    }
    case 'revoke':
      if (!(await keeper.revoke(command.id))) throw new BadCommand(NO_SUCH_KEY);
      return [`revoked ${command.id}`];
  }
}

const shownOnce = ({ key, secret }: NewKey): string[] => [lineOf(key), `${secret}   (shown this once)`];

function lineOf({ id, name, scopes, origins, expiresMs, requestsPerSecond, requestsPerDay }: Key): string {
  const more = [
    ...(origins.length > 0 ? [`from ${origins.join(', ')}`] : []),
    ...(expiresMs === undefined ? [] : [`until ${new Date(expiresMs).toISOString()}`]),
    ...(requestsPerSecond === undefined ? [] : [`${requestsPerSecond}/s`]),
    ...(requestsPerDay === undefined ? [] : [`${requestsPerDay} a day`]),
  ];
  return [id.padEnd(22), name.padEnd(24), scopes.join(','), ...more].join('  ');
}
