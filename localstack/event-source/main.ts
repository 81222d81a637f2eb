/**
 * The local Kafka event source: does for the mappings deployed to LocalStack what AWS's pollers do for MSK.
 *
 * A process of its own, so that it can be killed by itself; it knows the deployment only by the Lambda API.
 */

import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import {
  type EventSourceMappingConfiguration,
  LambdaClient,
  paginateListEventSourceMappings,
} from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { payloadLimit } from './batch.ts';
import { createWriteDiscarded } from './destination.ts';
import { createTopicLookup } from './group-member.ts';
import { createInvoke } from './invoker.ts';
import { createLog, errorFields } from './log.ts';
import { type Options, readOptions, usage } from './options.ts';
import { startPoller } from './poller.ts';
import { createLagLookup, publishMetrics } from './publish-metrics.ts';
import { writeStatus } from './status.ts';
import { startSupervisor } from './supervisor.ts';

/** Longer than any function runs (14 minutes for MSK): after it an invocation counts as not made. */
const invocationTimeoutMs = 16 * 60 * 1000;
const statusMs = 1000;
const parentCheckMs = 500;

function main(options: Options): void {
  const log = createLog(options.logLevel, (line) => process.stdout.write(line));
  const aws = {
    endpoint: options.awsEndpoint,
    region: options.region,
    maxAttempts: 1,
    credentials: {
      accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? 'test',
      secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? 'test',
    },
  };
  const listing = new LambdaClient({ ...aws, requestHandler: { connectionTimeout: 2000, requestTimeout: 10_000 } });
  const lambda = new LambdaClient({
    ...aws,
    requestHandler: {
      connectionTimeout: 2000,
      requestTimeout: invocationTimeoutMs,
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: true, maxSockets: 1000 },
    },
  });
  const s3 = new S3Client({ ...aws, forcePathStyle: true, requestHandler: { connectionTimeout: 2000 } });
  const invoke = createInvoke(lambda);
  const writeDiscarded = createWriteDiscarded(s3);
  const topics = createTopicLookup(options.kafka, 'event-source');

  const supervisor = startSupervisor({
    async listMappings() {
      const entries: EventSourceMappingConfiguration[] = [];
      for await (const page of paginateListEventSourceMappings({ client: listing }, {})) {
        entries.push(...(page.EventSourceMappings ?? []));
      }
      return entries;
    },
    describeTopics: topics.describe,
    startPoller: (mapping, index, counters) =>
      startPoller({
        mapping,
        brokers: options.kafka,
        clientId: `event-source-${mapping.uuid}-${index}`,
        envelope: { eventSourceArn: mapping.eventSourceArn, bootstrapServers: options.kafka.join(',') },
        payloadLimit,
        backoff: { baseMs: options.backoffBaseMs, maxMs: options.backoffMaxMs },
        sessionTimeoutMs: options.sessionTimeoutMs,
        graceMs: options.graceMs,
        invoke,
        writeDiscarded,
        counters,
        log: log.with({ mapping: mapping.uuid, poller: index }),
      }),
    pollMs: options.pollMs,
    topicCheckMs: options.topicCheckMs,
    log,
  });

  const cloudwatch = new CloudWatchClient({
    ...aws,
    requestHandler: { connectionTimeout: 2000, requestTimeout: 10_000 },
  });
  const metrics = publishMetrics({
    client: cloudwatch,
    supervisor,
    lagOf: createLagLookup(options.kafka, 'event-source-lag'),
    everyMs: options.metricsMs,
    log,
  });

  const status = async () => {
    if (options.statusFile !== undefined) {
      await writeStatus(options.statusFile, supervisor.counters());
    }
  };
  let writing = Promise.resolve();
  const statusTimer = setInterval(() => {
    writing = writing.then(status).catch((error: unknown) => log.warn('status not written', errorFields(error)));
  }, statusMs);

  const parent = process.ppid;
  const parentTimer = setInterval(() => {
    if (process.ppid !== parent) {
      stop('parent is gone');
    }
  }, parentCheckMs);

  let stopping = false;
  function stop(reason: string): void {
    if (stopping) {
      return;
    }
    stopping = true;
    log.info('stopping', { reason });
    clearInterval(parentTimer);
    clearInterval(statusTimer);
    metrics.stop();
    setTimeout(() => process.exit(1), options.graceMs + 5000).unref();
    supervisor
      .stop()
      .then(() => writing.then(status))
      .then(
        () => {
          log.info('stopped');
          process.exit(0);
        },
        (error: unknown) => {
          log.error('stopped with an error', errorFields(error));
          process.exit(1);
        },
      );
  }
  process.stdout.on('error', () => stop('standard output is closed'));
  process.on('uncaughtException', (error) => {
    log.error('uncaught', errorFields(error));
    process.exit(1);
  });
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  log.info('started', { awsEndpoint: options.awsEndpoint, kafka: options.kafka });
}

try {
  main(readOptions(process.argv.slice(2), process.env));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  process.exitCode = 2;
}
