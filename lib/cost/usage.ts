import { z } from 'zod';
import { allTopics } from '../catalogue.ts';
import type { StageConfiguration } from '../stage/schema.ts';
import { assumptions } from './assumptions.ts';
import type { Quantity, TemplateResource } from './quantities.ts';

const gigabyte = 1e9;
const secondsPerMonth = assumptions.hoursPerMonth * 3_600;
const minutesOf: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1_440 };

const schedule = z.object({ ScheduleExpression: z.string().optional() });

/** Invocations by schedule in a month. @throws Error for a schedule that is no rate. */
function scheduledInvocations(resources: readonly TemplateResource[]): number {
  const expressions = resources
    .filter(({ Type }) => Type === 'AWS::Events::Rule')
    .flatMap(({ Properties }) => schedule.parse(Properties).ScheduleExpression ?? []);
  return expressions.reduce((sum, expression) => {
    const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
    if (count === undefined) throw new Error(`${expression}: a schedule whose runs are not counted`);
    return sum + (assumptions.hoursPerMonth * 60) / (Number(count) * (minutesOf[unit] ?? 1));
  }, 0);
}

/** What a stage's use costs in a month. @param rate statements per second, around the clock. */
export function usageQuantities(
  stage: StageConfiguration,
  resources: readonly TemplateResource[],
  rate: number,
): Quantity[] {
  const consumed = resources.filter(({ Type }) => Type === 'AWS::Lambda::EventSourceMapping').length;
  const statements = rate * secondsPerMonth;
  const scheduled = scheduledInvocations(resources);
  // A mapping invokes once a window at the most while batches are not full.
  const perSecond = Math.min(
    rate,
    Math.max(consumed / Math.max(1, stage.mapping.windowSeconds), rate / stage.mapping.batchSize),
  );
  const batches = perSecond * secondsPerMonth;
  const functionSeconds =
    (scheduled * assumptions.idleMillis +
      batches * assumptions.batchMillis +
      statements * assumptions.statementMillis) /
    1_000;
  const invocations = scheduled + batches;
  const hasApi = resources.some(({ Type }) => Type === 'AWS::ApiGateway::RestApi');
  // In to the brokers and out to the pollers; MSK charges nothing for what its brokers copy.
  const crossing = 2 * statements * assumptions.statementBytes * assumptions.betweenZonesShare;
  return [
    { what: 'Lambda requests', price: 'lambda-requests', amount: invocations / 1e6 },
    { what: 'Lambda time', price: 'lambda-arm64', amount: (functionSeconds * stage.function.memoryMiB) / 1_024 },
    {
      what: 'Logs',
      price: 'logs-ingest',
      amount: assumptions.restingLogGb + (invocations * assumptions.invocationLogBytes) / gigabyte,
    },
    {
      what: 'Flow logs',
      price: 'flow-logs',
      amount: assumptions.restingFlowLogGb + (invocations * assumptions.invocationFlowLogBytes) / gigabyte,
    },
    { what: 'Between zones', price: 'between-zones', amount: (2 * crossing) / gigabyte },
    { what: 'Dead letters, written', price: 's3-puts', amount: (statements * assumptions.deadLetterShare) / 1e6 },
    {
      what: 'Dead letters, kept',
      price: 's3-storage',
      amount: (statements * assumptions.deadLetterShare * assumptions.statementBytes) / gigabyte,
    },
    { what: 'Metrics of ours', price: 'metric', amount: assumptions.customMetrics },
    { what: 'Metrics of mappings', price: 'metric', amount: consumed * assumptions.mappingMetrics },
    ...(hasApi
      ? [{ what: 'API requests', price: 'api-requests', amount: (statements * assumptions.apiRequestsPerEvent) / 1e6 }]
      : []),
  ];
}

/** A store that a rate fills. */
export interface Filling {
  readonly store: string;
  readonly capacityGb: number;
  /** Months until it is full; null where what goes keeps up with what comes. */
  readonly months: number | null;
  readonly remedy: string;
}

/** How long the stores of a stage last at a rate; imported ones are not ours to say. */
export function fillings(stage: StageConfiguration, rate: number): Filling[] {
  const monthly = (bytes: number) => (rate * secondsPerMonth * bytes) / gigabyte;
  const until = (capacityGb: number, gbPerMonth: number) => (gbPerMonth === 0 ? null : capacityGb / gbPerMonth);
  const found: Filling[] = [];
  const { cluster, database, domain } = stage;
  if (cluster.mode === 'create') {
    const capacityGb = cluster.brokers * cluster.volumeGiB;
    const perMonth = monthly(assumptions.statementBytes * stage.replicationFactor);
    const retentionMonths = Math.max(...allTopics.map(({ retentionDays }) => retentionDays)) / 30;
    const months = until(capacityGb, perMonth);
    found.push({
      store: 'Kafka',
      capacityGb,
      months: months === null || months > retentionMonths ? null : months,
      remedy: 'widen cluster.volumeGiB, or shorten retentionDays in lib/catalogue.ts',
    });
  }
  if (database.mode === 'create') {
    const capacityGb = database.maximumStorageGiB;
    found.push({
      store: 'PostgreSQL',
      capacityGb,
      months: until(capacityGb, monthly(assumptions.ledgerBytes)),
      remedy: 'raise database.maximumStorageGiB, or erase by age: npm run retention',
    });
  }
  if (domain.mode === 'create') {
    const capacityGb = domain.dataNodes * domain.volumeGiB;
    const copies = 1 + stage.opensearchReplicas;
    found.push({
      store: 'OpenSearch',
      capacityGb,
      months: until(capacityGb, monthly(assumptions.documentBytes * copies)),
      remedy: 'widen domain.volumeGiB, or erase by age: npm run retention',
    });
  }
  return found;
}
