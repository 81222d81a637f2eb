import { Validations } from 'aws-cdk-lib';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { asSecret } from './cdk-interfaces.ts';
import { removalPolicy } from './removal.ts';

/**
 * `{version, pepper}` of agent keys. It is never rotated: every stored key derives from it, and a new pepper would make
 * every person a new one.
 */
export class AgentKeySecret extends Construct {
  readonly secret: secretsmanager.ISecret;

  constructor(scope: Construct, id: string, { protect }: { readonly protect: boolean }) {
    super(scope, id);
    const secret = new secretsmanager.Secret(this, 'Secret', {
      description: 'Pepper of agent keys: losing or changing it severs every person from their statements',
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ version: 1 }),
        generateStringKey: 'pepper',
        passwordLength: 64,
        excludePunctuation: true,
      },
      removalPolicy: removalPolicy(protect),
    });
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'A new pepper would make every person a new one: agent keys derive from it',
    });
    this.secret = asSecret(secret);
  }
}
