import { describe, expect, it } from 'vitest';
import { refuseContent } from '../../../functions/content/changes.ts';
import { validated } from '../../support/entries.ts';
import { statement } from '../../support/statement.ts';

const id = '5A1C0000-0000-4000-8000-0000000002BD';

function refused(event: string, object: Record<string, unknown>) {
  return refuseContent({ event, body: validated(statement({ object })).statement })?.rule ?? null;
}

describe('a content event is refused by rule', () => {
  it.each([
    ['generation.started', `http://nlj.platform/content-generation-sessions/${id}`, null],
    ['generation.started', `http://nlj.platform/content/${id}`, 'generation-session-id'],
    ['generation.started', 'http://nlj.platform/content-generation-sessions/7', 'generation-session-id'],
    ['content.reviewed', `http://nlj.platform/content-generation-sessions/${id}`, null],
    ['content.reviewed', `http://nlj.platform/content/${id}`, null],
    ['content.reviewed', `http://nlj.platform/activities/${id}`, 'content-id'],
    ['unrecognised', 'http://nlj.platform/whatever', null],
  ])('%s on %s: %s', (event, object, rule) => {
    expect(refused(event, { id: object })).toBe(rule);
  });

  it('where its object is no Activity', () => {
    expect(refused('generation.failed', { objectType: 'StatementRef', id })).toBe('generation-session-id');
  });
});
