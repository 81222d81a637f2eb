import { RemovalPolicy } from 'aws-cdk-lib';

/**
 * What becomes of a resource that a stack no longer has: kept where the stage is protected. What a creation that failed has
 * made goes nevertheless, or the next attempt would find its names taken.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
 */
export function removalPolicy(protect: boolean): RemovalPolicy {
  return protect ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;
}
