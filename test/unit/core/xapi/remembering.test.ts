import { describe, expect, it } from 'vitest';
import { remembering } from '../../../../functions/core/xapi/remembering.ts';

describe('remembering', () => {
  it('gives the answers of the predicate, and asks it once for what it took', () => {
    let asked = 0;
    const isShort = remembering((text) => {
      asked += 1;
      return text.length < 3;
    });
    expect([isShort('a'), isShort('a'), isShort('long'), isShort('long')]).toEqual([true, true, false, false]);
    expect(asked).toBe(3);
  });

  it('forgets rather than grow, and does not keep long texts', () => {
    let asked = 0;
    const takes = remembering(() => {
      asked += 1;
      return true;
    });
    for (let index = 0; index <= 1_000; index += 1) takes(`key ${index}`);
    takes('key 0');
    expect(asked).toBe(1_002);
    takes('x'.repeat(201));
    takes('x'.repeat(201));
    expect(asked).toBe(1_004);
  });
});
