import { randomBytes } from 'node:crypto';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import pg from 'pg';
import { z } from 'zod';
import type { RotationRequest } from './request.ts';

/** Opens a connection to the database as a user; the caller ends it. */
export type Connect = (user: string, password: string) => Promise<pg.Client>;

/** The members that a rotation reads; the others of a secret stay. */
const credentials = z.looseObject({ username: z.string().min(1), password: z.string().min(1) });
type Credentials = z.infer<typeof credentials>;

const passwordBytes = 30;

/** One step of a rotation. Each can be repeated: Secrets Manager does so after a failure. */
export async function rotate(
  { SecretId, ClientRequestToken, Step }: RotationRequest,
  { client, connect }: { readonly client: SecretsManagerClient; readonly connect: Connect },
): Promise<void> {
  switch (Step) {
    case 'createSecret': {
      const current = await read(client, SecretId, { VersionStage: 'AWSCURRENT' });
      if (current === null) throw new Error(`Secret ${SecretId} has no current version`);
      if ((await read(client, SecretId, pending(ClientRequestToken))) !== null) return;
      const next = { ...current, password: randomBytes(passwordBytes).toString('base64url') };
      await client.send(
        new PutSecretValueCommand({
          SecretId,
          ClientRequestToken,
          SecretString: JSON.stringify(next),
          VersionStages: ['AWSPENDING'],
        }),
      );
      return;
    }
    case 'setSecret':
      return setPassword(await awaited(client, SecretId, ClientRequestToken), connect, () =>
        read(client, SecretId, { VersionStage: 'AWSCURRENT' }),
      );
    case 'testSecret': {
      const { username, password } = await awaited(client, SecretId, ClientRequestToken);
      const connection = await connect(username, password);
      await connection.query('select 1').finally(() => connection.end());
      return;
    }
    case 'finishSecret': {
      const { VersionIdsToStages: versions = {} } = await client.send(new DescribeSecretCommand({ SecretId }));
      const current = Object.keys(versions).find((version) => versions[version]?.includes('AWSCURRENT'));
      if (current === ClientRequestToken) return;
      await client.send(
        new UpdateSecretVersionStageCommand({
          SecretId,
          VersionStage: 'AWSCURRENT',
          MoveToVersionId: ClientRequestToken,
          RemoveFromVersionId: current,
        }),
      );
    }
  }
}

/** A role may change its own password, so that nobody needs more rights than the role itself. */
async function setPassword(
  { username, password }: Credentials,
  connect: Connect,
  readCurrent: () => Promise<Credentials | null>,
): Promise<void> {
  const isSet = await connect(username, password).catch(() => null);
  if (isSet !== null) return isSet.end();
  const current = await readCurrent();
  if (current?.username !== username) throw new Error('The pending version is of another user than the current one');
  const connection = await connect(username, current.password);
  try {
    await connection.query(`alter role current_user password ${pg.escapeLiteral(password)}`);
  } finally {
    await connection.end();
  }
}

const pending = (token: string) => ({ VersionId: token, VersionStage: 'AWSPENDING' });

async function awaited(client: SecretsManagerClient, secretId: string, token: string): Promise<Credentials> {
  const found = await read(client, secretId, pending(token));
  if (found === null) throw new Error(`Secret ${secretId} has no pending version ${token}`);
  return found;
}

async function read(
  client: SecretsManagerClient,
  SecretId: string,
  version: { readonly VersionId?: string; readonly VersionStage: string },
): Promise<Credentials | null> {
  try {
    const { SecretString: text } = await client.send(new GetSecretValueCommand({ SecretId, ...version }));
    const parsed = credentials.safeParse(JSON.parse(text ?? 'null'));
    if (!parsed.success) throw new Error(`Secret ${SecretId} lacks username or password`);
    return parsed.data;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return null;
    throw error;
  }
}
