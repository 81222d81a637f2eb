import type pg from 'pg';
import type { IndexAdmin } from '../../core/search/index-admin.ts';
import type { AnswerTo, InspectedGeneration } from './answer.ts';

export interface InspectedStores {
  readonly pool: pg.Pool;
  readonly admin: Pick<IndexAdmin, 'templateHash'>;
}

/** What the stores say of themselves, for whoever checks a stage. Counts and hashes only. */
export async function inspect({ pool, admin }: InspectedStores): Promise<AnswerTo<'inspect'>> {
  const migrations = await pool.query<{ number: number; name: string; checksum: string }>(
    'select number, name, checksum from schema_migration order by number',
  );
  const { rows: generationRows } = await pool.query<{ generation: number; state: string; mapping_hash: string | null }>(
    `select generation, state, mapping_hash from index_generation where state in ('live', 'building') order by generation`,
  );
  const generations: InspectedGeneration[] = [];
  for (const { generation, state, mapping_hash: mappingHash } of generationRows) {
    generations.push({ generation, state, mappingHash, templateHash: await admin.templateHash(generation) });
  }
  const letters = await pool.query<{ class: string; count: string }>(
    `select class, count(*) from dead_letter where state = 'waiting' group by class`,
  );
  const outbox = await pool.query<{ waiting: string; oldest: number | null }>(
    'select count(*) as waiting, extract(epoch from now() - min(created))::float8 as oldest from outbox where published is null',
  );
  return {
    action: 'inspect',
    migrations: migrations.rows,
    generations,
    deadLetters: Object.fromEntries(letters.rows.map((row) => [row.class, Number(row.count)])),
    outbox: { waiting: Number(outbox.rows[0]?.waiting ?? 0), oldestSeconds: outbox.rows[0]?.oldest ?? null },
  };
}
