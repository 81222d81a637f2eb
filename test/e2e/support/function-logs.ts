import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { z } from 'zod';
import { localAws } from '../../../localstack/deploy.ts';
import type { EnvironmentDescription } from '../../../localstack/environment.ts';

const batchLine = z.object({
  message: z.literal('batch'),
  service: z.string(),
  received: z.number(),
  retried: z.number(),
  offsets: z.record(z.string(), z.string()),
});
export type BatchLine = z.infer<typeof batchLine>;

/** The lines that a group's function logged about its batches, from CloudWatch Logs. */
export async function batchLines({ endpoints }: EnvironmentDescription, group: string): Promise<BatchLine[]> {
  const client = new CloudWatchLogsClient({ endpoint: endpoints.aws, ...localAws });
  const { logGroups = [] } = await client.send(new DescribeLogGroupsCommand({}));
  const lines: BatchLine[] = [];
  for (const { logGroupName } of logGroups) {
    let nextToken: string | undefined;
    do {
      const page = await client.send(new FilterLogEventsCommand({ logGroupName, nextToken }));
      for (const { message = '' } of page.events ?? []) {
        const line = parseLine(message);
        if (line !== null && line.service === group) lines.push(line);
      }
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
  }
  client.destroy();
  return lines;
}

function parseLine(message: string): BatchLine | null {
  if (!message.startsWith('{')) return null;
  try {
    return batchLine.safeParse(JSON.parse(message)).data ?? null;
  } catch {
    return null;
  }
}
