import type { StageInput } from './schema.ts';

/** Sized for a year of statements; every store is kept and refuses deletion. */
export const prod: StageInput = {
  stage: 'prod',
  network: { mode: 'create', cidr: '10.42.0.0/20', zones: 3, egress: 'endpoints' },
  cluster: {
    mode: 'create',
    brokerInstanceType: 'kafka.m7g.large',
    brokers: 3,
    volumeGiB: 500,
    encryptionKey: 'customer',
  },
  database: {
    mode: 'create',
    name: 'nlj',
    instanceType: 'r8g.large',
    storageGiB: 200,
    maximumStorageGiB: 2000,
    multiAz: true,
    backupDays: 35,
  },
  domain: { mode: 'create', instanceType: 'r7g.large.search', dataNodes: 3, dedicatedMasters: 3, volumeGiB: 200 },
  logRetentionDays: 365,
  protect: true,
  function: { memoryMiB: 1769, timeoutSeconds: 600 },
  mapping: {
    batchSize: 1000,
    windowSeconds: 1,
    minimumPollers: 1,
    maximumPollers: 8,
    pollerGroupName: 'nlj-events',
    maximumRetryAttempts: 10_000,
    maximumRecordAge: -1,
  },
  replicationFactor: 3,
  opensearchReplicas: 2,
  authentication: { database: 'iam', kafka: 'iam', search: 'iam' },
  endpoints: {},
  authority: { homePage: 'https://nlj.example', name: 'nlj-events' },
};
