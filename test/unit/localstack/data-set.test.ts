import { expect, it } from 'vitest';
import { decodeValue } from '../../../functions/core/kafka/decode.ts';
import { upcastEntry } from '../../../functions/core/middleware/upcast.ts';
import { validateEntry } from '../../../functions/core/middleware/validate.ts';
import { eventName, type ValidStatement, voidingTarget } from '../../../functions/core/xapi/index.ts';
import { generateDataSet } from '../../../localstack/generate/data-set.ts';
import type { OutgoingMessage } from '../../../localstack/workload/message.ts';

const authority = { objectType: 'Agent', account: { homePage: 'http://nlj.platform', name: 'system' } } as const;
const ext = 'http://nlj.platform/extensions/';
const count = 6_000;

interface Taken {
  readonly event: string;
  readonly linked: boolean;
  readonly statement: ValidStatement;
}

/** The statement of a message through the pipeline's own steps, or null where it is rejected. */
function taken({ topic, key, value }: OutgoingMessage, offset: number): Taken | null {
  const record = { cluster: '', topic, partition: 0, offset, timestamp: 0, timestampType: '', key, value, headers: [] };
  const decoded = decodeValue(value);
  if (!decoded.ok) return null;
  const entry = validateEntry(upcastEntry({ kind: 'decoded', record, received: decoded.value }), { authority });
  if (entry.kind === 'rejected') return null;
  const { statement, upcast } = entry;
  return { event: eventName(topic, statement), linked: upcast.identityLink !== undefined, statement };
}

const messages = [...generateDataSet({ seed: 3, count })];
const all = messages.flatMap((message, offset) => taken(message, offset) ?? []);
const events = (event: string) => all.filter((item) => item.event === event).map(({ statement }) => statement);
const answers = events('survey.answered');
const extensionOf = (statement: ValidStatement, name: string) => statement.context?.extensions?.[ext + name];

it('makes the same messages from the same seed, as many as asked for, and other ids from another', () => {
  const again = [...generateDataSet({ seed: 3, count })];
  expect(messages).toHaveLength(count);
  expect(again.map(({ value }) => String(value))).toEqual(messages.map(({ value }) => String(value)));
  const ids = new Set(all.map(({ statement }) => statement.id));
  for (const [offset, message] of [...generateDataSet({ seed: 4, count: 500 })].entries()) {
    expect(ids).not.toContain(taken(message, offset)?.statement.id);
  }
});

it('makes messages that the pipeline accepts, few repeats, and few that it rejects', () => {
  const rejected = count - all.length;
  expect(rejected).toBeGreaterThan(0);
  expect(rejected).toBeLessThan(count / 100);
  const repeated = all.length - new Set(all.map(({ statement }) => statement.id)).size;
  expect(repeated).toBeGreaterThan(0);
  expect(repeated).toBeLessThan(count / 50);
});

it('covers 400 days, arrives mostly in order and partly long after', () => {
  const times = events('activity.completed').map(({ timestamp }) => Date.parse(timestamp));
  expect((Math.max(...times) - Math.min(...times)) / 86_400_000).toBeGreaterThan(390);
  const late = times.filter((time, position) => time < Math.max(...times.slice(0, position)) - 5 * 86_400_000);
  expect(late.length).toBeGreaterThan(0);
  expect(late.length).toBeLessThan(times.length / 3);
});

it('has every event of learning and surveys, scores that are missing or 0, and durations', () => {
  const verbs = ['attempted', 'initialized', 'experienced', 'answered', 'completed', 'passed', 'failed', 'other'];
  for (const event of verbs.map((verb) => `activity.${verb}`)) expect(events(event)).not.toEqual([]);
  for (const event of ['survey.started', 'survey.answered', 'survey.completed']) expect(events(event)).not.toEqual([]);
  const scores = events('activity.completed').map(({ result }) => result?.score?.scaled);
  expect(scores).toContain(undefined);
  expect(scores).toContain(0);
  expect(events('activity.passed').some(({ result }) => result?.duration !== undefined)).toBe(true);
});

it('asks different questions under the same id in several surveys, of every type, with empty and repeated answers', () => {
  const surveys = Map.groupBy(answers, (answer) => extensionOf(answer, 'question_id'));
  for (const same of surveys.values()) {
    expect(new Set(same.map((answer) => extensionOf(answer, 'parent_survey'))).size).toBeGreaterThan(2);
  }
  expect(new Set(answers.map((answer) => extensionOf(answer, 'question_type'))).size).toBeGreaterThan(15);
  expect(answers.some(({ result }) => result?.response?.trim() === '')).toBe(true);
  const given = Map.groupBy(answers, (answer) =>
    JSON.stringify([answer.actor, extensionOf(answer, 'parent_survey'), extensionOf(answer, 'question_id')]),
  );
  const repeated = [...given.values()].filter((group) => new Set(group.map(({ id }) => id)).size > 1);
  expect(repeated.length).toBeGreaterThan(10);
  expect(repeated.some(([first, second]) => first?.timestamp === second?.timestamp)).toBe(true);
});

it('links mailboxes to accounts after statements of either', () => {
  const first = all.findIndex(({ linked, statement }) => linked && Date.parse(statement.timestamp) > 0);
  expect(first).toBeGreaterThan(-1);
  expect(all.filter(({ linked }) => linked).length).toBeGreaterThan(10);
  expect(all.filter(({ statement }) => statement.actor.mbox !== undefined).length).toBeGreaterThan(100);
});

it('voids statements before and after they arrive', () => {
  const targets = all.flatMap(({ statement }, position) => {
    const target = voidingTarget(statement);
    return target === null ? [] : [{ position, at: all.findIndex((item) => item.statement.id === target) }];
  });
  expect(targets.some(({ position, at }) => at > position)).toBe(true);
  expect(targets.some(({ position, at }) => at !== -1 && at < position)).toBe(true);
  expect(targets.some(({ at }) => at === -1)).toBe(true);
});

it('has statements in the hours around each change of clocks', () => {
  const around = (instant: string) =>
    all.filter(({ statement }) => Math.abs(Date.parse(statement.timestamp) - Date.parse(instant)) <= 2 * 3_600_000);
  for (const change of ['2025-10-26T01:00Z', '2025-11-02T06:00Z', '2026-03-08T07:00Z', '2026-03-29T01:00Z']) {
    expect(around(change).length).toBeGreaterThan(3);
  }
});
