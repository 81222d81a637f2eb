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

/** Statements about surveys: in numbers of a single activity and in lists they would tell who answers when. */
export const notOfSurveys: Filter = { bool: { must_not: { prefix: { event: 'survey.' } } } };

/** Statements of a window; of any time where it is open on both sides. */
export function during({ since, until }: Window): Filter {
  if (since === undefined && until === undefined) return { match_all: {} };
  return {
    range: {
      timestamp: {
        ...(since === undefined ? {} : { gte: since.toISOString() }),
        ...(until === undefined ? {} : { lt: until.toISOString() }),
      },
    },
  };
}

/** Documents that have a field. */
export function having(field: string): Filter {
  return { exists: { field } };
}

export const completing: Filter = { term: { completes: true } };
