import { z } from 'zod';

export const exportFormats = ['csv', 'json'] as const;
export const exportDataTypes = ['overview', 'learners', 'activities', 'statements'] as const;
export type ExportFormat = (typeof exportFormats)[number];
export type ExportDataType = (typeof exportDataTypes)[number];

/** What is exported: statements whose timestamp lies in [since, until), or numbers of these. A side that is missing is open. */
export interface ExportRequest {
  readonly format: ExportFormat;
  readonly dataType: ExportDataType;
  /** ISO 8601, UTC. */
  readonly since?: string | undefined;
  /** ISO 8601, UTC. */
  readonly until?: string | undefined;
}

/**
 * `requested`: no worker has begun. `running`: one works on it. `finished`: the file is there. `expired`: it was finished, and
 * the file has been deleted, for its age or by an erasure. `failed`: given up, see `failure`.
 */
export const exportStates = ['requested', 'running', 'finished', 'failed', 'expired'] as const;
export type ExportState = (typeof exportStates)[number];

/** `interrupted`: the worker was ended or a store was down, three times. `internal`: operators must look. */
export const exportFailures = ['interrupted', 'internal'] as const;
export type ExportFailure = (typeof exportFailures)[number];

const instant = (description: string) => z.iso.datetime().describe(`${description} ISO 8601, UTC.`);

/** Data of POST /api/analytics/exports and of GET /api/analytics/exports/{id}. */
export const exportData = z.strictObject({
  id: z.guid().describe('The export.'),
  address: z.string().describe('Path to ask for the state at: `/api/analytics/exports/{id}`.'),
  format: z
    .enum(exportFormats)
    .describe('csv: RFC 4180 in UTF-8, with a header. json: an array with one element per line.'),
  data_type: z
    .enum(exportDataTypes)
    .describe(
      'overview: the numbers of the overview. learners: a row of numbers per agent key. activities: a row of numbers per activity. statements: redacted statements in the order of their arrival, without any about surveys.',
    ),
  since: instant('Statements from then.').nullable(),
  until: instant('Statements before then.').nullable(),
  state: z.enum(exportStates),
  failure: z.enum(exportFailures).nullable().describe('Null unless failed.'),
  requested_at: instant('When it was asked for.'),
  finished_at: instant('When it was finished or given up.').nullable(),
  rows: z.int().nonnegative().nullable().describe('Rows of the file, its header apart; null until finished.'),
  bytes: z.int().nonnegative().nullable().describe('Size of the file; null until finished.'),
  url: z
    .string()
    .nullable()
    .describe(
      'Signed link to the file, made anew by each GET; null unless finished. Whoever has it can read the file.',
    ),
  url_expires_at: instant('When the link ends.').nullable(),
});
export type ExportData = z.infer<typeof exportData>;
