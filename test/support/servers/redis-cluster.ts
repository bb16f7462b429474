import { setTimeout as sleep } from 'node:timers/promises';
import { startRedis, type TestRedis } from './redis-server.ts';

const SLOTS = 16_384;

export interface TestCluster {
  /** The nodes' URLs, comma-separated, as REDIS_URL takes them. */
  readonly url: string;
  readonly nodes: readonly TestRedis[];
  close(): Promise<void>;
}

/** A real Redis Cluster on loopback: masters that share the slots evenly, and replicas of the first of them. */
export async function startCluster(masters = 3, replicas = 0): Promise<TestCluster> {
  const options = [
    '--cluster-enabled',
    'yes',
    '--cluster-node-timeout',
    '2000',
    '--save',
    '',
    '--appendonly',
    'no',
    '--repl-diskless-sync-delay',
    '0',
  ];
  const nodes = await Promise.all(Array.from({ length: masters + replicas }, () => startRedis(options)));
  const share = Math.ceil(SLOTS / masters);
  for (const [i, node] of nodes.slice(0, masters).entries()) {
    const last = Math.min(SLOTS, (i + 1) * share) - 1;
    await node.client.call('CLUSTER', 'ADDSLOTSRANGE', i * share, last);
    await node.client.call('CLUSTER', 'SET-CONFIG-EPOCH', i + 1);
  }
  for (const node of nodes.slice(1)) await nodes[0]?.client.call('CLUSTER', 'MEET', '127.0.0.1', node.port);
  for (const node of nodes) await untilOk(node, masters + replicas);
  const first = await idOf(nodes[0]);
  for (const node of nodes.slice(masters)) {
    await node.client.call('CLUSTER', 'REPLICATE', first);
    // One that has copied nothing yet can't take over.
    while (!(await node.client.info('replication')).includes('master_link_status:up')) await sleep(50);
  }
  return {
    url: nodes.map(({ url }) => url).join(','),
    nodes,
    async close() {
      await Promise.all(nodes.map((node) => node.close()));
    },
  };
}

async function untilOk(node: TestRedis, masters: number): Promise<void> {
  for (let i = 0; i < 400; i++) {
    const info = String(await node.client.call('CLUSTER', 'INFO'));
    if (info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${masters}`)) return;
    await sleep(50);
  }
  throw new Error('the cluster did not form');
}

const idOf = async (node: TestRedis | undefined): Promise<string> => String(await node?.client.call('CLUSTER', 'MYID'));

/**
 * Moves a slot from one master to another as an operator does, key by key, with the shop going on. @returns keys moved
 */
export async function migrateSlot(cluster: TestCluster, slot: number, steps: number, pauseMs: number): Promise<number> {
  const masters = cluster.nodes.slice(0, 3);
  const owners = await Promise.all(masters.map(({ client }) => ownsSlot(client, slot)));
  const from = masters[owners.indexOf(true)];
  const to = masters[(owners.indexOf(true) + 1) % masters.length];
  if (from === undefined || to === undefined) throw new Error(`nobody has slot ${slot}`);
  const [fromId, toId] = [await idOf(from), await idOf(to)];
  await to.client.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId);
  await from.client.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId);
  const inAll = Number(await from.client.call('CLUSTER', 'COUNTKEYSINSLOT', slot));
  const atOnce = Math.ceil(inAll / steps);
  let moved = 0;
  for (;;) {
    const keys = (await from.client.call('CLUSTER', 'GETKEYSINSLOT', slot, atOnce)) as string[];
    if (keys.length === 0) break;
    await from.client.call('MIGRATE', '127.0.0.1', to.port, '', 0, 5_000, 'REPLACE', 'KEYS', ...keys);
    moved += keys.length;
    await sleep(pauseMs);
  }
  for (const node of [to, from, ...masters]) await node.client.call('CLUSTER', 'SETSLOT', slot, 'NODE', toId);
  return moved;
}

async function ownsSlot(client: TestRedis['client'], slot: number): Promise<boolean> {
  const ranges = (await client.call('CLUSTER', 'SLOTS')) as [number, number, [string, number, string], ...unknown[]][];
  const own = String(await client.call('CLUSTER', 'MYID'));
  return ranges.some(([from, to, [, , id]]) => from <= slot && slot <= to && id === own);
}
