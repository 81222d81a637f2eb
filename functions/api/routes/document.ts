import { z } from 'zod';
import { nothing } from '../http/parameters.ts';
import { parseQuery } from '../http/request.ts';
import { openApiDocument } from '../openapi.ts';
import { data, type Route } from '../route.ts';

/** The route that serves the document of all routes, itself included. */
export function documentRoute(others: readonly Route[]): Route {
  let document: ReturnType<typeof openApiDocument> | null = null;
  const route: Route = {
    method: 'GET',
    path: '/api/openapi.json',
    operationId: 'getDocument',
    summary: 'This document',
    access: 'public',
    params: nothing,
    query: nothing,
    body: null,
    data: z.looseObject({ openapi: z.string() }),
    success: 200,
    envelope: 'raw',
    async handle({ request }) {
      const asked = parseQuery(nothing, request);
      if (asked.kind === 'problem') return { outcome: asked, filters: {} };
      document ??= openApiDocument([...others, route]);
      return { outcome: data(document), filters: {} };
    },
  };
  return route;
}
