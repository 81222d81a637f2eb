import { Logger } from '@aws-lambda-powertools/logger';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import pg from 'pg';
import { z } from 'zod';
import { readEnvironment, rotateSecretEnvironment } from '../../core/environment.ts';
import { rotationRequest } from './request.ts';
import { rotate } from './rotate.ts';

const environment = readEnvironment(rotateSecretEnvironment);
const logger = new Logger({ serviceName: 'rotate-secret' });
const client = new SecretsManagerClient({});
const connectMillis = 10_000;

/** Changes the password of a database role, step by step as Secrets Manager asks. @throws Error if a step cannot be done. */
export async function handler(event: unknown): Promise<void> {
  const request = rotationRequest.safeParse(event);
  if (!request.success) throw new Error(`Not a step of a rotation:\n${z.prettifyError(request.error)}`);
  await rotate(request.data, { client, connect });
  logger.info('rotation', { step: request.data.Step, secret: request.data.SecretId });
}

/** To the instance itself: the proxy takes no passwords. */
async function connect(user: string, password: string): Promise<pg.Client> {
  const connection = new pg.Client({
    host: environment.DATABASE_HOST,
    port: Number(environment.DATABASE_PORT),
    database: environment.DATABASE_NAME,
    user,
    password,
    ssl: environment.DATABASE_TLS === 'on' ? { rejectUnauthorized: true } : false,
    connectionTimeoutMillis: connectMillis,
    query_timeout: connectMillis,
    application_name: 'nlj-events-rotation',
  });
  await connection.connect();
  return connection;
}
