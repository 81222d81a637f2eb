/** Topics by what their messages are about. Upcasting and event names are functions of the topic (spec: events.md). */
export const topics = {
  survey: 'nlj.survey.responses',
  xapiEvents: 'xapi-events',
  learningActivities: 'nlj.learning.activities',
  activitiesCompleted: 'nlj.activities.completed',
  programs: 'nlj.training.programs',
  sessions: 'nlj.training.sessions',
  bookings: 'nlj.training.bookings',
  attendance: 'nlj.training.attendance',
  certificates: 'nlj.training.certificates',
  generation: 'nlj.content.generation',
  reviews: 'nlj.activities.reviews',
} as const;

/** Topics that this project publishes its decisions to, and does not consume. */
export const publishedTopics = {
  outcomes: 'nlj.training.outcomes',
  conflicts: 'nlj.training.conflicts',
} as const;
