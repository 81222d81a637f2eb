import type { HttpAnswer, HttpProxy, HttpRequest } from '../proxy/http-proxy.ts';
import { marks } from '../proxy/postgres-proxy.ts';
import type { Stage } from '../stage.ts';

/** Points of a batch's way at which a fault can strike. */
export type Moment = keyof typeof marks | 'bulk' | 'bulk-answered' | 'object';

/**
 * Runs work at the first `times` occurrences of a moment, which waits for it. Returns what disarms: when that resolves no work
 * is under way any more, so that what it broke can be mended.
 */
export function atMoment(stage: Stage, moment: Moment, times: number, work: () => Promise<void>): () => Promise<void> {
  const underWay = new Set<Promise<void>>();
  let left = times;
  const strike = async (): Promise<void> => {
    if (left <= 0) return;
    left -= 1;
    const striking = work();
    underWay.add(striking);
    await striking.finally(() => underWay.delete(striking));
  };
  const disarm = watch(stage, moment, strike);
  return async () => {
    left = 0;
    disarm();
    await Promise.allSettled(underWay);
  };
}

function watch(stage: Stage, moment: Moment, strike: () => Promise<void>): () => void {
  switch (moment) {
    case 'bulk':
    case 'bulk-answered':
      return stage.opensearch.use(async (asked, next) => {
        if (!isBulk(asked)) return next(asked);
        if (moment === 'bulk') await strike();
        const answer = await next(asked);
        if (moment === 'bulk-answered') await strike();
        return answer;
      });
    case 'object':
      return stage.aws.use(async (asked, next) => {
        if (isDeadLetter(asked)) await strike();
        return next(asked);
      });
    default:
      return stage.postgres.on(marks[moment], strike);
  }
}

export function isBulk({ method, path }: HttpRequest): boolean {
  return method === 'POST' && path.startsWith('/_bulk');
}

/** Whether a request writes a dead letter's object. */
export function isDeadLetter({ method, path }: HttpRequest): boolean {
  return method === 'PUT' && path.includes('/dead-letters/');
}

/** Answers the requests that are meant by itself, as long as it lasts. */
export function answering(
  proxy: HttpProxy,
  means: (asked: HttpRequest) => boolean,
  answer: (asked: HttpRequest, next: (asked: HttpRequest) => Promise<HttpAnswer>) => HttpAnswer | Promise<HttpAnswer>,
  hit: () => void,
): () => void {
  return proxy.use(async (asked, next) => {
    if (!means(asked)) return next(asked);
    hit();
    return answer(asked, next);
  });
}
