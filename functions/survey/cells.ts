import type pg from 'pg';

/**
 * An identifier that was counted alone takes its cell along to the account that it belongs to now, unless the account is
 * counted itself, so that nobody is counted again.
 */
const moveSql = `
  with moved as (
    select distinct on (r.survey_id, i.agent_key) r.survey_id, i.agent_key, r.cell, r.arrived
      from survey_respondent r join agent_identity i on i.alone_key = r.agent_key and i.agent_key <> i.alone_key
     where r.agent_key = any($1::text[]) and r.cell is not null
       and exists (select 1 from survey_response known where (known.survey_id, known.agent_key) = (r.survey_id, i.agent_key))
       and not exists (select 1 from survey_response left_alone
                        where (left_alone.survey_id, left_alone.agent_key) = (r.survey_id, r.agent_key))
     order by r.survey_id, i.agent_key, r.cell)
  insert into survey_respondent as known (survey_id, agent_key, cell, arrived)
  select survey_id, agent_key, cell, arrived from moved order by survey_id, agent_key
  on conflict (survey_id, agent_key) do update set cell = excluded.cell, arrived = least(known.arrived, excluded.arrived)
   where known.cell is null`;

/** Respondents of whom nothing is left; what they were counted in. */
const leaveSql = `
  delete from survey_respondent r
   where r.agent_key = any($1::text[])
     and not exists (select 1 from survey_response known where (known.survey_id, known.agent_key) = (r.survey_id, r.agent_key))
  returning r.survey_id, r.cell`;

/** Cells of whose respondents nobody is left, and blocks of which no cell is. */
const dropSql = {
  cells: `
    delete from survey_cell c using json_to_recordset($1::json) as r(survey_id text, cell integer)
     where (c.survey_id, c.cell) = (r.survey_id, r.cell)
       and not exists (select 1 from survey_respondent left_over where (left_over.survey_id, left_over.cell) = (c.survey_id, c.cell))
    returning c.survey_id, c.cell`,
  componentCells: `
    delete from survey_component_cell c using json_to_recordset($1::json) as r(survey_id text, cell integer)
     where (c.survey_id, c.cell) = (r.survey_id, r.cell)
    returning c.survey_id, c.component, c.block`,
  blocks: `
    with gone as (
      delete from survey_block b using json_to_recordset($1::json) as r(survey_id text, component text, block integer)
       where (b.survey_id, b.component, b.block) = (r.survey_id, r.component, r.block)
         and not exists (select 1 from survey_component_cell left_over
                          where (left_over.survey_id, left_over.component, left_over.block) = (b.survey_id, b.component, b.block))
      returning b.survey_id, b.component, b.block)
    delete from survey_block_value v using gone
     where (v.survey_id, v.component, v.block) = (gone.survey_id, gone.component, gone.block)`,
};

/**
 * After these people's responses were derived anew: who was joined keeps his cell, who is gone leaves no key. What is summed
 * over a cell stays as it was until all of its respondents are gone. No other transaction closes cells meanwhile.
 */
export async function keepCells(client: pg.ClientBase, agentKeys: readonly string[]): Promise<void> {
  await client.query(moveSql, [agentKeys]);
  const { rows: departed } = await client.query(leaveSql, [agentKeys]);
  if (departed.length === 0) return;
  const { rows: cells } = await client.query(dropSql.cells, [JSON.stringify(departed)]);
  if (cells.length === 0) return;
  const { rows: parts } = await client.query(dropSql.componentCells, [JSON.stringify(cells)]);
  await client.query(dropSql.blocks, [JSON.stringify(parts)]);
}
