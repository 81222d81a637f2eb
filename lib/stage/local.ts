import { dev } from './dev.ts';
import type { StageInput } from './schema.ts';

/** Addresses of the local engines that no deployed resource can tell. */
export interface LocalEndpoints {
  readonly opensearch: string;
  readonly databasePort: number;
}

/** `dev` with what one broker, one node and engines without AWS's authentication make necessary; nothing else. */
export function local(endpoints: LocalEndpoints): StageInput {
  return {
    ...dev,
    stage: 'local',
    replicationFactor: 1,
    authentication: { database: 'password', kafka: 'none', search: 'none' },
    endpoints,
  };
}
