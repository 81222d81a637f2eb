import {
  GetSecretValueCommand,
  SecretsManagerClient,
  SecretsManagerServiceException,
} from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';
import { ConfigurationError, TransientError } from '../errors.ts';
import type { Pepper } from '../people/person.ts';

const client = new SecretsManagerClient({});

/**
 * Reads a JSON secret.
 * @throws ConfigurationError naming the secret's ARN and what is wrong with it or the access to it, never a value;
 *   TransientError where Secrets Manager does not work now.
 */
export async function readSecret<Schema extends z.ZodType>(arn: string, schema: Schema): Promise<z.infer<Schema>> {
  const { SecretString: text } = await client.send(new GetSecretValueCommand({ SecretId: arn })).catch((error) => {
    throw secretFault(arn, error);
  });
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const lacking = parsed.error.issues.map((issue) => issue.path.join('.')).filter((path) => path !== '');
  throw new ConfigurationError(`Secret ${arn} lacks ${lacking.join(', ') || 'a JSON object'}`);
}

/**
 * The class of a failed reading: what the service answers with a client fault, throttling apart, people must mend (access
 * denied, no such secret, its key disabled); the rest passes.
 */
export function secretFault(arn: string, error: unknown): ConfigurationError | TransientError {
  if (!(error instanceof SecretsManagerServiceException)) return new TransientError('Secrets Manager did not answer');
  const passing =
    error.$fault === 'server' || error.$metadata.httpStatusCode === 429 || /Throttl|LimitExceeded/.test(error.name);
  return passing
    ? new TransientError(`Secrets Manager answered ${error.name}`)
    : new ConfigurationError(`Secrets Manager answered ${error.name} for ${arn}`);
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `{username, password}`, as RDS and its proxy expect it. */
export const databaseCredentials = z.object({ username: z.string().min(1), password: z.string().min(1) });

const pepperSecret = z.object({ version: z.number().int().positive(), pepper: z.string().min(32) });

/** The pepper of agent keys. */
export async function readPepper(arn: string): Promise<Pepper> {
  const { version, pepper } = await readSecret(arn, pepperSecret);
  return { version, secret: pepper };
}
