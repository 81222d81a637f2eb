import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  deadLetterPrefix,
  envelopeOf,
  envelopeSchema,
  objectKeyOf,
} from '../../../../functions/core/dead-letter/dead-letter.ts';

const bytes = fc.uint8Array({ maxLength: 64 }).map((array) => Buffer.from(array));
const coordinates = {
  cluster: fc.constantFrom('arn:aws:kafka:eu-west-1:1:cluster/a/1', 'arn:aws:kafka:eu-west-1:1:cluster/b/2'),
  topic: fc.constantFrom('xapi-events', 'nlj.survey.responses'),
  partition: fc.nat(20),
  offset: fc.nat(),
  timestamp: fc.nat(),
};
const record = fc.record({
  ...coordinates,
  timestampType: fc.constantFrom('CREATE_TIME', 'LOG_APPEND_TIME'),
  key: fc.option(bytes),
  value: fc.option(bytes),
  headers: fc.array(fc.record({ name: fc.string(), value: bytes }), { maxLength: 4 }),
});
const rejection = {
  class: 'undecodable',
  errors: [{ path: '$', rule: 'encoding', requirement: 'r', expected: 'e', found: 'f' }],
} as const;

describe('a dead letter', () => {
  it('gives back every byte of the record from its object, whatever they are', () => {
    fc.assert(
      fc.property(record, (source) => {
        const object = JSON.stringify(envelopeOf('survey', { kind: 'rejected', record: source, rejection }));
        const envelope = envelopeSchema.parse(JSON.parse(object));
        const restored = (base64: string | null) => (base64 === null ? null : Buffer.from(base64, 'base64'));
        expect(restored(envelope.key)).toEqual(source.key);
        expect(restored(envelope.value)).toEqual(source.value);
        expect(envelope.headers.map(({ name, value }) => ({ name, value: restored(value) }))).toEqual(source.headers);
      }),
    );
  });

  it('lies under a key that differs exactly where the coordinates differ', () => {
    fc.assert(
      fc.property(fc.record(coordinates), fc.record(coordinates), (left, right) => {
        const same = JSON.stringify(left) === JSON.stringify(right);
        expect(objectKeyOf(left) === objectKeyOf(right)).toBe(same);
        expect(objectKeyOf(left).startsWith(deadLetterPrefix)).toBe(true);
      }),
    );
  });
});
