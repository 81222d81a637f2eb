import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { ConfigurationError, TransientError } from '../../../../functions/core/errors.ts';
import { RowError } from '../../../../functions/core/ledger/ledger.ts';
import { classifyPostgresError, isRetriable } from '../../../../functions/core/ledger/postgres-errors.ts';

function databaseError(code: string): pg.DatabaseError {
  const error = new pg.DatabaseError('Key (email)=(someone@example.org) already exists.', 0, 'error');
  error.code = code;
  return error;
}

describe('classifyPostgresError', () => {
  it.each(['22008', '22021', '22P05', '23514', '54001'])('%s is caused by a row', (code) => {
    expect(classifyPostgresError(databaseError(code))).toBeInstanceOf(RowError);
  });

  it.each(['28P01', '3D000', '42P01', '42501'])('%s needs people', (code) => {
    expect(classifyPostgresError(databaseError(code))).toBeInstanceOf(ConfigurationError);
  });

  it.each(['08006', '53300', '57P01', '57P03', '40001', '40P01', '55P03', 'XX000'])('%s passes', (code) => {
    expect(classifyPostgresError(databaseError(code))).toBeInstanceOf(TransientError);
  });

  it('takes a failed connection as passing', () => {
    expect(classifyPostgresError(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }))).toBeInstanceOf(
      TransientError,
    );
    expect(classifyPostgresError(new Error('Connection terminated unexpectedly'))).toBeInstanceOf(TransientError);
  });

  it('does not take a defect of our own code for a store that is down', () => {
    for (const defect of [new TypeError('x is undefined'), new RangeError('Invalid time value')]) {
      expect(classifyPostgresError(defect)).toBe(defect);
    }
  });

  it("never repeats PostgreSQL's text, which can quote a row", () => {
    for (const code of ['22008', '28P01', '57P01']) {
      expect(classifyPostgresError(databaseError(code)).message).not.toContain('example.org');
    }
  });

  it('retries only lost deadlocks and serialization failures at once', () => {
    expect(isRetriable(databaseError('40P01'))).toBe(true);
    expect(isRetriable(databaseError('40001'))).toBe(true);
    expect(isRetriable(databaseError('57P01'))).toBe(false);
  });
});
