import type { Route } from '../route.ts';
import { type Problem, problem } from './problem.ts';

/** The route of a request with its path parameters as they stand in the path, or 404, or 405 with `Allow`. */
export type Match =
  | { readonly kind: 'route'; readonly route: Route; readonly params: Readonly<Record<string, string>> }
  | Problem;

interface Pattern {
  readonly route: Route;
  readonly path: RegExp;
}

/**
 * Matches by method and path; a parameter is one segment, a slash at the end does not matter. A path without parameters goes
 * before one with them.
 */
export function router(routes: readonly Route[]): (method: string, path: string) => Match {
  const patterns = routes
    .map((route): Pattern => ({ route, path: patternOf(route.path) }))
    .sort((one, other) => parametersIn(one.route.path) - parametersIn(other.route.path));
  return (method, path) => {
    const here = patterns.filter((pattern) => pattern.path.test(path));
    const found = here.find(({ route }) => route.method === method);
    if (found !== undefined) {
      return { kind: 'route', route: found.route, params: { ...found.path.exec(path)?.groups } };
    }
    if (here.length === 0) return problem(404, 'There is nothing at this path');
    const allowed = [...new Set(here.map(({ route }) => route.method)), 'OPTIONS'].join(', ');
    return problem(405, `This path takes ${allowed}`, { headers: { Allow: allowed } });
  };
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}/?$`);
}

function parametersIn(path: string): number {
  return path.split('{').length - 1;
}
