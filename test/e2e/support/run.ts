import { setTimeout as sleep } from 'node:timers/promises';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Client } from '@opensearch-project/opensearch';
import { Admin, ListOffsetTimestamps } from '@platformatic/kafka';
import pg from 'pg';
import { inject } from 'vitest';
import { envelopeSchema } from '../../../functions/core/dead-letter/dead-letter.ts';
import { statementAlias } from '../../../functions/core/search/index-template.ts';
import { openAudit } from '../../../localstack/audit/audit.ts';
import { localAws } from '../../../localstack/deploy.ts';
import { openSender } from '../../../localstack/workload/send.ts';

/** Everything that an end-to-end test reads and writes the running system with. */
export async function openRun() {
  const environment = inject('environment');
  const { endpoints, stage, cluster } = environment;
  const pool = new pg.Pool({ connectionString: endpoints.postgres, max: 4 });
  pool.on('error', () => undefined);
  const search = new Client({ node: endpoints.opensearch });
  const s3 = new S3Client({ endpoint: endpoints.aws, forcePathStyle: true, ...localAws });
  const admin = new Admin({ clientId: 'nlj-test', bootstrapBrokers: [endpoints.kafka] });
  const sender = openSender(endpoints.kafka);
  const audit = await openAudit({ ...endpoints, stage, cluster });

  return {
    environment,
    pool,
    search,
    sender,
    /** Waits until every message in Kafka is accounted for, and returns the accounting. */
    async settled(seconds = 120) {
      const deadline = Date.now() + seconds * 1_000;
      for (;;) {
        const table = await audit.refresh();
        if (table.complete || Date.now() > deadline) return table;
        await sleep(500);
      }
    },
    /** The offset that the next message of a partition will have. */
    async endOffset(topic: string, partition: number): Promise<number> {
      const listed = await admin.listOffsets({
        topics: [{ name: topic, partitions: [{ partitionIndex: partition, timestamp: ListOffsetTimestamps.LATEST }] }],
      });
      return Number(listed[0]?.partitions[0]?.offset ?? 0);
    },
    /** Ids of the documents that the index holds, of those given. */
    async indexed(ids: readonly string[]): Promise<string[]> {
      await search.indices.refresh({ index: statementAlias });
      const found: string[] = [];
      for (let from = 0; from < ids.length; from += 1_000) {
        const { body } = await search.search({
          index: statementAlias,
          body: { size: 10_000, _source: false, query: { ids: { values: ids.slice(from, from + 1_000) } } },
        });
        found.push(...body.hits.hits.map(({ _id }) => String(_id)));
      }
      return found;
    },
    /** The dead letter at a place in Kafka: its row and its object. */
    async deadLetter(topic: string, partition: number, offset: number) {
      const { rows } = await pool.query<{
        class: string;
        errors: { rule: string; path: string }[];
        bucket: string;
        object_key: string;
        attempts: number;
      }>(
        'select class, errors, bucket, object_key, attempts from dead_letter where topic = $1 and partition = $2 and "offset" = $3',
        [topic, partition, offset],
      );
      const row = rows[0];
      if (row === undefined) return null;
      const object = await s3.send(new GetObjectCommand({ Bucket: row.bucket, Key: row.object_key }));
      return { ...row, envelope: envelopeSchema.parse(JSON.parse((await object.Body?.transformToString()) ?? '')) };
    },
    async close(): Promise<void> {
      await Promise.all([audit.close(), sender.close(), admin.close(), pool.end(), search.close()]);
      s3.destroy();
    },
  };
}

export type Run = Awaited<ReturnType<typeof openRun>>;
