import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consumedExamples } from '../../localstack/workload/examples.ts';
import { generateMessages } from '../../localstack/workload/generator.ts';
import { openRun, type Run } from './support/run.ts';

/** The event that an example's name says (spec: events.md, "Producer dialects and upcasting"). */
function eventSaid(name: string): string {
  const [event = ''] = name.replace(/^learning activity /, 'activity.').split(' ');
  const generation = /^content\.generation\.(\w+)$/.exec(event)?.[1];
  if (generation === undefined) return event;
  if (['modified', 'imported', 'reviewed'].includes(generation)) return `content.${generation}`;
  return `generation.${generation === 'progress' ? 'progressed' : generation}`;
}

describe('the main path, from Kafka through the deployed functions to both stores', () => {
  let run: Run;
  beforeAll(async () => {
    run = await openRun();
  });
  afterAll(() => run.close());

  it("accepts the producers' examples of every group as the events their names say", async () => {
    const examples = await consumedExamples();
    await run.sender.send(examples);
    await run.settled();
    const ids = examples.map(({ value }) => String(JSON.parse(value?.toString() ?? '').id));
    const { rows } = await run.pool.query<{ id: string; event: string; index_state: string }>(
      'select id, event, index_state from statement where id = any($1)',
      [ids],
    );
    expect(rows.map(({ id }) => id).sort()).toEqual([...ids].sort());
    const events = new Map(rows.map(({ id, event }) => [id, event]));
    for (const [position, { name }] of examples.entries()) {
      expect(events.get(ids[position] ?? ''), name).toBe(eventSaid(name));
    }
    expect((await run.indexed(ids)).sort()).toEqual([...ids].sort());
    expect(new Set(rows.map(({ index_state }) => index_state))).toEqual(new Set(['indexed']));
  });

  it('accounts for every message of a mixed stream: accepted, duplicate or rejected, each in one place', async () => {
    const before = await run.settled();
    const messages = [...generateMessages({ seed: 11, count: 2_000, duplicatesPerMille: 60, badPerMille: 40 })];
    await run.sender.send(messages);
    const after = await run.settled();
    const produced = after.topics.reduce((sum, topic) => sum + topic.produced, 0);
    expect(produced - before.topics.reduce((sum, topic) => sum + topic.produced, 0)).toBe(messages.length);
    expect(after.complete, JSON.stringify(after)).toBe(true);
    const sums = (pick: 'accepted' | 'duplicate' | 'rejected') =>
      after.topics.reduce((sum, topic) => sum + topic[pick], 0) -
      before.topics.reduce((sum, topic) => sum + topic[pick], 0);
    const values = messages.map(({ value }) => value?.toString('latin1') ?? null);
    expect(sums('accepted') + sums('duplicate') + sums('rejected')).toBe(messages.length);
    expect(sums('duplicate')).toBeGreaterThan(0);
    expect(sums('rejected')).toBeGreaterThan(0);
    expect(sums('accepted')).toBeLessThanOrEqual(new Set(values).size);
  });

  it('keeps names and e-mails out of the index', async () => {
    const { body } = await run.search.search({
      index: 'xapi-statements',
      body: { size: 1_000, query: { match_all: {} } },
    });
    const text = JSON.stringify(body.hits.hits.map(({ _source }) => _source));
    expect(text).not.toMatch(/@example|mailto:|Learner \d|Okafor/);
  });
});
