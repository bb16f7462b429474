import { setTimeout as sleep } from 'node:timers/promises';
import { startRedis, type TestRedis } from './redis-server.ts';

const SLOTS = 16_384;

export interface TestCluster {
  /** The nodes' URLs, comma-separated, as REDIS_URL takes them. */
  readonly url: string;
  readonly nodes: readonly TestRedis[];
  close(): Promise<void>;
}

/** A real Redis Cluster on loopback: masters that share the slots evenly. */
export async function startCluster(masters = 3): Promise<TestCluster> {
  const options = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000', '--save', '', '--appendonly', 'no'];
  const nodes = await Promise.all(Array.from({ length: masters }, () => startRedis(options)));
  const share = Math.ceil(SLOTS / masters);
  for (const [i, node] of nodes.entries()) {
    const last = Math.min(SLOTS, (i + 1) * share) - 1;
    await node.client.call('CLUSTER', 'ADDSLOTSRANGE', i * share, last);
    await node.client.call('CLUSTER', 'SET-CONFIG-EPOCH', i + 1);
  }
  for (const node of nodes.slice(1)) await nodes[0]?.client.call('CLUSTER', 'MEET', '127.0.0.1', node.port);
  for (const node of nodes) await untilOk(node, masters);
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
