import { Logger } from '@aws-lambda-powertools/logger';
import { allTopics } from '../../../lib/catalogue.ts';
import { provisionEnvironment, readEnvironment } from '../../core/environment.ts';
import { databasePool } from '../../core/runtime/database.ts';
import { searchClient } from '../../core/runtime/search-client.ts';
import { databaseCredentials, readSecret } from '../../core/runtime/secrets.ts';
import { indexTemplate } from '../../core/search/index-template.ts';
import { ensureApplicationRole } from './application-role.ts';
import { migrate, readMigrations } from './migrate.ts';
import { ensureTopics } from './topics.ts';

const environment = readEnvironment(provisionEnvironment);
const logger = new Logger({ serviceName: 'provision' });

/** What a deployment changed. */
export interface ProvisionResult {
  readonly migrations: readonly string[];
  readonly topicsCreated: readonly string[];
  readonly topicsWidened: readonly string[];
  readonly indexTemplates: readonly string[];
}

/**
 * Runs at deployment, before any mapping exists: migrations, the application's role, topics, index templates. Each step
 * changes only what differs, so that it may run again at any time. An error fails the deployment.
 */
export async function handler(): Promise<ProvisionResult> {
  const pool = databasePool(environment);
  const client = await pool.connect();
  try {
    const migrations = await migrate(client, await readMigrations(new URL('./migrations/', import.meta.url)));
    await ensureApplicationRole(client, await readSecret(environment.APPLICATION_SECRET_ARN, databaseCredentials));
    const topics = await ensureTopics(
      {
        bootstrapServers: environment.KAFKA_BOOTSTRAP_SERVERS,
        auth: environment.KAFKA_AUTH,
        region: process.env['AWS_REGION'] ?? '',
      },
      allTopics,
      Number(environment.KAFKA_REPLICATION_FACTOR),
    );
    const { rows } = await client.query<{ generation: number; state: string }>(
      `select generation, state from index_generation where state in ('live', 'building') order by generation`,
    );
    const indexTemplates = await putTemplates(
      rows.map(({ generation, state }) => ({ generation, live: state === 'live' })),
    );
    const result = { migrations, topicsCreated: topics.created, topicsWidened: topics.widened, indexTemplates };
    logger.info('provisioned', { ...result });
    return result;
  } finally {
    client.release();
    await pool.end();
  }
}

async function putTemplates(generations: readonly { generation: number; live: boolean }[]): Promise<string[]> {
  const search = searchClient(environment);
  const replicas = Number(environment.OPENSEARCH_REPLICAS);
  const names: string[] = [];
  for (const { generation, live } of generations) {
    const { name, body } = indexTemplate({ generation, live, replicas });
    await search.indices.putIndexTemplate({ name, body });
    names.push(name);
  }
  await search.close();
  return names;
}
