import type { Window } from './contract.ts';

/** A filter of the query language. */
export type Filter = Readonly<Record<string, unknown>>;

/**
 * The statements that learner numbers count: of learning and of surveys started or completed, by producers, not voided,
 * not of account `system`.
 */
export function learnerNumbers(...filters: readonly Filter[]) {
  return {
    bool: {
      filter: [
        { term: { learner_number: true } },
        { term: { origin: 'producer' } },
        { term: { voided: false } },
        ...filters,
      ],
    },
  };
}

/** Statements about surveys, whatever their verb: in numbers of a single activity and in lists they would tell who answers when. */
export const notOfSurveys: Filter = {
  bool: { must_not: [{ prefix: { event: 'survey.' } }, { exists: { field: 'survey_id' } }] },
};

/** Statements of a window; of any time where it is open on both sides. */
export function during({ since, until }: Window): Filter {
  if (since === undefined && until === undefined) return { match_all: {} };
  return {
    range: {
      timestamp: {
        ...(since === undefined ? {} : { gte: inIndex(since) }),
        ...(until === undefined ? {} : { lt: inIndex(until) }),
      },
    },
  };
}

const firstTime = Date.parse('0000-01-01T00:00:00.000Z');
const lastTime = Date.parse('9999-12-31T23:59:59.999Z');

/** A point in time as the engine reads it: timestamps have years of four digits. */
function inIndex(time: Date): string {
  return new Date(Math.min(lastTime, Math.max(firstTime, time.getTime()))).toISOString();
}

/** Documents that have a field. */
export function having(field: string): Filter {
  return { exists: { field } };
}

export const completing: Filter = { term: { completes: true } };
