// aws-lambda-ric answers invocations through a native addon that its install script compiles, even where it asks for
// them over HTTP (AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1). Nothing is compiled here: this stands in for the addon.
const { Agent, request } = require('node:http');
const Module = require('node:module');

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** Posts to the Runtime API. A failure ends the process, as the addon's exception does. */
function post(path, body) {
  const [hostname, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
  const bytes = Buffer.from(body);
  const sent = request(
    {
      agent,
      method: 'POST',
      hostname,
      port,
      path: `/2018-06-01/runtime/invocation/${path}`,
      headers: { 'Content-Type': 'application/json', 'Content-Length': bytes.length },
    },
    (response) => response.resume(),
  );
  sent.on('error', (error) => {
    throw error;
  });
  sent.end(bytes);
}

const client = {
  done: (id, body) => post(`${id}/response`, body),
  error: (id, body) => post(`${id}/error`, body),
};

const load = Module._load;
Module._load = function (name, ...rest) {
  return name === './rapid-client.node' ? client : load.call(this, name, ...rest);
};
