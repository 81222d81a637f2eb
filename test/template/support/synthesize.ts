import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { stageStacks } from '../../../lib/stacks/stage-stacks.ts';
import { checkStage, loadStage } from '../../../lib/stage/index.ts';
import type { StageConfiguration, StageInput } from '../../../lib/stage/schema.ts';

/** The app's context as the CDK reads it. */
export const cdkJson: { readonly context: Readonly<Record<string, unknown>> } = JSON.parse(
  readFileSync(new URL('../../../cdk.json', import.meta.url), 'utf8'),
);

export interface Templates {
  readonly stateful: Template;
  readonly pipeline: Template;
  readonly observability: Template;
  readonly api: Template;
}

export const stageNames = ['dev', 'staging', 'prod', 'local'] as const;

export function stage(name: string, context: Readonly<Record<string, unknown>> = {}): StageConfiguration {
  return loadStage(name, (key) => context[key]);
}

/** A stage with some members changed, checked as a stage file is. */
export function changed(name: string, changes: Partial<StageInput>): StageConfiguration {
  return checkStage(name, { ...stage(name), ...changes });
}

/** The templates of a stage, with the context of cdk.json and without bundling. */
export function synthesize(configuration: StageConfiguration): Templates {
  const app = new App({ context: { ...cdkJson.context, 'aws:cdk:bundling-stacks': [] } });
  const { stateful, pipeline, api, observability } = stageStacks(app, configuration);
  return {
    stateful: Template.fromStack(stateful),
    pipeline: Template.fromStack(pipeline),
    api: Template.fromStack(api),
    observability: Template.fromStack(observability),
  };
}

const known = new Map<string, Templates>();

/** The templates of a stage as its file says, synthesized once for all tests of a file. */
export function templatesOf(name: string): Templates {
  const templates = known.get(name) ?? synthesize(stage(name));
  known.set(name, templates);
  return templates;
}

/** A stage on stores of an organisation that has them already. */
export const imported = {
  network: {
    mode: 'import',
    vpcId: 'vpc-0123456789abcdef0',
    vpcCidr: '10.0.0.0/16',
    subnetIds: ['subnet-aaaaaaaa', 'subnet-bbbbbbbb', 'subnet-cccccccc'],
    availabilityZones: ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'],
  },
  cluster: {
    mode: 'import',
    clusterArn: 'arn:aws:kafka:eu-central-1:111122223333:cluster/shared/0a1b2c3d-1111-2222-3333-444455556666-7',
    bootstrapServers: 'b-1.shared.kafka.example:9098,b-2.shared.kafka.example:9098',
    securityGroupId: 'sg-aaaaaaaa',
  },
  database: {
    mode: 'import',
    name: 'nlj',
    proxyName: 'shared',
    proxyArn: 'arn:aws:rds:eu-central-1:111122223333:db-proxy:prx-0123456789abcdef0',
    proxyEndpoint: 'shared.proxy.rds.example',
    securityGroupId: 'sg-bbbbbbbb',
    masterSecretArn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:owner-AbCdEf',
    masterUsername: 'owner',
    applicationSecretArn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:app-AbCdEf',
  },
  domain: {
    mode: 'import',
    domainArn: 'arn:aws:es:eu-central-1:111122223333:domain/shared',
    endpoint: 'https://shared.es.example',
    securityGroupId: 'sg-cccccccc',
  },
} as const satisfies {
  readonly [Store in 'network' | 'cluster' | 'database' | 'domain']: unknown;
};
