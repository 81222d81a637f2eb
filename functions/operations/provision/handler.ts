import { Logger } from '@aws-lambda-powertools/logger';
import type pg from 'pg';
import { allTopics } from '../../../lib/catalogue.ts';
import { provisionEnvironment, readEnvironment } from '../../core/environment.ts';
import { databasePool } from '../../core/runtime/database.ts';
import { clusterConnection } from '../../core/runtime/kafka-client.ts';
import { searchClient } from '../../core/runtime/search-client.ts';
import { databaseCredentials, readSecret } from '../../core/runtime/secrets.ts';
import { openSearchAdmin } from '../../core/search/index-admin.ts';
import { generationName, mappingHash } from '../../core/search/index-template.ts';
import { beginGeneration, comingMonths } from '../maintenance/rebuild.ts';
import { ensureApplicationRole } from './application-role.ts';
import { mapSearchRoles } from './map-search-roles.ts';
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
  try {
    const migrations = await prepareDatabase(pool);
    const topics = await ensureTopics(
      clusterConnection(environment),
      allTopics,
      Number(environment.KAFKA_REPLICATION_FACTOR),
    );
    await mapSearchRoles(environment);
    const indexTemplates = await putTemplates(pool);
    const result = { migrations, topicsCreated: topics.created, topicsWidened: topics.widened, indexTemplates };
    logger.info('provisioned', { ...result });
    return result;
  } finally {
    await pool.end();
  }
}

async function prepareDatabase(pool: pg.Pool): Promise<string[]> {
  const client = await pool.connect();
  try {
    const migrations = await migrate(client, await readMigrations(new URL('./migrations/', import.meta.url)));
    await ensureApplicationRole(client, await readSecret(environment.APPLICATION_SECRET_ARN, databaseCredentials));
    return migrations;
  } finally {
    client.release();
  }
}

/**
 * Templates of all generations that are written. A mapping that differs from the live generation's begins a new one, which
 * the maintenance schedule completes.
 */
async function putTemplates(pool: pg.Pool): Promise<string[]> {
  const search = searchClient(environment);
  const admin = openSearchAdmin(search, { replicas: Number(environment.OPENSEARCH_REPLICAS) });
  try {
    const { rows } = await pool.query<{ generation: number; state: string; mapping_hash: string | null }>(
      `select generation, state, mapping_hash from index_generation where state in ('live', 'building') order by generation`,
    );
    for (const { generation, state } of rows) {
      await admin.putTemplate(generation, state === 'live');
      await admin.createMonths(generation, comingMonths());
    }
    await pool.query('update index_generation set mapping_hash = $1 where mapping_hash is null', [mappingHash]);
    const isBuilt = rows.some((row) => row.mapping_hash === null || row.mapping_hash === mappingHash);
    const begun = isBuilt ? [] : [(await beginGeneration({ pool, admin })).generation];
    return [...rows.map(({ generation }) => generation), ...begun].map(generationName);
  } finally {
    await search.close();
  }
}
