import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConcurrencyCommand,
  type LambdaClient,
  PutFunctionConcurrencyCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda';
import pRetry from 'p-retry';
import type { AnswerTo } from '../../functions/operations/maintenance/answer.ts';
import { functionName, topicGroups } from '../../lib/catalogue.ts';
import type { Ask } from '../maintenance/ask.ts';
import { mappingsOf, setMappings } from '../mappings.ts';
import type { MappingStatus } from './text.ts';

/** A stage as the controls reach it. */
export interface Controls {
  readonly stage: string;
  readonly client: LambdaClient;
  readonly ask: Ask;
}

/** Each of these topics with its mapping, its function's cap and what waits. */
export async function statusOf({ stage, client, ask }: Controls, topics: readonly string[]): Promise<MappingStatus[]> {
  const mappings = await mappingsOf(client, stage, topics);
  const { partitions } = await ask({ action: 'lag' });
  const rows: MappingStatus[] = [];
  for (const { name: group, topics: ofGroup } of topicGroups) {
    const meant = ofGroup.filter(({ name }) => topics.includes(name));
    if (meant.length === 0) continue;
    const cap = await capOf({ stage, client }, group);
    for (const { name: topic } of meant) {
      const mapping = mappings.find(({ Topics: consumed = [] }) => consumed.includes(topic));
      rows.push({
        topic,
        group,
        state: mapping?.State ?? 'missing',
        lastResult: mapping?.LastProcessingResult ?? '-',
        cap,
        lag: partitions.filter((partition) => partition.topic === topic).reduce((sum, { lag }) => sum + lag, 0),
      });
    }
  }
  return rows;
}

/** Reserved concurrency of a function; null where it has none. @throws Error if there is no such function. */
export async function capOf({ stage, client }: Omit<Controls, 'ask'>, name: string): Promise<number | null> {
  const { ReservedConcurrentExecutions: cap } = await aboutFunction(stage, name, (FunctionName) =>
    client.send(new GetFunctionConcurrencyCommand({ FunctionName })),
  );
  return cap ?? null;
}

/** @param cap executions at most at a time; null lifts it. */
export async function setCap(controls: Omit<Controls, 'ask'>, name: string, cap: number | null): Promise<void> {
  const { stage, client } = controls;
  await aboutFunction<unknown>(stage, name, (FunctionName) =>
    cap === null
      ? client.send(new DeleteFunctionConcurrencyCommand({ FunctionName }))
      : client.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: cap })),
  );
}

/**
 * Sets groups back to an instant: mappings that are enabled are disabled for it and enabled again, whatever happens in
 * between. Records that are read twice change nothing.
 */
export async function resetGroups(
  { stage, client, ask }: Controls,
  topics: readonly string[],
  to: string,
  progress: (line: string) => void,
): Promise<AnswerTo<'set-back'>> {
  const enabled = (await mappingsOf(client, stage, topics))
    .filter(({ State }) => State !== 'Disabled' && State !== 'Disabling')
    .flatMap(({ Topics: consumed = [] }) => consumed);
  if (enabled.length > 0) progress(`${await setMappings(client, stage, false, enabled)} mappings paused`);
  try {
    // Members leave their groups a little after their mapping is disabled.
    return await pRetry(() => ask({ action: 'set-back', to, topics: [...topics] }), { retries: 10, minTimeout: 1_000 });
  } finally {
    if (enabled.length > 0) progress(`${await setMappings(client, stage, true, enabled)} mappings resumed`);
  }
}

async function aboutFunction<Answer>(
  stage: string,
  name: string,
  call: (functionName: string) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await call(functionName(stage, name));
  } catch (error) {
    if (error instanceof ResourceNotFoundException) {
      throw new Error(`Stage ${stage} has no function ${functionName(stage, name)} here`);
    }
    throw error;
  }
}
