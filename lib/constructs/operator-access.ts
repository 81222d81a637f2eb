import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { functionName } from '../catalogue.ts';
import { operatorName } from '../search-access.ts';
import { acknowledgeWildcards } from './acknowledge-wildcards.ts';
import type { Database } from './database.ts';
import { policyStatements } from './grant.ts';
import type { Network } from './network.ts';
import { openPort } from './open-port.ts';
import type { SearchDomain } from './search-domain.ts';
import { databasePort } from './stores.ts';

export interface OperatorAccessProps {
  readonly stage: string;
  readonly network: Network;
  readonly database: Database;
  readonly domain: SearchDomain;
}

/** What an operator asks of the domain: its state, none of its documents. */
const searchPaths = ['/_cat/*', '/_cluster/*', '/_nodes/*', '/xapi-statements-*/_settings/*'];
const httpsPort = 443;

/**
 * How a person on call reaches the stores, which let in functions alone: a security group for a client in the network, in which
 * nothing is by itself, and a role that who may assume roles of the account can take. It connects to PostgreSQL as its owner.
 */
export class OperatorAccess extends Construct {
  readonly securityGroup: ec2.SecurityGroup;
  readonly role: iam.Role;

  constructor(scope: Construct, id: string, { stage, network, database, domain }: OperatorAccessProps) {
    super(scope, id);
    const name = functionName(stage, operatorName);
    this.securityGroup = new ec2.SecurityGroup(this, 'Client', {
      vpc: network.vpc,
      description: 'Clients of operators',
    });
    const client = this.securityGroup;
    openPort(this, 'Database', { store: database.securityGroup, client, port: databasePort });
    openPort(this, 'Domain', { store: domain.securityGroup, client, port: httpsPort });
    const permissions = policyStatements([
      [['rds-db:connect'], [database.connectArn(database.ownerUser)]],
      [['es:ESHttpGet'], searchPaths.map((path) => `${domain.domainArn}${path}`)],
    ]);
    this.role = new iam.Role(this, 'Role', {
      roleName: name,
      description: 'Taken by who is on call, to look into the stores and to end what hangs',
      assumedBy: new iam.AccountPrincipal(Stack.of(this).account),
      inlinePolicies: { stores: new iam.PolicyDocument({ statements: permissions }) },
    });
    acknowledgeWildcards(this.role, permissions);
  }
}
