import { describe, expect, it } from 'vitest';
import { decodeValue } from '../../../../functions/core/kafka/decode.ts';

function ruleOf(value: Buffer | null): string | undefined {
  const outcome = decodeValue(value);
  return outcome.ok ? undefined : outcome.rejection.errors[0]?.rule;
}

describe('decodeValue', () => {
  it.each([
    ['a tombstone', null, 'tombstone'],
    ['an empty value', Buffer.alloc(0), 'empty-value'],
    ['0xFF bytes', Buffer.from([0xff, 0xfe]), 'encoding'],
    ['a UTF-8 sequence that is cut', Buffer.from('"é"').subarray(0, 2), 'encoding'],
    ['text that is not JSON', Buffer.from('{"a":'), 'json-syntax'],
    ['a JSON array', Buffer.from('[{}]'), 'json-array'],
    ['a JSON string', Buffer.from('"a"'), 'json-object'],
    ['JSON null', Buffer.from('null'), 'json-object'],
  ])('refuses %s by a rule of its own', (_name, value, rule) => {
    expect(ruleOf(value)).toBe(rule);
  });

  it('takes an object, with escapes of U+0000 and lone surrogates as they are', () => {
    const outcome = decodeValue(Buffer.from('{"a":"\\u0000","b":"\\ud800","__proto__":1}'));
    expect(outcome.ok && outcome.value['a']).toBe('\u0000');
    expect(outcome.ok && outcome.value['b']).toBe('\ud800');
    expect(outcome.ok && Object.keys(outcome.value)).toContain('__proto__');
  });

  it('survives 10,000 nested arrays', () => {
    const deep = `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
    expect(decodeValue(Buffer.from(deep)).ok).toBe(true);
  });
});
