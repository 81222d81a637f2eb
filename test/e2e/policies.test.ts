import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import { LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { topicGroups } from '../../lib/catalogue.ts';
import { localAws } from '../../localstack/deploy.ts';
import { requestLogFile } from '../../localstack/engines/index.ts';
import { compare, grantsOf, type Permission, type RoleComparison, usedSchema } from '../support/least-privilege.ts';
import { command } from './support/command.ts';
import { openRun, type Run } from './support/run.ts';
import { unseenGrants } from './support/unseen-grants.ts';

let run: Run;
beforeAll(async () => {
  run = await openRun();
});
afterAll(() => run.close());

/** Has a dead letter of each group replayed, as the other tests need not do. */
async function replayOfEachGroup(): Promise<void> {
  const topics = topicGroups.map((group) => group.topics[0].name);
  await run.sender.send(topics.map((topic) => ({ topic, key: null, value: Buffer.from('no JSON') })));
  await run.settled();
  for (const topic of topics) await command(run.environment, 'dlq', 'replay', '--topic', topic, '--limit', '1');
}

/**
 * Runs after all other end-to-end tests (`sequence` in vitest.config.ts): what they had the functions do is what a role
 * must allow. Run by itself it fails, as next to nothing was used.
 */
it('no role of a function allows more than it was used for, nor less', async () => {
  await replayOfEachGroup();
  const { endpoints, runDirectory } = inject('environment');
  const client = { endpoint: endpoints.aws, ...localAws };
  const iam = new IAMClient(client);
  const lambda = new LambdaClient(client);
  const log = await readFile(join(runDirectory, requestLogFile), 'utf8');
  const used = log
    .trimEnd()
    .split('\n')
    .map((line) => usedSchema.parse(JSON.parse(line)));
  const found: Record<string, RoleComparison> = {};
  for await (const { Functions: functions = [] } of paginateListFunctions({ client: lambda }, {})) {
    for (const { FunctionName: full = '', Role: role = '' } of functions) {
      const name = full.replace('nlj-events-local-', '');
      const grants = await grantsOfRole(iam, role.split('/').at(-1) ?? '');
      const comparison = compare(
        name,
        grants,
        used.filter((one) => one.role === role),
        unseenGrants,
      );
      if (comparison.unused.length + comparison.refused.length > 0) found[name] = comparison;
    }
  }
  iam.destroy();
  lambda.destroy();
  expect(found).toEqual({});
});

async function grantsOfRole(client: IAMClient, RoleName: string): Promise<Permission[]> {
  const documents: string[] = [];
  const { PolicyNames: inline = [] } = await client.send(new ListRolePoliciesCommand({ RoleName }));
  for (const PolicyName of inline) {
    documents.push((await client.send(new GetRolePolicyCommand({ RoleName, PolicyName }))).PolicyDocument ?? '');
  }
  const { AttachedPolicies: attached = [] } = await client.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  for (const { PolicyArn } of attached) {
    const { Policy } = await client.send(new GetPolicyCommand({ PolicyArn }));
    const { PolicyVersion } = await client.send(
      new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }),
    );
    documents.push(PolicyVersion?.Document ?? '');
  }
  return documents.flatMap((text) => grantsOf(JSON.parse(decodeURIComponent(text))));
}
