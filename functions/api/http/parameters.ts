import { z } from 'zod';

/** Query and path parameters that several routes have. They arrive as text; the document shows what they mean. */

interface WholeNumber {
  readonly min: number;
  readonly max: number;
  readonly default: number;
}

/** A whole number in decimal digits. */
export function wholeNumber({ min, max, default: preset }: WholeNumber) {
  const message = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .pipe(z.int().min(min, message).max(max, message))
    .default(preset)
    .meta({ override: { type: 'integer', minimum: min, maximum: max, default: preset } });
}

/** Rows of a page. */
export const limit = wholeNumber({ min: 1, max: 1000, default: 100 });

const instantMessage =
  'must be a date such as 2026-03-01, or a time with its offset such as 2026-03-01T10:00:00Z (ISO 8601)';

/** An ISO 8601 date (its midnight in UTC) or time with an offset, of the years 1 to 9999; parsed to ISO 8601 in UTC. */
export const instant = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], { error: instantMessage })
  .transform((text, context) => {
    const utc = Number.isNaN(Date.parse(text)) ? '' : new Date(text).toISOString();
    // An offset can move a time out of the years that PostgreSQL reads.
    if (/^\d{4}-/.test(utc) && utc >= '0001') return utc;
    context.addIssue({ code: 'custom', message: instantMessage });
    return z.NEVER;
  })
  .meta({
    override: {
      type: 'string',
      anyOf: [
        { format: 'date-time', pattern: '^[0-9]{4}-' },
        { format: 'date', pattern: '^[0-9]{4}-' },
      ],
      examples: ['2026-03-01T00:00:00Z', '2026-03-01'],
    },
  });

/** Text that PostgreSQL takes. */
export function text(min: number, max: number) {
  return (
    z
      .string()
      .min(min)
      .max(max)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what it is about
      .regex(/^[^\u0000]*$/, 'must not hold U+0000')
  );
}

export const uuid = z
  .guid('must be a uuid')
  .transform((text) => text.toLowerCase())
  .meta({
    override: { type: 'string', format: 'uuid' },
  });

/** Where the page before ended: opaque, from an answer's `cursor`. */
export const cursor = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,1000}$/, 'must be the "cursor" of the page before')
  .meta({ description: 'Opaque: the `cursor` of the page before, with otherwise the same parameters.' });

/** Longest IRI that can be asked for. */
const longestIri = 2048;

export const activityId = z
  .string()
  .min(1)
  .max(longestIri)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what RFC 3987 forbids, as in core/xapi/formats.ts
  .regex(/^[A-Za-z][A-Za-z0-9+.-]*:[^\u0000- <>"{}|\\^`\u007F-\u009F]*$/, 'must be an absolute IRI')
  .meta({ description: "The activity's IRI", examples: ['http://nlj.platform/activities/1'] });

export const nothing = z.strictObject({});
