// Custom resource handlers of the CDK PUT their answer with https.request to the host of the ResponseURL. Here that
// URL is LocalStack's own (hooks.py), which speaks HTTP on a port: send it there.
const http = require('node:http');
const https = require('node:https');
const { syncBuiltinESMExports } = require('node:module');

const responsePath = '/_nlj/cfn-response/';
const { request } = https;

https.request = function (options, ...rest) {
  if (typeof options?.path !== 'string' || !options.path.startsWith(responsePath)) {
    return request.call(this, options, ...rest);
  }
  const { hostname, port, host } = new URL(process.env.AWS_ENDPOINT_URL);
  return http.request({ ...options, hostname, port, headers: { ...options.headers, host } }, ...rest);
};
syncBuiltinESMExports();
