import { fileURLToPath } from 'node:url';
import { Duration } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { type ICommandHooks, LogLevel, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { functionName } from '../catalogue.ts';
import type { StageConfiguration } from '../stage/schema.ts';
import { acknowledgeWildcards } from './acknowledge-wildcards.ts';
import { type Grant, policyStatements } from './grant.ts';
import type { Network } from './network.ts';
import { openPort } from './open-port.ts';
import { removalPolicy } from './removal.ts';
import { networkInterfaceActions } from './wildcards.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface NodeFunctionProps {
  readonly stage: StageConfiguration;
  readonly network: Network;
  /** Short name; the function is `nlj-events-<stage>-<name>`. */
  readonly name: string;
  readonly description: string;
  /** Module that exports `handler`, from the project's root. */
  readonly entry: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What the function may do besides logging and having a network interface. */
  readonly permissions: readonly Grant[];
  /** Default: the stage's. */
  readonly timeoutSeconds?: number;
  readonly commandHooks?: ICommandHooks;
  /** Lets through debug lines, which the function logs in sampled invocations; Lambda drops them otherwise. */
  readonly debugLines?: boolean;
}

/** A function as all of ours are: one bundle, its own role, its own log group, its own security group. */
export class NodeFunction extends Construct {
  readonly function: lambda.Function;
  readonly securityGroup: ec2.SecurityGroup;

  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    super(scope, id);
    const { stage, network } = props;
    const name = functionName(stage.stage, props.name);
    const logGroup = new logs.LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${name}`,
      retention: logRetention(stage),
      removalPolicy: removalPolicy(stage.protect),
    });
    this.securityGroup = new ec2.SecurityGroup(this, 'Access', { vpc: network.vpc, description: name });
    this.function = new NodejsFunction(this, 'Function', {
      functionName: name,
      description: props.description,
      entry: `${root}${props.entry}`,
      projectRoot: root,
      depsLockFilePath: `${root}package-lock.json`,
      handler: 'handler',
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      memorySize: stage.function.memoryMiB,
      timeout: Duration.seconds(props.timeoutSeconds ?? stage.function.timeoutSeconds),
      environment: { ...props.environment, NODE_OPTIONS: '--enable-source-maps' },
      role: this.role(name, logGroup, policyStatements(props.permissions)),
      vpc: network.vpc,
      vpcSubnets: network.subnets,
      securityGroups: [this.securityGroup],
      logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
      ...(props.debugLines === true ? { applicationLogLevelV2: lambda.ApplicationLogLevel.DEBUG } : {}),
      bundling: {
        format: OutputFormat.ESM,
        target: 'node24',
        // The SDK too: what runs is what was tested, not what the runtime happens to hold.
        externalModules: [],
        minify: false,
        sourceMap: true,
        logLevel: LogLevel.ERROR,
        // CommonJS packages in an ES module bundle ask for `require`.
        banner:
          "import { createRequire as bundleRequire } from 'node:module'; const require = bundleRequire(import.meta.url);",
        // The Kafka client's WebAssembly: the variant that carries it inside instead of reading a file beside itself.
        esbuildArgs: { '--alias:@platformatic/wasm-utils': '@platformatic/wasm-utils/bundled' },
        ...(props.commandHooks === undefined ? {} : { commandHooks: props.commandHooks }),
      },
    });
  }

  /** Opens one port of a store to this function. */
  mayReach(id: string, store: ec2.ISecurityGroup, port: number): void {
    openPort(this, id, { store, client: this.securityGroup, port });
  }

  /** Inline, so that the role never exists without its policies: a mapping is checked against them when it is made. */
  private role(name: string, logGroup: logs.LogGroup, permissions: readonly iam.PolicyStatement[]): iam.Role {
    const role = new iam.Role(this, 'Role', {
      roleName: name,
      description: `Execution role of ${name}`,
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        logs: new iam.PolicyDocument({
          statements: [
            new iam.PolicyStatement({
              actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
              resources: [logGroup.logGroupArn],
            }),
          ],
        }),
        network: new iam.PolicyDocument({
          statements: [new iam.PolicyStatement({ actions: [...networkInterfaceActions], resources: ['*'] })],
        }),
        work: new iam.PolicyDocument({ statements: [...permissions] }),
      },
    });
    acknowledgeWildcards(role, permissions);
    return role;
  }
}

/** The stage's log retention as CDK writes it: the enum's values are days. */
export function logRetention({ logRetentionDays }: StageConfiguration): logs.RetentionDays {
  const byDays = {
    7: logs.RetentionDays.ONE_WEEK,
    14: logs.RetentionDays.TWO_WEEKS,
    30: logs.RetentionDays.ONE_MONTH,
    90: logs.RetentionDays.THREE_MONTHS,
    180: logs.RetentionDays.SIX_MONTHS,
    365: logs.RetentionDays.ONE_YEAR,
  } as const;
  return byDays[logRetentionDays];
}
