import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KafkaEvent } from '../../../../functions/core/kafka/event.ts';
import {
  eventBody,
  eventSize,
  type KafkaRecordFields,
  sourceOf,
  toSourceRecord,
} from '../../../../localstack/event-source/event-json.ts';
import { envelope } from './support.ts';

const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));
const fields: fc.Arbitrary<KafkaRecordFields> = fc.record({
  topic: fc.constantFrom('a', 'a-b', 'a.b_c'),
  partition: fc.nat(3),
  offset: fc.nat(Number.MAX_SAFE_INTEGER),
  timestamp: fc.nat(4e12),
  timestampType: fc.constantFrom('CREATE_TIME' as const, 'LOG_APPEND_TIME' as const),
  key: fc.option(bytes),
  value: fc.option(bytes),
  headers: fc.array(
    fc
      .tuple(fc.option(fc.string({ unit: 'grapheme', maxLength: 5 })), fc.option(bytes))
      .map(([name, value]): [Buffer | null, Buffer | null] => [name === null ? null : Buffer.from(name), value]),
    { maxLength: 3 },
  ),
});

function parse(body: Buffer): KafkaEvent {
  const event: KafkaEvent = JSON.parse(body.toString('utf8'));
  return event;
}

describe('the event', () => {
  it('has the shape that Lambda sends', () => {
    const one = toSourceRecord({
      topic: 'xapi-events',
      partition: 2,
      offset: 7,
      timestamp: 1_700_000_000_000,
      timestampType: 'CREATE_TIME',
      key: Buffer.from('k'),
      value: null,
      headers: [
        [Buffer.from('h'), Buffer.from('hi')],
        [Buffer.from('h'), Buffer.from('ë')],
      ],
    });
    expect(parse(eventBody(envelope, [one]))).toEqual({
      eventSource: 'aws:kafka',
      eventSourceArn: envelope.eventSourceArn,
      bootstrapServers: envelope.bootstrapServers,
      records: {
        'xapi-events-2': [
          {
            topic: 'xapi-events',
            partition: 2,
            offset: 7,
            timestamp: 1_700_000_000_000,
            timestampType: 'CREATE_TIME',
            key: 'aw==',
            value: null,
            headers: [{ h: [104, 105] }, { h: [-61, -85] }],
          },
        ],
      },
    });
  });

  it('brings every record back as it was, in order within its partition', () => {
    fc.assert(
      fc.property(fc.array(fields, { maxLength: 20 }), (all) => {
        const event = parse(eventBody(envelope, all.map(toSourceRecord)));
        for (const [source, list] of Object.entries(event.records)) {
          const sent = all.filter(({ topic, partition }) => sourceOf(topic, partition) === source);
          expect(
            list.map(({ key, value, headers, ...rest }) => ({
              ...rest,
              key: key == null ? null : Buffer.from(key, 'base64'),
              value: value == null ? null : Buffer.from(value, 'base64'),
              headers: headers.flatMap(Object.entries).map(([name, value]) => [name, Buffer.from(value)]),
            })),
          ).toEqual(
            sent.map(({ headers, ...rest }) => ({
              ...rest,
              headers: headers.map(([name, value]) => [name?.toString('utf8') ?? '', value ?? Buffer.alloc(0)]),
            })),
          );
        }
        expect(Object.values(event.records).flat()).toHaveLength(all.length);
      }),
    );
  });

  it('is exactly as long as it was measured', () => {
    fc.assert(
      fc.property(fc.array(fields, { maxLength: 20 }), (all) => {
        const records = all.map(toSourceRecord);
        expect(eventBody(envelope, records).length).toBe(eventSize(envelope, records));
      }),
    );
  });
});
