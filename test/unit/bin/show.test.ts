import { describe, expect, it } from 'vitest';
import { notFoundText, stateText } from '../../../bin/show/text.ts';
import { requestSchema } from '../../../functions/operations/show/request.ts';

const id = '5a1c0000-0000-4000-8000-00000000012d';

describe('npm run show', () => {
  it('names what else has the id, and the command for it', () => {
    expect(notFoundText({ outcome: 'not-found', kind: 'session', id, otherKinds: ['booking'] })).toBe(
      `${id} is no session but a booking: npm run show -- booking ${id}`,
    );
    expect(notFoundText({ outcome: 'not-found', kind: 'session', id, otherKinds: [] })).toBe(
      `There is no session ${id}, and nothing else with this id.`,
    );
  });

  it('prints a member a line, lists and groups below their name', () => {
    const state = {
      id,
      title: null,
      counts: { confirmed: 2 },
      none: {},
      open: [{ id: 'b', waitlistPosition: null }],
      empty: [],
    };
    expect(stateText(state)).toBe(
      [
        `id: ${id}`,
        'title: -',
        'counts:',
        '  confirmed: 2',
        'none: none',
        'open:',
        '  id b, waitlistPosition -',
        'empty: none',
      ].join('\n'),
    );
  });

  it('takes an id in any case, and nothing that is none', () => {
    expect(requestSchema.parse({ kind: 'booking', id: id.toUpperCase() })).toEqual({ kind: 'booking', id });
    for (const request of [
      { kind: 'booking', id: '7' },
      { kind: 'learner', id },
      { kind: 'booking', id, more: 1 },
      null,
    ]) {
      expect(requestSchema.safeParse(request).success).toBe(false);
    }
  });
});
