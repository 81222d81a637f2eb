import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { namesPerson, withoutPerson } from '../../../../functions/core/people/mentions.ts';

const user = '7d9f2c1e-0000-4000-8000-1234567890ab';
const email = 'ann@example.org';
const names = { personIds: new Set([`user:${user}`, `mbox:mailto:${email}`]), words: [user, email] };

describe('withoutPerson', () => {
  it('takes the identity and the name from an agent that is the person, wherever it stands', () => {
    const account = { homePage: 'http://nlj.platform', name: user };
    const value = {
      context: {
        team: { objectType: 'Group', member: [{ name: 'Ann', account }, { mbox: 'mailto:bob@example.org' }] },
      },
    };
    expect(withoutPerson(value, names)).toEqual({
      context: {
        team: {
          objectType: 'Group',
          member: [
            { account: { homePage: 'http://nlj.platform/erased', name: 'erased' } },
            { mbox: 'mailto:bob@example.org' },
          ],
        },
      },
    });
  });

  it.each([
    [user, 'erased'],
    [user.toUpperCase(), 'erased'],
    [`http://nlj.platform/users/${user}`, 'http://nlj.platform/users/erased'],
    [`booked by ${email}, later`, 'booked by erased, later'],
    [`mailto:${email}`, 'erased'],
    ['joann@example.org', 'joann@example.org'],
    ['ann@example.org.uk', 'ann@example.org.uk'],
    [`${user}0`, `${user}0`],
  ])('of the text %s leaves %s', (text, rest) => {
    expect(withoutPerson({ value: text }, names)).toEqual({ value: rest });
  });

  it('takes a short user id only for the person where it is the whole text', () => {
    const short = { personIds: new Set(['user:7']), words: ['7'] };
    expect(withoutPerson({ by: '7', text: '7 of 9', count: 7 }, short)).toEqual({
      by: 'erased',
      text: '7 of 9',
      count: 7,
    });
  });

  it('returns what does not name the person as it is, and changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.boolean(), (json, mentioned) => {
        const value = mentioned ? [json, { by: user }, { mbox: `mailto:${email}` }] : json;
        const once = withoutPerson(value, names);
        if (!mentioned) expect(once).toBe(value);
        expect(withoutPerson(once, names)).toBe(once);
        expect(namesPerson(JSON.stringify(once), names)).toBe(false);
      }),
    );
  });
});
