import { topicGroupHandler } from '../core/runtime/topic-group.ts';

/** Consumes the survey topics. */
export const handler = topicGroupHandler();
