import { exportName, topicGroups } from './catalogue.ts';

/** Security roles of the search domain, of functions and of operators; what each may do is in `functions/operations/provision/search-roles.ts`. */
export const searchRoleNames = ['writer', 'reader', 'maintainer', 'provisioner', 'health', 'operator'] as const;
/** Short name of the role that a person on call takes. */
export const operatorName = 'operator';
export type SearchRoleName = (typeof searchRoleNames)[number];

/** Short names of the IAM roles that have a security role. Who signs requests to the domain is in exactly one list. */
export const searchAccess: Readonly<Record<SearchRoleName, readonly string[]>> = {
  writer: topicGroups.map(({ name }) => name),
  reader: ['api', exportName],
  maintainer: ['maintenance'],
  provisioner: ['provision'],
  health: ['dead-letters'],
  operator: [operatorName],
};
