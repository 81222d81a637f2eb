import { topicGroupHandler } from '../core/runtime/topic-group.ts';
import { surveyProjection } from './projection.ts';

/** Consumes the survey topics. */
export const handler = topicGroupHandler([surveyProjection]);
