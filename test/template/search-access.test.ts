import { expect, it } from 'vitest';
import { securityPaths, securityRequests, securityRoles } from '../../functions/operations/provision/search-roles.ts';
import { functionName } from '../../lib/catalogue.ts';
import { searchAccess, searchRoleNames } from '../../lib/search-access.ts';
import { functionNames } from './support/functions.ts';
import { roleOf } from './support/statements.ts';
import { templatesOf } from './support/synthesize.ts';

it('each function that may sign requests to the domain has one security role in it, and no other has one', () => {
  const signing = functionNames.filter((name) =>
    roleOf(
      name === 'api' ? templatesOf('prod').api : templatesOf('prod').pipeline,
      functionName('prod', name),
    ).permissions.some(({ action }) => action.startsWith('es:')),
  );
  const { operator, ...ofFunctions } = searchAccess;
  expect(Object.values(ofFunctions).flat().sort()).toEqual(signing.sort());
  expect(operator).toEqual(['operator']);
});

it('provisioning puts what the master user may put, and nothing else', () => {
  const arns = { writer: ['arn:a'], reader: [], maintainer: [], provisioner: [], health: [], operator: [] };
  const requests = securityRequests(arns);
  expect(requests.map(({ path }) => path)).toEqual(securityPaths);
  expect(requests).toContainEqual({
    path: '/_plugins/_security/api/rolesmapping/nlj_writer',
    body: { backend_roles: ['arn:a'] },
  });
  expect(requests).toContainEqual({
    path: '/_plugins/_security/api/roles/nlj_health',
    body: securityRoles.health,
  });
});

it('no security role is for every index, and only maintenance may delete one', () => {
  for (const name of searchRoleNames) {
    for (const { index_patterns: patterns, allowed_actions: actions } of securityRoles[name].index_permissions) {
      expect(patterns.every((pattern) => pattern.startsWith('xapi-statements'))).toBe(true);
      expect(actions.includes('indices_all')).toBe(name === 'maintainer');
    }
  }
});
