import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { allTopics } from '../../../lib/catalogue.ts';
import { TransientError } from '../../core/errors.ts';
import { insertAnnouncements } from '../../core/ledger/postgres-announcements.ts';
import { writtenGenerations } from '../../core/ledger/postgres-ledger.ts';
import type { Announcement } from '../../core/ledger/projection.ts';
import { execute, statementTransaction } from '../../core/ledger/transaction.ts';
import { erasedHash } from '../../core/people/person.ts';
import { countFiles, eraseFiles, sweepFiles } from '../../exports/erase.ts';
import type { ExportFiles } from '../../exports/files.ts';
import type { AnswerTo, ErasedCounts } from './answer.ts';
import { writeAndConfirm } from './documents.ts';
import { eraseLetters } from './erase-letters.ts';
import { eraseMentions, eraseStatements, textsOf } from './erase-statements.ts';
import { existingGenerations } from './generations.ts';
import type { LetterObjects } from './letter-objects.ts';
import { type Subject, subjectOf } from './person.ts';
import type { RequestFor } from './request.ts';
import type { MaintenanceStores } from './stores.ts';

export interface ErasureStores extends MaintenanceStores {
  readonly letters: LetterObjects;
  readonly exports: Pick<ExportFiles, 'removeAllBut'>;
}

/**
 * Erases a person from every store but Kafka and backups. First live bookings are cancelled and the identifiers listed, while no statement is
 * written: whatever comes of the person from then on is not stored. Then statements, what is derived of them, documents, dead letters,
 * announcements, mentions by others, every export file, and the person's own rows go. What a function was just writing to the index is
 * swept up by schedule, after the longest that it can take. Running it again finishes what was left.
 */
export async function erase({ who, dryRun }: RequestFor<'erase'>, stores: ErasureStores): Promise<AnswerTo<'erase'>> {
  const subject = await subjectOf(who, stores);
  const kafkaDays = Math.max(...allTopics.map(({ retentionDays }) => retentionDays));
  if (dryRun) return { action: 'erase', dryRun, counts: await foreseen(stores, subject), complete: true, kafkaDays };
  await withdraw(stores, subject);
  await listErased(stores, subject);
  const { erased, complete: allStatements } = await eraseStatements(stores, 's.agent_key = any($1::text[])', [
    subject.agentKeys,
  ]);
  const documents = await removeDocuments(stores, subject.agentKeys);
  const { deadLetters, complete: allLetters } = await eraseLetters(stores, stores.letters, subject, false);
  const { mentions, complete: allMentions } = await eraseMentions(stores, subject);
  const outbox = await eraseOutbox(stores.pool, 'published is not null');
  const exports = await eraseFiles(stores.pool, stores.exports);
  const complete = allStatements && allLetters && allMentions;
  // Last, as they lead from one identifier to the others: a call that was cut short has to find them again.
  const { agents, identities } = complete
    ? await erasePeople(stores.pool, subject.agentKeys)
    : { agents: 0, identities: 0 };
  return {
    action: 'erase',
    dryRun,
    counts: { statements: erased, mentions, documents, agents, identities, deadLetters, outbox, exports },
    complete,
    kafkaDays,
  };
}

/** What the person still holds goes to others by the normal rules, and they are told. */
async function withdraw(stores: MaintenanceStores, { agentKeys, words }: Subject): Promise<void> {
  const { pool, projections, authority } = stores;
  const cause = { id: randomUUID(), timestamp: new Date().toISOString() };
  const effects = await statementTransaction(pool, 'alone', async (client: pg.PoolClient) => {
    const decided: Announcement[] = [];
    for (const projection of projections) {
      decided.push(...((await projection.withdraw?.(client, agentKeys, cause)) ?? []));
      await projection.forget?.(client, words);
    }
    return insertAnnouncements(client, decided, { group: 'training', authority });
  });
  // Should the index be down, the reconciler writes them.
  await writeAndConfirm(
    stores,
    effects.map(({ row }) => row),
    await writtenGenerations(pool),
  ).catch((error: unknown) => {
    if (!(error instanceof TransientError)) throw error;
  });
}

/** From its commit on, nobody who writes statements can miss it. */
async function listErased({ pool, pepper }: MaintenanceStores, { personIds, agentKeys }: Subject): Promise<void> {
  await statementTransaction(pool, 'alone', async (client: pg.PoolClient) => {
    await client.query('insert into erased_identity (hash) select unnest($1::bytea[]) on conflict (hash) do nothing', [
      [...personIds].map((id) => erasedHash(pepper, id)),
    ]);
    await client.query('insert into erasure (id, agent_keys) values ($1, $2)', [randomUUID(), agentKeys]);
  });
}

async function removeDocuments({ pool, admin }: MaintenanceStores, agentKeys: readonly string[]): Promise<number> {
  let removed = 0;
  for (const generation of await existingGenerations(pool)) {
    await admin.refresh(generation);
    removed = Math.max(removed, await admin.removePeople(generation, agentKeys));
  }
  return removed;
}

/** Announcements of erased statements. Those not yet published still have to tell others what was decided. */
async function eraseOutbox(pool: pg.Pool, where: string): Promise<number> {
  const { rowCount } = await execute(
    pool,
    `delete from outbox o using statement s where s.id = o.statement_id and s.erased_at is not null and ${where}`,
    [],
  );
  return rowCount ?? 0;
}

async function erasePeople(pool: pg.Pool, agentKeys: readonly string[]) {
  const identities = await execute(
    pool,
    'delete from agent_identity where agent_key = any($1::text[]) or alone_key = any($1::text[])',
    [agentKeys],
  );
  const agents = await execute(pool, 'delete from agent where agent_key = any($1::text[])', [agentKeys]);
  return { agents: agents.rowCount ?? 0, identities: identities.rowCount ?? 0 };
}

async function foreseen(stores: ErasureStores, subject: Subject): Promise<ErasedCounts> {
  const { pool, letters } = stores;
  const { rows } = await execute<Omit<ErasedCounts, 'deadLetters' | 'exports'>>(pool, foreseenSql, [
    subject.agentKeys,
    textsOf(subject),
  ]);
  const { deadLetters } = await eraseLetters(stores, letters, subject, true);
  const counts = rows[0] ?? { statements: 0, mentions: 0, documents: 0, agents: 0, identities: 0, outbox: 0 };
  return { ...counts, deadLetters, exports: await countFiles(pool) };
}

/** Mentions are counted as text, so that there may be fewer. */
const foreseenSql = `
  select (select count(*)::integer from statement where agent_key = any($1::text[])) as statements,
         (select count(*)::integer from statement where agent_key = any($1::text[]) and index_state = 'indexed') as documents,
         (select count(*)::integer from statement s
           where not coalesce(s.agent_key = any($1::text[]), false) and s.erased_at is null
             and exists (select 1 from unnest($2::text[]) as word where position(lower(word) in lower(s.body::text)) > 0)) as mentions,
         (select count(*)::integer from agent where agent_key = any($1::text[])) as agents,
         (select count(*)::integer from agent_identity where agent_key = any($1::text[]) or alone_key = any($1::text[])) as identities,
         (select count(*)::integer from outbox o join statement s on s.id = o.statement_id where s.agent_key = any($1::text[])) as outbox`;

/**
 * The second sweep: once no function can still be writing what it read before an erasure, documents and announcements
 * that came meanwhile go, export files that belong to no job, and the erasure's own row. Returns how many erasures are done with.
 */
export async function sweepErasures(stores: MaintenanceStores): Promise<number> {
  const { pool, longestFunctionMillis } = stores;
  const { rows } = await execute<{ id: string; agent_keys: string[] }>(
    pool,
    `select id, agent_keys from erasure where erased_at < now() - $1 * interval '1 ms' order by erased_at`,
    [longestFunctionMillis],
  );
  for (const { id, agent_keys } of rows) {
    await removeDocuments(stores, agent_keys);
    await eraseOutbox(pool, 'true');
    if (stores.exports !== undefined) await sweepFiles(pool, stores.exports);
    await execute(pool, 'delete from erasure where id = $1', [id]);
  }
  return rows.length;
}
