import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storedForm, validateStatement } from '../../../../functions/core/xapi/index.ts';
import { completeStatement } from './support/arbitrary.ts';
import { authority, brokenRules, statementWith, stored } from './support/statements.ts';

describe('storedForm', () => {
  it('makes arrays of single context activities, in SubStatements too', () => {
    const parent = { id: 'http://p.example' };
    const context = { contextActivities: { parent, other: [parent] }, language: 'en' };
    const subStatement = {
      objectType: 'SubStatement',
      actor: { mbox: 'mailto:a@b.example' },
      verb: { id: 'a:b' },
      object: parent,
      context,
      timestamp: '2025-01-01T00:00:00',
    };
    const form = stored(statementWith({ context, object: subStatement }));
    const arrays = { contextActivities: { parent: [parent], other: [parent] }, language: 'en' };
    expect(form.context).toEqual(arrays);
    expect(form.object).toEqual({ ...subStatement, context: arrays, timestamp: '2025-01-01T00:00:00Z' });
  });

  it('gives timestamp and id one notation, a version and an authority where they are missing', () => {
    const form = stored(
      statementWith({ id: '5A1C0000-0000-4000-8000-000000001389', timestamp: '2025-08-14T09:30:00' }),
    );
    expect(form).toMatchObject({
      id: '5a1c0000-0000-4000-8000-000000001389',
      timestamp: '2025-08-14T09:30:00Z',
      version: '1.0.0',
      authority,
    });
  });

  it("keeps the client's version and authority and drops its stored", () => {
    const own = { mbox: 'mailto:lrs@b.example' };
    const form = stored(statementWith({ version: '1.0.3', authority: own, stored: '2025-01-01T00:00:00Z' }));
    expect(form).toMatchObject({ version: '1.0.3', authority: own });
    expect(form).not.toHaveProperty('stored');
  });

  it('needs an id and a timestamp', () => {
    const outcome = validateStatement(statementWith({ id: undefined }));
    expect(() => outcome.ok && storedForm(outcome.statement, { authority })).toThrow(TypeError);
  });

  it('is valid, and its own stored form', () => {
    fc.assert(
      fc.property(completeStatement, (made) => {
        const before = JSON.stringify(made);
        const form = stored(made);
        expect(brokenRules(form)).toEqual([]);
        expect(JSON.stringify(stored(form))).toBe(JSON.stringify(form));
        expect(JSON.stringify(made)).toBe(before);
      }),
    );
  });
});
