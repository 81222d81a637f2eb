import type pg from 'pg';
import { execute, statementTransaction } from '../../core/ledger/transaction.ts';
import { type Demographics, demographicFields } from '../../core/search/demographics.ts';
import type { ReadingStores } from '../stores.ts';
import { cutIntoCells, thresholdsPerRun, type Waiting } from './cut.ts';
import { joinToBlocks, type WaitingCell } from './join.ts';
import { figureThreshold } from './threshold.ts';

/** A respondent who completed, or has had this long to, waits for a cell; a cell that could be closed waits no longer. */
const patienceMillis = 86_400_000;

/** A survey's first cells are closed when so many times the threshold wait. */
const thresholdsAtFirst = 4;

/** A person's statements may come by several partitions, the completion before an answer. */
const graceMillis = 30_000;

/** Respondents who are cut into cells in one transaction, those first who began first. */
const pageSize = 2_000;

/** Transactions of one reading: what a backlog leaves, the next reading closes. */
const mostPages = 3;

const settledSql = `(r.arrived <= $2 or (p.completed_at is not null and r.arrived <= $3))`;

const waitingSql = `
  from survey_respondent r join survey_response p using (survey_id, agent_key)
 where r.survey_id = $1 and r.cell is null and ${settledSql}`;

const dueSql = `
  select count(*)::integer as waiting, coalesce(min(r.arrived) <= $2, false) as long,
         exists (select 1 from survey_cell c where c.survey_id = $1) as begun
  ${waitingSql}`;

/**
 * Closes what cells of a survey are due: as soon as enough respondents wait, or a day after the first of them came. What
 * is closed never changes (decision 0008), so it does not matter who closes, or when. Whoever finds another one at it
 * goes on without. Voiding, joining and erasing people wait meanwhile, as for any writer of statements; writers do not.
 */
export async function closeCells(stores: ReadingStores, surveyId: string): Promise<void> {
  const threshold = figureThreshold(stores);
  const now = stores.now().getTime();
  const waiting = [surveyId, new Date(now - patienceMillis), new Date(now - graceMillis)];
  for (let page = 0; page < mostPages; page += 1) {
    const { rows } = await execute<Due>(stores.pool, dueSql, waiting);
    if (!isDue(rows[0], threshold)) return;
    const closed = await statementTransaction(stores.pool, 'shared', async (client) => {
      if (!(await lock(client, surveyId))) return false;
      const { rows: again } = await client.query<Due>(dueSql, waiting);
      if (!isDue(again[0], threshold)) return false;
      await closeWaiting(client, surveyId, waiting, threshold);
      await closeBlocks(client, surveyId, threshold);
      return true;
    });
    if (!closed) return;
  }
}

interface Due {
  readonly waiting: number;
  readonly long: boolean;
  readonly begun: boolean;
}

function isDue(due: Due | undefined, threshold: number): boolean {
  if (due === undefined || due.waiting < threshold) return false;
  return due.long || due.waiting >= threshold * (due.begun ? thresholdsPerRun : thresholdsAtFirst);
}

/** False where another transaction is closing cells of the survey. */
async function lock(client: pg.ClientBase, surveyId: string): Promise<boolean> {
  await client.query('insert into survey_closing (survey_id) values ($1) on conflict do nothing', [surveyId]);
  const { rowCount } = await client.query('select 1 from survey_closing where survey_id = $1 for update skip locked', [
    surveyId,
  ]);
  return rowCount === 1;
}

interface WaitingRow {
  readonly agent_key: string;
  readonly day: string;
  readonly completed: boolean;
  readonly demographics: Demographics;
}

interface Settled extends Waiting {
  readonly completed: boolean;
}

const cellsSql = `
  with cell as (select * from json_to_recordset($2::json) as r(
                  cell integer, members integer, completed integer, first_day date, last_day date, labels jsonb)),
       last as (select coalesce(max(cell), 0) as cell from survey_cell where survey_id = $1),
       made as (insert into survey_cell (survey_id, cell, members, completed, first_day, last_day, labels)
                select $1, last.cell + cell.cell, members, completed, first_day, last_day, labels from cell cross join last)
  update survey_respondent s set cell = last.cell + r.cell
    from json_to_recordset($3::json) as r(agent_key text, cell integer) cross join last
   where s.survey_id = $1 and s.agent_key = r.agent_key`;

/** Every component is due for every cell, also that of a question which nobody there answered: they skipped it. */
const componentsSql = `
  with before as (select coalesce(max(cell), 0) as cell from survey_component_cell where (survey_id, component) = ($1, 'duration')),
       known as (select distinct component from survey_component_cell where survey_id = $1),
       met as (select component from survey_member_value where survey_id = $1 and cell > (select cell from before)
               union select 'duration'),
       due as (select component, 0 as after from met where component not in (select component from known)
               union all select known.component, before.cell from known cross join before)
  insert into survey_component_cell (survey_id, component, cell)
  select $1, due.component, c.cell from due join survey_cell c on c.survey_id = $1 and c.cell > due.after
  on conflict do nothing`;

async function closeWaiting(
  client: pg.ClientBase,
  surveyId: string,
  waiting: readonly unknown[],
  threshold: number,
): Promise<void> {
  const { rows } = await client.query<WaitingRow>(
    `select r.agent_key, to_char(p.first_seen at time zone 'UTC', 'YYYY-MM-DD') as day, p.completed_at is not null as completed,
            p.demographics ${waitingSql} order by p.first_seen, r.agent_key limit ${pageSize}`,
    [...waiting],
  );
  const cells = cutIntoCells(rows.map(settledOf), threshold);
  await client.query(cellsSql, [
    surveyId,
    JSON.stringify(
      cells.map(({ members, firstDay, lastDay, labels }, index) => ({
        cell: index + 1,
        members: members.length,
        completed: members.filter(({ completed }) => completed).length,
        first_day: firstDay,
        last_day: lastDay,
        labels,
      })),
    ),
    JSON.stringify(
      cells.flatMap(({ members }, index) => members.map(({ agentKey }) => ({ agent_key: agentKey, cell: index + 1 }))),
    ),
  ]);
  await client.query(componentsSql, [surveyId]);
}

function settledOf({ agent_key, day, completed, demographics }: WaitingRow): Settled {
  return { agentKey: agent_key, day, completed, demographics: labelsOf(demographics) };
}

/** What PostgreSQL can compare: jsonb takes neither U+0000 nor half a character. */
function labelsOf(demographics: Demographics): Demographics {
  return Object.fromEntries(
    demographicFields.flatMap((field) => {
      const value = demographics[field];
      return value?.isWellFormed() && !value.includes('\0') ? [[field, value] as const] : [];
    }),
  );
}

/** Values are read once, by their cells: the planner knows nothing yet of rows that this transaction wrote. */
const waitingCellsSql = `
  with waiting as (select component, cell from survey_component_cell where survey_id = $1 and block is null),
       answers as materialized (
         select component, cell, count(*)::integer as answered from survey_member_value
          where survey_id = $1 and cell = any(array(select distinct cell from waiting)) group by component, cell)
  select w.component, w.cell, c.labels, coalesce(a.answered, 0) as answered
    from waiting w join survey_cell c on (c.survey_id, c.cell) = ($1, w.cell)
    left join answers a on (a.component, a.cell) = (w.component, w.cell)`;

/** One statement, so that the sums of a block are of one moment. `said`: what $3 or more of a block's answers state alike. */
const blocksSql = `
  with part as (select component, block + coalesce((select max(b.block) from survey_block b where (b.survey_id, b.component) = ($1, r.component)), 0) as block,
                       cell, labels
                  from json_to_recordset($2::json) as r(component text, block integer, cell integer, labels jsonb)),
       value as materialized (select * from survey_member_value where survey_id = $1 and cell = any(array(select distinct cell from part))),
       answer as (select part.block, value.* from part join value using (component, cell)),
       block as (select part.component, part.block, part.labels, sum(c.members)::integer as members,
                        min(c.first_day) as first_day, max(c.last_day) as last_day
                   from part join survey_cell c on (c.survey_id, c.cell) = ($1, part.cell) group by part.component, part.block, part.labels),
       total as (select component, block, count(*)::integer as answered, sum(numeric_value) as total,
                        case when count(score_scaled) >= $3
                             then coalesce(bool_and(score_scaled is null or abs(score_scaled - (numeric_value - 1) / 4) < 1e-9), false) end as one_to_five
                   from answer group by component, block),
       often as (select component, block, name, about.said as value, count(*) as times
                   from answer cross join lateral (values ('type', question_type), ('title', question_title), ('text', question_text),
                                                          ('scale', scale_min || ' ' || scale_max)) as about(name, said)
                  where about.said is not null group by component, block, name, about.said having count(*) >= $3),
       said as (select component, block, ${mostOften('type')}, ${mostOften('title')}, ${mostOften('text')}, ${mostOften('scale')}
                  from often group by component, block),
       made as (insert into survey_block (survey_id, component, block, members, answered, total, first_day, last_day, labels,
                                          question_type, question_title, question_text, scale_min, scale_max, one_to_five)
                select $1, component, block, members, answered, total, first_day, last_day, labels, type, title, text,
                       split_part(scale, ' ', 1)::double precision, split_part(scale, ' ', 2)::double precision, one_to_five
                  from block join total using (component, block) left join said using (component, block)),
       counted as (insert into survey_block_value (survey_id, component, block, numeric_value, choice_value, respondents)
                   select $1, component, block, numeric_value, choice_value, count(*)::integer from answer
                    where component <> 'duration' and (numeric_value is not null or choice_value is not null)
                    group by component, block, numeric_value, choice_value)
  update survey_component_cell p set block = part.block
    from part where (p.survey_id, p.component, p.cell) = ($1, part.component, part.cell)`;

function mostOften(name: string): string {
  return `(array_agg(value order by times desc, value collate "C") filter (where name = '${name}'))[1] as ${name}`;
}

async function closeBlocks(client: pg.ClientBase, surveyId: string, threshold: number): Promise<void> {
  const { rows } = await client.query<WaitingCell & { readonly component: string }>(waitingCellsSql, [surveyId]);
  const components = new Map<string, WaitingCell[]>();
  for (const row of rows) components.set(row.component, [...(components.get(row.component) ?? []), row]);
  const parts = [...components].flatMap(([component, waiting]) =>
    joinToBlocks(waiting, threshold).flatMap(({ cells, labels }, index) =>
      cells.map((cell) => ({ component, block: index + 1, cell, labels })),
    ),
  );
  if (parts.length > 0) await client.query(blocksSql, [surveyId, JSON.stringify(parts), threshold]);
}
