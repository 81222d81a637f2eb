import { z } from 'zod';
import { canonicalTimeZone } from '../../analytics/time-zone.ts';

const message = 'must be an IANA time zone such as Europe/Berlin';

/** The time zone that days are counted in; UTC unless said. */
export const timeZone = z
  .string()
  .max(64, message)
  .transform((name, context) => {
    const canonical = canonicalTimeZone(name);
    if (canonical !== null) return canonical;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  })
  .default('UTC')
  .meta({
    override: {
      type: 'string',
      pattern: '^[A-Za-z]',
      default: 'UTC',
      description: 'IANA time zone in which days are counted',
      examples: ['Europe/Berlin'],
    },
  });
