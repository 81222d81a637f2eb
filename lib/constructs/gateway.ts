import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { apiStage } from '../catalogue.ts';
import type { StageConfiguration } from '../stage/schema.ts';
import { logRetention } from './node-function.ts';
import { removalPolicy } from './removal.ts';

export interface GatewayProps {
  readonly stage: StageConfiguration;
  readonly handler: lambda.IFunction;
}

/**
 * What the access log says of a request. Not the path, which may name a learner, nor address and agent of who asked:
 * `route` is the gateway's resource; the function's line of the same request id has the route.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
 */
const accessLogLine = {
  requestId: '$context.requestId',
  requestTime: '$context.requestTime',
  method: '$context.httpMethod',
  route: '$context.resourcePath',
  status: '$context.status',
  millis: '$context.responseLatency',
  functionMillis: '$context.integration.latency',
  bytes: '$context.responseLength',
  error: '$context.error.responseType',
} as const;

/** Rules of cdk-nag that the gateway is let off. */
const letOff = [
  {
    id: 'AwsSolutions-APIG2',
    reason: 'The function validates each request by the schema of its route and answers with the path and the rule',
  },
  {
    id: 'AwsSolutions-APIG3',
    reason:
      'Every route but the document needs a signed token, and the stage limits the rate; a web ACL is an organisation-wide choice',
  },
  { id: 'AwsSolutions-APIG4', reason: 'The function verifies the token of every request but those for the document' },
  { id: 'AwsSolutions-COG4', reason: 'Tokens come from the NLJ identity provider by JWKS, not from Cognito' },
  {
    id: 'AwsSolutions-APIG6',
    reason: 'Access is logged; execution logs would hold paths and bodies, which name learners',
  },
  {
    id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
    reason: "The account's role by which API Gateway writes logs takes AWS's own policy: API Gateway knows no other",
  },
] as const;

/** A REST API whose one function answers every path and method, behind the stage's limits. */
export class Gateway extends Construct {
  readonly api: apigateway.RestApi;

  constructor(scope: Construct, id: string, { stage, handler }: GatewayProps) {
    super(scope, id);
    const accessLog = new logs.LogGroup(this, 'AccessLog', {
      logGroupName: `/aws/apigateway/nlj-events-${stage.stage}-api`,
      retention: logRetention(stage),
      removalPolicy: removalPolicy(stage.protect),
    });
    this.api = new apigateway.RestApi(this, 'Api', {
      restApiName: `nlj-events-${stage.stage}-api`,
      description: 'NLJ analytics: the function validates requests and verifies tokens',
      endpointTypes: [apigateway.EndpointType.REGIONAL],
      // The role of the account by which gateways write logs; it outlives a stack, as other stacks of the account use it.
      cloudWatchRole: true,
      cloudWatchRoleRemovalPolicy: RemovalPolicy.RETAIN,
      deployOptions: {
        stageName: apiStage,
        throttlingRateLimit: stage.api.throttle.rate,
        throttlingBurstLimit: stage.api.throttle.burst,
        metricsEnabled: true,
        // Execution logs would hold paths and bodies.
        loggingLevel: apigateway.MethodLoggingLevel.OFF,
        dataTraceEnabled: false,
        accessLogDestination: new apigateway.LogGroupLogDestination(accessLog),
        accessLogFormat: apigateway.AccessLogFormat.custom(JSON.stringify(accessLogLine)),
      },
    });
    Validations.of(this.api).acknowledge(...letOff);
    const integration = new apigateway.LambdaIntegration(handler, { proxy: true, allowTestInvoke: false });
    this.api.root.addMethod('ANY', integration);
    this.api.root.addProxy({ anyMethod: true, defaultIntegration: integration });
    this.problem('Throttled', apigateway.ResponseType.THROTTLED, 429, 'Too Many Requests', 'Too many requests at once');
    this.problem(
      'TooLarge',
      apigateway.ResponseType.REQUEST_TOO_LARGE,
      413,
      'Content Too Large',
      'The request is too large',
    );
    this.problem('Refused', apigateway.ResponseType.DEFAULT_4XX, undefined, 'Bad Request', 'The gateway refuses this');
    this.problem(
      'Failed',
      apigateway.ResponseType.DEFAULT_5XX,
      undefined,
      'Service Unavailable',
      'The function did not answer; try again later',
    );
  }

  /** What the gateway answers by itself has the form of the function's problems. */
  private problem(
    id: string,
    type: apigateway.ResponseType,
    status: number | undefined,
    title: string,
    detail: string,
  ): void {
    const members = `"type":"about:blank","title":"${title}","detail":"${detail}","request_id":"$context.requestId"`;
    this.api.addGatewayResponse(id, {
      type,
      ...(status === undefined ? {} : { statusCode: String(status) }),
      responseHeaders: type === apigateway.ResponseType.THROTTLED ? { 'Retry-After': "'1'" } : {},
      templates: {
        'application/problem+json': status === undefined ? `{${members}}` : `{${members},"status":${status}}`,
      },
    });
  }
}
