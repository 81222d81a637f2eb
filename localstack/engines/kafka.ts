import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Admin } from '@platformatic/kafka';
import type { JavaEngines } from './downloads.ts';
import { createEngine, type Engine } from './engine.ts';
import { javaEnvironment, javaOptions, runJava } from './java.ts';
import type { Ports } from './ports.ts';
import { spawnChild } from './process.ts';
import { untilReady } from './readiness.ts';
import type { Reaper } from './reaper.ts';
import { logFileOf } from './run-folder.ts';

export interface KafkaOptions {
  readonly java: JavaEngines;
  readonly ports: Pick<Ports, 'kafka' | 'kafkaController'>;
  readonly runDirectory: string;
  readonly reaper: Reaper;
}

export interface KafkaEngine extends Engine {
  /** `host:port` of the broker. */
  readonly bootstrap: string;
}

const name = 'kafka';
const host = '127.0.0.1';

/** One Kafka node that is both broker and controller, with an empty log. */
export function createKafka({ java, ports, runDirectory, reaper }: KafkaOptions): KafkaEngine {
  const folder = join(runDirectory, name);
  const settings = join(folder, 'server.properties');
  const logging = join(folder, 'log4j2.xml');
  const logFile = logFileOf(runDirectory, name);
  const bootstrap = `${host}:${ports.kafka}`;
  const command = [
    ...javaOptions,
    '-Xmx256m',
    '-XX:TieredStopAtLevel=1',
    `-Dlog4j2.configurationFile=${logging}`,
    '-cp',
    join(java.kafkaLibraries, '*'),
  ];
  const engine = createEngine({
    name,
    logFile,
    async prepare() {
      await mkdir(folder, { recursive: true });
      await writeFile(logging, log4jSettings);
      await writeFile(settings, serverProperties(ports, join(folder, 'data')));
      const cluster = randomBytes(16).toString('base64url');
      // An id that begins with a dash would be read as an option.
      const id = `--cluster-id=${cluster}`;
      await runJava(java.program, [...command, 'kafka.tools.StorageTool', 'format', id, '--config', settings], folder);
    },
    launch: () =>
      spawnChild({
        name,
        command: java.program,
        args: [...command, 'kafka.Kafka', settings],
        env: javaEnvironment,
        cwd: folder,
        logFile,
        reaper,
      }),
    ready: (child) => untilReady(child, { check: () => answers(bootstrap), timeoutMs: 90_000 }),
    stopTimeoutMs: 20_000,
  });
  return Object.assign(engine, { bootstrap });
}

/** True once the broker is registered with the controller. */
async function answers(bootstrap: string): Promise<boolean> {
  const admin = new Admin({
    clientId: 'readiness',
    bootstrapBrokers: [bootstrap],
    retries: 0,
    connectTimeout: 1_000,
    requestTimeout: 2_000,
  });
  try {
    const { brokers } = await admin.metadata({ topics: [] });
    return brokers.size > 0;
  } finally {
    await admin.close();
  }
}

/** One node has nobody to replicate to; one machine needs few threads. `message.max.bytes` stays at Kafka's default. */
function serverProperties(ports: KafkaOptions['ports'], data: string): string {
  const broker = `PLAINTEXT://${host}:${ports.kafka}`;
  const controller = `${host}:${ports.kafkaController}`;
  const properties = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@${controller}`,
    listeners: `${broker},CONTROLLER://${controller}`,
    'advertised.listeners': broker,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': data,
    'log.segment.bytes': 134_217_728,
    'log.cleaner.dedupe.buffer.size': 2_097_152,
    // After a kill the broker may register again only when its former session is over: 9 s unless told.
    'broker.session.timeout.ms': 2_000,
    'broker.heartbeat.interval.ms': 500,
    'num.partitions': 4,
    'num.network.threads': 1,
    'num.io.threads': 2,
    'background.threads': 2,
    // The provisioning makes the topics.
    'auto.create.topics.enable': false,
    'group.initial.rebalance.delay.ms': 0,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 1,
  };
  return Object.entries(properties)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

const log4jSettings = `<Configuration status="WARN">
  <Appenders><Console name="out"><PatternLayout pattern="[%d] %p %m (%c)%n"/></Console></Appenders>
  <Loggers><Root level="INFO"><AppenderRef ref="out"/></Root></Loggers>
</Configuration>
`;
