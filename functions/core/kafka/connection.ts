import type { BaseOptions, SASLOptions } from '@platformatic/kafka';
import { generateAuthToken } from 'aws-msk-iam-sasl-signer-js';

export interface ClusterConnection {
  readonly bootstrapServers: string;
  readonly auth: 'iam' | 'none';
  /** For `iam`: the region that tokens are signed for. */
  readonly region: string;
}

/** How any Kafka client of ours reaches the cluster. */
export function connectionOptions({ bootstrapServers, auth, region }: ClusterConnection) {
  return {
    bootstrapBrokers: bootstrapServers.split(','),
    ...(auth === 'iam' ? { sasl: mskIam(region), tls: {} } : {}),
  } satisfies Partial<BaseOptions>;
}

/** @see https://docs.aws.amazon.com/msk/latest/developerguide/iam-access-control.html */
function mskIam(region: string): SASLOptions {
  return { mechanism: 'OAUTHBEARER', token: async () => (await generateAuthToken({ region })).token };
}
