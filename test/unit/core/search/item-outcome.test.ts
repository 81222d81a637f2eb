import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../../functions/core/errors.ts';
import { itemOutcome } from '../../../../functions/core/search/item-outcome.ts';

const withError = (status: number, type: string) => itemOutcome({ status, error: { type } });

describe('itemOutcome', () => {
  it('counts a written document and one that is there in a newer version as indexed', () => {
    expect(itemOutcome({ status: 201 })).toEqual({ kind: 'indexed' });
    expect(withError(409, 'version_conflict_engine_exception')).toEqual({ kind: 'indexed' });
  });

  it.each([403, 429])('takes a cluster block as passing, although it comes as %i', (status) => {
    expect(withError(status, 'cluster_block_exception')).toEqual({ kind: 'transient' });
  });

  it.each([429, 503, 500])('takes status %i as passing', (status) => {
    expect(withError(status, 'es_rejected_execution_exception')).toEqual({ kind: 'transient' });
  });

  it.each(['mapper_parsing_exception', 'strict_dynamic_mapping_exception'])('leaves out a document by %s', (type) => {
    expect(withError(400, type)).toEqual({ kind: 'refused', reason: type });
  });

  it.each([
    [404, 'index_not_found_exception'],
    [403, 'security_exception'],
  ])('throws for %i %s, which people must mend', (status, type) => {
    expect(() => withError(status, type)).toThrow(ConfigurationError);
  });
});
