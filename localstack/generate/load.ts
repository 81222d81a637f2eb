import type { Client } from '@opensearch-project/opensearch';
import pMap, { pMapSkip } from 'p-map';
import type pg from 'pg';
import { chunkLimits } from '../../functions/core/batch/chunk.ts';
import type { Entry, Validated } from '../../functions/core/batch/entry.ts';
import { processBatch, type Stores } from '../../functions/core/batch/process-batch.ts';
import { decodeValue } from '../../functions/core/kafka/decode.ts';
import type { SourceRecord } from '../../functions/core/kafka/record.ts';
import type { RejectedRecord } from '../../functions/core/ledger/ledger.ts';
import { postgresLedger } from '../../functions/core/ledger/postgres-ledger.ts';
import { upcastEntry } from '../../functions/core/middleware/upcast.ts';
import { validateEntry } from '../../functions/core/middleware/validate.ts';
import type { Pepper } from '../../functions/core/people/person.ts';
import { openSearchAdmin } from '../../functions/core/search/index-admin.ts';
import { statementAlias } from '../../functions/core/search/index-template.ts';
import { openSearchIndex } from '../../functions/core/search/opensearch-index.ts';
import type { Authority } from '../../functions/core/xapi/index.ts';
import { reconcile } from '../../functions/operations/maintenance/reconcile.ts';
import { everyProjection, groupProjections } from '../../functions/projections.ts';
import { groupOfTopic, type TopicGroupName } from '../../lib/catalogue.ts';
import type { OutgoingMessage } from '../workload/message.ts';

export interface LoadStores {
  /** PostgreSQL, migrated; as many connections as chunks at once, or more. */
  readonly pool: pg.Pool;
  /** OpenSearch, with the template of the live generation. */
  readonly search: Client;
  readonly pepper: Pepper;
  readonly authority: Authority;
}

export interface LoadOptions {
  /** Chunks of 1,000 that are written at once. Default 3. */
  readonly concurrency?: number;
  /** Told how many messages are written, after each chunk. */
  readonly progress?: (written: number) => void;
}

export interface LoadResult {
  readonly messages: number;
  readonly accepted: number;
  /** Known already with equal content. */
  readonly duplicates: number;
  /** For whatever reason: they are counted and kept nowhere. */
  readonly rejected: number;
  /** Statements that were given to the account of a person whose identities were linked after them. */
  readonly joined: number;
}

/** Where loaded records stand: in no cluster, so that no accounting of Kafka counts them. */
const noCluster = 'loaded';
const hour = 3_600_000;

/**
 * Puts messages into the ledger and the index without Kafka, by the functions' own steps: decode, upcast, validate, ledger
 * with the projections of the topic's group, index, confirmation. The reconciler then joins people; everything is
 * searchable at the end.
 *
 * @throws TransientError if a store does not come back within an hour, ConfigurationError if people must act.
 */
export async function loadDataSet(
  messages: Iterable<OutgoingMessage>,
  { pool, search, pepper, authority }: LoadStores,
  { concurrency = 3, progress }: LoadOptions = {},
): Promise<LoadResult> {
  const index = openSearchIndex(search);
  const counts = { messages: 0, accepted: 0, duplicates: 0, rejected: 0 };
  const writeChunk = async ({ group, records }: Chunk): Promise<typeof pMapSkip> => {
    const projections = groupProjections[group] ?? [];
    const ledger = postgresLedger({ pool, pepper, authority, projections, derived: everyProjection });
    const entries = records.map((record) => validated(record, authority));
    const stores: Stores = { ledger: { ...ledger, ...withoutDeadLetters }, index, deadLetters: nowhere };
    const began = Date.now();
    const { response, counts: chunk } = await processBatch(entries, stores, {
      group,
      projections,
      ...chunkLimits,
      remainingMillis: () => began + hour - Date.now(),
      reserveMillis: 0,
      deadLetterConcurrency: 1,
    });
    if (response.batchItemFailures.length > 0) throw new Error('A store did not answer for an hour');
    counts.messages += records.length;
    counts.accepted += chunk.accepted;
    counts.duplicates += chunk.duplicates;
    counts.rejected += Object.values(chunk.rejected).reduce((sum, count) => sum + count, 0);
    progress?.(counts.messages);
    return pMapSkip;
  };
  await pMap(chunksOf(messages), writeChunk, { concurrency });
  const { drift } = await reconcile(
    { action: 'reconcile', scope: 'recent' },
    {
      pool,
      index,
      admin: openSearchAdmin(search, { replicas: 0 }),
      pepper,
      authority,
      projections: everyProjection,
      // Nobody else writes these statements.
      longestFunctionMillis: 0,
      hasTime: () => true,
    },
  );
  await search.indices.refresh({ index: statementAlias, ignore_unavailable: true, allow_no_indices: true });
  return { ...counts, joined: drift.joined };
}

interface Chunk {
  readonly group: TopicGroupName;
  readonly records: SourceRecord[];
}

/** Messages of one group at a time, as its function would get them. @throws Error naming a topic that nothing consumes */
function* chunksOf(messages: Iterable<OutgoingMessage>): Generator<Chunk> {
  const open = new Map<TopicGroupName, SourceRecord[]>();
  const offsets = new Map<string, number>();
  for (const message of messages) {
    const { topic } = message;
    const group = groupOfTopic(topic);
    if (group === undefined) throw new Error(`No group consumes the topic ${topic}`);
    const offset = offsets.get(topic) ?? 0;
    offsets.set(topic, offset + 1);
    const records = open.get(group) ?? [];
    records.push(recordOf(message, offset));
    open.set(group, records);
    if (records.length < chunkLimits.chunkRecords) continue;
    open.delete(group);
    yield { group, records };
  }
  for (const [group, records] of open) yield { group, records };
}

function recordOf({ topic, key, value, headers = [] }: OutgoingMessage, offset: number): SourceRecord {
  return {
    cluster: noCluster,
    topic,
    partition: 0,
    offset,
    timestamp: 0,
    timestampType: 'CREATE_TIME',
    key,
    value,
    headers: headers.map((header) => ({ name: header.name, value: Buffer.from(header.value) })),
  };
}

function validated(record: SourceRecord, authority: Authority): Entry<Validated> {
  const decoded = decodeValue(record.value);
  return decoded.ok
    ? validateEntry(upcastEntry({ kind: 'decoded', record, received: decoded.value }), { authority })
    : { kind: 'rejected', record, rejection: decoded.rejection };
}

/** What is rejected came from no topic, so nobody could repair it there: it is counted, and no dead letter is made. */
const nowhere = { bucket: '', put: () => Promise.resolve() };
const withoutDeadLetters = {
  recordDeadLetters: () => Promise.resolve(),
  eraseAmong: () => Promise.resolve(new Set<RejectedRecord>()),
};
