import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Access, accessRules, mayCall, maySee } from '../../../functions/api/access/access.ts';
import { learnerKey, learnerName, userKey } from '../../../functions/api/access/learner.ts';
import { type Caller, type Role, roles } from '../../../functions/api/access/role.ts';
import { agentKey, personOf } from '../../../functions/core/people/person.ts';
import { pepper } from './support.ts';

const caller = (role: Role, userId = 'u1'): Caller => ({ userId, role, agentKey: userKey(userId, pepper) });

describe('roles', () => {
  const everybody = [...roles];
  const expected: Readonly<Record<Access, readonly Role[]>> = {
    public: everybody,
    'signed-in': everybody,
    self: everybody,
    owner: everybody,
    dashboard: everybody,
    view_analytics: ['CREATOR', 'REVIEWER', 'APPROVER', 'ADMIN'],
    manage_users: ['ADMIN'],
  };

  it.each(accessRules)('%s', (access) => {
    expect(roles.filter((role) => mayCall(access, caller(role)))).toEqual(expected[access]);
  });

  it('let see what is of oneself, and an ADMIN everything', () => {
    const mine = userKey('u1', pepper);
    for (const role of roles) {
      expect(maySee(caller(role), mine)).toBe(true);
      expect(maySee(caller(role), userKey('u2', pepper))).toBe(role === 'ADMIN');
      expect(maySee(caller(role), null)).toBe(role === 'ADMIN');
    }
  });
});

describe('{learner}', () => {
  it('is a user id, an agent key or me, and all three are one person', () => {
    const self = caller('LEARNER', 'ann');
    for (const name of ['me', 'ann', self.agentKey]) expect(learnerKey(name, self, pepper)).toBe(self.agentKey);
  });

  it('self-access compares what the ledger calls the person (original: a uuid with its text, never equal)', () => {
    const userId = '5a1c0000-0000-4000-8000-000000000065';
    const person = personOf({ objectType: 'Agent', account: { homePage: 'http://nlj.platform', name: userId } });
    expect(caller('LEARNER', userId).agentKey).toBe(agentKey(pepper, person?.id ?? ''));
  });

  it('is never an e-mail', () => {
    const refused = learnerName.safeParse('ann@example.com');
    expect(refused.error?.issues[0]?.message).toContain('POST /api/analytics/learners/search');
    fc.assert(
      fc.property(fc.emailAddress(), (email) => {
        expect(learnerName.safeParse(email).success).toBe(false);
      }),
    );
  });
});
