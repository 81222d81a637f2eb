import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  InvokeCommand,
  LambdaClient,
  paginateListEventSourceMappings,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { functionName } from '../../lib/catalogue.ts';
import { localAws } from '../deploy.ts';
import type { EnvironmentDescription } from '../environment.ts';
import { type AlarmRule, type AlarmState, compositeState, type MetricQuery } from './alarm-state.ts';
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
    shortName: (name: string) => name.slice(full('').length),
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
     * @param byRule all of them by their rules: LocalStack looks at an alarm once in its period.
     */
    async judged(names: readonly string[], byRule = false): Promise<Record<string, Judged>> {
      const { rules, states } = await readAlarms(cloudwatch);
      const found: Record<string, Judged> = {};
      for (const name of names) {
        const rule = rules.get(full(name));
        found[name] =
          rule !== undefined && (byRule || rule.input.kind === 'math')
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
      for (const { name, rule } of composites.values()) states.set(name, compositeState(rule, states));
      return new Map([...states].map(([name, state]) => [name.slice(full('').length), state]));
    },
    /**
     * Publishes the metrics of an alarm, as the store that it is about does on AWS, all with one value.
     * @param periods so many of the alarm's periods up to now.
     * @throws Error if there is no such alarm.
     */
    async tell(name: string, value: number, periods = 1): Promise<void> {
      const rule = (await readAlarms(cloudwatch)).rules.get(full(name));
      if (rule === undefined) throw new Error(`No alarm is called ${name}`);
      for (const { namespace, name: MetricName, dimensions, period } of queriesOf(rule)) {
        const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
        const MetricData = Array.from({ length: periods }, (_, back) => ({
          MetricName,
          Dimensions,
          Value: value,
          Timestamp: new Date(Date.now() - back * period * 1_000),
        }));
        await cloudwatch.send(new PutMetricDataCommand({ Namespace: namespace, MetricData }));
      }
    },
    /** Whether somebody has published a metric of an alarm in the last quarter of an hour. */
    async hasPoints(rule: AlarmRule): Promise<boolean> {
      const now = Math.floor(Date.now() / 1_000);
      const series = await Promise.all(queriesOf(rule).map((query) => read(query, now - 900, now + 60)));
      return series.some((points) => points.size > 0);
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

/** The metrics that an alarm asks for. */
export function queriesOf({ input }: AlarmRule): readonly MetricQuery[] {
  return input.kind === 'metric' ? [input.query] : [...input.metrics.values()];
}
