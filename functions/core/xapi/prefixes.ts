/** Prefixes of the platform's vocabularies, by the names that the catalogue of events gives them (spec: events.md). */
export const adl = 'http://adlnet.gov/expapi/verbs/';
export const as = 'http://activitystrea.ms/schema/1.0/';
export const nlj = 'http://nlj.platform/verbs/';
export const ext = 'http://nlj.platform/extensions/';
export const act = 'http://adlnet.gov/expapi/activities/';

/** homePage of an NLJ user's account. */
export const nljHomePage = 'http://nlj.platform';
