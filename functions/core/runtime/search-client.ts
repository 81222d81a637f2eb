import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { Client } from '@opensearch-project/opensearch';
import { AwsSigv4Signer } from '@opensearch-project/opensearch/aws-v3';

export interface SearchEnvironment {
  readonly OPENSEARCH_ENDPOINT: string;
  readonly OPENSEARCH_AUTH: 'iam' | 'none';
}

export interface SearchClientOptions {
  readonly requestTimeout?: number;
  readonly credentials?: ReturnType<typeof defaultProvider>;
}

/**
 * A client of the domain: signed with SigV4, or plain for the local engine. Retries are ours to decide, so it has none.
 * @param options.requestTimeout milliseconds after which a request counts as one to a store that is down.
 * @param options.credentials whose signature; by default the function's role's.
 */
export function searchClient(
  environment: SearchEnvironment,
  { requestTimeout = 10_000, credentials }: SearchClientOptions = {},
): Client {
  const options = { node: environment.OPENSEARCH_ENDPOINT, maxRetries: 0, requestTimeout };
  if (environment.OPENSEARCH_AUTH === 'none') return new Client(options);
  const region = process.env['AWS_REGION'];
  if (region === undefined) throw new Error('AWS_REGION is not set: requests to the domain cannot be signed');
  return new Client({
    ...options,
    ...AwsSigv4Signer({ region, service: 'es', getCredentials: credentials ?? (() => defaultProvider()()) }),
  });
}
