import * as iam from 'aws-cdk-lib/aws-iam';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { z } from 'zod';
import type { rotateSecretEnvironment } from '../../functions/core/environment.ts';
import type { StageConfiguration } from '../stage/schema.ts';
import type { DirectDatabase } from './database.ts';
import { NodeFunction } from './node-function.ts';
import { databasePort, type Stores } from './stores.ts';

export interface SecretRotationProps {
  readonly stage: StageConfiguration;
  readonly stores: Stores;
  /** The instance behind the proxy. */
  readonly instance: DirectDatabase;
}

const everyDays = 30;
/**
 * Lambda's file of AWS's own authorities, the database's among them: Node does not load it by itself.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
 */
const authorities = '/var/runtime/ca-cert.pem';

/** Changes the passwords of the database's roles by schedule. Whoever connects through the proxy notices nothing of them. */
export class SecretRotation extends Construct {
  readonly nodeFunction: NodeFunction;

  constructor(scope: Construct, id: string, { stage, stores, instance }: SecretRotationProps) {
    super(scope, id);
    const { ownerSecret, applicationSecret, databaseName } = stores.database;
    const secrets = { Owner: ownerSecret.secretArn, Application: applicationSecret.secretArn };
    const environment: z.input<typeof rotateSecretEnvironment> = {
      STAGE: stage.stage,
      DATABASE_HOST: instance.host,
      DATABASE_PORT: String(stage.endpoints.databasePort ?? databasePort),
      DATABASE_NAME: databaseName,
      DATABASE_TLS: stage.authentication.database === 'password' ? 'off' : 'on',
      NODE_EXTRA_CA_CERTS: authorities,
    };
    this.nodeFunction = new NodeFunction(this, 'Function', {
      stage,
      network: stores.network,
      name: 'rotate-secret',
      description: "Changes the passwords of the database's roles",
      entry: 'functions/operations/rotate-secret/handler.ts',
      environment,
      permissions: [
        [
          [
            'secretsmanager:DescribeSecret',
            'secretsmanager:GetSecretValue',
            'secretsmanager:PutSecretValue',
            'secretsmanager:UpdateSecretVersionStage',
          ],
          Object.values(secrets),
        ],
      ],
      timeoutSeconds: 60,
    });
    this.nodeFunction.mayReach('Instance', instance.securityGroup, databasePort);
    for (const [name, secretArn] of Object.entries(secrets)) {
      this.nodeFunction.function.addPermission(`From${name}`, {
        principal: new iam.ServicePrincipal('secretsmanager.amazonaws.com'),
        sourceArn: secretArn,
      });
      const schedule = new secretsmanager.CfnRotationSchedule(this, `${name}Schedule`, {
        secretId: secretArn,
        rotationLambdaArn: this.nodeFunction.function.functionArn,
        rotationRules: { scheduleExpression: `rate(${everyDays} days)` },
        // At its creation the application's role is not there yet.
        rotateImmediatelyOnUpdate: false,
      });
      schedule.node.addDependency(this.nodeFunction);
    }
  }
}
