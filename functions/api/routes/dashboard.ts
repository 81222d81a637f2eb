import { z } from 'zod';
import { type DashboardRole, dashboardData, dashboardRoles } from '../../analytics/learning/contract.ts';
import { learningNumbers } from '../../analytics/learning/index.ts';
import { forbidden } from '../access/access.ts';
import { manageUsers, type Role, viewAnalytics } from '../access/role.ts';
import { instant, nothing } from '../http/parameters.ts';
import { timeZone } from '../http/time-zone.ts';
import { dateOf } from '../http/window.ts';
import { data, defineRoute, noBody } from '../route.ts';

/** Who may see which part; the learner's part is about who asks. */
const partsFor: Readonly<Record<DashboardRole, readonly Role[] | 'any'>> = {
  learner: 'any',
  instructor: viewAnalytics,
  admin: manageUsers,
};

/** The part that somebody sees who does not say which. */
function ownPart(role: Role): DashboardRole {
  if (manageUsers.includes(role)) return 'admin';
  return viewAnalytics.includes(role) ? 'instructor' : 'learner';
}

export const getDashboard = defineRoute({
  method: 'GET',
  path: '/api/analytics/dashboard',
  operationId: 'getDashboard',
  summary: "A role's part of the dashboard",
  description:
    "Without `role` the part of the caller's own. The platform's overview is null for those who may see only themselves.",
  access: 'dashboard',
  params: nothing,
  query: z.strictObject({ role: z.enum(dashboardRoles).optional(), since: instant.optional(), tz: timeZone }),
  body: noBody,
  data: dashboardData,
  async answer({ query, caller }, { stores }) {
    const role = query.role ?? ownPart(caller.role);
    const allowed = partsFor[role];
    if (allowed !== 'any' && !allowed.includes(caller.role)) return forbidden();
    const numbers = await learningNumbers.dashboard(stores, {
      role,
      since: dateOf(query.since),
      tz: query.tz,
      learner: caller.agentKey,
      platform: viewAnalytics.includes(caller.role),
    });
    return data(numbers);
  },
});
