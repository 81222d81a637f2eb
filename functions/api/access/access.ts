import { type Problem, problem } from '../http/problem.ts';
import { type Caller, manageUsers, type Role, viewAnalytics } from './role.ts';

/**
 * Who may call a route:
 *
 * - `public`: anyone, without a token
 * - `signed-in`: any valid token
 * - `view_analytics`, `manage_users`: the roles that have the permission
 * - `self`: the learner named in the path, or an ADMIN
 * - `owner`: whose the thing in the path is, or an ADMIN
 * - `dashboard`: everyone his own part: the learner's any token, the instructor's view_analytics, the admin's ADMIN
 */
export const accessRules = [
  'public',
  'signed-in',
  'view_analytics',
  'manage_users',
  'self',
  'owner',
  'dashboard',
] as const;
export type Access = (typeof accessRules)[number];

/** Roles that may call at all; what is looked at within the call is a further condition. */
export function rolesOf(access: Access): readonly Role[] | 'any' {
  switch (access) {
    case 'view_analytics':
      return viewAnalytics;
    case 'manage_users':
      return manageUsers;
    default:
      return 'any';
  }
}

export function mayCall(access: Access, { role }: Caller): boolean {
  const allowed = rolesOf(access);
  return allowed === 'any' || allowed.includes(role);
}

/** Whether a caller may see what is of a person: his own, or anything for an ADMIN. */
export function maySee({ role, agentKey }: Caller, ownerKey: string | null): boolean {
  return role === 'ADMIN' || (ownerKey !== null && ownerKey === agentKey);
}

export function forbidden(): Problem {
  return problem(403, 'This is not for you: another role or another person may see it');
}
