/**
 * Every metric that this project emits. Functions emit by it, dashboards and alarms are made from it, and a test compares
 * it with the templates. Names are stable: a renamed metric loses its history.
 */

/** CloudWatch namespace of all of them. */
export const metricNamespace = 'NljEvents';

/** Units as CloudWatch names them. */
export type Unit = 'Count' | 'Milliseconds' | 'Seconds';

/** Which sets of dimensions a metric has. `service` and the whole stage, or the stage and one more. */
export type Breakdown = 'service' | 'rule' | 'class' | 'store';

/** Dimension sets of each breakdown, as they are emitted. */
export const dimensionSets = {
  service: [['stage', 'service'], ['stage']],
  rule: [['stage', 'rule']],
  class: [['stage', 'class']],
  store: [['stage', 'store']],
} as const satisfies Record<Breakdown, readonly (readonly string[])[]>;

/** The `service` of a metric: each of the topic groups, or one of the operations. */
export type Emitter = 'groups' | 'relay' | 'maintenance' | 'dead-letters';

export interface MetricDefinition {
  readonly unit: Unit;
  readonly breakdown: Breakdown;
  readonly emittedBy: readonly Emitter[];
  /** The statistic that means something. */
  readonly statistic: 'Sum' | 'Maximum' | 'Average';
  /** What it says, in words of an operator. */
  readonly says: string;
}

const count = { unit: 'Count', breakdown: 'service', statistic: 'Sum' } as const;
const millis = { unit: 'Milliseconds', breakdown: 'service', statistic: 'Average', emittedBy: ['groups'] } as const;
const gauge = { unit: 'Count', breakdown: 'service', statistic: 'Maximum' } as const;
const age = { unit: 'Seconds', breakdown: 'service', statistic: 'Maximum' } as const;

export const metricCatalogue = {
  received: { ...count, emittedBy: ['groups'], says: 'records that a batch brought' },
  accepted: { ...count, emittedBy: ['groups'], says: 'records that became a row of the ledger' },
  duplicates: { ...count, emittedBy: ['groups'], says: 'records whose statement was there already' },
  conflicts: { ...count, emittedBy: ['groups'], says: 'records whose id another statement has' },
  rejected: { ...count, emittedBy: ['groups'], says: 'records that can never be accepted as they are' },
  erasedRecords: { ...count, emittedBy: ['groups'], says: 'records of erased people, not stored' },
  retried: { ...count, emittedBy: ['groups'], says: 'records reported to come again' },
  upcastRecords: { ...count, emittedBy: ['groups'], says: 'records from which an old dialect was removed' },
  ledgerWrites: { ...count, emittedBy: ['groups'], says: 'rows written or changed in the ledger, decisions included' },
  indexWrites: { ...count, emittedBy: ['groups'], says: 'documents that the index confirmed' },
  documentsRefused: { ...count, emittedBy: ['groups'], says: 'documents that the index refused' },
  deadLetters: { ...count, emittedBy: ['groups', 'dead-letters'], says: 'dead letters written, or admitted' },
  batchSize: { ...gauge, statistic: 'Average', emittedBy: ['groups'], says: 'records in one batch' },
  freshness: {
    ...age,
    unit: 'Milliseconds',
    emittedBy: ['groups'],
    says: 'longest time from a record to its searchable document, of each batch',
  },
  searchable: { ...count, emittedBy: ['groups'], says: 'records whose document became searchable' },
  late: { ...count, emittedBy: ['groups'], says: 'of those, later than the objective' },
  incorrect: {
    ...count,
    emittedBy: ['groups', 'maintenance', 'dead-letters'],
    says: 'records found wrong: drifted, refused by the index, or given up by a mapping',
  },
  decodeMillis: { ...millis, says: 'bytes to JSON, of a batch' },
  upcastMillis: { ...millis, says: 'dialects to canonical form, of a batch' },
  validateMillis: { ...millis, says: 'check against xAPI 1.0.3, of a batch' },
  ledgerMillis: { ...millis, says: 'transactions of the ledger, of a batch' },
  indexMillis: { ...millis, says: 'documents and their confirmation, of a batch' },
  deadLetterMillis: { ...millis, says: 'dead letters, bytes and rows, of a batch' },
  upcastByRule: {
    unit: 'Count',
    breakdown: 'rule',
    statistic: 'Sum',
    emittedBy: ['groups'],
    says: 'records by the upcasting rule that fired',
  },
  rejectedByRule: {
    unit: 'Count',
    breakdown: 'rule',
    statistic: 'Sum',
    emittedBy: ['groups'],
    says: 'records by the rule that they broke',
  },
  deadLettersByClass: {
    unit: 'Count',
    breakdown: 'class',
    statistic: 'Sum',
    emittedBy: ['groups', 'dead-letters'],
    says: 'dead letters by class',
  },
  storeWaits: {
    unit: 'Count',
    breakdown: 'store',
    statistic: 'Sum',
    emittedBy: ['groups'],
    says: 'times that a batch found a store down, at most one in ten seconds of an environment',
  },
  drift: { ...gauge, emittedBy: ['maintenance'], says: 'documents that were not as their rows' },
  driftLeft: { ...gauge, emittedBy: ['maintenance'], says: 'rows that still wait after the reconciler was there' },
  statementsJoined: { ...count, emittedBy: ['maintenance'], says: 'statements that moved to a joined person' },
  outboxWaiting: { ...gauge, emittedBy: ['maintenance'], says: 'announcements not yet published' },
  outboxAge: { ...age, emittedBy: ['maintenance'], says: 'age of the oldest announcement not yet published' },
  announced: { ...count, emittedBy: ['relay'], says: 'announcements published' },
  deadLettersWaiting: { ...gauge, emittedBy: ['maintenance'], says: 'dead letters that wait for a decision' },
  documentsDue: { ...gauge, emittedBy: ['maintenance'], says: 'rows whose document is not confirmed' },
  unreadAge: {
    ...age,
    emittedBy: ['groups'],
    says: 'age of the oldest record that a group has not done, at the least; measured by the maintenance function',
  },
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof metricCatalogue;

/** Metrics of one breakdown. */
export type MetricOf<B extends Breakdown> = {
  [Name in MetricName]: (typeof metricCatalogue)[Name]['breakdown'] extends B ? Name : never;
}[MetricName];

/** Values of the `store` dimension. */
export const storeNames = ['database', 'index', 'dead-letters'] as const;
export type StoreName = (typeof storeNames)[number];

/** Values of the `service` dimension besides the topic groups. */
export const operationServices = ['relay', 'maintenance', 'dead-letters'] as const;

/** The objectives, over 30 days. */
export const objectives = {
  /** A record is searchable within so long of its record time. */
  freshMillis: 60_000,
  /** Share of searchable records that were. */
  fresh: 0.999,
  /** Share of accepted records that are never found wrong. */
  correct: 0.9999,
} as const;
