import { Readable } from 'node:stream';
import type pg from 'pg';
import { TransientError } from '../core/errors.ts';
import type { ExportFiles } from './files.ts';
import { type Attempt, objectKeyOf, renewMillis } from './job.ts';
import { finishJob, giveUpJob, renewLease, takeJob, type Written } from './lease.ts';

/** The text of an export as it is read, with the rows that have come so far. */
export interface ExportContent {
  readonly text: AsyncIterable<string>;
  readonly rows: () => number;
}

export interface Worker {
  /** For the job's row; another connection than the content is read by. */
  readonly pool: pg.Pool;
  readonly files: Pick<ExportFiles, 'write' | 'remove'>;
  readonly content: (attempt: Attempt) => ExportContent;
}

export type WorkerOutcome =
  | { readonly kind: 'finished'; readonly attempt: number; readonly rows: number; readonly bytes: number }
  /** Somebody else works on it, or it is done, or there is no such job. */
  | { readonly kind: 'not-taken' }
  /** While it was at it, the job was taken from it: what it wrote is deleted. */
  | { readonly kind: 'lost'; readonly attempt: number };

/** The attempt is no longer this worker's. */
class LostError extends Error {
  override readonly name = 'LostError';
}

/**
 * Makes the file of a job, if nobody else does. Called twice, it does nothing the second time; after a failure it can be
 * called again.
 * @throws whatever reading or writing throws; the job is then free for another attempt, or failed.
 */
export async function runExport(id: string, worker: Worker): Promise<WorkerOutcome> {
  const { pool, files } = worker;
  const attempt = await takeJob(pool, id);
  if (attempt === null) return { kind: 'not-taken' };
  const lease = keptAlive(pool, attempt);
  try {
    const written = await writeFile(worker, attempt, lease);
    if (!(await finishJob(pool, attempt, written))) throw new LostError();
    return { kind: 'finished', attempt: attempt.attempt, ...written };
  } catch (error) {
    if (!(error instanceof LostError)) {
      await giveUpJob(pool, attempt, error instanceof TransientError ? 'interrupted' : 'internal');
    }
    await files.remove(objectKeyOf(attempt));
    if (error instanceof LostError) return { kind: 'lost', attempt: attempt.attempt };
    throw error;
  } finally {
    lease.release();
  }
}

async function writeFile({ files, content }: Worker, attempt: Attempt, lease: Lease): Promise<Written> {
  const { text, rows } = content(attempt);
  let bytes = 0;
  async function* whileHeld(): AsyncGenerator<Buffer> {
    for await (const piece of text) {
      if (lease.isLost()) throw new LostError();
      const part = Buffer.from(piece);
      bytes += part.length;
      yield part;
    }
    // What ends without an error is a whole file, which there must not be for an attempt that is nobody's.
    if (!(await lease.renew())) throw new LostError();
  }
  await files.write(objectKeyOf(attempt), Readable.from(whileHeld(), { objectMode: false }), attempt.format);
  return { rows: rows(), bytes };
}

interface Lease {
  readonly isLost: () => boolean;
  /** False where the attempt is no longer this worker's. */
  readonly renew: () => Promise<boolean>;
  readonly release: () => void;
}

/** Renews the lease from time to time, also while the stores take long to answer. */
function keptAlive(pool: pg.Pool, attempt: Attempt): Lease {
  let lost = false;
  const renew = async (): Promise<boolean> => {
    lost ||= !(await renewLease(pool, attempt));
    return !lost;
  };
  // Where PostgreSQL cannot be asked now, the next time tells, or the end does.
  const timer = setInterval(() => void renew().catch(() => undefined), renewMillis);
  return { isLost: () => lost, renew, release: () => clearInterval(timer) };
}
