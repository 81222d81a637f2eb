import { Fn } from 'aws-cdk-lib';

/**
 * ARN of a cluster's topic or consumer group. It is the cluster's with another kind and one more part.
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/kafka-actions.html
 */
export function kafkaArn(clusterArn: string, kind: 'topic' | 'group', name: string): string {
  return `${Fn.join(`:${kind}/`, Fn.split(':cluster/', clusterArn, 2))}/${name}`;
}
