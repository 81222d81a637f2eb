import { z } from 'zod';

/**
 * What a stage decides. Everything else is the same on every stage, and stands in the constructs.
 *
 * Each of network, cluster, database and domain is either created by the stateful stack or imported from an
 * organisation that has one already.
 */

const identifier = (prefix: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`), `must be ${prefix}- and 8 or 17 hexadecimal digits`);
const arn = (service: string) =>
  z.string().regex(new RegExp(`^arn:aws[a-z-]*:${service}:`), `must be an ARN of ${service}`);
const securityGroupId = identifier('sg');

const network = z.discriminatedUnion('mode', [
  z.strictObject({
    mode: z.literal('create'),
    cidr: z.cidrv4(),
    /** Three keep two of three replicas writable when one zone is lost; some regions offer an account only two. */
    zones: z.union([z.literal(2), z.literal(3)]),
    /**
     * How functions reach AWS's APIs. `endpoints`: interface endpoints, no way to the internet. `nat`: NAT gateways,
     * for an organisation whose functions call other services too.
     */
    egress: z.enum(['endpoints', 'nat']),
  }),
  z.strictObject({
    mode: z.literal('import'),
    vpcId: identifier('vpc'),
    vpcCidr: z.cidrv4(),
    /** Private subnets, one in each of the zones below, with a way to lambda, sts, secretsmanager and s3. */
    subnetIds: z.array(identifier('subnet')).min(2).max(3).readonly(),
    availabilityZones: z.array(z.string().min(1)).min(2).max(3).readonly(),
  }),
]);

function zonesOf(configuration: z.infer<typeof network>): number {
  return configuration.mode === 'create' ? configuration.zones : configuration.subnetIds.length;
}

const cluster = z.discriminatedUnion('mode', [
  z.strictObject({
    mode: z.literal('create'),
    /** Not kafka.t3.small: MSK does not offer it in KRaft mode. */
    brokerInstanceType: z
      .string()
      .regex(/^kafka\.m[57]g?\.[0-9]*x?large$/, 'must be a kafka.m5, m7g size (KRaft mode has no t3)'),
    /** A multiple of the number of availability zones. */
    brokers: z.int().min(2),
    volumeGiB: z.int().min(1).max(16_384),
    /** `customer`: a KMS key of our own for the volumes. `aws`: MSK's managed key. */
    encryptionKey: z.enum(['customer', 'aws']),
  }),
  z.strictObject({
    mode: z.literal('import'),
    clusterArn: arn('kafka'),
    bootstrapServers: z.string().min(1),
    securityGroupId,
  }),
]);

const database = z.discriminatedUnion('mode', [
  z.strictObject({
    mode: z.literal('create'),
    name: z.string().regex(/^[a-z][a-z0-9_]{0,62}$/),
    instanceType: z.string().regex(/^[a-z0-9]+\.[a-z0-9]+$/),
    storageGiB: z.int().min(20),
    maximumStorageGiB: z.int().min(20),
    multiAz: z.boolean(),
    backupDays: z.int().min(1).max(35),
  }),
  z.strictObject({
    mode: z.literal('import'),
    name: z.string().regex(/^[a-z][a-z0-9_]{0,62}$/),
    /** An RDS Proxy with TLS and IAM authentication required, which knows both secrets. */
    proxyName: z.string().min(1),
    proxyArn: arn('rds'),
    proxyEndpoint: z.string().min(1),
    securityGroupId,
    /** Secret `{username, password}` of the owner, whose `username` is given here as well. */
    masterSecretArn: arn('secretsmanager'),
    masterUsername: z.string().min(1),
    /** Secret `{username: "nlj_app", password}`. */
    applicationSecretArn: arn('secretsmanager'),
  }),
]);

const domain = z.discriminatedUnion('mode', [
  z.strictObject({
    mode: z.literal('create'),
    instanceType: z.string().regex(/^[a-z0-9]+\.[a-z0-9]+\.search$/),
    dataNodes: z.int().min(1),
    dedicatedMasters: z.union([z.literal(0), z.literal(3), z.literal(5)]),
    volumeGiB: z.int().min(10),
  }),
  z.strictObject({
    mode: z.literal('import'),
    domainArn: arn('es'),
    endpoint: z.url({ protocol: /^https$/ }),
    securityGroupId,
  }),
]);

const mapping = z.strictObject({
  batchSize: z.int().min(1),
  windowSeconds: z.int().min(0),
  minimumPollers: z.int().min(1),
  /** A topic with fewer partitions gets as many pollers as it has partitions. */
  maximumPollers: z.int().min(1),
  /** Mappings of one group share its pollers' capacity. */
  pollerGroupName: z.string().regex(/^[a-zA-Z0-9-]{1,128}$/),
  maximumRetryAttempts: z.int().min(-1).max(10_000),
  /** Seconds; −1 for no limit. */
  maximumRecordAge: z.int().min(-1).max(604_800),
});
export type MappingConfiguration = Readonly<z.infer<typeof mapping>>;

const observability = z.strictObject({
  /** Share of the topic groups' invocations that log at debug. */
  debugSampleRate: z.number().min(0).max(1),
  /** Whether the trace ids of W3C `traceparent` headers are logged with a batch. */
  traceHeaders: z.boolean(),
  /** Who gets a mail of each alarm; nobody by default. Further subscribers are added to the topics by hand. */
  emails: z.strictObject({ page: z.array(z.email()).readonly(), ticket: z.array(z.email()).readonly() }),
  /** Period of alarms on our own metrics, in seconds. AWS has a point a minute; only the local stage is shorter. */
  alarmPeriodSeconds: z.union([z.literal(10), z.literal(30), z.literal(60)]),
  /** Period of the alarm on drift, in seconds: the reconciler's. Only the local stage is shorter. */
  driftPeriodSeconds: z.union([z.literal(30), z.literal(300)]),
  /** The oldest unread record of a group may be so old, in seconds. */
  unreadAgeSeconds: z.int().min(15),
  /** The oldest announcement not yet published may be so old, in seconds. */
  outboxAgeSeconds: z.int().min(1),
  /** When statements are expected: days (1 is Monday) and hours, UTC. */
  workingHours: z.strictObject({
    firstDay: z.int().min(1).max(7),
    lastDay: z.int().min(1).max(7),
    from: z.int().min(0).max(23),
    to: z.int().min(1).max(24),
  }),
});
export type ObservabilityConfiguration = Readonly<z.infer<typeof observability>>;

const webOrigin = z
  .url({ protocol: /^https?$/ })
  .refine((text) => new URL(text).origin === text, 'must be an origin: scheme, host and port alone');

const api = z.strictObject({
  /** Where the issuer of tokens publishes its public keys. The function must reach it from within the network. */
  jwksUrl: z.url({ protocol: /^https?$/ }),
  /** `iss` and `aud` that tokens must have. */
  issuer: z.string().min(1),
  audience: z.string().min(1),
  /** Origins whose pages may read the answers. */
  corsOrigins: z.array(webOrigin).readonly(),
  /** The gateway's limits, of all callers together: requests per second, and how many may come at once. */
  throttle: z.strictObject({ rate: z.int().min(1).max(10_000), burst: z.int().min(1).max(5_000) }),
  /** Answers are held against their schema, and refused where they differ. */
  checkAnswers: z.boolean(),
  /** Fewest respondents that a survey figure is of (spec: search.md, Anonymity). */
  anonymityThreshold: z.int().min(4),
});

export const stageConfiguration = z
  .strictObject({
    stage: z.string().regex(/^[a-z][a-z0-9-]{0,15}$/),
    network,
    cluster,
    database,
    domain,
    logRetentionDays: z.union([
      z.literal(7),
      z.literal(14),
      z.literal(30),
      z.literal(90),
      z.literal(180),
      z.literal(365),
    ]),
    /** Stores outlive their stack and refuse deletion. Off only where data is thrown away at will. */
    protect: z.boolean(),
    function: z.strictObject({ memoryMiB: z.int().min(128).max(10_240), timeoutSeconds: z.int().min(3) }),
    mapping,
    /** Copies of each partition. */
    replicationFactor: z.int().min(1).max(9),
    opensearchReplicas: z.int().min(0).max(9),
    authentication: z.strictObject({
      database: z.enum(['iam', 'password']),
      kafka: z.enum(['iam', 'none']),
      search: z.enum(['iam', 'none']),
    }),
    /** Where the deployed resources do not say by themselves how they are reached: the local stage only. */
    endpoints: z.strictObject({
      opensearch: z.url({ protocol: /^https?$/ }).optional(),
      databasePort: z.int().min(1).max(65_535).optional(),
    }),
    /** `authority` of statements that bring none. */
    authority: z.strictObject({ homePage: z.url(), name: z.string().min(1) }),
    observability,
    api,
  })
  .superRefine((stage, context) => {
    const rules: readonly (readonly [boolean, string, string])[] = [
      [
        stage.cluster.mode === 'create' && stage.replicationFactor > stage.cluster.brokers,
        'replicationFactor',
        'must not exceed cluster.brokers',
      ],
      [
        stage.cluster.mode === 'create' && stage.cluster.brokers % zonesOf(stage.network) !== 0,
        'cluster.brokers',
        'must be a multiple of the number of availability zones',
      ],
      [
        stage.domain.mode === 'create' && stage.opensearchReplicas >= stage.domain.dataNodes,
        'opensearchReplicas',
        'must be less than domain.dataNodes',
      ],
      [
        stage.network.mode === 'import' && stage.network.subnetIds.length !== stage.network.availabilityZones.length,
        'network.availabilityZones',
        'must name one zone for each of network.subnetIds',
      ],
      [
        stage.stage !== 'local' && Object.values(stage.authentication).some((kind) => kind !== 'iam'),
        'authentication',
        'must be iam throughout; only the local stage may differ',
      ],
      [
        stage.stage !== 'local' && Object.keys(stage.endpoints).length > 0,
        'endpoints',
        'must be empty; only the local stage overrides addresses',
      ],
      [
        stage.stage !== 'local' && stage.observability.alarmPeriodSeconds !== 60,
        'observability.alarmPeriodSeconds',
        'must be 60; only the local stage has metrics of higher resolution',
      ],
      [
        stage.stage !== 'local' && stage.observability.driftPeriodSeconds !== 300,
        'observability.driftPeriodSeconds',
        'must be 300, as often as the reconciler runs; only the local stage differs',
      ],
      [
        stage.stage !== 'local' && !stage.api.jwksUrl.startsWith('https:'),
        'api.jwksUrl',
        'must be https; only the local stage may differ',
      ],
      [
        (stage.stage === 'prod' || stage.stage === 'staging') && !stage.protect,
        'protect',
        'must be true for staging and prod',
      ],
    ];
    for (const [broken, path, message] of rules) {
      if (broken) context.addIssue({ code: 'custom', path: path.split('.'), message });
    }
  });

/** What a stage file writes. */
export type StageInput = Readonly<z.input<typeof stageConfiguration>>;
export type StageConfiguration = Readonly<z.infer<typeof stageConfiguration>>;
export type NetworkConfiguration = StageConfiguration['network'];
export type ClusterConfiguration = StageConfiguration['cluster'];
export type DatabaseConfiguration = StageConfiguration['database'];
export type DomainConfiguration = StageConfiguration['domain'];
