import { fileURLToPath } from 'node:url';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetFunctionConfigurationCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { DescribeDomainCommand, ListDomainNamesCommand, OpenSearchClient } from '@aws-sdk/client-opensearch';
import { execa } from 'execa';
import type { LocalLimits } from '../lib/stage/local.ts';

export interface SynthOptions {
  readonly opensearchEndpoint: string;
  readonly databasePort: number;
  /** Base URL of the development issuer of tokens. */
  readonly issuer: string;
  /** Overrides of the local stage besides addresses; see `lib/stage/local.ts`. */
  readonly limits?: LocalLimits | undefined;
  /** Folder for the cloud assembly. */
  readonly output: string;
  /** Where the app's sources are; by default this clone. */
  readonly source?: string | undefined;
  readonly progress: (line: string) => void;
}

export interface DeployOptions {
  /** Base URL of LocalStack. */
  readonly endpoint: string;
  /** Folder of the cloud assembly. */
  readonly output: string;
  readonly progress: (line: string) => void;
}

/** Credentials and region that LocalStack takes; nothing of them is a secret. */
export const localAws = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
} as const;

/** Environment for AWS tools and SDKs that shall talk to LocalStack. */
export function awsEnvironment(endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: localAws.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: localAws.credentials.secretAccessKey,
    AWS_REGION: localAws.region,
    AWS_DEFAULT_REGION: localAws.region,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

/**
 * Synthesises the `local` stage into a cloud assembly; needs no engine, so it can run while they start.
 * @throws Error with the last lines of what `cdk` printed.
 */
export async function synthesise(options: SynthOptions): Promise<void> {
  const { opensearchEndpoint, databasePort, issuer, limits = {}, output, source, progress } = options;
  const context = { stage: 'local', opensearchEndpoint, databasePort, issuer, ...limits };
  const flags = Object.entries(context).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  await cdk(['synth', '--quiet', '--output', output, ...flags], {}, progress, source);
}

/** Deploys a cloud assembly by the CDK's own commands. @throws Error with the last lines of what `cdk` printed. */
export async function deploy({ endpoint, output, progress }: DeployOptions): Promise<void> {
  const environment = awsEnvironment(endpoint);
  // With an assembly, or it would synthesise the app again, into the clone's one `cdk.out`.
  await cdk(['bootstrap', 'aws://000000000000/us-east-1', '--app', output], environment, progress);
  const flags = ['--all', '--app', output, '--require-approval', 'never', '--progress', 'events', '--concurrency', '2'];
  await cdk(['deploy', ...flags], environment, progress);
  await checkDeployment(endpoint, progress);
}

const clone = fileURLToPath(new URL('..', import.meta.url));

async function cdk(
  command: readonly string[],
  environment: Record<string, string>,
  progress: (line: string) => void,
  source = clone,
) {
  progress(`cdk ${command[0]}`);
  const child = execa('cdk', [...command, '--no-notices'], {
    preferLocal: true,
    localDir: clone,
    cwd: source,
    env: {
      ...environment,
      CI: 'true',
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      NO_COLOR: '1',
      NODE_DISABLE_COMPILE_CACHE: '1',
    },
    all: true,
    reject: false,
  });
  for await (const line of child.iterable({ from: 'all' })) {
    const news = newsOf(String(line));
    if (news !== null) progress(`  ${news}`);
  }
  const { exitCode, all } = await child;
  if (exitCode !== 0) {
    const tail = all.split('\n').slice(-30).join('\n');
    throw new Error(`\`cdk ${command[0]}\` failed:\n${tail}`);
  }
}

/**
 * What is worth telling of a line that `cdk` prints: `stack n/m type`, once per resource that is there; and whatever has
 * failed, as it is.
 */
function newsOf(line: string): string | null {
  const [stack = '', done = '', , status = '', type = ''] = line.split('|').map((part) => part.trim());
  if (status === 'CREATE_COMPLETE' || status === 'UPDATE_COMPLETE') return `${stack} ${done} ${type}`;
  return /FAILED|✅|❌/.test(line) ? line.trim() : null;
}

/**
 * What LocalStack does not implement it can mock with attributes `unknown`. Nothing deployed may hold such a value.
 * @throws Error naming the stack output or function variable.
 */
async function checkDeployment(endpoint: string, progress: (line: string) => void): Promise<void> {
  const client = { endpoint, ...localAws };
  const faults: string[] = [];
  const { Stacks: stacks = [] } = await new CloudFormationClient(client).send(new DescribeStacksCommand({}));
  for (const stack of stacks) {
    if (stack.StackStatus?.endsWith('_COMPLETE') !== true)
      faults.push(`stack ${stack.StackName} is ${stack.StackStatus}`);
    for (const output of stack.Outputs ?? []) {
      if (isUnknown(output.OutputValue)) faults.push(`output ${stack.StackName}.${output.OutputKey}`);
    }
  }
  const lambda = new LambdaClient(client);
  const { Functions: functions = [] } = await lambda.send(new ListFunctionsCommand({}));
  for (const { FunctionName } of functions) {
    const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    for (const [name, value] of Object.entries(Environment?.Variables ?? {})) {
      if (isUnknown(value)) faults.push(`variable ${FunctionName}.${name}`);
    }
  }
  await describeDomain(new OpenSearchClient(client), faults, progress);
  if (faults.length > 0) throw new Error(`The deployment holds mocked values: ${faults.join(', ')}`);
}

async function describeDomain(client: OpenSearchClient, faults: string[], progress: (line: string) => void) {
  const { DomainNames: domains = [] } = await client.send(new ListDomainNamesCommand({}));
  if (domains.length === 0) faults.push('no OpenSearch domain');
  for (const { DomainName } of domains) {
    const { DomainStatus } = await client.send(new DescribeDomainCommand({ DomainName }));
    if (DomainStatus?.Created !== true) faults.push(`domain ${DomainName} is not created`);
    progress(`domain ${DomainName}: ${DomainStatus?.EngineVersion ?? 'unknown'}`);
  }
}

function isUnknown(value: string | undefined): boolean {
  return value === undefined || value === '' || /(^|[/:.])unknown($|[/:.])/.test(value);
}
