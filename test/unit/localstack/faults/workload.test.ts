import { describe, expect, it } from 'vitest';
import { topicGroups } from '../../../../lib/catalogue.ts';
import { identityOf, shapes, workloadOf } from '../../../../localstack/faults/workload.ts';

const ids = (messages: ReturnType<typeof workloadOf>['messages']): string[] =>
  messages.flatMap(({ value }) => /"id":"([0-9a-f-]{36})"/.exec(value?.toString('utf8', 0, 200) ?? '')?.[1] ?? []);

describe('the workload of a fault', () => {
  it('has records of every topic of the catalogue', () => {
    const topics = new Set(workloadOf({ seed: 5, count: 400 }).messages.map(({ topic }) => topic));
    const all = topicGroups.flatMap((group): readonly { readonly name: string }[] => group.topics);
    expect(topics).toEqual(new Set(all.map(({ name }) => name)));
  });

  it('has good, bad and contested records', () => {
    const { messages, expected } = workloadOf({ seed: 5, count: 400 });
    const counts = Map.groupBy(messages, (message) => expected.get(identityOf(message)));
    expect(counts.get('stored')?.length).toBeGreaterThan(200);
    expect(counts.get('refused')?.length).toBeGreaterThan(10);
    expect(counts.get('either')?.length).toBeGreaterThan(10);
  });

  it.each(shapes)('%s is a function of its seed, and another id space shares no id', { timeout: 60_000 }, (shape) => {
    const one = workloadOf({ seed: 9, count: 100, shape });
    const identities = ({ messages }: typeof one) => messages.map(identityOf);
    expect(identities(workloadOf({ seed: 9, count: 100, shape }))).toEqual(identities(one));
    const other = workloadOf({ seed: 9, count: 100, shape, idSpace: 'again' });
    expect(other.messages).toHaveLength(one.messages.length);
    expect(ids(other.messages).filter((id) => ids(one.messages).includes(id))).toEqual([]);
  });

  it.each([
    ['poison-first', 0],
    ['poison-middle', 49],
    ['poison-last', 99],
    ['unstorable', 50],
  ] as const)('%s has its one bad record in its place, all in one partition', (shape, place) => {
    const { messages, expected } = workloadOf({ seed: 3, count: 100, shape });
    const bad = messages.flatMap((message, position) =>
      expected.get(identityOf(message)) === 'refused' ? [position] : [],
    );
    expect(bad).toEqual([place]);
    expect(new Set(messages.map(({ topic, partition }) => `${topic}/${partition}`)).size).toBe(1);
  });
});
