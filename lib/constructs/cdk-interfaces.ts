import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { IConstruct } from 'constructs';

/**
 * CDK's classes declare optional members as `T | undefined`, its interfaces as `?: T`; under
 * `exactOptionalPropertyTypes` a class then does not meet its own interface. These say that it does.
 */

function isVpc(construct: IConstruct): construct is ec2.IVpc {
  return construct instanceof ec2.Vpc;
}

function isSecret(construct: IConstruct): construct is secretsmanager.ISecret {
  return construct instanceof secretsmanager.Secret;
}

function isBucket(construct: IConstruct): construct is s3.IBucket {
  return construct instanceof s3.Bucket;
}

/** @throws Error if it is another kind of construct. */
export function asVpc(construct: IConstruct): ec2.IVpc {
  if (isVpc(construct)) return construct;
  throw new Error(`${construct.node.path} is not a VPC`);
}

/** @throws Error if it is another kind of construct. */
export function asSecret(construct: IConstruct): secretsmanager.ISecret {
  if (isSecret(construct)) return construct;
  throw new Error(`${construct.node.path} is not a secret`);
}

/** @throws Error if it is another kind of construct. */
export function asBucket(construct: IConstruct): s3.IBucket {
  if (isBucket(construct)) return construct;
  throw new Error(`${construct.node.path} is not a bucket`);
}
