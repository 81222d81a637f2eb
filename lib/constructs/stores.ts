import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { StageConfiguration } from '../stage/schema.ts';
import type { Database } from './database.ts';
import type { KafkaCluster } from './kafka-cluster.ts';
import type { Network } from './network.ts';
import type { SearchDomain } from './search-domain.ts';

/** What the stateful stack has and the pipeline uses. */
export interface Stores {
  readonly network: Network;
  readonly cluster: KafkaCluster;
  readonly database: Database;
  readonly domain: SearchDomain;
  readonly deadLetters: s3.IBucket;
  readonly exports: s3.IBucket;
  readonly agentKey: secretsmanager.ISecret;
}

/** The port that PostgreSQL and the proxy listen on in AWS. */
export const databasePort = 5432;

interface DatabaseUser {
  readonly name: string;
  readonly secret: secretsmanager.ISecret;
}

/** The database members of every function environment. */
export function databaseEnvironment(stage: StageConfiguration, { database }: Stores, user: DatabaseUser) {
  return {
    STAGE: stage.stage,
    DATABASE_HOST: database.endpoint,
    DATABASE_PORT: String(stage.endpoints.databasePort ?? databasePort),
    DATABASE_NAME: database.databaseName,
    DATABASE_USER: user.name,
    DATABASE_AUTH: stage.authentication.database,
    DATABASE_SECRET_ARN: user.secret.secretArn,
  };
}

/** The database and index members of a function environment. */
export function storeEnvironment(stage: StageConfiguration, stores: Stores, user: DatabaseUser) {
  return {
    ...databaseEnvironment(stage, stores, user),
    OPENSEARCH_ENDPOINT: stage.endpoints.opensearch ?? stores.domain.endpoint,
    OPENSEARCH_AUTH: stage.authentication.search,
  };
}
