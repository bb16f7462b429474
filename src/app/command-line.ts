import { Command, CommanderError, Option } from 'commander';
import type { ImportFormat } from '../imports/formats/format.ts';
import { importFormats } from '../imports/formats/index.ts';
import { addKeyCommands, type KeysCommand, NO_MORE } from './keys/key-commands.ts';
import { ROLES, type Role } from './roles.ts';

/** The command line does not make sense. */
export class BadCommand extends Error {
  readonly code = 'bad-command';
  readonly retryable = false;
}

/** What the commands do. */
export interface Actions {
  run(roles: readonly Role[]): Promise<void>;
  import(format: ImportFormat, file: string, options: { readonly force: boolean }): Promise<void>;
  rebuild(options: { readonly force: boolean; readonly from: 'archive' | undefined }): Promise<void>;
  reset(options: { readonly yes: boolean }): Promise<void>;
  keys(command: KeysCommand): Promise<void>;
  doctor(): Promise<void>;
  backup(dir: string): Promise<void>;
  restore(dir: string): Promise<void>;
  mcp(options: { readonly url?: string | undefined }): Promise<void>;
}

const NAME = 'npm start --';
const FORMATS = [...importFormats.keys()].join(', ').replace(/, (?=[^,]*$)/, ' or ');
const ROLES_AND_COMMANDS = `there are ${ROLES.join(', ')}, and the commands backup, doctor, import, mcp, rebuild, reset, restore, keys`;

const ROLE_HELP: Readonly<Record<Role, string>> = {
  api: 'takes events and answers questions over HTTP, serves the page',
  consume: 'counts events',
  rollup: 'rolls up hours and days, delivers webhooks',
  archive: 'writes every counted event to Parquet files (beside consume)',
  simulate: 'sends SIMULATE events of an invented shop a second',
};

/** Does what the arguments ask for. @throws BadCommand with one line that says what there is */
export async function runCommandLine(args: readonly string[], version: string, actions: Actions): Promise<void> {
  try {
    await createProgram(version, actions).parseAsync(args, { from: 'user' });
  } catch (error) {
    // So Commander ends after --help and --version.
    if (!(error instanceof CommanderError && error.exitCode === 0)) throw error;
  }
}

function createProgram(version: string, actions: Actions): Command {
  const program = new Command(NAME)
    .description('Runs cartpulse. Settings are environment variables, which .env.example lists.')
    .usage('[ROLE…] | COMMAND')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print this help, or that of a command')
    .configureOutput({ outputError: () => undefined })
    .configureHelp({
      subcommandTerm: (command) => `${command.name()} ${command.usage()}`.trim(),
      visibleArguments: () => [],
    })
    .addHelpText('after', rolesHelp())
    .addHelpText('after', examples('', 'api', 'consume rollup', 'import --help'))
    .argument('[roles...]')
    .action((names: readonly string[]) => actions.run(names.map((name) => roleOf(name))));
  refuseInOneLine(program, `use: ${NAME} ${program.usage()}; ${ROLES_AND_COMMANDS}`);
  addDoctor(program, actions);
  addFolderCommand(
    program,
    'backup',
    'Copies what the embedded Redis keeps into an empty folder, also while it works.',
    (dir) => actions.backup(dir),
  );
  addFolderCommand(program, 'restore', 'Lays a backup into a DATA_DIR that holds nothing.', (dir) =>
    actions.restore(dir),
  );
  addImport(program, actions);
  addRebuild(program, actions);
  addReset(program, actions);
  addKeys(program, actions);
  addMcp(program, actions);
  return program;
}

function addDoctor(program: Command, actions: Actions): void {
  const command = program
    .command('doctor')
    .description('Looks at settings, servers, clocks, topics, memory and disk, and says for each what to do.')
    .usage(NO_MORE)
    .addHelpText('after', examples('doctor'))
    .action(() => actions.doctor());
  refuseInOneLine(command, `use: ${NAME} doctor`);
}

function addFolderCommand(program: Command, name: string, what: string, act: (dir: string) => Promise<void>): void {
  const command = program
    .command(name)
    .description(what)
    .usage('FOLDER')
    .argument('<FOLDER>')
    .addHelpText('after', examples(`${name} /backups/monday`))
    .action(act);
  refuseInOneLine(command, `use: ${NAME} ${name} FOLDER`);
}

function addImport(program: Command, actions: Actions): void {
  const command = program
    .command('import')
    .description('Imports a CSV file, plain or gzipped, and counts its events.')
    .usage('FORMAT FILE [--force]')
    .argument('<FORMAT>')
    .argument('<FILE>')
    .option('--force', 'count the file even if it was imported before')
    .addHelpText('after', `\nFormats: ${FORMATS}`)
    .addHelpText('after', examples('import online-retail test/data/online-retail-2010-12.csv.gz'));
  const use = refuseInOneLine(command, `use: ${NAME} import ${command.usage()}, where FORMAT is ${FORMATS}`);
  command.action((name: string, file: string, { force = false }: { force?: boolean }) => {
    const format = importFormats.get(name);
    if (format === undefined) throw new BadCommand(`${name} is no format; ${use}`);
    return actions.import(format, file, { force });
  });
}

function addRebuild(program: Command, actions: Actions): void {
  const command = program
    .command('rebuild')
    .description('Counts the log anew by the settings as they are now, beside the live answers, then switches over.')
    .usage('[--from archive] [--force]')
    .addOption(
      new Option('--from <source>', 'count the archive first, beyond what the log still holds').choices(['archive']),
    )
    .option('--force', 'switch over even if the log no longer holds all that the live answers have counted')
    .addHelpText('after', examples('rebuild', 'rebuild --from archive', 'rebuild --force'))
    .action(({ force = false, from }: { force?: boolean; from?: 'archive' }) => actions.rebuild({ force, from }));
  refuseInOneLine(command, `use: ${NAME} rebuild ${command.usage()}`);
}

function addReset(program: Command, actions: Actions): void {
  const command = program
    .command('reset')
    .description('Deletes everything that the installation holds, its topics in Kafka included, after asking.')
    .usage('[--yes]')
    .option('--yes', 'do not ask')
    .addHelpText('after', examples('reset', 'reset --yes'))
    .action(({ yes = false }: { yes?: boolean }) => actions.reset({ yes }));
  refuseInOneLine(command, `use: ${NAME} reset ${command.usage()}`);
}

function addMcp(program: Command, actions: Actions): void {
  const command = program
    .command('mcp')
    .description('Gives assistants the questions as tools (Model Context Protocol, on standard input and output).')
    .usage('[--url URL]')
    .option('--url <url>', 'the cartpulse that is asked; MCP_URL, or the one of HOST and PORT, where not said')
    .addHelpText('after', examples('mcp', 'mcp --url https://cartpulse.example'))
    .action(({ url }: { url?: string }) => actions.mcp({ url }));
  refuseInOneLine(command, `use: ${NAME} mcp ${command.usage()}`);
}

function addKeys(program: Command, actions: Actions): void {
  const keys = program
    .command('keys')
    .description('Makes, lists, rotates and revokes API keys, also while cartpulse runs.')
    .usage('make NAME …|list|rotate ID|revoke ID')
    .addHelpText('after', examples('keys make office --scopes read,metrics', 'keys list', 'keys rotate ID --keep 24'));
  const use = refuseInOneLine(keys, `use: ${NAME} keys ${keys.usage()}`);
  keys.action(() => {
    throw new BadCommand(`what to do with keys is missing; ${use}`);
  });
  addKeyCommands(keys, {
    bad: (message) => new BadCommand(message),
    run: (command) => actions.keys(command),
    refuse: (command) => refuseInOneLine(command, `use: ${NAME} keys ${command.name()} ${command.usage()}`),
  });
}

/** What Commander finds wrong comes as one line, with what there is instead. @returns what there is */
function refuseInOneLine(command: Command, instead: string): string {
  command.exitOverride((error) => {
    if (error.exitCode === 0) throw error;
    const problem = error.message
      .replace(/^error: /, '')
      .replace(/\.$/, '')
      .replaceAll('\n', ' ');
    throw new BadCommand(`${problem}; ${instead}`);
  });
  return instead;
}

function roleOf(name: string): Role {
  const role = ROLES.find((known) => known === name);
  if (role === undefined) throw new BadCommand(`${name} is no role; ${ROLES_AND_COMMANDS}`);
  return role;
}

function rolesHelp(): string {
  const lines = ROLES.map((role) => `  ${role.padEnd(10)}${ROLE_HELP[role]}`);
  return ['\nRoles (without any, one process does all of it):', ...lines].join('\n');
}

function examples(...lines: readonly string[]): string {
  return ['\nExamples:', ...lines.map((line) => `  ${NAME} ${line}`.replace(/ -- $/, ''))].join('\n');
}
