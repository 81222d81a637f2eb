import { Client } from '@opensearch-project/opensearch';
import { type HttpAnswer, startHttpProxy } from '../../localstack/faults/proxy/http-proxy.ts';

/** A client of an index that answers on the wire what a test says: as OpenSearch, or what stands before it, does. */
export async function openAnsweringIndex() {
  const server = await startHttpProxy('http://127.0.0.1:9');
  const client = new Client({ node: server.url, maxRetries: 0 });
  return {
    client,
    /** The outcome of some work while each request, by its body, is answered so. */
    async answering<T>(answer: (body: string) => HttpAnswer, work: () => Promise<T>): Promise<T> {
      const end = server.use(async ({ body }) => answer(body.toString()));
      try {
        return await work();
      } finally {
        end();
      }
    },
    async close() {
      await client.close();
      await server.close();
    },
  };
}

export type AnsweringIndex = Awaited<ReturnType<typeof openAnsweringIndex>>;
