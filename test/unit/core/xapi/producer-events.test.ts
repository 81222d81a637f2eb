import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  eventName,
  isJsonObject,
  type JsonObject,
  upcast,
  validateStatement,
} from '../../../../functions/core/xapi/index.ts';
import { topics } from '../../../../functions/core/xapi/topics.ts';
import { stored } from './support/statements.ts';

interface Message {
  readonly name: string;
  readonly topic: string;
  readonly payload: JsonObject;
}

function isMessage(value: unknown): value is Message {
  return isJsonObject(value) && typeof value['name'] === 'string' && isJsonObject(value['payload']);
}

const messages: unknown = JSON.parse(
  readFileSync(new URL('../../../fixtures/producer-events.json', import.meta.url), 'utf8'),
);
const consumed = (Array.isArray(messages) ? messages : [])
  .filter(isMessage)
  .filter(({ topic }) => Object.values<string>(topics).includes(topic));

/** The event that a message's name says (spec: events.md). */
function nameSaid(name: string): string {
  const event = name.replace(/ \(.*| with .*/, '');
  const learning = /^learning activity (\w+)$/.exec(event)?.[1];
  if (learning !== undefined) return `activity.${learning}`;
  const generation = /^content\.generation\.(\w+)$/.exec(event)?.[1];
  if (generation === undefined) return event;
  if (['modified', 'imported', 'reviewed'].includes(generation)) return `content.${generation}`;
  return `generation.${generation === 'progress' ? 'progressed' : generation}`;
}

describe("every producer's example on a consumed topic", () => {
  it('there are 37', () => {
    expect(consumed).toHaveLength(37);
  });

  it.each(consumed)('$name on $topic is accepted as the event its name says', ({ name, topic, payload }) => {
    const record = { cluster: 'arn:aws:kafka:x', topic, partition: 0, offset: 0, timestamp: 0 };
    const { statement } = upcast({ value: payload, topic, record });
    const outcome = validateStatement(statement);
    expect(outcome.ok ? [] : outcome.errors).toEqual([]);
    expect(eventName(topic, stored(statement))).toBe(nameSaid(name));
    expect(upcast({ value: statement, topic, record }).rules).toEqual([]);
  });
});
