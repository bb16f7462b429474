import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { compileFunction } from 'node:vm';
import type Kafkajs from 'kafkajs';
import { markAborted } from '../fetch/aborted.ts';
import { FairOrder, type FetchRequests } from '../fetch/fair-order.ts';
import { type ResponseDecoder, storedBatchesIn } from '../fetch/stored-batch.ts';

/** The version of which these modules are known. */
export const KAFKAJS_VERSION = '2.2.4';

/** Modules that have another in their place here, made from what they are. */
export const REPLACED: Readonly<Record<string, (original: () => unknown) => unknown>> = {
  'src/protocol/requests/fetch/v4/decodeMessages.js': () => async (decoder: ResponseDecoder) =>
    storedBatchesIn(decoder),
  'src/consumer/filterAbortedMessages.js': () => markAborted,
  'src/protocol/requests/fetch/index.js': (original) => new FairOrder().wrap(toFetchRequests(original())),
};

function toFetchRequests(exports: unknown): FetchRequests {
  const isFetchRequests = (one: unknown): one is FetchRequests =>
    typeof one === 'object' && one !== null && 'protocol' in one && typeof one.protocol === 'function';
  if (!isFetchRequests(exports)) throw new Error('kafkajs makes its fetch requests in another way than is known here');
  return exports;
}

const isKafkajs = (exports: unknown): exports is typeof Kafkajs =>
  typeof exports === 'object' && exports !== null && 'Kafka' in exports;

/** A module as Node knows it. */
interface CommonModule {
  exports: unknown;
}

/** A package's modules, loaded beside those that Node has loaded of it. */
class PackageCopy {
  private readonly root: string;
  private readonly loaded = new Map<string, CommonModule>();

  constructor(root: string) {
    this.root = root;
  }

  load(file: string): unknown {
    const known = this.loaded.get(file);
    if (known !== undefined) return known.exports;
    const module: CommonModule = { exports: {} };
    // Before it runs: modules that need each other find each other half made, as in Node.
    this.loaded.set(file, module);
    const replace = REPLACED[file.slice(this.root.length).replaceAll(sep, '/')];
    if (replace === undefined) this.run(file, module);
    else module.exports = replace(() => this.run(file, module));
    return module.exports;
  }

  private run(file: string, module: CommonModule): unknown {
    const native = createRequire(file);
    const require = (name: string): unknown => {
      const found = native.resolve(name);
      return found.startsWith(this.root) && found.endsWith('.js') ? this.load(found) : native(name);
    };
    const names = ['exports', 'require', 'module', '__filename', '__dirname'];
    const body = compileFunction(readFileSync(file, 'utf8'), names, { filename: file });
    body(module.exports, require, module, file, dirname(file));
    return module.exports;
  }
}

/**
 * kafkajs in a copy of its own that hands out record batches as they are stored, instead of a tree of objects for each
 * record (docs/decisions/0025). Whoever else uses kafkajs in this process has it as it is.
 */
function loadOwnCopy(): typeof Kafkajs {
  const require = createRequire(import.meta.url);
  const manifest = require.resolve('kafkajs/package.json');
  const { version } = require(manifest);
  if (version !== KAFKAJS_VERSION)
    throw new Error(`kafkajs is ${version}; parts of it are replaced, which is known to fit ${KAFKAJS_VERSION} only`);
  const root = dirname(manifest) + sep;
  for (const path of Object.keys(REPLACED)) require.resolve(join(root, path));
  const exports = new PackageCopy(root).load(join(root, 'index.js'));
  if (!isKafkajs(exports)) throw new Error('kafkajs could not be loaded');
  return exports;
}

export const kafkajs: typeof Kafkajs = loadOwnCopy();
