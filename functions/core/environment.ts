import { z } from 'zod';

/**
 * One schema per function environment. The CDK constructs type a function's `environment` by
 * `z.input<typeof schema>`, so a missing variable does not compile; the function parses `process.env` with the
 * same schema when it starts. Nothing here is a secret: secrets are ARNs, read at run time.
 */

const port = z.string().regex(/^\d{1,5}$/);

const database = {
  DATABASE_HOST: z.string().min(1),
  DATABASE_PORT: port,
  DATABASE_NAME: z.string().min(1),
  DATABASE_USER: z.string().min(1),
  /** `iam`: a token signed for the RDS Proxy, over TLS. `password`: the secret's password (the local engine). */
  DATABASE_AUTH: z.enum(['iam', 'password']),
  /** Secrets Manager ARN of `{username, password}`; read only where DATABASE_AUTH is `password`. */
  DATABASE_SECRET_ARN: z.string().startsWith('arn:'),
};

const search = {
  /** Base URL of the domain, with scheme. */
  OPENSEARCH_ENDPOINT: z.url({ protocol: /^https?$/ }),
  /** `iam`: requests signed with SigV4. `none`: the local engine. */
  OPENSEARCH_AUTH: z.enum(['iam', 'none']),
};

const kafka = {
  KAFKA_BOOTSTRAP_SERVERS: z.string().min(1),
  /** `iam`: SASL/OAUTHBEARER signed by MSK's signer, over TLS. `none`: the local broker. */
  KAFKA_AUTH: z.enum(['iam', 'none']),
};

const common = { STAGE: z.string().min(1) };

/** Environment of a topic group's function. */
export const topicGroupEnvironment = z.object({
  ...common,
  ...database,
  ...search,
  TOPIC_GROUP: z.string().min(1),
  DEAD_LETTER_BUCKET: z.string().min(3),
  /** Secrets Manager ARN of the pepper of agent keys (spec: People). */
  AGENT_KEY_SECRET_ARN: z.string().startsWith('arn:'),
  /** `authority` of stored statements that bring none: the account's homePage and name. */
  AUTHORITY_HOME_PAGE: z.url(),
  AUTHORITY_NAME: z.string().min(1),
  /** Share of invocations that log at debug, 0 to 1. */
  DEBUG_SAMPLE_RATE: z.string().regex(/^(0(\.\d+)?|1)$/),
  /** Whether trace ids of W3C `traceparent` headers are logged. */
  TRACE_HEADERS: z.enum(['on', 'off']),
});
export type TopicGroupEnvironment = z.infer<typeof topicGroupEnvironment>;

/** Environment of the provisioning function: migrations, topics, index template. */
export const provisionEnvironment = z.object({
  ...common,
  ...database,
  ...search,
  /** Secret of the role the topic group functions connect as; migrations create that role. */
  APPLICATION_SECRET_ARN: z.string().startsWith('arn:'),
  ...kafka,
  KAFKA_REPLICATION_FACTOR: z.string().regex(/^[1-9]$/),
  OPENSEARCH_REPLICAS: z.string().regex(/^\d$/),
  /** Role of the domain's master user; empty where the domain is imported: its owner maps the functions' roles. */
  SEARCH_ADMINISTRATOR_ROLE_ARN: z.union([z.literal(''), z.string().startsWith('arn:')]),
  /** IAM roles of functions by security role of the domain, as JSON. */
  SEARCH_ROLE_ARNS: z.string().startsWith('{'),
});
export type ProvisionEnvironment = z.infer<typeof provisionEnvironment>;

/** Environment of the dead letters' function: list, show, replay, discard, admit. */
export const deadLettersEnvironment = z.object({
  ...common,
  ...database,
  ...search,
  DEAD_LETTER_BUCKET: z.string().min(3),
  /** Longest time that a topic group's function may take, in seconds. */
  TOPIC_GROUP_TIMEOUT: z.string().regex(/^\d{1,3}$/),
  /** As the topic groups have it: a dry run makes the same stored form. */
  AUTHORITY_HOME_PAGE: z.url(),
  AUTHORITY_NAME: z.string().min(1),
});
export type DeadLettersEnvironment = z.infer<typeof deadLettersEnvironment>;

/** Environment of the relay: announcements from the outbox to Kafka. */
export const relayEnvironment = z.object({ ...common, ...database, ...kafka });
export type RelayEnvironment = z.infer<typeof relayEnvironment>;

/** Environment of the function that shows operators the state of an entity. */
export const showEnvironment = z.object({ ...common, ...database });
export type ShowEnvironment = z.infer<typeof showEnvironment>;

/** Environment of the function that changes the passwords of the database's roles. */
export const rotateSecretEnvironment = z.object({
  ...common,
  /** The instance, not the proxy. */
  DATABASE_HOST: z.string().min(1),
  DATABASE_PORT: port,
  DATABASE_NAME: z.string().min(1),
  DATABASE_TLS: z.enum(['on', 'off']),
  /** File of further certificate authorities, read by Node itself. */
  NODE_EXTRA_CA_CERTS: z.string().min(1),
});
export type RotateSecretEnvironment = z.infer<typeof rotateSecretEnvironment>;
/** Environment of the API's function. */
export const apiEnvironment = z.object({
  ...common,
  ...database,
  ...search,
  AGENT_KEY_SECRET_ARN: z.string().startsWith('arn:'),
  JWKS_URL: z.url({ protocol: /^https?$/ }),
  JWT_ISSUER: z.string().min(1),
  JWT_AUDIENCE: z.string().min(1),
  /** Separated by commas; may be empty. */
  CORS_ORIGINS: z.string(),
  CHECK_ANSWERS: z.enum(['yes', 'no']),
  ANONYMITY_THRESHOLD: z.string().regex(/^\d{1,3}$/),
  EXPORT_BUCKET: z.string().min(3),
});
export type ApiEnvironment = z.infer<typeof apiEnvironment>;
/** Environment of the function that makes export files. */
export const exportEnvironment = z.object({ ...common, ...database, ...search, EXPORT_BUCKET: z.string().min(3) });
export type ExportEnvironment = z.infer<typeof exportEnvironment>;

/** Environment of the maintenance function: reconcile, rebuild, erase, retention, set-back. */
export const maintenanceEnvironment = z.object({
  ...common,
  ...database,
  ...search,
  ...kafka,
  OPENSEARCH_REPLICAS: z.string().regex(/^\d$/),
  DEAD_LETTER_BUCKET: z.string().min(3),
  EXPORT_BUCKET: z.string().min(3),
  AGENT_KEY_SECRET_ARN: z.string().startsWith('arn:'),
  /** Longest time that a topic group's function may take, in seconds. */
  TOPIC_GROUP_TIMEOUT: z.string().regex(/^\d{1,3}$/),
  /** As the topic groups have it. */
  AUTHORITY_HOME_PAGE: z.url(),
  AUTHORITY_NAME: z.string().min(1),
});
export type MaintenanceEnvironment = z.infer<typeof maintenanceEnvironment>;

/**
 * Reads a function's environment.
 * @throws Error naming every variable that is missing or malformed (never a value).
 */
export function readEnvironment<Schema extends z.ZodType>(schema: Schema): z.infer<Schema> {
  const parsed = schema.safeParse(process.env);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')} (${issue.code})`);
  throw new Error(`The function's environment is incomplete: ${faults.join(', ')}`);
}
