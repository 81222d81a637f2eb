import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import {
  InvokeCommand,
  LambdaClient,
  paginateListEventSourceMappings,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { functionName } from '../../lib/catalogue.ts';
import { localAws } from '../deploy.ts';
import type { EnvironmentDescription } from '../environment.ts';
import { type AlarmState, compositeState } from './alarm-state.ts';
import { evaluatedState, metricReader, readAlarms, readDashboards } from './read.ts';

/** An alarm's state, and who says so: LocalStack, or its deployed rule evaluated here. */
export interface Judged {
  readonly state: string;
  readonly by: 'LocalStack' | 'rule';
}

/** What an operator sees of an environment, and the controls that a test or a drill breaks it with. */
export function openWatch({ endpoints, stage }: EnvironmentDescription) {
  const client = { endpoint: endpoints.aws, ...localAws };
  const cloudwatch = new CloudWatchClient(client);
  const lambda = new LambdaClient(client);
  const read = metricReader(cloudwatch);
  const began = Math.floor(Date.now() / 1_000);
  const full = (name: string) => functionName(stage, name);

  return {
    dashboards: () => readDashboards(cloudwatch),
    alarms: () => readAlarms(cloudwatch),
    /** All points of one of our metrics since this was opened, as one statistic. */
    async since(name: string, dimensions: Readonly<Record<string, string>>, statistic: 'Sum' | 'Maximum') {
      const period = 3_600;
      const query = { namespace: 'NljEvents', name, dimensions: { stage, ...dimensions }, statistic, period };
      const [value = Number.NaN] = (await read(query, began, began + period)).values();
      return value;
    },
    /** All points of a metric of AWS for a topic's mapping since this was opened. */
    async ofMapping(topic: string, name: string, statistic: 'Sum' | 'Maximum') {
      const period = 3_600;
      const dimensions = { EventSourceMappingUUID: await mappingOf(topic) };
      const query = { namespace: 'AWS/Lambda', name, dimensions, statistic, period };
      const [value = Number.NaN] = (await read(query, began, began + period)).values();
      return value;
    },
    /** Asks the maintenance function to measure now, as its schedule does every minute. */
    async measure(): Promise<void> {
      await lambda.send(
        new InvokeCommand({
          FunctionName: full('maintenance'),
          Payload: Buffer.from(JSON.stringify({ action: 'measure' })),
        }),
      );
    },
    async publishOutbox(): Promise<void> {
      await lambda.send(new InvokeCommand({ FunctionName: full('relay') }));
    },
    async setMapping(topic: string, Enabled: boolean): Promise<void> {
      await lambda.send(new UpdateEventSourceMappingCommand({ UUID: await mappingOf(topic), Enabled }));
    },
    /** States of alarms as LocalStack has evaluated them, by short name. */
    async states(names: readonly string[]): Promise<Record<string, string>> {
      const { states } = await readAlarms(cloudwatch);
      return Object.fromEntries(names.map((name) => [name, states.get(full(name)) ?? 'not deployed']));
    },
    /**
     * States of some alarms, by short name: as LocalStack has evaluated them, or, of one on metric math, which it does not
     * evaluate, its deployed rule over the recorded points.
     */
    async judged(names: readonly string[]): Promise<Record<string, Judged>> {
      const { rules, states } = await readAlarms(cloudwatch);
      const found: Record<string, Judged> = {};
      for (const name of names) {
        const rule = rules.get(full(name));
        found[name] =
          rule?.input.kind === 'math'
            ? { state: await evaluatedState(rule, read), by: 'rule' }
            : { state: states.get(full(name)) ?? 'not deployed', by: 'LocalStack' };
      }
      return found;
    },
    /** States of every alarm as CloudWatch would have them: deployed rules evaluated over the recorded points. */
    async evaluated(): Promise<ReadonlyMap<string, AlarmState>> {
      const { rules, composites } = await readAlarms(cloudwatch);
      const states = new Map<string, AlarmState>();
      for (const rule of rules.values()) states.set(rule.name, await evaluatedState(rule, read));
      const prefix = full('');
      for (const { name, rule } of composites.values()) states.set(name, compositeState(rule, states));
      return new Map([...states].map(([name, state]) => [name.slice(prefix.length), state]));
    },
    /** Asks again and again, measuring in between, until what it says is so; then, or at the end, returns it. */
    async until<T>(ask: () => Promise<T>, holds: (value: T) => boolean, seconds: number): Promise<T> {
      for (const deadline = Date.now() + seconds * 1_000; ; ) {
        const [value] = await Promise.all([ask(), this.measure()]);
        if (holds(value) || Date.now() > deadline) return value;
        await sleep(2_000);
      }
    },
    close(): void {
      cloudwatch.destroy();
      lambda.destroy();
    },
  };

  async function mappingOf(topic: string): Promise<string> {
    for await (const { EventSourceMappings = [] } of paginateListEventSourceMappings({ client: lambda }, {})) {
      const found = EventSourceMappings.find(({ Topics }) => Topics?.includes(topic));
      if (found?.UUID !== undefined) return found.UUID;
    }
    throw new Error(`No mapping reads ${topic}`);
  }
}

export type Watch = ReturnType<typeof openWatch>;
