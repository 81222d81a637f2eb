import * as iam from 'aws-cdk-lib/aws-iam';
import type { StageConfiguration } from '../stage/schema.ts';
import { applicationUser, type Database } from './database.ts';

/** What a function's role may do, and on which ARNs. */
export type Grant = readonly [actions: readonly string[], resources: readonly string[]];

/** One statement of a policy for each grant. */
export function policyStatements(grants: readonly Grant[]): iam.PolicyStatement[] {
  return grants.map(
    ([actions, resources]) => new iam.PolicyStatement({ actions: [...actions], resources: [...resources] }),
  );
}

/** What a function needs to connect as the application's user: a token for the proxy, or the password where the stage has none. */
export function databaseGrants({ authentication }: StageConfiguration, database: Database): readonly Grant[] {
  return [
    [['rds-db:connect'], [database.connectArn(applicationUser)]],
    ...(authentication.database === 'password'
      ? [[['secretsmanager:GetSecretValue'], [database.applicationSecret.secretArn]] as const]
      : []),
  ];
}
