import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetSecretValueCommand, ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { localAws } from '../../localstack/deploy.ts';
import { statement } from '../support/statement.ts';
import { openRun, type Run } from './support/run.ts';

const topic = 'nlj.activities.completed';
const failure = z.object({ code: z.number(), stdout: z.string(), stderr: z.string() });
const statusRows = z.array(
  z.object({ topic: z.string(), state: z.string(), cap: z.number().nullable(), lag: z.number() }),
);
const lagRows = z.array(
  z.object({
    topic: z.string(),
    partition: z.number(),
    committed: z.number().nullable(),
    end: z.number(),
    lag: z.number(),
  }),
);
const pollersSchema = z.object({
  mappings: z.array(z.object({ topics: z.array(z.string()), pollers: z.number() })),
});
const findings = z.array(z.object({ check: z.string(), level: z.string(), detail: z.string() }));

describe('operator controls', () => {
  let run: Run;
  beforeAll(async () => {
    run = await openRun();
  });
  // What a failed test left paused must not stop the next.
  afterEach(async () => {
    await ops('resume', topic);
    await ops('uncap', 'learning');
  });
  afterAll(() => run.close());

  /** Runs a command as an operator does. */
  async function execute(name: string, words: readonly string[]) {
    const path = fileURLToPath(new URL(`../../bin/${name}.ts`, import.meta.url));
    const all = [path, ...words, '--endpoint', run.environment.endpoints.aws];
    try {
      const { stdout, stderr } = await promisify(execFile)(process.execPath, all);
      return { code: 0, stdout, stderr };
    } catch (error) {
      return failure.parse(error);
    }
  }
  const ops = (...words: string[]) => execute('ops', words);
  const status = async () => {
    const { stdout } = await ops('status', topic, '--json');
    const [row] = statusRows.parse(JSON.parse(stdout));
    if (row === undefined) throw new Error('no row');
    return row;
  };
  const lag = async () => lagRows.parse(JSON.parse((await ops('lag', topic, '--json')).stdout));
  const doctor = async () => {
    const { code, stdout } = await execute('doctor', ['--json', '--between', '1']);
    // Alarms are of what other tests break, and of an environment that has just begun.
    const isOurs = ({ check, level }: { check: string; level: string }) =>
      level === 'fail' && !check.startsWith('alarm');
    return { code, failed: findings.parse(JSON.parse(stdout)).filter(isOurs) };
  };
  const send = (count: number) =>
    run.sender.send(
      Array.from({ length: count }, (_, at) => ({
        topic,
        partition: at % 3,
        key: null,
        value: Buffer.from(JSON.stringify(statement())),
      })),
    );
  const untilLag = async (wanted: number) => {
    while ((await status()).lag !== wanted) await sleep(200);
  };

  /** Lambda says `Disabled` a little before the local event source has seen it. */
  const untilNoPoller = async () => {
    const file = join(run.environment.runDirectory, 'event-source.json');
    const isPolled = async () =>
      pollersSchema
        .parse(JSON.parse(await readFile(file, 'utf8')))
        .mappings.some(({ topics, pollers }) => topics.includes(topic) && pollers > 0);
    while (await isPolled()) await sleep(200);
  };

  it('pause lets records wait, which is told only with --yes; the doctor sees it; resume lets them flow', async () => {
    await run.settled();
    const told = await ops('pause', topic);
    expect(told).toMatchObject({ code: 2, stdout: '' });
    expect(told.stderr).toContain(`would pause ${topic} on local`);
    expect((await status()).state).toBe('Enabled');
    expect((await doctor()).failed).toEqual([]);

    expect(await ops('pause', topic, '--yes')).toMatchObject({ code: 0, stdout: `paused: ${topic}\n` });
    await untilNoPoller();
    await send(6);
    await untilLag(6);
    expect((await status()).state).toBe('Disabled');
    expect((await lag()).map((row) => row.lag)).toEqual([2, 2, 2]);
    expect(await doctor()).toEqual({
      code: 1,
      failed: [
        { check: `mapping ${topic}`, level: 'fail', detail: `Disabled: npm run ops -- resume ${topic}` },
        ...[0, 1, 2].map((partition) => ({
          check: `lag ${topic}/${partition}`,
          level: 'fail',
          detail: '2 wait and none was read meanwhile',
        })),
      ],
    });

    expect((await ops('resume', topic)).code).toBe(0);
    await untilLag(0);
    expect((await run.settled()).complete).toBe(true);
  });

  it('a cap of 0 stops a function, with --yes only; uncap lets it work', async () => {
    expect((await ops('cap', 'learning', '0')).code).toBe(2);
    expect((await status()).cap).toBeNull();
    expect((await ops('cap', 'learning', '0', '--yes')).code).toBe(0);
    expect((await status()).cap).toBe(0);
    await send(3);
    await untilLag(3);
    expect((await doctor()).failed).toContainEqual({
      check: 'cap learning',
      level: 'fail',
      detail: 'stopped: npm run ops -- uncap learning',
    });
    expect((await ops('cap', 'learning', '2')).code).toBe(0);
    await untilLag(0);
    expect((await ops('uncap', 'learning')).code).toBe(0);
    expect((await status()).cap).toBeNull();
    expect((await run.settled()).complete).toBe(true);
  });

  it('reset-group has records read again from a time on, which changes nothing that is stored', async () => {
    await run.settled();
    const to = new Date().toISOString();
    await sleep(5);
    await send(9);
    const before = await run.settled();
    const told = await ops('reset-group', topic, '--to', to);
    expect(told.code).toBe(2);
    expect(told.stderr).toContain(`${topic}: 9`);
    const done = await ops('reset-group', topic, '--to', to, '--yes', '--json');
    expect(done.code, done.stderr).toBe(0);
    expect(JSON.parse(done.stdout)).toMatchObject({ topics: { [topic]: 9 } });
    await untilLag(0);
    expect((await status()).state).toBe('Enabled');
    const after = await run.settled();
    expect(after.ledger).toBe(before.ledger);
    expect(after.complete).toBe(true);
  });

  it('says of a function or a stage that is not there that it is not', async () => {
    const wrong = await ops('cap', 'nope', '1');
    expect(wrong).toMatchObject({ code: 1, stderr: 'error: Stage local has no function nlj-events-local-nope here\n' });
  });

  it.each(['nlj_app', 'nlj_owner'])(
    'the password of %s can be changed while all works, and the old one is of no use then',
    async (user) => {
      const client = { endpoint: run.environment.endpoints.aws, ...localAws };
      const secrets = new SecretsManagerClient(client);
      const lambda = new LambdaClient(client);
      const credentials = z.object({ username: z.string(), password: z.string() });
      const read = async (SecretId: string | undefined) =>
        credentials.safeParse(
          JSON.parse((await secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString ?? 'null'),
        ).data;
      const { SecretList: list = [] } = await secrets.send(new ListSecretsCommand({}));
      const all = await Promise.all(list.map(async ({ ARN }) => ({ ARN, value: await read(ARN) })));
      const secret = all.find(({ value }) => value?.username === user);
      // As Secrets Manager asks; what LocalStack does in its place names the secret otherwise and does not look at the answers.
      const ClientRequestToken = randomUUID();
      for (const Step of ['createSecret', 'createSecret', 'setSecret', 'setSecret', 'testSecret', 'finishSecret']) {
        const { FunctionError, Payload } = await lambda.send(
          new InvokeCommand({
            FunctionName: 'nlj-events-local-rotate-secret',
            Payload: JSON.stringify({ SecretId: secret?.ARN, ClientRequestToken, Step }),
          }),
        );
        expect(FunctionError, `${Step}: ${Payload?.transformToString()}`).toBeUndefined();
      }
      const changed = await read(secret?.ARN);
      await expect(login(changed?.password)).resolves.toBe(user);
      await expect(login(secret?.value?.password)).rejects.toThrow(/password authentication failed/);
      await send(3);
      expect((await run.settled()).complete).toBe(true);
      secrets.destroy();
      lambda.destroy();

      async function login(password: string | undefined): Promise<string> {
        const url = new URL(run.environment.endpoints.postgres);
        url.username = user;
        url.password = password ?? '';
        const connection = new pg.Client({ connectionString: url.href });
        await connection.connect();
        const { rows } = await connection.query<{ name: string }>('select current_user as name');
        await connection.end();
        return rows[0]?.name ?? '';
      }
    },
  );
});
