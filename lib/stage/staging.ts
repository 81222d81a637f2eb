import { prod } from './prod.ts';
import type { StageInput } from './schema.ts';

/** What prod is, on smaller machines. */
export const staging: StageInput = {
  ...prod,
  stage: 'staging',
  network: { mode: 'create', cidr: '10.41.0.0/20', zones: 3, egress: 'endpoints' },
  cluster: {
    mode: 'create',
    brokerInstanceType: 'kafka.m7g.large',
    brokers: 3,
    volumeGiB: 50,
    encryptionKey: 'customer',
  },
  database: {
    mode: 'create',
    name: 'nlj',
    instanceType: 't4g.medium',
    storageGiB: 50,
    maximumStorageGiB: 200,
    multiAz: true,
    backupDays: 7,
  },
  domain: { mode: 'create', instanceType: 't3.medium.search', dataNodes: 3, dedicatedMasters: 0, volumeGiB: 50 },
  logRetentionDays: 90,
  authority: { homePage: 'https://nlj.example/staging', name: 'nlj-events' },
  api: {
    jwksUrl: 'https://id.staging.nlj.example/.well-known/jwks.json',
    issuer: 'https://id.staging.nlj.example',
    audience: 'nlj-analytics',
    corsOrigins: ['https://app.staging.nlj.example'],
    throttle: { rate: 100, burst: 200 },
    checkAnswers: true,
    anonymityThreshold: 5,
  },
};
