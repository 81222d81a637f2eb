import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hasTime, patiently } from '../../../../functions/core/batch/patience.ts';
import { ConfigurationError, TransientError } from '../../../../functions/core/errors.ts';

const budget = (remaining: number, reserve = 30_000) => ({ remainingMillis: () => remaining, reserveMillis: reserve });

/** A store that is down until a time, and counts who asks. */
function downUntil(millis: number) {
  const began = performance.now();
  return vi.fn(async () => {
    if (performance.now() - began < millis) throw new TransientError('down');
    return 'done';
  });
}

describe('patiently', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('waits for a store that comes back within the time', async () => {
    const work = downUntil(60_000);
    const result = patiently('index', work, budget(300_000));
    await vi.advanceTimersByTimeAsync(120_000);
    await expect(result).resolves.toBe('done');
    expect(work.mock.calls.length).toBeGreaterThan(5);
    expect(work.mock.calls.length).toBeLessThan(100);
  });

  it('gives up when only the reserve is left', async () => {
    const work = downUntil(1_000_000);
    const began = performance.now();
    let gaveUpAfter = 0;
    const result = patiently('index', work, budget(90_000)).catch((error: unknown) => {
      gaveUpAfter = performance.now() - began;
      return error;
    });
    await vi.advanceTimersByTimeAsync(200_000);
    expect(await result).toBeInstanceOf(TransientError);
    expect(gaveUpAfter).toBeLessThanOrEqual(60_000);
    expect(gaveUpAfter).toBeGreaterThan(45_000);
  });

  it('tries once where there is no time at all', async () => {
    const work = downUntil(1_000_000);
    await expect(patiently('index', work, budget(10_000))).rejects.toThrow(TransientError);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('waits for nothing that only people can mend', async () => {
    const work = vi.fn(async () => {
      throw new ConfigurationError('no such table');
    });
    await expect(patiently('index', work, budget(300_000))).rejects.toThrow(ConfigurationError);
    expect(work).toHaveBeenCalledTimes(1);
  });
});

it('begins nothing with only the reserve left', () => {
  expect(hasTime(budget(30_000))).toBe(false);
  expect(hasTime(budget(30_001))).toBe(true);
});
