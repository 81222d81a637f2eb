import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';
import type { Pepper } from '../people/person.ts';

const client = new SecretsManagerClient({});

/**
 * Reads a JSON secret.
 * @throws Error naming the secret's ARN and the members that are wrong, never a value.
 */
export async function readSecret<Schema extends z.ZodType>(arn: string, schema: Schema): Promise<z.infer<Schema>> {
  const { SecretString: text } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
  const parsed = schema.safeParse(text === undefined ? undefined : JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new Error(`Secret ${arn} lacks ${parsed.error.issues.map((issue) => issue.path.join('.')).join(', ')}`);
}

/** `{username, password}`, as RDS and its proxy expect it. */
export const databaseCredentials = z.object({ username: z.string().min(1), password: z.string().min(1) });

const pepperSecret = z.object({ version: z.number().int().positive(), pepper: z.string().min(32) });

/** The pepper of agent keys. */
export async function readPepper(arn: string): Promise<Pepper> {
  const { version, pepper } = await readSecret(arn, pepperSecret);
  return { version, secret: pepper };
}
