import { ext } from '../xapi/prefixes.ts';

/**
 * SQL: whether `statement s` is about a survey, by its event, its topic or, whatever these are, `ext:parent_survey`. Read
 * as text: PostgreSQL takes no member out of a body with `\u0000` in it. The ledger writes keys as they are, so none is
 * missed; a statement that quotes the key elsewhere is taken for one about a survey.
 */
export const isAboutSurveySql = `(s.event like 'survey.%' or s.topic_group = 'survey' or position('"${ext}parent_survey"' in s.body::text) > 0)`;
