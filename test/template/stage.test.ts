import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { App, Stack } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { stackName, stackSuffixes } from '../../lib/stacks/names.ts';
import { stageStacks } from '../../lib/stacks/stage-stacks.ts';
import { dev } from '../../lib/stage/dev.ts';
import { checkStage, loadStage } from '../../lib/stage/index.ts';
import { prod } from '../../lib/stage/prod.ts';
import type { StageInput } from '../../lib/stage/schema.ts';
import { StageError } from '../../lib/stage/stage-error.ts';
import { cdkJson, stage, stageNames } from './support/synthesize.ts';

const none = () => undefined;

it.each(stageNames)('the stacks of %s are those that the doctor looks for', (name) => {
  const app = new App({ context: { ...cdkJson.context, 'aws:cdk:bundling-stacks': [] } });
  stageStacks(app, stage(name));
  const names = app.node.children.filter(Stack.isStack).map(({ stackName: found }) => found);
  expect(names.sort()).toEqual(stackSuffixes.map((suffix) => stackName(name, suffix)).sort());
});

it.each(stageNames)('%s is a valid stage', (name) => {
  expect(stage(name).stage).toBe(name);
});

describe('the local stage', () => {
  it('is dev but for what the local engines make necessary, and quicker alarms', () => {
    expect(stage('local')).toEqual({
      ...stage('dev'),
      stage: 'local',
      replicationFactor: 1,
      authentication: { database: 'password', kafka: 'none', search: 'none' },
      endpoints: { opensearch: 'http://127.0.0.1:19200', databasePort: 15432 },
      observability: {
        ...stage('dev').observability,
        alarmPeriodSeconds: 10,
        driftPeriodSeconds: 30,
        unreadAgeSeconds: 30,
        outboxAgeSeconds: 20,
      },
      api: {
        ...stage('dev').api,
        issuer: 'http://127.0.0.1:18088',
        jwksUrl: 'http://127.0.0.1:18088/.well-known/jwks.json',
      },
    });
  });

  it('takes the addresses from the context, as text too', () => {
    const context = { opensearchEndpoint: 'http://127.0.0.1:9', databasePort: '7' };
    expect(stage('local', context).endpoints).toEqual({ opensearch: 'http://127.0.0.1:9', databasePort: 7 });
  });

  it('takes no address that is none', () => {
    const context = { opensearchEndpoint: 'nowhere', databasePort: 'x' };
    expect(() => stage('local', context)).toThrow(/endpoints.opensearch: .*; endpoints.databasePort: .*-c values/);
  });
});

describe('a stage that cannot be', () => {
  it.each([undefined, '', 'qa', 'toString', 7])('is not loaded as %s', (name) => {
    expect(() => loadStage(name, none)).toThrow(StageError);
    expect(() => loadStage(name, none)).toThrow(/; use -c stage=dev\|staging\|prod\|local$/);
  });

  it.each<[string, StageInput, string]>([
    ['less memory than Lambda gives', { ...dev, function: { ...dev.function, memoryMiB: 64 } }, 'function.memoryMiB: '],
    ['unprotected production', { ...prod, protect: false }, 'protect: must be true'],
    ['more replicas than brokers', { ...dev, replicationFactor: 4 }, 'replicationFactor: must not exceed'],
    ['more copies than nodes', { ...dev, opensearchReplicas: 1 }, 'opensearchReplicas: must be less'],
    [
      'passwords in the cloud',
      { ...dev, authentication: { ...dev.authentication, database: 'password' } },
      'authentication: must be iam',
    ],
    ['addresses in the cloud', { ...dev, endpoints: { databasePort: 1 } }, 'endpoints: must be empty'],
    [
      'keys over plain HTTP',
      { ...dev, api: { ...dev.api, jwksUrl: 'http://id.nlj.example/keys' } },
      'api.jwksUrl: must be https',
    ],
    [
      'a web page as an origin',
      { ...dev, api: { ...dev.api, corsOrigins: ['https://app.nlj.example/page'] } },
      'api.corsOrigins.0: must be an origin',
    ],
    [
      'survey figures of three people',
      { ...dev, api: { ...dev.api, anonymityThreshold: 3 } },
      'api.anonymityThreshold: ',
    ],
    [
      'brokers that the zones do not share evenly',
      { ...dev, cluster: { ...createdCluster(), brokers: 4 } },
      'cluster.brokers: must be a multiple',
    ],
    [
      'a broker size that KRaft lacks',
      { ...dev, cluster: { ...createdCluster(), brokerInstanceType: 'kafka.t3.small' } },
      'cluster.brokerInstanceType: ',
    ],
  ])('is refused: %s', (_, input, message) => {
    const refused = () => checkStage(input.stage, input);
    expect(refused).toThrow(StageError);
    expect(refused).toThrow(`stage ${input.stage}: ${message}`);
    expect(refused).toThrow(`correct lib/stage/${input.stage}.ts`);
    expect(refused).not.toThrow('\n');
  });
});

it.each([
  ['an unknown stage', '{"stage":"qa"}', /^stage: no stage "qa"; use -c stage=.*\n$/],
  ['a broken address', '{"stage":"local","databasePort":"x"}', /^stage local: endpoints.databasePort: .*\n$/],
])('the app ends with one line for %s', (_, context, line) => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  try {
    execFileSync(process.execPath, ['bin/nlj-events.ts'], {
      cwd: root,
      env: { ...process.env, CDK_CONTEXT_JSON: context },
      stdio: 'pipe',
    });
    expect.unreachable('the app did not fail');
  } catch (error) {
    expect(error).toMatchObject({ status: 1 });
    expect(String(Object(error).stderr)).toMatch(line);
  }
});

function createdCluster() {
  if (dev.cluster.mode !== 'create') throw new Error('dev has its own cluster');
  return dev.cluster;
}
