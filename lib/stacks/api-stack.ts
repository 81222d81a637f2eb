import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { apiIdOutput } from '../catalogue.ts';
import { ApiFunction } from '../constructs/api-function.ts';
import { Gateway } from '../constructs/gateway.ts';
import type { Stores } from '../constructs/stores.ts';
import type { StageConfiguration } from '../stage/schema.ts';

export interface ApiStackProps extends StackProps {
  readonly stage: StageConfiguration;
  readonly stores: Stores;
}

/** What reads: the HTTP API. It is released and taken back without touching a mapping. */
export class ApiStack extends Stack {
  constructor(scope: Construct, id: string, { stage, stores, ...props }: ApiStackProps) {
    super(scope, id, props);
    const { nodeFunction } = new ApiFunction(this, 'ApiFunction', { stage, stores });
    const { api } = new Gateway(this, 'Gateway', { stage, handler: nodeFunction.function });
    new CfnOutput(this, apiIdOutput, { value: api.restApiId });
  }
}
