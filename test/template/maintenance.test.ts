import { expect, it } from 'vitest';
import { z } from 'zod';
import { requestSchema } from '../../functions/operations/maintenance/request.ts';
import { stageNames, templatesOf } from './support/synthesize.ts';

const rule = z.object({
  Properties: z.object({
    ScheduleExpression: z.string().optional(),
    Targets: z.tuple([z.object({ Input: z.string().optional() })]),
  }),
});

it.each(stageNames)(
  '%s is reconciled every five minutes, as a whole once a day, and a begun generation goes on',
  (name) => {
    const asked = Object.values(templatesOf(name).pipeline.findResources('AWS::Events::Rule')).flatMap((resource) => {
      const { ScheduleExpression: when, Targets } = rule.parse(resource).Properties;
      const request = requestSchema.safeParse(JSON.parse(Targets[0].Input ?? 'null'));
      return request.success ? [{ when, ...request.data }] : [];
    });
    expect(asked).toHaveLength(4);
    expect(asked).toContainEqual({ when: 'rate(5 minutes)', action: 'reconcile', scope: 'recent' });
    expect(asked).toContainEqual({ when: 'rate(1 day)', action: 'reconcile', scope: 'all' });
    expect(asked).toContainEqual({ when: 'rate(5 minutes)', action: 'rebuild', begin: false });
    expect(asked).toContainEqual({ when: 'rate(1 minute)', action: 'measure' });
  },
);
