import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeChunk } from '../../functions/core/ledger/write.ts';
import { surveyProjection } from '../../functions/survey/projection.ts';
import { entry } from '../support/entries.ts';
import { statement } from '../support/statement.ts';
import { type Database, openDatabase } from './support/database.ts';

const ext = 'http://nlj.platform/extensions/';

function voiding(target: string) {
  return statement({
    verb: { id: 'http://adlnet.gov/expapi/verbs/voided' },
    object: { objectType: 'StatementRef', id: target },
  });
}

function answer(survey: string, person: string, value: number, minute: number) {
  return statement({
    actor: { account: { homePage: 'http://nlj.platform', name: person } },
    timestamp: `2026-03-01T10:0${minute}:00Z`,
    verb: { id: 'http://adlnet.gov/expapi/verbs/answered' },
    object: { id: `http://nlj.platform/content/${survey}/question/q1` },
    result: { response: String(value) },
    context: {
      extensions: { [`${ext}parent_survey`]: survey, [`${ext}question_id`]: 'q1', [`${ext}question_type`]: 'rating' },
    },
  });
}

describe('voiding', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openDatabase(8);
  });
  afterAll(() => database.close());

  const commit = (values: readonly unknown[]) =>
    writeChunk(
      database.ledger([surveyProjection]),
      values.map((value) => entry(value)),
    );
  const rows = async (ids: readonly string[]) => {
    const { rows: found } = await database.pool.query<{ id: string; voided: boolean; document_version: string }>(
      'select id, voided, document_version from statement where id = any($1::uuid[]) order by array_position($1::uuid[], id)',
      [ids],
    );
    return found.map(({ voided, document_version }) => ({ voided, version: Number(document_version) }));
  };

  it('voids a statement that is there, and says that its document is due', async () => {
    const target = statement();
    await commit([target]);
    const { effects } = await commit([voiding(target.id)]);
    expect(effects.map(({ row: { id, voided, documentVersion } }) => [id, voided, documentVersion])).toEqual([
      [target.id, true, 2],
    ]);
    expect(await rows([target.id])).toEqual([{ voided: true, version: 2 }]);
  });

  it('says it again when the voiding statement comes again, until the document is confirmed', async () => {
    const target = statement();
    const voids = voiding(target.id);
    await commit([target, voids]);
    const due = async () => (await commit([voids])).effects.map(({ row, causedBy }) => [row.id, causedBy]);
    expect(await due()).toEqual([[target.id, voids.id]]);
    await database.ledger().confirm([{ id: target.id, documentVersion: 2, refusal: null }]);
    expect(await due()).toEqual([]);
  });

  it('voids a statement that comes later, one of the same chunk, and each but once', async () => {
    const [later, same] = [statement(), statement()];
    await commit([voiding(later.id)]);
    await commit([later]);
    const { outcomes, effects } = await commit([same, voiding(same.id), voiding(same.id)]);
    expect(effects).toEqual([]);
    expect(outcomes[0]).toMatchObject({ kind: 'accepted', row: { voided: true, documentVersion: 2 } });
    expect(await rows([later.id, same.id])).toEqual([
      { voided: true, version: 1 },
      { voided: true, version: 2 },
    ]);
  });

  it('never voids a voiding statement, whichever comes first', async () => {
    const target = statement();
    const first = voiding(target.id);
    const second = voiding(first.id);
    await commit([second]);
    await commit([first]);
    await commit([target]);
    await commit([voiding(second.id)]);
    expect((await rows([second.id, first.id, target.id])).map(({ voided }) => voided)).toEqual([false, false, true]);
  });

  it('finds its target in whatever order and by however many functions at once they are committed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }), async (voided) => {
        const pairs = voided.map((isVoided) => ({ target: statement(), isVoided }));
        const chunks = pairs.flatMap(({ target, isVoided }) =>
          isVoided ? [commit([voiding(target.id)]), commit([target])] : [commit([target])],
        );
        await Promise.all(chunks);
        const found = await rows(pairs.map(({ target }) => target.id));
        expect(found.map((row) => row.voided)).toEqual(voided);
      }),
      { numRuns: 15 },
    );
  });

  it('takes a voided answer out of the survey tables, so that the one before counts again', async () => {
    const [survey, person] = [randomUUID(), randomUUID()];
    const [early, late] = [answer(survey, person, 2, 1), answer(survey, person, 5, 2)];
    const value = async () => {
      const sql = 'select numeric_value as value from survey_answer where survey_id = $1';
      return (await database.pool.query<{ value: number }>(sql, [survey])).rows.map((row) => row.value);
    };
    await commit([early, late]);
    expect(await value()).toEqual([5]);
    await commit([voiding(late.id)]);
    expect(await value()).toEqual([2]);
    await commit([voiding(early.id)]);
    expect(await value()).toEqual([]);
    const responses = await database.pool.query('select 1 from survey_response where survey_id = $1', [survey]);
    expect(responses.rowCount).toBe(0);
  });

  it('never counts an answer that was voided before it came', async () => {
    const [survey, person] = [randomUUID(), randomUUID()];
    const value = answer(survey, person, 4, 1);
    await commit([voiding(value.id)]);
    await commit([value]);
    const answers = await database.pool.query('select 1 from survey_answer where survey_id = $1', [survey]);
    expect(answers.rowCount).toBe(0);
  });
});
