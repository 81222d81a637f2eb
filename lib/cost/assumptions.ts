/**
 * What neither template nor stage says, and the cost depends on. Edit them to your traffic: the table prints them.
 */
export const assumptions = {
  hoursPerMonth: 730,
  /** Bytes of a statement in Kafka, uncompressed, with its headers: the examples of the producers. */
  statementBytes: 1_200,
  /** Bytes of a statement in PostgreSQL, with indexes and business tables. */
  ledgerBytes: 2_500,
  /** Bytes of a statement in one copy of the index. */
  documentBytes: 900,
  /** Milliseconds of a function for a batch besides its statements. */
  batchMillis: 60,
  /** Milliseconds of a function for a statement: `npm run bench`, divided by the functions at work. */
  statementMillis: 1,
  /** Milliseconds of a scheduled invocation that finds nothing to do. */
  idleMillis: 200,
  /** Bytes of log for an invocation: a batch's line with metrics, and Lambda's own. */
  invocationLogBytes: 3_000,
  /** GB that brokers, search domain and flow logs write in a month at rest. */
  restingLogGb: 1,
  restingFlowLogGb: 2,
  /** Bytes of flow logs for an invocation. */
  invocationFlowLogBytes: 600,
  /** Share of statements that become dead letters. */
  deadLetterShare: 0.01,
  /** Metrics that functions publish, each with its dimensions: as many as a local run of all events has. */
  customMetrics: 165,
  /** Metrics that AWS publishes of a mapping because we ask for them, charged as our own. */
  mappingMetrics: 11,
  /** Small mappings of a poller group that share an event poller unit. @see docs of provisioned mode */
  pollersPerUnit: 10,
  /** Share of traffic that crosses zones, with three of them. */
  betweenZonesShare: 2 / 3,
  /** Requests to the API for an event. */
  apiRequestsPerEvent: 0.01,
} as const;
