import type { SASLOptions } from '@platformatic/kafka';
import { generateAuthToken } from 'aws-msk-iam-sasl-signer-js';

/** How a cluster is reached. */
export interface ClusterConnection {
  readonly bootstrapServers: string;
  /** `iam`: SASL/OAUTHBEARER signed by MSK's signer, over TLS. `none`: the local broker. */
  readonly auth: 'iam' | 'none';
  /** For `iam`: the region that tokens are signed for. */
  readonly region: string;
}

/** The environment members of every function that talks to Kafka itself. */
export interface KafkaEnvironment {
  readonly KAFKA_BOOTSTRAP_SERVERS: string;
  readonly KAFKA_AUTH: 'iam' | 'none';
}

export function clusterConnection(environment: KafkaEnvironment): ClusterConnection {
  return {
    bootstrapServers: environment.KAFKA_BOOTSTRAP_SERVERS,
    auth: environment.KAFKA_AUTH,
    region: process.env['AWS_REGION'] ?? '',
  };
}

/** Options of any client of the cluster. */
export function clusterClient({ bootstrapServers, auth, region }: ClusterConnection, clientId: string) {
  return {
    clientId,
    bootstrapBrokers: bootstrapServers.split(','),
    timeout: 10_000,
    retries: 5,
    ...(auth === 'iam' ? { sasl: mskIam(region), tls: {} } : {}),
  };
}

/** @see https://docs.aws.amazon.com/msk/latest/developerguide/iam-access-control.html */
function mskIam(region: string): SASLOptions {
  return { mechanism: 'OAUTHBEARER', token: async () => (await generateAuthToken({ region })).token };
}
