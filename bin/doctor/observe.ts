import { setTimeout as sleep } from 'node:timers/promises';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import {
  GetFunctionConcurrencyCommand,
  LambdaClient,
  paginateListFunctions,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda';
import { functionName } from '../../lib/catalogue.ts';
import { stackName, stackSuffixes } from '../../lib/stacks/names.ts';
import { clientOptions } from '../command-line.ts';
import { type Ask, openAsk } from '../maintenance/ask.ts';
import { mappingsOf } from '../mappings.ts';
import type { Observed, ObservedAlarm } from './checks.ts';

export interface ObserveOptions {
  readonly stage: string;
  readonly endpoint: string | undefined;
  /** Time between the two looks at the groups. */
  readonly betweenMillis: number;
}

/** Reads what the doctor judges. What AWS's APIs refuse is thrown; what the stage's function cannot tell is part of the answer. */
export async function observe({ stage, endpoint, betweenMillis }: ObserveOptions): Promise<Observed> {
  const options = clientOptions(endpoint);
  const lambda = new LambdaClient(options);
  const { ask, close } = openAsk(stage, endpoint);
  try {
    const before = await attempt(() => lagOf(ask));
    const stores = await attempt(() => ask({ action: 'inspect' }));
    if (typeof before !== 'string') await sleep(betweenMillis);
    const after = await attempt(() => lagOf(ask));
    return {
      stacks: await Promise.all(stackSuffixes.map((suffix) => stackOf(options, stackName(stage, suffix)))),
      mappings: await mappingsSeen(lambda, stage),
      caps: await capsOf(lambda, functionName(stage, '')),
      alarms: await alarmsOf(options, functionName(stage, '')),
      lag: typeof before === 'string' ? before : typeof after === 'string' ? after : { before, after },
      stores,
    };
  } finally {
    lambda.destroy();
    close();
  }
}

type Options = ReturnType<typeof clientOptions>;

const lagOf = async (ask: Ask) => (await ask({ action: 'lag' })).partitions;

async function attempt<Value>(work: () => Promise<Value>): Promise<Value | string> {
  try {
    return await work();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** None of a stage whose functions are not there. */
async function mappingsSeen(client: LambdaClient, stage: string): Promise<Observed['mappings']> {
  try {
    return (await mappingsOf(client, stage)).map(({ Topics, State, LastProcessingResult }) => ({
      topics: Topics ?? [],
      state: State ?? 'unknown',
      lastResult: LastProcessingResult ?? '-',
    }));
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return [];
    throw error;
  }
}

async function stackOf(options: Options, name: string) {
  const client = new CloudFormationClient(options);
  try {
    const { Stacks: stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    return { name, status: stacks[0]?.StackStatus ?? null };
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationError') return { name, status: null };
    throw error;
  } finally {
    client.destroy();
  }
}

async function capsOf(client: LambdaClient, prefix: string): Promise<Record<string, number>> {
  const caps: Record<string, number> = {};
  for await (const { Functions: functions = [] } of paginateListFunctions({ client }, {})) {
    for (const { FunctionName: name = '' } of functions.filter((one) => one.FunctionName?.startsWith(prefix))) {
      const { ReservedConcurrentExecutions: cap } = await client.send(
        new GetFunctionConcurrencyCommand({ FunctionName: name }),
      );
      if (cap !== undefined) caps[name.slice(prefix.length)] = cap;
    }
  }
  return caps;
}

async function alarmsOf(options: Options, prefix: string): Promise<Observed['alarms']> {
  const client = new CloudWatchClient(options);
  const found: ObservedAlarm[] = [];
  const pages = paginateDescribeAlarms(
    { client },
    { AlarmNamePrefix: prefix, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] },
  );
  for await (const { MetricAlarms: metric = [], CompositeAlarms: composite = [] } of pages) {
    for (const alarm of [...metric, ...composite]) {
      const { AlarmName: name = '', StateValue: state = '', AlarmDescription: description = '' } = alarm;
      found.push({ name, state, description });
    }
  }
  client.destroy();
  return found;
}
