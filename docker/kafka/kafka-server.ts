import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../free-port.ts';

const ROOT = resolve(import.meta.dirname, '../..');
export const KAFKA_LIBS = join(ROOT, '.cache/kafka/libs');
const START_MS = 60_000;

/** Fetches Kafka's jars with Maven, once. */
export function fetchKafka(say: (line: string) => void): void {
  if (existsSync(join(KAFKA_LIBS, '.complete'))) return;
  say('fetching Apache Kafka with Maven (once, about 45 MB) …');
  execFileSync(
    'mvn',
    [
      '-q',
      '-B',
      '-f',
      join(ROOT, 'docker/kafka/pom.xml'),
      'dependency:copy-dependencies',
      `-DoutputDirectory=${KAFKA_LIBS}`,
    ],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  writeFileSync(join(KAFKA_LIBS, '.complete'), '');
}

export interface KafkaServer {
  readonly broker: string;
  readonly pid: number | undefined;
  /** Ends it in order, or as a crash would. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Starts it again on the same files and port. */
  start(): Promise<void>;
}

interface KafkaOptions {
  readonly dir: string;
  readonly port: number;
  /** Where clients are told to connect, if not to the port itself (a proxy in front of it). */
  readonly advertisedPort?: number;
  readonly heapMb?: number;
  /** One that lives for minutes: nothing is compiled for a speed that it would have afterwards. */
  readonly isBrief?: boolean;
  /** Another listener, with TLS and users. */
  readonly secured?: SecuredListener;
}

interface SecuredListener {
  readonly port: number;
  /** Key and certificate for localhost, PEM in one file. */
  readonly keystore: string;
  /** Clients must show a certificate of this authority (PEM). */
  readonly clientCa?: string;
  /** Users of each mechanism with their passwords; the first may do everything, others nothing. */
  readonly users: readonly (readonly [name: string, password: string])[];
}

const BRIEF = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'] as const;
const LASTING = ['-XX:+UseG1GC'] as const;

/** A single real broker in KRaft mode. */
export async function startKafka({
  dir,
  port,
  advertisedPort = port,
  heapMb = 512,
  isBrief = false,
  secured,
}: KafkaOptions): Promise<KafkaServer> {
  mkdirSync(dir, { recursive: true });
  const config = join(dir, 'server.properties');
  const controller = await freePort();
  writeFileSync(config, properties(join(dir, 'log'), { port, advertisedPort, controller, secured }));
  const classPath = join(KAFKA_LIBS, '*');
  if (!existsSync(join(dir, 'log/meta.properties'))) {
    const format = [
      'kafka.tools.StorageTool',
      'format',
      '--standalone',
      '-t',
      'cartpulseAAAAAAAAAAAAA',
      '-c',
      config,
      ...scramUsers(secured),
    ];
    execFileSync('java', [...BRIEF, '-cp', classPath, ...format], {
      stdio: 'ignore',
      env: { ...process.env, LOG_DIR: dir },
    });
  }
  let child: ChildProcess | undefined;
  const launch = async (): Promise<void> => {
    const started = spawn(
      'java',
      [`-Xmx${heapMb}m`, `-Xms${heapMb}m`, ...(isBrief ? BRIEF : LASTING), '-cp', classPath, 'kafka.Kafka', config],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      },
    );
    const path = join(dir, 'kafka.log');
    const log = createWriteStream(path, { flags: 'a' });
    started.stdout.pipe(log);
    started.stderr.pipe(log);
    child = started;
    await listening(port, started, path);
  };
  await launch();
  return {
    broker: `127.0.0.1:${advertisedPort}`,
    get pid() {
      return child?.pid;
    },
    start: launch,
    async stop(signal = 'SIGTERM') {
      if (child === undefined || child.exitCode !== null) return;
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    },
  };
}

interface Listeners {
  readonly port: number;
  readonly advertisedPort: number;
  readonly controller: number;
  readonly secured: SecuredListener | undefined;
}

function properties(logDir: string, { port, advertisedPort, controller, secured }: Listeners): string {
  const [own, told] = secured
    ? [`,SECURED://127.0.0.1:${secured.port}`, `,SECURED://localhost:${secured.port}`]
    : ['', ''];
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.bootstrap.servers=127.0.0.1:${controller}`,
    `listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}${own}`,
    `advertised.listeners=PLAINTEXT://127.0.0.1:${advertisedPort}${told}`,
    'controller.listener.names=CONTROLLER',
    'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURED:SASL_SSL',
    `log.dirs=${logDir}`,
    'offsets.topic.replication.factor=1',
    'offsets.topic.num.partitions=4',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'share.coordinator.state.topic.replication.factor=1',
    'group.initial.rebalance.delay.ms=0',
    'message.max.bytes=4194304',
    ...(secured ? securedProperties(secured) : []),
  ].join('\n');
}

function securedProperties({ keystore, users, clientCa }: SecuredListener): string[] {
  const login = 'org.apache.kafka.common.security';
  const plain = users.map(([name, password]) => `user_${name}="${password}"`).join(' ');
  return [
    'sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    `listener.name.secured.plain.sasl.jaas.config=${login}.plain.PlainLoginModule required ${plain};`,
    `listener.name.secured.scram-sha-256.sasl.jaas.config=${login}.scram.ScramLoginModule required;`,
    `listener.name.secured.scram-sha-512.sasl.jaas.config=${login}.scram.ScramLoginModule required;`,
    'listener.name.secured.ssl.keystore.type=PEM',
    `listener.name.secured.ssl.keystore.location=${keystore}`,
    ...(clientCa === undefined
      ? []
      : [
          'listener.name.secured.ssl.client.auth=required',
          'listener.name.secured.ssl.truststore.type=PEM',
          `listener.name.secured.ssl.truststore.location=${clientCa}`,
        ]),
    'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    `super.users=User:ANONYMOUS;User:${users[0]?.[0] ?? 'ANONYMOUS'}`,
  ];
}

function scramUsers(secured: SecuredListener | undefined): string[] {
  const of = (mechanism: string) =>
    (secured?.users ?? []).flatMap(([name, password]) => [
      '--add-scram',
      `${mechanism}=[name=${name},password=${password}]`,
    ]);
  return [...of('SCRAM-SHA-256'), ...of('SCRAM-SHA-512')];
}

async function listening(port: number, child: ChildProcess, log: string): Promise<void> {
  for (let waited = 0; waited < START_MS; waited += 100) {
    if (child.exitCode !== null) {
      const said = readFileSync(log, 'utf8').trim().split('\n').slice(-3).join('\n');
      throw new Error(`Kafka ended at once with code ${child.exitCode}: ${said}`);
    }
    const socket = connect(port, '127.0.0.1');
    const open = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (open) return;
    await sleep(100);
  }
  throw new Error('Kafka did not start in time');
}
