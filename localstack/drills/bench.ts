import { randomUUID } from 'node:crypto';
import {
  type EventSourceMappingConfiguration,
  GetFunctionConfigurationCommand,
  LambdaClient,
  paginateListEventSourceMappings,
  UpdateEventSourceMappingCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { Client } from '@opensearch-project/opensearch';
import pg from 'pg';
import { functionName } from '../../lib/catalogue.ts';
import { openWatch } from '../cloudwatch/watch.ts';
import { localAws } from '../deploy.ts';
import type { LocalEnvironment } from '../environment.ts';
import { openSender } from '../workload/send.ts';
import { openShell } from './shell.ts';

/**
 * Less than dev's, so that a drill need not wait: a row is the reconciler's after the function's time, and a mapping gives
 * up after so many retries. Seconds and retries.
 */
export const limits = { functionTimeoutSeconds: 60, maximumRetryAttempts: 6 };

/** How long an update of a function may take, in seconds. */
const updateSeconds = 60;

/** What drills break, and what they look with. */
export async function openBench(environment: LocalEnvironment) {
  const { description } = environment;
  const { endpoints, stage } = description;
  const lambda = new LambdaClient({ endpoint: endpoints.aws, ...localAws });
  const pool = new pg.Pool({ connectionString: endpoints.postgres, max: 2, connectionTimeoutMillis: 5_000 });
  pool.on('error', () => undefined);
  const search = new Client({ node: endpoints.opensearch, maxRetries: 0, requestTimeout: 15_000 });
  const sender = openSender(endpoints.kafka);
  const watch = openWatch(description);

  async function mappingOf(topic: string): Promise<EventSourceMappingConfiguration & { readonly UUID: string }> {
    for await (const { EventSourceMappings = [] } of paginateListEventSourceMappings({ client: lambda }, {})) {
      for (const { UUID, ...mapping } of EventSourceMappings) {
        if (UUID !== undefined && mapping.Topics?.includes(topic)) return { ...mapping, UUID };
      }
    }
    throw new Error(`No mapping reads ${topic}`);
  }

  return {
    description,
    /** Values of placeholders that every runbook may use. */
    places: { stage, index: endpoints.opensearch, domain: functionName(stage, '').replace(/-$/, '') },
    engines: environment.engines,
    storeMetrics: environment.storeMetrics,
    lambda,
    watch,
    shell: await openShell(description),
    pool,
    search,
    send: sender.send,
    /** Sends so many good statements to a topic, and returns their ids. */
    async sendGood(topic: string, count: number): Promise<readonly string[]> {
      const ids = Array.from({ length: count }, () => randomUUID());
      await sender.send(
        ids.map((id) => ({ topic, key: Buffer.from(id), value: Buffer.from(JSON.stringify(statement(id))) })),
      );
      return ids;
    },
    mappingOf,
    /** Changes a topic's mapping. */
    async changeMapping(topic: string, change: MappingChange) {
      const { UUID } = await mappingOf(topic);
      const { Enabled, destination, retries } = change;
      await lambda.send(
        new UpdateEventSourceMappingCommand({
          UUID,
          ...(Enabled === undefined ? {} : { Enabled }),
          ...(retries === undefined ? {} : { MaximumRetryAttempts: retries }),
          ...(destination === undefined ? {} : { DestinationConfig: { OnFailure: { Destination: destination } } }),
        }),
      );
    },
    /** Changes a function's handler or some of its variables, as a deployment would; returns what they were. */
    async changeFunction(name: string, change: FunctionChange): Promise<Required<FunctionChange>> {
      const FunctionName = functionName(stage, name);
      const { Handler = '', Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
      const variables = Environment?.Variables ?? {};
      await lambda.send(
        new UpdateFunctionConfigurationCommand({
          FunctionName,
          Handler: change.handler ?? Handler,
          Environment: { Variables: { ...variables, ...change.variables } },
        }),
      );
      await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: updateSeconds }, { FunctionName });
      return { handler: Handler, variables };
    },
    /** Gives a function exactly these variables, as the deployment before did. */
    async replaceVariables(name: string, variables: Readonly<Record<string, string>>): Promise<void> {
      const FunctionName = functionName(stage, name);
      await lambda.send(
        new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables: variables } }),
      );
      await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: updateSeconds }, { FunctionName });
    },
    async close(): Promise<void> {
      lambda.destroy();
      watch.close();
      await Promise.all([sender.close(), pool.end(), search.close()]);
    },
  };
}

export type Bench = Awaited<ReturnType<typeof openBench>>;

export interface MappingChange {
  readonly Enabled?: boolean;
  /** ARN of where what is given up goes. */
  readonly destination?: string;
  /** Attempts of a batch after the first. */
  readonly retries?: number;
}

export interface FunctionChange {
  readonly handler?: string;
  readonly variables?: Readonly<Record<string, string>>;
}

function statement(id: string) {
  return {
    id,
    version: '1.0.3',
    timestamp: new Date().toISOString(),
    actor: { objectType: 'Agent', account: { homePage: 'http://nlj.platform', name: randomUUID() } },
    verb: { id: 'http://adlnet.gov/expapi/verbs/completed', display: { 'en-US': 'completed' } },
    object: { objectType: 'Activity', id: `http://nlj.platform/activities/${randomUUID()}` },
  };
}
