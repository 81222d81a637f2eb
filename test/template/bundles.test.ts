import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { afterAll, describe, expect, it } from 'vitest';
import { stageStacks } from '../../lib/stacks/stage-stacks.ts';
import { functionNames } from './support/functions.ts';
import { cdkJson, stage } from './support/synthesize.ts';

/** Values that the environment schemas accept; nothing is connected to. */
const environment = {
  AWS_REGION: 'us-east-1',
  STAGE: 'local',
  DATABASE_HOST: 'localhost',
  DATABASE_PORT: '1',
  DATABASE_NAME: 'nlj',
  DATABASE_USER: 'user',
  DATABASE_AUTH: 'password',
  DATABASE_SECRET_ARN: 'arn:secret',
  OPENSEARCH_ENDPOINT: 'http://localhost:1',
  OPENSEARCH_AUTH: 'none',
  TOPIC_GROUP: 'group',
  DEAD_LETTER_BUCKET: 'bucket',
  EXPORT_BUCKET: 'bucket',
  AGENT_KEY_SECRET_ARN: 'arn:secret',
  AUTHORITY_HOME_PAGE: 'https://nlj.example',
  AUTHORITY_NAME: 'test',
  APPLICATION_SECRET_ARN: 'arn:secret',
  KAFKA_BOOTSTRAP_SERVERS: 'localhost:1',
  KAFKA_AUTH: 'none',
  KAFKA_REPLICATION_FACTOR: '1',
  OPENSEARCH_REPLICAS: '0',
  TOPIC_GROUP_TIMEOUT: '300',
  SEARCH_ADMINISTRATOR_ROLE_ARN: '',
  SEARCH_ROLE_ARNS: '{}',
  DATABASE_TLS: 'off',
  NODE_EXTRA_CA_CERTS: '/var/runtime/ca-cert.pem',
  JWKS_URL: 'http://localhost:1/keys',
  JWT_ISSUER: 'issuer',
  JWT_AUDIENCE: 'audience',
  CORS_ORIGINS: '',
  CHECK_ANSWERS: 'yes',
  ANONYMITY_THRESHOLD: '5',
  DEBUG_SAMPLE_RATE: '0',
  TRACE_HEADERS: 'off',
};

describe('the bundles', () => {
  const output = mkdtempSync(join(tmpdir(), 'nlj-bundles-'));
  afterAll(() => rmSync(output, { recursive: true }));
  const app = new App({ outdir: output, context: cdkJson.context });
  stageStacks(app, stage('local'));
  app.synth();
  const bundles = readdirSync(output)
    .map((name) => join(output, name))
    .filter((path) => existsSync(join(path, 'index.mjs')));

  it('are one for each function, and one of them has the migrations', () => {
    expect(bundles).toHaveLength(functionNames.length);
    const migrations = bundles.map((path) => join(path, 'migrations')).filter((path) => existsSync(path));
    expect(migrations.map((path) => readdirSync(path))).toEqual([
      readdirSync(new URL('../../functions/operations/provision/migrations/', import.meta.url)),
    ]);
  });

  it('start without anything from node_modules', () => {
    for (const path of bundles) {
      const script = `const { handler } = await import('./index.mjs'); console.log(typeof handler); process.exit()`;
      const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
        cwd: path,
        env: environment,
        encoding: 'utf8',
      });
      expect(printed.trim()).toBe('function');
    }
  });
});
