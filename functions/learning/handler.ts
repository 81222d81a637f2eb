import { topicGroupHandler } from '../core/runtime/topic-group.ts';
import { surveyProjection } from '../survey/projection.ts';

/** Consumes the learning topics. `xapi-events` carries survey statements too: they change the survey tables alike. */
export const handler = topicGroupHandler([surveyProjection]);
