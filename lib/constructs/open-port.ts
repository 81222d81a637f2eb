import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';

export interface OpenPort {
  readonly store: ec2.ISecurityGroup;
  readonly client: ec2.ISecurityGroup;
  readonly port: number;
}

/** Opens one port of a store to a client. The rule belongs to the stack that owns the client, so that the store's need not know it. */
export function openPort(scope: Construct, id: string, { store, client, port }: OpenPort): void {
  new ec2.CfnSecurityGroupIngress(scope, `To${id}`, {
    groupId: store.securityGroupId,
    sourceSecurityGroupId: client.securityGroupId,
    ipProtocol: 'tcp',
    fromPort: port,
    toPort: port,
    description: scope.node.path,
  });
}
