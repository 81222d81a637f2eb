import type { Route } from '../route.ts';
import { activityStatements } from './activity-statements.ts';
import { listDeadLetters } from './dead-letters.ts';
import { documentRoute } from './document.ts';
import { getGeneration } from './generation.ts';
import { learnerStatements, learnersSearch } from './learners.ts';
import { getFreshness, getHealth } from './state.ts';
import { getBooking, getSession, listSessions } from './training.ts';

const described: readonly Route[] = [
  getHealth,
  learnersSearch,
  learnerStatements,
  activityStatements,
  getFreshness,
  listSessions,
  getSession,
  getBooking,
  getGeneration,
  listDeadLetters,
];

/** Every route of the API (spec: api.md), in the order of the document. */
export const routes: readonly Route[] = [...described, documentRoute(described)];
