import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Actions, BadCommand, runCommandLine } from '../../src/app/command-line.ts';

type Call = readonly [action: string, ...args: readonly unknown[]];

/** What the arguments ask for, and what is printed. */
async function run(...args: readonly string[]): Promise<{ calls: Call[]; printed: string }> {
  const calls: Call[] = [];
  const actions: Actions = {
    run: async (roles) => void calls.push(['run', roles]),
    import: async ({ name }, file, options) => void calls.push(['import', name, file, options]),
    rebuild: async (options) => void calls.push(['rebuild', options]),
    doctor: async () => void calls.push(['doctor']),
    backup: async (dir) => void calls.push(['backup', dir]),
    restore: async (dir) => void calls.push(['restore', dir]),
    mcp: async (options) => void calls.push(['mcp', options]),
    reset: async (options) => void calls.push(['reset', options]),
    keys: async (command) => void calls.push(['keys', command]),
  };
  await runCommandLine(args, '1.2.3', actions);
  return { calls, printed };
}

let printed = '';
beforeEach(() => {
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

test.each<[line: string, call: Call]>([
  ['', ['run', []]],
  ['api', ['run', ['api']]],
  ['consume rollup', ['run', ['consume', 'rollup']]],
  ['import rees46 a.csv', ['import', 'rees46', 'a.csv', { force: false }]],
  ['import --force online-retail a.csv', ['import', 'online-retail', 'a.csv', { force: true }]],
  ['import online-retail a.csv --force', ['import', 'online-retail', 'a.csv', { force: true }]],
  [
    'keys make office --scopes read,metrics --rate 5',
    [
      'keys',
      {
        command: 'make',
        input: { name: 'office', kind: 'secret', scopes: ['read', 'metrics'], requests_per_second: 5 },
      },
    ],
  ],
  [
    'keys make page --origins https://Shop.example',
    ['keys', { command: 'make', input: { name: 'page', kind: 'publishable', origins: ['https://shop.example'] } }],
  ],
  ['keys list', ['keys', { command: 'list' }]],
  ['keys rotate key_1', ['keys', { command: 'rotate', id: 'key_1', keepOldHours: 24 }]],
  ['keys rotate key_1 --keep 0', ['keys', { command: 'rotate', id: 'key_1', keepOldHours: 0 }]],
  ['keys revoke key_1', ['keys', { command: 'revoke', id: 'key_1' }]],
  ['mcp', ['mcp', { url: undefined }]],
  ['mcp --url http://127.0.0.1:1', ['mcp', { url: 'http://127.0.0.1:1' }]],
  ['rebuild', ['rebuild', { force: false, from: undefined }]],
  ['rebuild --from archive', ['rebuild', { force: false, from: 'archive' }]],
  ['rebuild --force', ['rebuild', { force: true, from: undefined }]],
  ['doctor', ['doctor']],
  ['backup a/b', ['backup', 'a/b']],
  ['restore a/b', ['restore', 'a/b']],
  ['reset', ['reset', { yes: false }]],
  ['reset --yes', ['reset', { yes: true }]],
])('`npm start -- %s` does that and nothing else', async (line, call) => {
  const { calls } = await run(...line.split(' ').filter((word) => word !== ''));
  expect(calls).toEqual([call]);
});

describe('--help starts nothing, and lists options with an example', () => {
  test.each([
    [
      '--help',
      [
        '--version',
        'import FORMAT FILE [--force]',
        'rebuild [--from archive] [--force]',
        'reset [--yes]',
        '  simulate',
      ],
    ],
    ['help', ['--version', 'import FORMAT FILE [--force]', '  simulate']],
    ['help import', ['--force', 'online-retail, rees46, retailrocket or shopify-orders']],
    ['import --help', ['--force', 'online-retail, rees46, retailrocket or shopify-orders']],
    ['rebuild --help', ['--force']],
    ['doctor --help', ['what to do']],
    ['backup --help', ['FOLDER', 'while it works']],
    ['reset -h', ['--yes']],
  ])('%s', async (line, parts) => {
    const { calls, printed: help } = await run(...line.split(' '));
    expect(calls).toEqual([]);
    for (const part of [...parts, '--help', 'Usage: npm start -- ', '\nExamples:\n  npm start'])
      expect(help).toContain(part);
  });

  test('--version prints the version', async () => {
    expect(await run('--version')).toEqual({ calls: [], printed: '1.2.3\n' });
  });
});

describe('what does not make sense is refused in one line that says what there is', () => {
  test.each([
    [
      'dance',
      /^dance is no role; there are api, consume, rollup, archive, simulate, and the commands backup, doctor, import, mcp, rebuild, reset, restore, keys$/,
    ],
    ['api rebuidl', /^rebuidl is no role/],
    ['--colour', /^unknown option '--colour'; use: .*there are api, consume/],
    ['api --colour', /^unknown option '--colour'/],
    [
      'import',
      /^missing required argument 'FORMAT'; use: .* FORMAT FILE .*FORMAT is online-retail, rees46, retailrocket or shopify-orders$/,
    ],
    ['import rees46', /^missing required argument 'FILE'; use: /],
    [
      'import excel a.xls',
      /^excel is no format; use: .*FORMAT is online-retail, rees46, retailrocket or shopify-orders$/,
    ],
    ['import rees46 a b', /^too many arguments .*; use: /],
    ['import rees46 a --froce', /^unknown option '--froce' \(Did you mean --force\?\); use: .*--force/],
    ['rebuild now', /^too many arguments .*; use: npm start -- rebuild \[--from archive\] \[--force\]$/],
    ['keys make office', /^--scopes is missing: some of send, import/],
    ['keys make office --scopes everything', /^--scopes /],
    ['keys make page --origins shop.example', /^--origins must be an origin without a path, such as/],
    ['keys make office --scopes read --rate fast', /^--rate /],
    ['keys rotate', /^missing required argument 'ID'; use: npm start -- keys rotate ID/],
    ['keys rotate key_1 --keep 1000', /^--keep takes hours from 0 to 168, not 1000$/],
    ['keys', /^what to do with keys is missing; use: npm start -- keys make NAME/],
    ['keys dance', /^.*; use: npm start -- keys make NAME/],
    ['reset --no', /^unknown option '--no'; use: npm start -- reset \[--yes\]$/],
  ])('%s', async (line, message) => {
    const refused = expect(run(...line.split(' '))).rejects;
    await refused.toThrow(BadCommand);
    await refused.toThrow(message);
    expect(printed).toBe('');
  });
});
