import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Admin } from '@platformatic/kafka';
import { createEngine, type Engine, withProperties } from './engine.ts';
import { spawnChild } from './process.ts';
import type { Reaper } from './reaper.ts';

export interface KafkaOptions {
  readonly java: string;
  /** Folder of the broker's jars. */
  readonly jars: string;
  readonly directory: string;
  readonly logFile: string;
  readonly port: number;
  readonly controllerPort: number;
  /** Port that clients are told to connect to, if not the broker's own (a proxy that makes faults). */
  readonly advertisedPort?: number;
  readonly reaper: Reaper;
}

export type KafkaEngine = Engine & {
  /** `host:port` that clients connect to. */
  readonly bootstrap: string;
};

const host = '127.0.0.1';
const jvm = ['-Xms256m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData'];

/** One KRaft node, broker and controller, with an empty log. */
export async function startKafka(options: KafkaOptions): Promise<KafkaEngine> {
  const { java, jars, directory, logFile, port, reaper, advertisedPort = port } = options;
  const configuration = join(directory, 'server.properties');
  const logging = join(directory, 'log4j2.xml');
  await mkdir(directory, { recursive: true });
  await writeFile(configuration, serverProperties(options));
  await writeFile(logging, log4j);
  const command = [...jvm, `-Dlog4j2.configurationFile=${logging}`, '-cp', join(jars, '*')];
  const clusterId = randomBytes(16).toString('base64url');
  await promisify(execFile)(java, [
    ...command,
    'kafka.tools.StorageTool',
    'format',
    '-t',
    clusterId,
    '-c',
    configuration,
  ]);

  const engine = createEngine({
    name: 'Kafka',
    logFile,
    readyTimeoutMs: 60_000,
    launch: () =>
      spawnChild({
        name: 'Kafka',
        command: java,
        args: [...command, 'kafka.Kafka', configuration],
        env: { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8' },
        cwd: directory,
        logFile,
        reaper,
      }),
    probe: async () => {
      const admin = new Admin({
        clientId: 'readiness',
        bootstrapBrokers: [`${host}:${port}`],
        retries: 0,
        connectTimeout: 1000,
        requestTimeout: 2000,
      });
      try {
        const { brokers } = await admin.metadata({ topics: [] });
        if (brokers.size === 0) throw new Error('no broker is registered');
      } finally {
        await admin.close();
      }
    },
  });
  await engine.start();
  return withProperties(engine, { bootstrap: `${host}:${advertisedPort}` });
}

function serverProperties({ directory, port, controllerPort, advertisedPort = port }: KafkaOptions): string {
  return properties({
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@${host}:${controllerPort}`,
    listeners: `PLAINTEXT://${host}:${port},CONTROLLER://${host}:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://${host}:${advertisedPort}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': join(directory, 'data'),
    // As on MSK here: the deployment makes the topics.
    'auto.create.topics.enable': false,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 1,
    'group.initial.rebalance.delay.ms': 0,
    'log.segment.bytes': 134_217_728,
    'log.cleaner.dedupe.buffer.size': 2_097_152,
    'num.network.threads': 1,
    'num.io.threads': 2,
    'background.threads': 2,
  });
}

function properties(values: Readonly<Record<string, string | number | boolean>>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

const log4j = `<Configuration status="WARN">
  <Appenders>
    <Console name="console" target="SYSTEM_OUT"><PatternLayout pattern="[%d] %p %m (%c)%n"/></Console>
  </Appenders>
  <Loggers><Root level="INFO"><AppenderRef ref="console"/></Root></Loggers>
</Configuration>
`;
