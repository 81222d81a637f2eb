import { setTimeout as sleep } from 'node:timers/promises';
import {
  type EventSourceMappingConfiguration,
  type LambdaClient,
  paginateListEventSourceMappings,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { functionName, topicGroups } from '../lib/catalogue.ts';

const pollMillis = 1_000;

/**
 * Disables or enables the event source mappings of a stage's topics, and waits until each is so.
 * @param topics whose; by default all.
 * @returns how many there are.
 * @throws Error if the stage has none, or one does not change within ten minutes.
 */
export async function setMappings(
  client: LambdaClient,
  stage: string,
  enabled: boolean,
  topics?: readonly string[],
): Promise<number> {
  const mappings = await mappingsOf(client, stage, topics);
  if (mappings.length === 0) throw new Error(`Stage ${stage} has no event source mapping here: is it deployed?`);
  for (const { UUID } of mappings) await client.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: enabled }));
  const wanted = enabled ? 'Enabled' : 'Disabled';
  for (let rounds = 600; rounds > 0; rounds -= 1) {
    const states = (await mappingsOf(client, stage, topics)).map(({ State }) => State);
    if (states.every((state) => state === wanted)) return mappings.length;
    await sleep(pollMillis);
  }
  throw new Error(`Not every mapping of stage ${stage} became ${wanted}: look at them in Lambda`);
}

/** The mappings of a stage's topics, by default of all. */
export async function mappingsOf(
  client: LambdaClient,
  stage: string,
  topics?: readonly string[],
): Promise<EventSourceMappingConfiguration[]> {
  const found: EventSourceMappingConfiguration[] = [];
  for (const { name } of topicGroups) {
    const pages = paginateListEventSourceMappings({ client }, { FunctionName: functionName(stage, name) });
    for await (const { EventSourceMappings: mappings = [] } of pages) found.push(...mappings);
  }
  return topics === undefined
    ? found
    : found.filter(({ Topics: consumed = [] }) => consumed.some((topic) => topics.includes(topic)));
}
