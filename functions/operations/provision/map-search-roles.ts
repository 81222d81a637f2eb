import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { z } from 'zod';
import { searchRoleNames } from '../../../lib/search-access.ts';
import type { ProvisionEnvironment } from '../../core/environment.ts';
import { searchClient } from '../../core/runtime/search-client.ts';
import { securityRequests } from './search-roles.ts';

const roleArnsSchema = z.record(z.enum(searchRoleNames), z.array(z.string().startsWith('arn:')));

/**
 * Tells the domain which function may do what, as its master user. Nothing is done where the engine has no security
 * plugin (the local one) or the domain is imported. Each request replaces what was there.
 * @throws what the client throws: the deployment fails.
 */
export async function mapSearchRoles(environment: ProvisionEnvironment): Promise<void> {
  const { SEARCH_ADMINISTRATOR_ROLE_ARN: RoleArn, OPENSEARCH_AUTH: auth } = environment;
  if (auth === 'none' || RoleArn === '') return;
  const roleArns = roleArnsSchema.parse(JSON.parse(environment.SEARCH_ROLE_ARNS));
  const credentials = fromTemporaryCredentials({ params: { RoleArn, RoleSessionName: 'nlj-events-provision' } });
  const client = searchClient(environment, { credentials });
  try {
    for (const { path, body } of securityRequests(roleArns)) {
      await client.transport.request({ method: 'PUT', path, body });
    }
  } finally {
    await client.close();
  }
}
