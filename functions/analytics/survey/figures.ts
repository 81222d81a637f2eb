import { z } from 'zod';

/** Parts that the bodies of several survey routes share. Shapes: the front end's survey component, with what is not known as null. */

const count = z.number().int().nonnegative();
const percent = z.number().min(0).max(100);

export const day = z.iso.date().describe('UTC day, YYYY-MM-DD');

export const answerStatistics = z
  .strictObject({
    count: count.describe('Answers that have a number'),
    mean: z.number().describe('Mean of the answers, in points of the scale, 2 decimals'),
    median: z.number().nullable().describe('Middle answer; the mean of both middle ones where the count is even'),
    mode: z.number().nullable().describe('Most frequent answer; the smallest of several'),
    standard_deviation: z.number().nonnegative().describe('Of the population, in points of the scale, 2 decimals'),
    min: z.number().nullable(),
    max: z.number().nullable(),
  })
  .describe(
    'Of numeric answers: the response, else score.raw, never score.scaled. Median, mode, min and max are null where the value is not named',
  );
export type AnswerStatistics = z.infer<typeof answerStatistics>;

export const distributionEntry = z.strictObject({
  label: z.string().describe('The answer as text'),
  value: z
    .union([z.number(), z.string()])
    .nullable()
    .describe(
      'The answer: a number, or a choice. Null: values that are not named, together: fewer respondents than the threshold gave them, and they are no point of a scale of at most 11, nor yes or no',
    ),
  count: count.describe('Respondents whose latest answer it is'),
  percentage: percent.describe('Of the answers counted, percent, 1 decimal'),
  color_key: z
    .enum(['positive', 'neutral', 'negative', 'promoter', 'passive', 'detractor'])
    .nullable()
    .describe('Which part of the scale the answer belongs to; null where the scale is not known'),
});
export type DistributionEntry = z.infer<typeof distributionEntry>;

const share = z.strictObject({ count, percentage: percent.describe('Percent of the answers counted, 1 decimal') });

export const semanticSummary = z
  .strictObject({ positive: share, neutral: share, negative: share })
  .describe(
    'Likert summary: of four points or more, two at each end; of two or three, one at each end; the rest is neutral',
  );
export type SemanticSummary = z.infer<typeof semanticSummary>;

export const npsCategory = z.enum(['Excellent', 'Great', 'Good', 'Needs Improvement', 'Critical']);

export const npsSummary = z
  .strictObject({
    promoters: share.describe('Answers 9 and 10'),
    passives: share.describe('Answers 7 and 8'),
    detractors: share.describe('Answers 0 to 6'),
    nps_score: z
      .number()
      .min(-100)
      .max(100)
      .describe('Percent of promoters less percent of detractors, 1 decimal, half away from zero'),
    nps_category: npsCategory.describe(
      'From 70 Excellent, from 50 Great, from 30 Good, from 0 Needs Improvement, else Critical',
    ),
  })
  .describe('Net promoter score, of integer answers 0 to 10');
export type NpsSummary = z.infer<typeof npsSummary>;

/** How a question's answers are read. */
export const scaleTypes = ['nps', 'likert', 'rating', 'numeric', 'binary', 'categorical', 'text'] as const;
export type ScaleType = (typeof scaleTypes)[number];
export const scaleType = z.enum(scaleTypes);

export const scaleInfo = z.strictObject({
  type: scaleType.describe("From the question's type; text where the type is not known"),
  min: z
    .number()
    .nullable()
    .describe('Least answer that the scale has: score.min, else 1 where every score.scaled is (value − 1) / 4'),
  max: z.number().nullable().describe('Greatest answer that the scale has: score.max, else 5 likewise'),
  labels: z
    .array(z.string())
    .describe("The scale's points in order; empty where the scale is not known or has more than 11 points"),
});
export type ScaleInfo = z.infer<typeof scaleInfo>;

export const questionFigures = z.strictObject({
  question_id: z.string(),
  question_title: z
    .string()
    .nullable()
    .describe('Name of the question, where answers from enough respondents state it'),
  question_text: z.string().nullable().describe('Description of the question, likewise'),
  question_type: z.string().nullable().describe('As the answers state it'),
  response_count: count.describe('Respondents who answered, each once, by their latest answer'),
  skip_rate: percent.nullable().describe('(respondents − those who answered) / respondents, percent, 2 decimals'),
  scale_info: scaleInfo,
  distribution: z.array(distributionEntry).describe('By value; choices by count. Empty for text'),
  average_score: z.number().nullable().describe('Mean answer in points of the scale, 2 decimals'),
  statistics: answerStatistics.nullable(),
  semantic_summary: semanticSummary
    .nullable()
    .describe('Of Likert and rating questions whose scale is known, else null'),
  nps: npsSummary.nullable().describe('Of NPS questions, else null'),
  nps_score: z.number().nullable().describe('As in nps'),
  yes_percentage: percent.nullable().describe('Of yes/no questions: percent of yes, true or 1; else null'),
  no_percentage: percent.nullable().describe('Of yes/no questions: percent of no, false or 0; else null'),
  top_response: z
    .string()
    .nullable()
    .describe('Most frequent choice of a categorical question; the first by text of several'),
});
export type QuestionFigures = z.infer<typeof questionFigures>;

export const trendFigures = z.strictObject({
  series: z
    .array(z.strictObject({ date: day, value: z.number(), count: count.describe('Answers of the bucket') }))
    .describe('Mean answer by the day on which a cell of respondents ended'),
  current_score: z.number().nullable().describe('Mean of the later half of the daily values'),
  previous_score: z.number().nullable().describe('Mean of the earlier half'),
  change: z.number().nullable().describe('Percent of the earlier mean, 2 decimals; null where that is 0 or missing'),
  p_value: z.number().min(0).max(1).nullable().describe("Two-sided Welch's t-test; null under two values a side"),
  classification: z.enum(['trending_up', 'trending_down', 'steady']).describe('steady unless p_value is below 0.05'),
});
export type TrendFigures = z.infer<typeof trendFigures>;

export const anonymity = z
  .strictObject({ threshold: count.describe('Fewest respondents that a figure is of') })
  .describe('Figures are sums over closed cells of respondents; who is in no closed cell yet is counted nowhere');
