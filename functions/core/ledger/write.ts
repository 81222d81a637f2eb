import type { ChunkOutcome, Effect, Ledger, LedgerEntry, LedgerOutcome } from './ledger.ts';
import { RowError } from './ledger.ts';

/**
 * Commits a chunk, split as far as needed to leave out what PostgreSQL refuses: halves are tried by themselves until
 * the offending statement is alone; that one is `unstorable`. A clean chunk costs one transaction, one bad row in n
 * about 2·log2(n). Copies of one statement stay together, so that they meet the same fate.
 *
 * @throws what `Ledger.commit` throws, except RowError. Halves that were committed before stay committed: their
 *   records come again and are duplicates.
 */
export async function writeChunk(
  ledger: Pick<Ledger, 'commit'>,
  entries: readonly LedgerEntry[],
): Promise<ChunkOutcome> {
  try {
    return await ledger.commit(entries);
  } catch (error) {
    if (!(error instanceof RowError)) throw error;
    const halves = split(entries);
    if (halves === null) return writeApart(ledger, entries, error);
    const outcomes = new Map<LedgerEntry, LedgerOutcome>();
    const generations = new Set<number>();
    const effects: Effect[] = [];
    for (const half of halves) {
      const written = await writeChunk(ledger, half);
      for (const [index, outcome] of written.outcomes.entries()) {
        const entry = half[index];
        if (entry !== undefined) outcomes.set(entry, outcome);
      }
      for (const generation of written.generations) generations.add(generation);
      effects.push(...written.effects);
    }
    return { outcomes: inOrder(entries, outcomes), generations: [...generations], effects };
  }
}

/** One id whose first copy is refused: that copy is out; the others may differ, so they are tried without it. */
async function writeApart(
  ledger: Pick<Ledger, 'commit'>,
  copies: readonly LedgerEntry[],
  error: RowError,
): Promise<ChunkOutcome> {
  const refused: LedgerOutcome = { kind: 'unstorable', sqlState: error.sqlState };
  const rest = copies.slice(1);
  if (rest.length === 0) return { outcomes: [refused], generations: [], effects: [] };
  const written = await writeChunk(ledger, rest);
  return { ...written, outcomes: [refused, ...written.outcomes] };
}

/** Two halves by statement id, or null if all entries have one id. */
function split(entries: readonly LedgerEntry[]): readonly [LedgerEntry[], LedgerEntry[]] | null {
  const ids = [...new Set(entries.map((entry) => entry.statement.id))];
  if (ids.length < 2) return null;
  const first = new Set(ids.slice(0, Math.ceil(ids.length / 2)));
  return [
    entries.filter((entry) => first.has(entry.statement.id)),
    entries.filter((entry) => !first.has(entry.statement.id)),
  ];
}

function inOrder(entries: readonly LedgerEntry[], outcomes: ReadonlyMap<LedgerEntry, LedgerOutcome>): LedgerOutcome[] {
  return entries.map((entry) => {
    const outcome = outcomes.get(entry);
    if (outcome === undefined) throw new Error('A chunk was split and an entry has no outcome: a defect of writeChunk');
    return outcome;
  });
}
