import { describe, expect, it, vi } from 'vitest';
import type { TopicShape } from '../../../../localstack/event-source/group-member.ts';
import { createLog } from '../../../../localstack/event-source/log.ts';
import { startSupervisor } from '../../../../localstack/event-source/supervisor.ts';

const entry = {
  UUID: 'u',
  FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
  EventSourceArn: 'arn:aws:kafka:us-east-1:000000000000:cluster/nlj/abc',
  State: 'Enabled',
  Topics: ['t'],
};

function supervised() {
  const world: { entries: unknown[] | Error; shape: readonly TopicShape[] | undefined } = {
    entries: [entry],
    shape: [{ id: 'i', partitions: 2 }],
  };
  const events: string[] = [];
  const lines: string[] = [];
  const supervisor = startSupervisor({
    listMappings: async () => {
      if (world.entries instanceof Error) {
        throw world.entries;
      }
      return world.entries;
    },
    describeTopics: async () => world.shape,
    startPoller(mapping, index) {
      events.push(`start ${index} of ${mapping.batchSize}`);
      return {
        async stop() {
          events.push(`stop ${index}`);
        },
      };
    },
    pollMs: 1,
    topicCheckMs: 0,
    log: createLog('info', (line) => lines.push(line)),
  });
  return { world, events, lines, supervisor };
}

async function settles(events: readonly string[], expected: readonly string[]) {
  await vi.waitFor(() => expect(events).toEqual(expected));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(events).toEqual(expected);
}

const started = ['start 0 of 100', 'start 1 of 100'];
const stopped = ['stop 0', 'stop 1'];

describe('the deployed mappings', () => {
  it('are followed when they are created, changed, disabled, enabled and deleted', async () => {
    const { world, events, supervisor } = supervised();
    await settles(events, started);
    world.entries = [{ ...entry, BatchSize: 7 }];
    const changed = [...started, ...stopped, 'start 0 of 7', 'start 1 of 7'];
    await settles(events, changed);
    world.entries = [{ ...entry, BatchSize: 7, State: 'Disabled' }];
    await settles(events, [...changed, ...stopped]);
    world.entries = [entry];
    await settles(events, [...changed, ...stopped, ...started]);
    world.entries = [];
    await settles(events, [...changed, ...stopped, ...started, ...stopped]);
    await supervisor.stop();
    expect(supervisor.counters()).toMatchObject([{ uuid: 'u', pollers: 0 }]);
  });

  it('stay as they are while they cannot be read, and stop with the process', async () => {
    const { world, events, lines, supervisor } = supervised();
    await settles(events, started);
    world.entries = new Error('unreachable');
    await settles(events, started);
    expect(lines.filter((line) => line.includes('mappings cannot be read'))).toHaveLength(1);
    await supervisor.stop();
    expect(events).toEqual([...started, ...stopped]);
  });

  it('wait for their topics, and get new pollers when the partitions change', async () => {
    const { world, events, lines, supervisor } = supervised();
    await settles(events, started);
    world.shape = [{ id: 'i', partitions: 3 }];
    await settles(events, [...started, ...stopped, ...started, 'start 2 of 100']);
    await supervisor.stop();
    expect(lines.filter((line) => line.includes('topic is not there'))).toHaveLength(0);
  });

  it('are refused with one clear line where they ask for what is not done here', async () => {
    const { world, events, lines, supervisor } = supervised();
    await settles(events, started);
    world.entries = [{ ...entry, FilterCriteria: { Filters: [{ Pattern: '{}' }] } }];
    await settles(events, [...started, ...stopped]);
    expect(lines.filter((line) => line.includes('FilterCriteria'))).toHaveLength(1);
    await supervisor.stop();
  });
});
