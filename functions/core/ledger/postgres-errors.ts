import pg from 'pg';
import { ConfigurationError, TransientError } from '../errors.ts';
import { RowError } from './ledger.ts';

/** Serialization failures and deadlocks: the same transaction, tried again at once, may well succeed. */
export function isRetriable(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === '40001' || error.code === '40P01');
}

/**
 * The failure class of an error of PostgreSQL or of the way to it, by SQLSTATE.
 *
 * Class 22 (data), 23 (constraint) and 54 (a limit of the engine, such as nesting) are caused by a row's content; 28
 * (authorization), 3D, 3F and 42 (no such database, schema, table, column) need people; everything else passes: connection
 * (08), resources (53), shutdown and recovery (57), rollback (40), and whatever has no SQLSTATE (the socket).
 *
 * An error of our own code is none of these and is given back as it is: waiting would not mend it, so it must be seen.
 * Messages carry the SQLSTATE only: PostgreSQL's own text can quote the row.
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function classifyPostgresError(error: unknown): Error {
  if (error instanceof RowError || error instanceof TransientError || error instanceof ConfigurationError) return error;
  if (isDefect(error)) return error;
  if (!(error instanceof pg.DatabaseError) || error.code === undefined) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    return new TransientError(`PostgreSQL could not be reached${code}`);
  }
  switch (error.code.slice(0, 2)) {
    case '22':
    case '23':
    case '54':
      return new RowError(error.code);
    case '28':
    case '3D':
    case '3F':
    case '42':
      return new ConfigurationError(`PostgreSQL refuses the work (SQLSTATE ${error.code})`);
    default:
      return new TransientError(`PostgreSQL cannot work now (SQLSTATE ${error.code})`);
  }
}

function isDefect(error: unknown): error is Error {
  return error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
}
