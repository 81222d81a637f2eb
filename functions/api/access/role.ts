/** Roles of the NLJ platform, as the token's `role` claim has them. */
export const roles = ['PLAYER', 'LEARNER', 'CREATOR', 'REVIEWER', 'APPROVER', 'ADMIN'] as const;
export type Role = (typeof roles)[number];

/** Who sees numbers about everybody. */
export const viewAnalytics: readonly Role[] = ['CREATOR', 'REVIEWER', 'APPROVER', 'ADMIN'];
/** Who manages users. */
export const manageUsers: readonly Role[] = ['ADMIN'];

/** Who calls, as a verified token says. */
export interface Caller {
  /** `sub`: the NLJ user id. */
  readonly userId: string;
  readonly role: Role;
  /** The agent key of the user's account: what rows about him carry. */
  readonly agentKey: string;
}
