import type { Command } from 'commander';
import { plainError } from '../../events/plain-error.ts';
import { SCOPES } from '../../keys/key.ts';
import { type KeyInput, keyInput } from '../../keys/new-key.ts';

export type KeysCommand =
  | { readonly command: 'make'; readonly input: KeyInput }
  | { readonly command: 'list' }
  | { readonly command: 'rotate'; readonly id: string; readonly keepOldHours: number }
  | { readonly command: 'revoke'; readonly id: string };

/** A usage without arguments: an empty one Commander takes for one that was not set. */
export const NO_MORE = ' ';

interface Around {
  /** An error that says what is wrong in a line. */
  readonly bad: (message: string) => Error;
  readonly run: (command: KeysCommand) => Promise<void>;
  readonly refuse: (command: Command) => void;
}

const LONGEST_KEEP_HOURS = 168;

interface MakeOptions {
  readonly scopes?: string;
  readonly origins?: string;
  readonly expires?: string;
  readonly rate?: string;
  readonly quota?: string;
}

export function addKeyCommands(keys: Command, { bad, run, refuse }: Around): void {
  const make = keys
    .command('make')
    .description('Makes a key and shows it, this once.')
    .usage('NAME --scopes SCOPE,… | --origins ORIGIN,…')
    .argument('<NAME>')
    .option('--scopes <scopes>', `what it may do: ${SCOPES.join(', ')}`)
    .option('--origins <origins>', 'makes it publishable: it only sends, from pages of these origins')
    .option('--expires <moment>', 'until when it works, such as 2027-12-31T00:00:00Z')
    .option('--rate <n>', 'requests a second, for each process that answers')
    .option('--quota <n>', 'requests a day')
    .action((name: string, options: MakeOptions) => run({ command: 'make', input: inputOf(name, options, bad) }));
  const list = keys
    .command('list')
    .description('Lists keys, those of the settings included.')
    .usage(NO_MORE)
    .action(() => run({ command: 'list' }));
  const rotate = keys
    .command('rotate')
    .description('Replaces a key; the old one works for some hours more.')
    .usage('ID [--keep HOURS]')
    .argument('<ID>')
    .option('--keep <hours>', 'how many hours the old one works, 24 where not said', '24')
    .action((id: string, { keep }: { readonly keep: string }) => {
      const keepOldHours = Number(keep);
      if (!(keepOldHours >= 0 && keepOldHours <= LONGEST_KEEP_HOURS))
        throw bad(`--keep takes hours from 0 to ${LONGEST_KEEP_HOURS}, not ${keep}`);
      return run({ command: 'rotate', id, keepOldHours });
    });
  const revoke = keys
    .command('revoke')
    .description('Revokes a key.')
    .usage('ID')
    .argument('<ID>')
    .action((id: string) => run({ command: 'revoke', id }));
  for (const command of [make, list, rotate, revoke]) refuse(command);
}

/** What a part of a key is called here. */
export const OPTION_OF: Readonly<Record<string, string>> = {
  expires_at: '--expires',
  requests_per_second: '--rate',
  requests_per_day: '--quota',
  scopes: '--scopes',
  origins: '--origins',
  name: 'NAME',
};

function inputOf(name: string, options: MakeOptions, bad: (message: string) => Error): KeyInput {
  const { scopes, origins, expires, rate, quota } = options;
  const parts = (text: string): string[] => text.split(',').map((part) => part.trim());
  const input = {
    name,
    kind: origins === undefined ? 'secret' : 'publishable',
    ...(scopes !== undefined && { scopes: parts(scopes) }),
    ...(origins !== undefined && { origins: parts(origins) }),
    ...(expires !== undefined && { expires_at: expires }),
    ...(rate !== undefined && { requests_per_second: Number(rate) }),
    ...(quota !== undefined && { requests_per_day: Number(quota) }),
  };
  const parsed = keyInput.safeParse(input, { error: plainError });
  if (parsed.success) return parsed.data;
  const said = parsed.error.issues.map(
    ({ path, message }) => `${OPTION_OF[String(path[0])] ?? path.join('.')} ${message}`,
  );
  throw bad(said.join('; '));
}
