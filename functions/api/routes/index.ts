import type { Route } from '../route.ts';
import { activityStatements, getActivity } from './activity.ts';
import { getDashboard } from './dashboard.ts';
import { listDeadLetters } from './dead-letters.ts';
import { documentRoute } from './document.ts';
import { getExport, postExport } from './exports.ts';
import { getGeneration } from './generation.ts';
import { getLearner, learnerStatements, learnersSearch } from './learners.ts';
import { getCompletionStats, getOverview, getTrends } from './overview.ts';
import { getFreshness, getHealth } from './state.ts';
import {
  getSurveyAnalytics,
  getSurveyDemographics,
  getSurveyQuestion,
  getSurveyResponses,
  getSurveyStats,
} from './surveys.ts';
import { getTopPerformers, getTopPerformersOf } from './top-performers.ts';
import { getBooking, getSession, listSessions } from './training.ts';

const described: readonly Route[] = [
  getHealth,
  getOverview,
  getCompletionStats,
  learnersSearch,
  getLearner,
  learnerStatements,
  getActivity,
  activityStatements,
  getTrends,
  getDashboard,
  getTopPerformers,
  getTopPerformersOf,
  postExport,
  getExport,
  getFreshness,
  getSurveyAnalytics,
  getSurveyQuestion,
  getSurveyStats,
  getSurveyDemographics,
  getSurveyResponses,
  listSessions,
  getSession,
  getBooking,
  getGeneration,
  listDeadLetters,
];

/** Every route of the API (spec: api.md), in the order of the document. */
export const routes: readonly Route[] = [...described, documentRoute(described)];
