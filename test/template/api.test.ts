import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { stage, stageNames, templatesOf } from './support/synthesize.ts';

describe.each(stageNames)('the gateway of %s', (name) => {
  const { api } = templatesOf(name);

  it('passes every path and method to the one function', () => {
    api.resourceCountIs('AWS::ApiGateway::RestApi', 1);
    api.resourceCountIs('AWS::ApiGateway::Resource', 1);
    api.hasResourceProperties('AWS::ApiGateway::Resource', { PathPart: '{proxy+}' });
    const methods = Object.values(api.findResources('AWS::ApiGateway::Method'));
    expect(methods).toHaveLength(2);
    for (const { Properties } of methods) {
      expect(Properties).toMatchObject({
        HttpMethod: 'ANY',
        AuthorizationType: 'NONE',
        Integration: { Type: 'AWS_PROXY' },
      });
    }
  });

  it('limits what comes, for all methods, as the stage says', () => {
    const { rate, burst } = stage(name).api.throttle;
    api.hasResourceProperties('AWS::ApiGateway::Stage', {
      StageName: 'live',
      MethodSettings: [
        {
          HttpMethod: '*',
          ResourcePath: '/*',
          ThrottlingRateLimit: rate,
          ThrottlingBurstLimit: burst,
          LoggingLevel: 'OFF',
          DataTraceEnabled: false,
          MetricsEnabled: true,
        },
      ],
    });
  });

  it('logs each access without who it was or what he asked for', () => {
    const [deployed] = Object.values(api.findResources('AWS::ApiGateway::Stage'));
    const { Format } = deployed?.['Properties'].AccessLogSetting ?? {};
    expect(Object.keys(JSON.parse(Format))).toContain('requestId');
    expect(Format).not.toMatch(/\$context\.(path|identity|authorizer|requestOverride|customDomain)\b/);
    api.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: `/aws/apigateway/nlj-events-${name}-api`,
      RetentionInDays: stage(name).logRetentionDays,
    });
  });

  it('says in the form of problems what it refuses by itself', () => {
    for (const type of ['THROTTLED', 'REQUEST_TOO_LARGE', 'DEFAULT_4XX', 'DEFAULT_5XX']) {
      api.hasResourceProperties('AWS::ApiGateway::GatewayResponse', {
        ResponseType: type,
        ResponseTemplates: { 'application/problem+json': Match.stringLikeRegexp('"title":') },
      });
    }
    for (const { Properties } of Object.values(api.findResources('AWS::ApiGateway::GatewayResponse'))) {
      const [text] = Object.values(Properties.ResponseTemplates);
      expect(JSON.parse(String(text))).toMatchObject({ type: 'about:blank', request_id: '$context.requestId' });
    }
  });

  it('lets nobody but this gateway invoke the function', () => {
    const permissions = Object.values(api.findResources('AWS::Lambda::Permission'));
    expect(permissions).toHaveLength(2);
    for (const { Properties } of permissions) {
      expect(Properties).toMatchObject({ Principal: 'apigateway.amazonaws.com', SourceArn: expect.anything() });
    }
  });
});
