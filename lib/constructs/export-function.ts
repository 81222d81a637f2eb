import { Duration } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { z } from 'zod';
import type { exportEnvironment } from '../../functions/core/environment.ts';
import { statementAlias } from '../../functions/core/search/index-template.ts';
import { exportPrefix, mostAttempts } from '../../functions/exports/job.ts';
import { exportName } from '../catalogue.ts';
import type { StageConfiguration } from '../stage/schema.ts';
import { applicationUser } from './database.ts';
import { databaseGrants, type Grant } from './grant.ts';
import { NodeFunction } from './node-function.ts';
import { databasePort, type Stores, storeEnvironment } from './stores.ts';

export interface ExportFunctionProps {
  readonly stage: StageConfiguration;
  readonly stores: Stores;
}

/** Lambda's longest: what does not fit is failed after three attempts. */
const timeoutSeconds = 900;

/** The function that makes export files, invoked asynchronously with a job's id. */
export class ExportFunction extends Construct {
  readonly nodeFunction: NodeFunction;

  constructor(scope: Construct, id: string, props: ExportFunctionProps) {
    super(scope, id);
    const { stage, stores } = props;
    const { database, domain } = stores;
    const environment: z.input<typeof exportEnvironment> = {
      ...storeEnvironment(stage, stores, { name: applicationUser, secret: database.applicationSecret }),
      EXPORT_BUCKET: stores.exports.bucketName,
    };
    this.nodeFunction = new NodeFunction(this, 'Function', {
      stage,
      network: stores.network,
      name: exportName,
      description: 'Makes export files from ledger and index',
      entry: 'functions/exports/handler.ts',
      environment,
      permissions: permissions(props),
      timeoutSeconds,
    });
    this.nodeFunction.mayReach('Database', database.securityGroup, databasePort);
    this.nodeFunction.mayReach('Domain', domain.securityGroup, 443);
    // An attempt that fails is followed by the next; a request that waited longer is taken up by whoever reads the job.
    new lambda.EventInvokeConfig(this, 'Asynchronously', {
      function: this.nodeFunction.function,
      retryAttempts: mostAttempts - 1,
      maxEventAge: Duration.hours(1),
    });
  }
}

function permissions({ stage, stores }: ExportFunctionProps): readonly Grant[] {
  const { database, domain, exports } = stores;
  const files = exports.arnForObjects(`${exportPrefix}*`);
  return [
    [['s3:PutObject', 's3:AbortMultipartUpload', 's3:DeleteObject'], [files]],
    ...databaseGrants(stage, database),
    // A point in time belongs to the alias when it is made, and to no index in the path afterwards.
    [
      ['es:ESHttpPost'],
      [
        `${domain.domainArn}/${statementAlias}/_search`,
        `${domain.domainArn}/${statementAlias}/_search/point_in_time`,
        `${domain.domainArn}/_search`,
      ],
    ],
    [['es:ESHttpDelete'], [`${domain.domainArn}/_search/point_in_time`]],
  ];
}
