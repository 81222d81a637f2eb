import { admit, sweep } from './admit.ts';
import type { AnswerTo, DeadLetterAnswer } from './answer.ts';
import { cursorOf, positionOf } from './cursor.ts';
import { originalRecords } from './originals.ts';
import { type ReplayStores, replay } from './replay.ts';
import type { DeadLetterRequest, ListRequest, ShowRequest } from './request.ts';

export interface Stores extends ReplayStores {
  readonly bucket: string;
}

/** Rows of one place: more than one only where a topic was made anew. */
const samePlace = 10;

/** Does what an operator, the schedule or the bucket's notification asks. */
export async function operate(request: DeadLetterRequest, stores: Stores): Promise<DeadLetterAnswer> {
  switch (request.action) {
    case 'list':
      return list(request, stores);
    case 'show':
      return show(request, stores);
    case 'replay':
      return replay(request, stores);
    case 'discard': {
      const { filter, reason, dryRun } = request;
      return { action: 'discard', dryRun, classes: await stores.table.discard(filter, reason, dryRun) };
    }
    case 'admit':
      return admit(request, stores);
    case 'sweep':
      return sweep(stores);
  }
}

async function list({ filter, state, limit, after }: ListRequest, { table }: Stores): Promise<AnswerTo<'list'>> {
  const rows = await table.select({ filter, state, after: after === undefined ? undefined : positionOf(after) }, limit);
  const last = rows.at(-1);
  return { action: 'list', rows, next: last === undefined || rows.length < limit ? null : cursorOf(last) };
}

async function show({ record: place, bytes }: ShowRequest, { table, originals }: Stores): Promise<AnswerTo<'show'>> {
  const rows = await table.select({ filter: { record: place } }, samePlace);
  const records = await originalRecords(rows, originals);
  return {
    action: 'show',
    letters: rows.map((row, position) => {
      const record = records[position] ?? null;
      if (record === null) return { row, envelope: null };
      const { timestampType, key, value, headers } = record;
      return {
        row,
        envelope: {
          timestampType,
          keyBytes: key?.length ?? null,
          valueBytes: value?.length ?? null,
          headerCount: headers.length,
          ...(bytes
            ? {
                bytes: {
                  key: key?.toString('base64') ?? null,
                  value: value?.toString('base64') ?? null,
                  headers: headers.map((header) => ({ name: header.name, value: header.value.toString('base64') })),
                },
              }
            : {}),
        },
      };
    }),
  };
}
