import type { StageInput } from './schema.ts';

/** Small and thrown away at will; in every other respect what prod is. */
export const dev: StageInput = {
  stage: 'dev',
  network: { mode: 'create', cidr: '10.40.0.0/20', zones: 3, egress: 'endpoints' },
  cluster: {
    mode: 'create',
    brokerInstanceType: 'kafka.m7g.large',
    brokers: 3,
    volumeGiB: 20,
    encryptionKey: 'aws',
  },
  database: {
    mode: 'create',
    name: 'nlj',
    instanceType: 't4g.medium',
    storageGiB: 20,
    maximumStorageGiB: 50,
    multiAz: false,
    backupDays: 1,
  },
  domain: { mode: 'create', instanceType: 't3.small.search', dataNodes: 1, dedicatedMasters: 0, volumeGiB: 20 },
  logRetentionDays: 14,
  protect: false,
  function: { memoryMiB: 1024, timeoutSeconds: 300 },
  mapping: {
    batchSize: 500,
    windowSeconds: 1,
    minimumPollers: 1,
    maximumPollers: 4,
    pollerGroupName: 'nlj-events',
    maximumRetryAttempts: 10_000,
    maximumRecordAge: -1,
  },
  replicationFactor: 3,
  opensearchReplicas: 0,
  authentication: { database: 'iam', kafka: 'iam', search: 'iam' },
  endpoints: {},
  authority: { homePage: 'https://nlj.example/dev', name: 'nlj-events' },
};
