import { backUp, restore as bringBack } from '../../adapters/redis/server/backup.ts';
import { readConfig } from '../../config.ts';
import { BadCommand } from '../command-line.ts';
import { connect, createLogger, openRedis } from '../servers.ts';

/** `backup`: copies what the embedded Redis keeps, also while a process works in DATA_DIR. */
export async function backup(dir: string): Promise<void> {
  const config = embeddedConfig('backup');
  const source = await openRedis(config, createLogger(config.LOG_LEVEL), { share: true });
  const redis = connect(config, source.url);
  try {
    const bytes = await backUp(redis, config.DATA_DIR, dir, new Date().toISOString());
    process.stdout.write(
      `cartpulse: ${dir} holds a backup of ${megabytes(bytes)}; \`restore ${dir}\` brings it back\n`,
    );
  } finally {
    redis.disconnect();
    await source.stop();
  }
}

/** `restore`: lays a backup into an empty DATA_DIR, and looks whether Redis can read it. */
export async function restore(dir: string): Promise<void> {
  const config = embeddedConfig('restore');
  const madeAt = await bringBack(dir, config.DATA_DIR);
  const source = await openRedis(config, createLogger(config.LOG_LEVEL));
  const redis = connect(config, source.url);
  try {
    const keys = await redis.dbsize();
    process.stdout.write(
      `cartpulse: ${config.DATA_DIR} holds the ${keys} keys of ${madeAt}; start with \`npm start\`\n`,
    );
  } finally {
    redis.disconnect();
    await source.stop();
  }
}

function embeddedConfig(command: string) {
  const config = readConfig();
  if (config.REDIS_URL !== undefined)
    throw new BadCommand(`${command} is for the embedded Redis; that of REDIS_URL is backed up as its manual says`);
  return config;
}

const megabytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MB`;
