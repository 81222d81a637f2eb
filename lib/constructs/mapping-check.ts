/** What an event source mapping of an MSK topic is told, as far as AWS has rules that it does not enforce at once. */
export interface MappingSettings {
  readonly topic: string;
  readonly partitions: number;
  readonly functionTimeoutSeconds: number;
  readonly batchSize: number;
  readonly windowSeconds: number;
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST' | 'AT_TIMESTAMP';
  /** Absent: not in provisioned mode. */
  readonly pollers?: { readonly minimum: number; readonly maximum: number; readonly groupName?: string } | undefined;
  readonly reportBatchItemFailures?: boolean | undefined;
  readonly bisectBatchOnFunctionError?: boolean | undefined;
  /** −1 for no limit. */
  readonly maximumRetryAttempts?: number | undefined;
  /** Seconds; −1 for no limit. */
  readonly maximumRecordAge?: number | undefined;
  readonly onFailureDestination?: 's3' | 'sns' | 'sqs' | 'kafka' | undefined;
  readonly metrics?: readonly string[] | undefined;
}

/**
 * Every rule that a mapping breaks, a sentence each. CDK and CloudFormation accept most of them; AWS then refuses the
 * mapping, or does something else than was asked for.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-msk-configure.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html
 */
export function mappingFaults(settings: MappingSettings): string[] {
  const { topic, pollers } = settings;
  const rules: readonly (readonly [boolean, string])[] = [
    ...provisionedOnly(settings).map((name) => [true, `${name} needs provisioned mode: set pollers`] as const),
    [
      settings.maximumRetryAttempts === -1 && settings.onFailureDestination !== undefined,
      'maximumRetryAttempts -1 with an on-failure destination is silently capped at 10: set a number',
    ],
    [
      settings.functionTimeoutSeconds > 14 * 60,
      'function timeout must be at most 14 minutes: the poller waits no longer',
    ],
    [settings.batchSize < 1 || settings.batchSize > 10_000, 'batchSize must be 1 to 10000'],
    [settings.windowSeconds < 0 || settings.windowSeconds > 300, 'windowSeconds must be 0 to 300'],
    [
      settings.startingPosition === 'LATEST',
      'startingPosition LATEST loses what arrives while the mapping is made or changed: use TRIM_HORIZON',
    ],
    [pollers !== undefined && pollers.minimum > pollers.maximum, 'pollers.minimum must not exceed pollers.maximum'],
    [
      pollers !== undefined && pollers.maximum > settings.partitions,
      `pollers.maximum must not exceed the topic's ${settings.partitions} partitions: the rest would be idle`,
    ],
  ];
  return rules.filter(([broken]) => broken).map(([, rule]) => `${topic}: ${rule}`);
}

/** Settings in use that a mapping without pollers of its own does not have. */
function provisionedOnly(settings: MappingSettings): string[] {
  if (settings.pollers !== undefined) return [];
  const used: Readonly<Record<string, boolean>> = {
    maximumRetryAttempts: settings.maximumRetryAttempts !== undefined,
    maximumRecordAge: settings.maximumRecordAge !== undefined,
    bisectBatchOnFunctionError: settings.bisectBatchOnFunctionError === true,
    reportBatchItemFailures: settings.reportBatchItemFailures === true,
    'a Kafka on-failure destination': settings.onFailureDestination === 'kafka',
    metrics: (settings.metrics ?? []).length > 0,
  };
  return Object.keys(used).filter((name) => used[name]);
}
