import { Client } from '@opensearch-project/opensearch';
import { Admin, Consumer } from '@platformatic/kafka';
import pg from 'pg';
import { statementAlias } from '../../functions/core/search/index-template.ts';
import { type Topic, topicGroups } from '../../lib/catalogue.ts';
import { type AuditedRecord, lookUp, readOffsets, statementIdOf } from './accounting.ts';
import { kafkaRecordOf } from './kafka-records.ts';

export interface AuditOptions {
  /** `host:port` */
  readonly kafka: string;
  readonly postgres: string;
  readonly opensearch: string;
  readonly stage: string;
  /** ARN of the cluster: part of the identity of records without a statement id. */
  readonly cluster: string;
}

/** One topic, counted by distinct (partition, offset) read back from Kafka and the stores. */
export type TopicAudit = Readonly<TopicCounts>;

interface TopicCounts {
  readonly topic: string;
  /** Messages in Kafka. */
  produced: number;
  /** Messages that the consumer group has committed. */
  read: number;
  /** Records that a ledger row names as its source. */
  accepted: number;
  /** Of those, how many an upcasting rule changed. */
  upcast: number;
  /** Records without a row or dead letter of their own whose statement is in the ledger under other coordinates. */
  duplicate: number;
  /** Records with a dead letter that was not replayed. */
  rejected: number;
  /** Records that are in the ledger and in a dead letter: always 0. */
  inTwoPlaces: number;
  /** Messages not committed yet. */
  lag: number;
  /** Committed and found nowhere: always 0. */
  lost: number;
}

export interface AuditTable {
  readonly topics: readonly TopicAudit[];
  readonly ledger: number;
  readonly index: number;
  /** Dead letters by the first rule that each broke. */
  readonly rules: Readonly<Record<string, number>>;
  /** Whether every message is accounted for and the index holds what the ledger holds. */
  readonly complete: boolean;
}

/** Records that are looked up at once. */
const lookup = 2_000;

/**
 * Accounts for every message from outside: reads Kafka by itself, without a consumer group of its own being committed,
 * and asks the stores what became of each. Incremental, so that a live table can call it every second.
 */
export async function openAudit(options: AuditOptions) {
  const admin = new Admin({ clientId: 'nlj-audit', bootstrapBrokers: [options.kafka] });
  const consumer = new Consumer({
    clientId: 'nlj-audit',
    bootstrapBrokers: [options.kafka],
    groupId: `nlj-audit-${process.pid}-${Date.now()}`,
    autocommit: false,
  });
  const pool = new pg.Pool({
    connectionString: options.postgres,
    max: 2,
    connectionTimeoutMillis: 5_000,
    query_timeout: 15_000,
  });
  pool.on('error', () => undefined);
  const search = new Client({ node: options.opensearch, maxRetries: 0, requestTimeout: 15_000 });
  const topics = topicGroups.flatMap((group): readonly Topic[] => group.topics);
  const audits = new Map<string, TopicCounts>(topics.map(({ name }) => [name, emptyAudit(name)]));
  const pending = new Map<string, AuditedRecord[]>();
  const stream = await consumer.consume({ topics: topics.map(({ name }) => name), mode: 'earliest', maxWaitTime: 200 });
  stream.on('data', (message) => {
    const list = pending.get(`${message.topic}/${message.partition}`) ?? [];
    list.push({ offset: Number(message.offset), statementId: statementIdOf(options.cluster, kafkaRecordOf(message)) });
    pending.set(`${message.topic}/${message.partition}`, list);
  });

  async function refreshOffsets(): Promise<ReadonlyMap<string, number>> {
    const { committed, ends } = await readOffsets(admin, options.stage);
    for (const audit of audits.values()) {
      const places = [...ends.keys()].filter((place) => place.startsWith(`${audit.topic}/`));
      audit.produced = places.reduce((sum, place) => sum + (ends.get(place) ?? 0), 0);
      audit.read = places.reduce((sum, place) => sum + (committed.get(place) ?? 0), 0);
      audit.lag = audit.produced - audit.read;
    }
    return committed;
  }

  async function classify(topic: string, partition: number, records: readonly AuditedRecord[]): Promise<void> {
    const audit = audits.get(topic);
    if (audit === undefined) return;
    const rows = await lookUp(pool, topic, partition, records);
    for (const row of rows) {
      const accepted = row.rows > 0;
      if (accepted) audit.accepted += 1;
      if (row.upcast) audit.upcast += 1;
      if (row.rejected) audit.rejected += 1;
      if (accepted && row.rejected) audit.inTwoPlaces += 1;
      if (accepted || row.rejected) continue;
      if (row.known) audit.duplicate += 1;
      else audit.lost += 1;
    }
  }

  return {
    /** Looks at what was committed since the last call. */
    async refresh(): Promise<AuditTable> {
      const committed = await refreshOffsets();
      for (const [place, list] of pending) {
        const [topic = '', partition = ''] = place.split('/');
        const frontier = committed.get(place) ?? 0;
        // In order of offsets. Taken off the list only once it is looked up: a store may be down in between.
        while ((list[0]?.offset ?? frontier) < frontier) {
          const ready = list.slice(0, lookup).filter(({ offset }) => offset < frontier);
          await classify(topic, Number(partition), ready);
          list.splice(0, ready.length);
        }
      }
      return summary([...audits.values()], await storeCounts(pool, search));
    },
    async close(): Promise<void> {
      await stream.close();
      await consumer.close(true);
      await Promise.all([admin.close(), pool.end(), search.close()]);
    },
  };
}

export type Audit = Awaited<ReturnType<typeof openAudit>>;

function emptyAudit(topic: string): TopicCounts {
  return {
    topic,
    produced: 0,
    read: 0,
    accepted: 0,
    upcast: 0,
    duplicate: 0,
    rejected: 0,
    inTwoPlaces: 0,
    lag: 0,
    lost: 0,
  };
}

interface StoreCounts {
  readonly ledger: number;
  readonly index: number;
  readonly rules: Readonly<Record<string, number>>;
}

async function storeCounts(pool: pg.Pool, search: Client): Promise<StoreCounts> {
  const { rows: statements } = await pool.query<{ count: string }>(
    'select count(*) from statement where erased_at is null',
  );
  const { rows: rules } = await pool.query<{ rule: string; count: string }>(
    `select errors->0->>'rule' as rule, count(*) from dead_letter where state <> 'replayed' group by 1 order by 2 desc, 1`,
  );
  return {
    ledger: Number(statements[0]?.count ?? 0),
    index: await documents(search),
    rules: Object.fromEntries(rules.map(({ rule, count }) => [rule, Number(count)])),
  };
}

async function documents(search: Client): Promise<number> {
  const exists = await search.indices.existsAlias({ name: statementAlias });
  if (!exists.body) return 0;
  await search.indices.refresh({ index: statementAlias });
  const { body } = await search.count({ index: statementAlias });
  return body.count;
}

function summary(topics: readonly TopicAudit[], stores: StoreCounts): AuditTable {
  const accounted = topics.every(
    (topic) =>
      topic.lag === 0 &&
      topic.lost === 0 &&
      topic.inTwoPlaces === 0 &&
      topic.produced === topic.accepted + topic.duplicate + topic.rejected,
  );
  return {
    topics: topics.map((topic) => ({ ...topic })),
    ...stores,
    complete: accounted && stores.ledger === stores.index,
  };
}
