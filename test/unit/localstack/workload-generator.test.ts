import { describe, expect, it } from 'vitest';
import { refuseContent } from '../../../functions/content/changes.ts';
import { eventName, storedForm, upcast, validateStatement } from '../../../functions/core/xapi/index.ts';
import { groupOfTopic, topicGroups } from '../../../lib/catalogue.ts';
import { generateMessages } from '../../../localstack/workload/generator.ts';

const authority = { objectType: 'Agent', account: { homePage: 'http://nlj.platform', name: 'system' } } as const;

function received(options: Parameters<typeof generateMessages>[0]) {
  return [...generateMessages(options)].map(({ topic, value }) => {
    const record = { cluster: 'arn:aws:kafka:x', topic, partition: 0, offset: 0, timestamp: 0 };
    const result = upcast({ value: JSON.parse(value?.toString() ?? ''), topic, record });
    const outcome = validateStatement(result.statement);
    if (!outcome.ok) throw new Error(`${topic}: ${JSON.stringify(outcome.errors)}`);
    const body = storedForm(outcome.statement, { authority });
    return { topic, body, event: eventName(topic, body), rules: result.rules };
  });
}

describe('generated messages', () => {
  const messages = received({ seed: 5, count: 4_000 });

  it('are valid statements of every consumed topic, and events of it', () => {
    expect([...new Set(messages.map(({ topic }) => topic))].sort()).toEqual(
      topicGroups.flatMap((group): string[] => group.topics.map(({ name }) => name)).sort(),
    );
    expect(messages.filter(({ event }) => event === 'unrecognised')).toEqual([]);
    expect(messages.filter(({ event, body }) => refuseContent({ event, body }) !== null)).toEqual([]);
  });

  it('are every event of training and content but those that only this project announces or nobody sends', () => {
    const events = new Set(messages.map(({ event }) => event));
    for (const event of [
      'program.created',
      'program.published',
      'session.scheduled',
      'session.cancelled',
      'booking.requested',
      'booking.confirmed',
      'booking.cancelled',
      'attendance.checked_in',
      'attendance.completed',
      'certificate.earned',
      'generation.requested',
      'generation.started',
      'generation.progressed',
      'generation.completed',
      'generation.failed',
      'content.modified',
      'content.imported',
      'content.reviewed',
    ] as const) {
      expect(events, event).toContain(event);
    }
  });

  it('come in old dialects and in the canonical form', () => {
    for (const group of ['training', 'content']) {
      const own = messages.filter(({ topic }) => groupOfTopic(topic) === group);
      expect(own.some(({ rules }) => rules.length > 0)).toBe(true);
      expect(own.some(({ rules }) => rules.length === 0)).toBe(true);
    }
  });

  it('are the same for the same seed, and of the groups that are asked for', () => {
    expect(received({ seed: 5, count: 50 })).toEqual(messages.slice(0, 50));
    const some = received({ seed: 5, count: 200, groups: ['content'] });
    expect(new Set(some.map(({ topic }) => groupOfTopic(topic)))).toEqual(new Set(['content']));
  });
});
