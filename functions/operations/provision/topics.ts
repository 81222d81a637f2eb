import { Admin, ConfigResourceTypes, IncrementalAlterConfigOperationTypes } from '@platformatic/kafka';
import type { Topic } from '../../../lib/catalogue.ts';
import { type ClusterConnection, clusterClient } from '../../core/runtime/kafka-client.ts';

export interface TopicChanges {
  readonly created: string[];
  /** Topics that got more partitions. A topic never loses any: Kafka cannot, and keys would move. */
  readonly widened: string[];
}

const dayMillis = 24 * 60 * 60 * 1000;

/** Brings the cluster's topics to the catalogue: creates what is missing, adds partitions, sets retention. */
export async function ensureTopics(
  connection: ClusterConnection,
  topics: readonly Topic[],
  replicationFactor: number,
): Promise<TopicChanges> {
  const admin = new Admin(clusterClient(connection, 'nlj-events-provision'));
  try {
    const existing = new Set(await admin.listTopics());
    const created: string[] = [];
    for (const topic of topics.filter(({ name }) => !existing.has(name))) {
      await admin.createTopics({
        topics: [topic.name],
        partitions: topic.partitions,
        replicas: replicationFactor,
        configs: topicConfigs(topic),
      });
      created.push(topic.name);
    }
    const kept = topics.filter(({ name }) => existing.has(name));
    const widened = await widen(admin, kept);
    if (kept.length > 0) await admin.incrementalAlterConfigs({ resources: kept.map(alteration), validateOnly: false });
    return { created, widened };
  } finally {
    await admin.close();
  }
}

async function widen(admin: Admin, topics: readonly Topic[]): Promise<string[]> {
  if (topics.length === 0) return [];
  const { topics: metadata } = await admin.metadata({ topics: topics.map(({ name }) => name) });
  const narrow = topics.filter(
    ({ name, partitions }) => (metadata.get(name)?.partitionsCount ?? partitions) < partitions,
  );
  if (narrow.length === 0) return [];
  await admin.createPartitions({
    topics: narrow.map(({ name, partitions }) => ({ name, count: partitions })),
    validateOnly: false,
  });
  return narrow.map(({ name }) => name);
}

function topicConfigs({ retentionDays }: Topic): { name: string; value: string }[] {
  return [
    { name: 'cleanup.policy', value: 'delete' },
    { name: 'retention.ms', value: String(retentionDays * dayMillis) },
  ];
}

function alteration(topic: Topic) {
  return {
    resourceType: ConfigResourceTypes.TOPIC,
    resourceName: topic.name,
    configs: topicConfigs(topic).map(({ name, value }) => ({
      name,
      value,
      configOperation: IncrementalAlterConfigOperationTypes.SET,
    })),
  };
}
