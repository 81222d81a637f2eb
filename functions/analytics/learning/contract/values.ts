import { z } from 'zod';

/** A number of things or statements. */
export const count = (description: string) => z.int().nonnegative().describe(description);

export const percent = (description: string) =>
  z
    .number()
    .min(0)
    .max(100)
    .nullable()
    .describe(`${description} In percent, 2 decimals; null where there is nothing to count.`);

export const averageScore = z
  .number()
  .min(-1)
  .max(1)
  .nullable()
  .describe(
    'Mean of `score.scaled` over the statements that state one, 3 decimals. Zero is a value; null where none states one.',
  );

export const instant = (description: string) => z.iso.datetime().describe(`${description} ISO 8601, UTC.`);

export const date = z.iso.date().describe('Day in the requested time zone.');

/** Numbers that are estimates because there are more than 10,000 things to tell apart. */
export const approximate = z
  .record(z.string(), z.number().positive())
  .describe(
    'Numbers of this answer that are estimates, by name, with their greatest relative error. Counts of distinct things up to 10,000 are exact and not named here.',
  );

export const dailyActivity = z
  .array(z.strictObject({ date, count: count('Statements of the day.') }))
  .describe(
    'Statements per day of their timestamp in the requested time zone, days without any included. From the day of `since`, or of the first statement, to the day of `until`, or today, whichever is earlier; the last 3,660 days of that.',
  );
