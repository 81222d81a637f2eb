import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { z } from 'zod';
import type { apiEnvironment } from '../../functions/core/environment.ts';
import { statementAlias } from '../../functions/core/search/index-template.ts';
import { exportPrefix } from '../../functions/exports/job.ts';
import { exportName, functionName } from '../catalogue.ts';
import type { StageConfiguration } from '../stage/schema.ts';
import { applicationUser } from './database.ts';
import { databaseGrants, type Grant } from './grant.ts';
import { NodeFunction } from './node-function.ts';
import { databasePort, type Stores, storeEnvironment } from './stores.ts';

export interface ApiFunctionProps {
  readonly stage: StageConfiguration;
  readonly stores: Stores;
}

/** The gateway's limit: it answers 504 after that, whatever the function still does. */
const timeoutSeconds = 29;

/** The function that answers the API. It reads the stores; it neither writes the index nor reads a dead letter. */
export class ApiFunction extends Construct {
  readonly nodeFunction: NodeFunction;

  constructor(scope: Construct, id: string, props: ApiFunctionProps) {
    super(scope, id);
    const { stage, stores } = props;
    const { database, domain } = stores;
    // By its name: an import would tie the function's replacement to this stack.
    const exporterArn = Stack.of(this).formatArn({
      service: 'lambda',
      resource: 'function',
      resourceName: functionName(stage.stage, exportName),
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const environment: z.input<typeof apiEnvironment> = {
      ...storeEnvironment(stage, stores, { name: applicationUser, secret: database.applicationSecret }),
      AGENT_KEY_SECRET_ARN: stores.agentKey.secretArn,
      JWKS_URL: stage.api.jwksUrl,
      JWT_ISSUER: stage.api.issuer,
      JWT_AUDIENCE: stage.api.audience,
      CORS_ORIGINS: stage.api.corsOrigins.join(','),
      CHECK_ANSWERS: stage.api.checkAnswers ? 'yes' : 'no',
      ANONYMITY_THRESHOLD: String(stage.api.anonymityThreshold),
      EXPORT_BUCKET: stores.exports.bucketName,
    };
    this.nodeFunction = new NodeFunction(this, 'Function', {
      stage,
      network: stores.network,
      name: 'api',
      description: 'Answers the HTTP API: numbers, statements, trainings, operations',
      entry: 'functions/api/handler.ts',
      environment,
      permissions: permissions(props, exporterArn),
      timeoutSeconds,
    });
    this.nodeFunction.mayReach('Database', database.securityGroup, databasePort);
    this.nodeFunction.mayReach('Domain', domain.securityGroup, 443);
  }
}

function permissions({ stage, stores }: ApiFunctionProps, exporterArn: string): readonly Grant[] {
  const { agentKey, database, domain, exports } = stores;
  return [
    [['secretsmanager:GetSecretValue'], [agentKey.secretArn]],
    ...databaseGrants(stage, database),
    [['lambda:InvokeFunction'], [exporterArn]],
    // A signed link has the rights of who signs it.
    [['s3:GetObject'], [exports.arnForObjects(`${exportPrefix}*`)]],
    [
      ['es:ESHttpPost'],
      ['_search', '_msearch'].map((operation) => `${domain.domainArn}/${statementAlias}/${operation}`),
    ],
  ];
}
