import { type SearchRoleName, searchRoleNames } from '../../../lib/search-access.ts';
import { statementAlias } from '../../core/search/index-template.ts';

/**
 * A role of the domain's security plugin.
 * @see https://docs.opensearch.org/latest/security/access-control/permissions/
 */
export interface SecurityRole {
  readonly cluster_permissions: readonly string[];
  readonly index_permissions: readonly {
    readonly index_patterns: readonly string[];
    readonly allowed_actions: readonly string[];
  }[];
}

const ofEveryGeneration = [`${statementAlias}-*`];

/** What each may do inside the domain, once its signature and its IAM role's policy let it in. */
export const securityRoles: Readonly<Record<SearchRoleName, SecurityRole>> = {
  writer: {
    cluster_permissions: ['indices:data/write/bulk'],
    index_permissions: [
      {
        index_patterns: ofEveryGeneration,
        // The first document of a month makes its index.
        allowed_actions: ['indices:data/write/index', 'indices:data/write/bulk*', 'indices:admin/auto_create'],
      },
    ],
  },
  reader: {
    // Exports read from a point in time.
    cluster_permissions: ['cluster_composite_ops_ro', 'indices:data/read/point_in_time/delete'],
    index_permissions: [
      {
        index_patterns: [statementAlias, ...ofEveryGeneration],
        allowed_actions: ['read', 'indices:data/read/point_in_time/create'],
      },
    ],
  },
  maintainer: {
    cluster_permissions: [
      'indices:data/write/bulk',
      'indices:admin/index_template/put',
      'indices:admin/index_template/get',
      'indices:admin/index_template/delete',
    ],
    index_permissions: [{ index_patterns: [statementAlias, ...ofEveryGeneration], allowed_actions: ['indices_all'] }],
  },
  provisioner: {
    cluster_permissions: ['indices:admin/index_template/put'],
    index_permissions: [
      {
        index_patterns: ofEveryGeneration,
        allowed_actions: ['indices:admin/mapping/put', 'indices:admin/create', 'indices:admin/auto_create'],
      },
    ],
  },
  health: { cluster_permissions: ['cluster:monitor/health'], index_permissions: [] },
  operator: {
    cluster_permissions: ['cluster_monitor'],
    index_permissions: [
      {
        index_patterns: [statementAlias, ...ofEveryGeneration],
        allowed_actions: ['indices_monitor', 'indices:admin/settings/get', 'indices:admin/get'],
      },
    ],
  },
};

/** Which reads are not logged: what the functions do all day. Bodies are not either. */
export const auditConfiguration = {
  enabled: true,
  audit: {
    enable_rest: true,
    disabled_rest_categories: ['AUTHENTICATED', 'GRANTED_PRIVILEGES'],
    enable_transport: false,
    log_request_body: false,
    resolve_indices: true,
    ignore_users: [],
  },
  compliance: { enabled: false },
} as const;

const root = '/_plugins/_security/api';
const rolePath = (name: SearchRoleName) => `${root}/roles/nlj_${name}`;
const mappingPath = (name: SearchRoleName) => `${root}/rolesmapping/nlj_${name}`;
const auditPath = `${root}/audit/config`;

/** Every path that `securityRequests` puts to. */
export const securityPaths: readonly string[] = [
  ...searchRoleNames.flatMap((name) => [rolePath(name), mappingPath(name)]),
  auditPath,
];

export interface SecurityRequest {
  readonly path: string;
  readonly body: object;
}

/**
 * What provisioning puts to the domain's security plugin: roles, who has them, and what is audited.
 * @param roleArns IAM roles by security role.
 */
export function securityRequests(roleArns: Readonly<Record<SearchRoleName, readonly string[]>>): SecurityRequest[] {
  return [
    ...searchRoleNames.flatMap((name) => [
      { path: rolePath(name), body: securityRoles[name] },
      { path: mappingPath(name), body: { backend_roles: roleArns[name] } },
    ]),
    { path: auditPath, body: auditConfiguration },
  ];
}
