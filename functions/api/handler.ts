import { Logger } from '@aws-lambda-powertools/logger';
import { apiEnvironment, readEnvironment } from '../core/environment.ts';
import { databasePool } from '../core/runtime/database.ts';
import { searchClient } from '../core/runtime/search-client.ts';
import { readPepper } from '../core/runtime/secrets.ts';
import { exportServices } from '../exports/services.ts';
import { tokenVerifier } from './access/token.ts';
import { application } from './application.ts';
import { routes } from './routes/index.ts';

const environment = readEnvironment(apiEnvironment);
const logger = new Logger({ serviceName: 'api' });
/** The gateway gives up after 29 s; a caller is told before. */
const storeMillis = 10_000;
const pool = databasePool(environment, { queryMillis: storeMillis });
const search = searchClient(environment, { requestTimeout: storeMillis });

/** The API behind API Gateway. */
export const handler = application({
  routes,
  verify: tokenVerifier({
    jwksUrl: environment.JWKS_URL,
    issuer: environment.JWT_ISSUER,
    audience: environment.JWT_AUDIENCE,
  }),
  services: async () => ({
    stores: { pool, search, now: () => new Date(), anonymityThreshold: Number(environment.ANONYMITY_THRESHOLD) },
    pepper: await readPepper(environment.AGENT_KEY_SECRET_ARN),
    exports: exportServices(environment, pool, logger),
  }),
  corsOrigins: environment.CORS_ORIGINS.split(',').filter((origin) => origin !== ''),
  checkAnswers: environment.CHECK_ANSWERS === 'yes',
  log: (line) => logger.info('request', line),
});
