import type pg from 'pg';
import type { Route } from '../../functions/api/route.ts';

/** Things that routes are asked about: those with most statements, so that nothing is measured on next to nothing. */
export interface Subjects {
  readonly learner: string;
  readonly activityId: string;
  readonly survey: string;
  readonly question: string;
  readonly session: string;
  readonly booking: string;
  readonly generation: string;
}

interface Busiest {
  readonly key: string;
}

async function busiest(pool: pg.Pool, sql: string): Promise<string> {
  const { rows } = await pool.query<Busiest>(sql);
  return rows[0]?.key ?? 'none';
}

export async function subjectsOf(pool: pg.Pool): Promise<Subjects> {
  return {
    learner: await busiest(
      pool,
      `select a.user_id as key from statement s join agent a on a.agent_key = s.agent_key
        where a.user_id is not null and a.user_id <> 'system' group by a.user_id order by count(*) desc limit 1`,
    ),
    activityId: await busiest(
      pool,
      `select body #>> '{object,id}' as key from statement where event = 'activity.completed' group by 1 order by count(*) desc limit 1`,
    ),
    survey: await busiest(
      pool,
      'select survey_id as key from survey_response group by 1 order by count(*) desc limit 1',
    ),
    question: await busiest(
      pool,
      `select question_id as key from survey_answer
        where survey_id = (select survey_id from survey_response group by 1 order by count(*) desc limit 1)
        group by 1 order by count(*) desc limit 1`,
    ),
    session: await busiest(pool, 'select id::text as key from training_session order by id limit 1'),
    booking: await busiest(pool, 'select id::text as key from training_booking order by id limit 1'),
    generation: await busiest(pool, 'select id::text as key from generation_session order by id limit 1'),
  };
}

/** A request to a route, made from its definition. */
export interface Example {
  readonly route: Route;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** Routes that change something: each call of them would be another. */
const changing: ReadonlySet<string> = new Set(['createExport']);

/** One request to each route that reads stores; null where a parameter has no example. */
export function exampleOf(route: Route, subjects: Subjects): Example | null {
  if (changing.has(route.operationId) || route.access === 'public') return null;
  const named = parametersOf(route, subjects);
  let isComplete = true;
  const fill = (name: string): string => {
    const value = named[name];
    if (value === undefined) isComplete = false;
    return value ?? '';
  };
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(fill(name)));
  const required = Object.entries(route.query.shape).filter(([, schema]) => !acceptsNothing(schema));
  const query = Object.fromEntries(required.map(([name]) => [name, fill(name)]));
  const body = route.body === null ? null : JSON.stringify({ name: 'Learner 1' });
  return isComplete ? { route, path, query, body } : null;
}

function acceptsNothing(schema: Route['query']['shape'][string]): boolean {
  return 'safeParse' in schema && typeof schema.safeParse === 'function' && schema.safeParse(undefined).success;
}

function parametersOf({ path }: Route, subjects: Subjects): Readonly<Record<string, string | undefined>> {
  const ids = [
    ['/api/surveys/', subjects.survey],
    ['/api/training/sessions/', subjects.session],
    ['/api/training/bookings/', subjects.booking],
    ['/api/generation/', subjects.generation],
  ] as const;
  return {
    learner: subjects.learner,
    activity_id: subjects.activityId,
    qid: subjects.question,
    category: 'lesson',
    period: '30d',
    metric: 'completion',
    role: 'admin',
    id: ids.find(([prefix]) => path.startsWith(prefix))?.[1],
  };
}
