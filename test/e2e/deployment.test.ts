import { InvokeCommand, LambdaClient, ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import { GetSecretValueCommand, ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Admin, ConfigResourceTypes } from '@platformatic/kafka';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { documentMapping, indexName } from '../../functions/core/search/index-template.ts';
import { comingMonths } from '../../functions/operations/maintenance/rebuild.ts';
import { allTopics, topicGroups } from '../../lib/catalogue.ts';
import { localAws } from '../../localstack/deploy.ts';
import { statement } from '../support/statement.ts';
import { openRun, type Run } from './support/run.ts';

describe('what the deployment made', () => {
  const { endpoints } = inject('environment');
  const lambda = new LambdaClient({ endpoint: endpoints.aws, ...localAws });
  let run: Run;
  let admin: Admin;
  beforeAll(async () => {
    run = await openRun();
    admin = new Admin({ clientId: 'nlj-test', bootstrapBrokers: [endpoints.kafka] });
  });
  afterAll(async () => {
    await Promise.all([run.close(), admin.close()]);
    lambda.destroy();
  });

  it('topics with the partitions and the retention of the catalogue', async () => {
    const names = allTopics.map(({ name }) => name);
    const { topics } = await admin.metadata({ topics: names });
    const configs = await admin.describeConfigs({
      resources: names.map((resourceName) => ({
        resourceType: ConfigResourceTypes.TOPIC,
        resourceName,
        configurationKeys: ['retention.ms', 'cleanup.policy'],
      })),
    });
    for (const { name, partitions, retentionDays } of allTopics) {
      expect(topics.get(name)?.partitionsCount, name).toBe(partitions);
      const values = configs.find(({ resourceName }) => resourceName === name)?.configs ?? [];
      expect(Object.fromEntries(values.map((config) => [config.name, config.value])), name).toEqual({
        'retention.ms': String(retentionDays * 86_400_000),
        'cleanup.policy': 'delete',
      });
    }
  });

  it('one enabled mapping per consumed topic, as the specification of delivery says', async () => {
    const { EventSourceMappings: mappings = [] } = await lambda.send(new ListEventSourceMappingsCommand({}));
    const consumed = topicGroups.flatMap((group) => group.topics.map(({ name }) => name));
    expect(mappings.flatMap(({ Topics }) => Topics ?? []).sort()).toEqual([...consumed].sort());
    for (const mapping of mappings) {
      expect(mapping).toMatchObject({
        State: 'Enabled',
        StartingPosition: 'TRIM_HORIZON',
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        BisectBatchOnFunctionError: true,
        MaximumRetryAttempts: 10_000,
        MaximumRecordAgeInSeconds: -1,
        ProvisionedPollerConfig: { MinimumPollers: 1, PollerGroupName: 'nlj-events' },
        DestinationConfig: { OnFailure: { Destination: expect.stringContaining('arn:aws:s3:') } },
      });
    }
  });

  it('provisioning that changes nothing when it runs again', async () => {
    const { Payload, FunctionError } = await lambda.send(
      new InvokeCommand({ FunctionName: 'nlj-events-local-provision' }),
    );
    expect(FunctionError).toBeUndefined();
    // The number of the generation depends on whether a test built the index anew before.
    const { rows } = await run.pool.query<{ generation: number }>(
      `select generation from index_generation where state = 'live'`,
    );
    expect(JSON.parse(Payload?.transformToString() ?? '')).toEqual({
      migrations: [],
      topicsCreated: [],
      topicsWidened: [],
      indexTemplates: rows.map(({ generation }) => `xapi-statements-g${generation}`),
    });
  });

  it('the indexes of this month and the next, before a document is in them', async () => {
    const { rows } = await run.pool.query<{ generation: number }>(
      `select generation from index_generation where state = 'live'`,
    );
    for (const stored of comingMonths()) {
      const index = indexName(rows[0]?.generation ?? 0, stored);
      expect((await run.search.indices.exists({ index })).body, index).toBe(true);
    }
  });

  it('an index with the strict mapping and nothing else', async () => {
    await run.sender.send([{ topic: 'xapi-events', key: null, value: Buffer.from(JSON.stringify(statement())) }]);
    await run.settled();
    const { body } = await run.search.indices.getMapping({ index: 'xapi-statements' });
    for (const { mappings } of Object.values(body)) {
      expect(mappings.dynamic).toBe('strict');
      expect(Object.keys(mappings.properties ?? {}).sort()).toEqual(Object.keys(documentMapping.properties).sort());
    }
  });

  it('an application role that reads and writes rows and changes no table', async () => {
    const secrets = new SecretsManagerClient({ endpoint: endpoints.aws, ...localAws });
    const { SecretList: list = [] } = await secrets.send(new ListSecretsCommand({}));
    const values = await Promise.all(
      list.map(
        async ({ ARN }) => (await secrets.send(new GetSecretValueCommand({ SecretId: ARN }))).SecretString ?? '{}',
      ),
    );
    secrets.destroy();
    const { username, password } = values
      .map((text) => JSON.parse(text))
      .find((secret) => secret.username === 'nlj_app');
    const url = new URL(endpoints.postgres);
    url.username = username;
    url.password = password;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    await expect(client.query('select count(*) from statement')).resolves.toBeDefined();
    await expect(client.query('create table extra (id int)')).rejects.toThrow(/permission denied/);
    await expect(client.query('alter table statement add column extra int')).rejects.toThrow(/must be owner/);
    await expect(client.query('update schema_migration set name = name')).rejects.toThrow(/permission denied/);
    await client.end();
  });
});
