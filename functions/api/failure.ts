import { errors } from '@opensearch-project/opensearch';
import pg from 'pg';
import { TransientError } from '../core/errors.ts';
import { type Problem, problem, unavailable } from './http/problem.ts';

/** A failure as callers see it, and what the logs may say of it. */
export interface Failure {
  readonly problem: Problem;
  /** The error's class, code and place; never its message, which can quote a row or a query. */
  readonly log: Readonly<Record<string, unknown>>;
}

/** 503 where a store or the way to it does not work now; everything else is a defect or a matter of configuration: 500. */
export function failureOf(error: unknown): Failure {
  const down = downStore(error);
  return {
    problem:
      down === null ? problem(500, 'Something went wrong on our side; tell us the request_id') : unavailable(down),
    log: {
      error: error instanceof Error ? error.name : typeof error,
      code: codeOf(error),
      ...(down === null ? { at: placesOf(error) } : {}),
    },
  };
}

const database = 'The database';
const index = 'The search index';

function downStore(error: unknown): string | null {
  if (error instanceof TransientError) return 'A store';
  if (error instanceof errors.OpenSearchClientError) return isSearchDown(error) ? index : null;
  if (error instanceof pg.DatabaseError) return downStates.has(error.code?.slice(0, 2) ?? '') ? database : null;
  if (!(error instanceof Error)) return null;
  return socketCodes.has(codeOf(error) ?? '') || poolMessages.some((text) => error.message.includes(text))
    ? database
    : null;
}

/** SQLSTATE classes: connection, rollback (deadlock, read replica), resources, shutdown. */
const downStates: ReadonlySet<string> = new Set(['08', '40', '53', '57']);
const socketCodes: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND']);
/** What `pg` throws without a code. */
const poolMessages = ['timeout exceeded when trying to connect', 'Query read timeout', 'Connection terminated'];

function isSearchDown(error: errors.OpenSearchClientError): boolean {
  if (!(error instanceof errors.ResponseError)) {
    return (
      error instanceof errors.ConnectionError ||
      error instanceof errors.TimeoutError ||
      error instanceof errors.NoLivingConnectionsError
    );
  }
  const status = error.statusCode ?? 500;
  return status === 408 || status === 429 || status >= 500;
}

function codeOf(error: unknown): string | undefined {
  if (error instanceof errors.ResponseError) return String(error.statusCode);
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** The stack without its first lines, which are the message. */
function placesOf(error: unknown): string[] {
  const lines = error instanceof Error ? (error.stack ?? '').split('\n') : [];
  return lines.filter((line) => /^\s+at /.test(line)).map((line) => line.trim());
}
