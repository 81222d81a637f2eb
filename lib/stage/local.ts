import { dev } from './dev.ts';
import type { StageInput } from './schema.ts';

/** Addresses of the local engines that no deployed resource can tell. */
export interface LocalEndpoints {
  readonly opensearch: string;
  readonly databasePort: number;
  /** Base URL of the development issuer of tokens. */
  readonly issuer: string;
}

/** What the fault harness deploys with instead of dev's, so that an outage can outlast a function in seconds. */
export interface LocalLimits {
  readonly functionTimeoutSeconds?: number | undefined;
  readonly maximumRetryAttempts?: number | undefined;
}

/** Where an issuer publishes its keys, below its base URL. */
export const jwksPath = '/.well-known/jwks.json';

/** `dev` with what one broker, one node and engines without AWS's authentication make necessary, and quicker alarms; nothing else. */
export function local(endpoints: LocalEndpoints, limits: LocalLimits = {}): StageInput {
  return {
    ...dev,
    stage: 'local',
    replicationFactor: 1,
    authentication: { database: 'password', kafka: 'none', search: 'none' },
    endpoints: { opensearch: endpoints.opensearch, databasePort: endpoints.databasePort },
    api: { ...dev.api, issuer: endpoints.issuer, jwksUrl: `${endpoints.issuer}${jwksPath}` },
    // Minutes of AWS are seconds here, so that a test sees an alarm go and come back.
    observability: {
      ...dev.observability,
      alarmPeriodSeconds: 10,
      driftPeriodSeconds: 30,
      unreadAgeSeconds: 30,
      outboxAgeSeconds: 20,
    },
    function: { ...dev.function, timeoutSeconds: limits.functionTimeoutSeconds ?? dev.function.timeoutSeconds },
    mapping: {
      ...dev.mapping,
      maximumRetryAttempts: limits.maximumRetryAttempts ?? dev.mapping.maximumRetryAttempts,
    },
  };
}
