import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SourceRecord } from '../../../../localstack/event-source/event-json.ts';
import { type InvocationResult, interpret } from '../../../../localstack/event-source/outcome.ts';
import {
  afterDiscard,
  afterInvocation,
  type DiscardCondition,
  keep,
  nextStep,
  type Plan,
  planOf,
  type RetryLimits,
} from '../../../../localstack/event-source/retry-plan.ts';
import { failures, record, recordsOf } from './support.ts';

const unlimited: RetryLimits = {
  maximumRetryAttempts: Number.POSITIVE_INFINITY,
  maximumRecordAgeMs: Number.POSITIVE_INFINITY,
};
const settings = { reportBatchItemFailures: true, bisectOnFunctionError: true };
const response = { statusCode: 200, executedVersion: '$LATEST', functionError: null };
const ok: Extract<InvocationResult, { kind: 'returned' }> = { kind: 'returned', requestId: 'r', payload: '', response };
const failed: InvocationResult = { kind: 'function-error', requestId: 'r', response };
const throttled: InvocationResult = { kind: 'not-invoked', reason: 'TooManyRequestsException' };

interface PlayOptions {
  readonly limits?: RetryLimits;
  readonly bisect?: boolean;
  readonly now?: () => number;
  readonly fits?: () => boolean;
}

interface Run {
  readonly invocations: readonly (readonly SourceRecord[])[];
  readonly done: readonly SourceRecord[];
  readonly discarded: readonly { readonly record: SourceRecord; readonly condition: DiscardCondition }[];
}

/** Plays a batch to its end against a function. */
function play(
  records: readonly SourceRecord[],
  answer: (records: readonly SourceRecord[], attempt: number) => InvocationResult,
  { limits = unlimited, bisect = true, now = () => 0, fits = () => true }: PlayOptions = {},
): Run {
  const invocations: (readonly SourceRecord[])[] = [];
  const done: SourceRecord[] = [];
  const discarded: { record: SourceRecord; condition: DiscardCondition }[] = [];
  let plan = planOf(records);
  for (let steps = 0; ; steps += 1) {
    expect(steps).toBeLessThan(5000);
    const step = nextStep(plan, limits, now(), fits);
    if (step.kind === 'settled') {
      return { invocations, done, discarded };
    }
    if (step.kind === 'discard') {
      discarded.push(...step.segment.records.map((each) => ({ record: each, condition: step.condition })));
      plan = afterDiscard(plan, step.segment.records);
      continue;
    }
    const sent = step.segment.records;
    const result = answer(sent, invocations.length);
    invocations.push(sent);
    const verdict = interpret(result, sent, { ...settings, bisectOnFunctionError: bisect });
    if (verdict.kind === 'done') {
      done.push(...sent);
    } else if (verdict.kind === 'retry-records') {
      done.push(...sent.filter((each) => !verdict.records.includes(each)));
    }
    plan = afterInvocation(plan, verdict, { response: null, requestId: null });
  }
}

const batch = fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 4 }).map(recordsOf);

/** Answers of every kind in any sequence; in the end the function works. */
const answers = fc.array(
  fc.oneof(
    fc.constantFrom('ok', 'error', 'throttled', 'malformed', 'unknown', 'too-large'),
    fc.array(fc.boolean(), { minLength: 1, maxLength: 8 }),
  ),
  { maxLength: 60 },
);

function answerWith(sequence: readonly (string | readonly boolean[])[]) {
  return (records: readonly SourceRecord[], attempt: number): InvocationResult => {
    const answer = sequence[attempt] ?? 'ok';
    if (typeof answer !== 'string') {
      return { ...ok, payload: failures(records.filter((_, index) => answer[index % answer.length])) };
    }
    switch (answer) {
      case 'error':
        return failed;
      case 'throttled':
        return throttled;
      case 'malformed':
        return { ...ok, payload: '"?"' };
      case 'unknown':
        return { ...ok, payload: failures([{ source: 't-99', offset: 0 }]) };
      case 'too-large':
        return records.length > 1 ? { kind: 'too-large' } : ok;
      default:
        return ok;
    }
  };
}

function sorted(records: readonly SourceRecord[]): SourceRecord[] {
  return [...records].sort((a, b) => a.source.localeCompare(b.source) || a.offset - b.offset);
}

describe('a batch', () => {
  it('has every record settled exactly once, whatever the function answers', () => {
    fc.assert(
      fc.property(batch, answers, fc.boolean(), fc.constantFrom(0, 1, 3, 10), (records, sequence, bisect, retries) => {
        const limits = { ...unlimited, maximumRetryAttempts: retries };
        const run = play(records, answerWith(sequence), { limits, bisect });
        const settled = [...run.done, ...run.discarded.map((each) => each.record)];
        expect(sorted(settled)).toEqual(sorted(records));
      }),
    );
  });

  it('delivers each partition in order the first time, whatever the function answers', () => {
    fc.assert(
      fc.property(batch, answers, fc.boolean(), (records, sequence, bisect) => {
        const first = [...new Set(play(records, answerWith(sequence), { bisect }).invocations.flat())];
        for (const source of new Set(records.map((each) => each.source))) {
          const offsets = first.filter((each) => each.source === source).map(({ offset }) => offset);
          expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
        }
      }),
    );
  });

  it('brings only the listed records again', () => {
    const records = recordsOf([3]);
    const run = play(records, (sent, attempt) => (attempt === 0 ? { ...ok, payload: failures(sent.slice(1, 2)) } : ok));
    expect(run.invocations).toEqual([records, records.slice(1, 2)]);
  });
});

describe('bisecting', () => {
  it('isolates the one record that fails, and every other is done', () => {
    fc.assert(
      fc.property(batch, fc.nat(), (records, pick) => {
        const poison = records[pick % Math.max(1, records.length)];
        const limits = { ...unlimited, maximumRetryAttempts: 2 };
        const run = play(records, (sent) => (poison && sent.includes(poison) ? failed : ok), { limits });
        expect(run.discarded.map((each) => each.record)).toEqual(poison ? [poison] : []);
        expect(sorted([...run.done, ...(poison ? [poison] : [])])).toEqual(sorted(records));
      }),
    );
  });

  it('ends for a function that always fails, in less than two invocations a record', () => {
    fc.assert(
      fc.property(batch, (records) => {
        const limits = { ...unlimited, maximumRetryAttempts: 0 };
        const run = play(records, () => failed, { limits });
        expect(run.discarded).toHaveLength(records.length);
        expect(run.invocations.length).toBeLessThanOrEqual(Math.max(0, 2 * records.length - 1));
      }),
    );
  });

  it('does not use up the retries', () => {
    const limits = { ...unlimited, maximumRetryAttempts: 2 };
    const run = play(recordsOf([4]), () => failed, { limits });
    const alone = run.invocations.filter((sent) => sent.length === 1 && sent[0]?.offset === 0);
    expect(alone).toHaveLength(3);
  });

  it('tries the second half only when the first is settled', () => {
    const run = play(recordsOf([4]), (_, attempt) => (attempt < 3 ? failed : ok));
    expect(run.invocations.map((sent) => sent.map(({ offset }) => offset))).toEqual([
      [0, 1, 2, 3],
      [0, 1],
      [0],
      [0],
      [1],
      [2, 3],
    ]);
  });
});

describe('the limits', () => {
  it('allow the first attempt and so many retries', () => {
    fc.assert(
      fc.property(fc.nat(12), (retries) => {
        const run = play(recordsOf([3]), () => failed, {
          limits: { ...unlimited, maximumRetryAttempts: retries },
          bisect: false,
        });
        expect(run.invocations).toHaveLength(retries + 1);
        expect(new Set(run.discarded.map(({ condition }) => condition))).toEqual(new Set(['RetryAttemptsExhausted']));
      }),
    );
  });

  it('do not count what was not invoked', () => {
    const limits = { ...unlimited, maximumRetryAttempts: 0 };
    const run = play(recordsOf([3]), (_, attempt) => (attempt < 100 ? throttled : ok), { limits });
    expect(run.discarded).toEqual([]);
    expect(run.done).toHaveLength(3);
  });

  it('give up the records that are too old, and only those, before any attempt and after', () => {
    let clock = 100;
    const limits = { ...unlimited, maximumRecordAgeMs: 50 };
    const run = play(
      [record(0, 0, 40), record(0, 1, 60), record(0, 2, 100)],
      () => {
        clock += 20;
        return clock > 150 ? ok : throttled;
      },
      { limits, now: () => clock },
    );
    expect(run.discarded.map(({ record: { offset }, condition }) => [offset, condition])).toEqual([
      [0, 'RecordAgeExceeded'],
      [1, 'RecordAgeExceeded'],
    ]);
    expect(run.invocations[0]?.map(({ offset }) => offset)).toEqual([1, 2]);
    expect(run.done.map(({ offset }) => offset)).toEqual([2]);
  });

  it('give up a record that cannot be sent, without an attempt', () => {
    const run = play([record(0, 0)], () => ok, { fits: () => false });
    expect(run.invocations).toEqual([]);
    expect(run.discarded).toMatchObject([{ condition: 'MaximumPayloadSizeExceeded' }]);
  });

  it('give up a record that the service refuses as too large', () => {
    const run = play(recordsOf([3]), (sent) => (sent.some(({ offset }) => offset === 1) ? { kind: 'too-large' } : ok));
    expect(run.discarded).toMatchObject([{ record: { offset: 1 }, condition: 'MaximumPayloadSizeExceeded' }]);
    expect(run.done.map(({ offset }) => offset)).toEqual([0, 2]);
  });
});

describe('a lost partition', () => {
  it('leaves the plan, and the others stay as they are', () => {
    const halved = afterInvocation(
      planOf(recordsOf([4, 2])),
      { kind: 'bisect', reason: '' },
      { response: null, requestId: null },
    );
    const kept: Plan = keep(halved, ({ source }) => source === 't-0');
    expect(kept.segments.flatMap(({ records }) => records.map(({ source, offset }) => [source, offset]))).toEqual([
      ['t-0', 0],
      ['t-0', 1],
      ['t-0', 2],
      ['t-0', 3],
    ]);
    expect(keep(halved, () => false)).toEqual({ segments: [] });
  });
});
