import type { ExportDataType, ExportFormat } from './contract.ts';

/** Attempts after which a job is given up. */
export const mostAttempts = 3;

/** How long a worker that says nothing is thought alive, and how often it says something. Milliseconds. */
export const leaseMillis = 45_000;
export const renewMillis = 15_000;

/** How long after an invocation another one is not needed, milliseconds: an invocation may wait for a free function. */
export const patienceMillis = 90_000;

/** Days that a file is kept; the bucket's lifecycle deletes it then. */
export const keptDays = 3;

/** Validity of a link, seconds. */
export const linkSeconds = 15 * 60;

/** Beginning of every object key. */
export const exportPrefix = 'exports/';

/** What a worker holds while it works on a job: nobody else can finish this attempt. */
export interface Attempt {
  readonly id: string;
  /** From 1. */
  readonly attempt: number;
  readonly format: ExportFormat;
  readonly dataType: ExportDataType;
  readonly since: Date | undefined;
  readonly until: Date | undefined;
}

/** The object that an attempt writes: it names the job, and nobody. */
export function objectKeyOf({ id, attempt, format }: Pick<Attempt, 'id' | 'attempt' | 'format'>): string {
  return `${exportPrefix}${id}/${attempt}.${format}`;
}
