// The Lambda runtime brings the AWS SDK along, for `import` as well as for `require`, and bundles leave it out. Here it
// comes from this project's own packages; everything else must be in the bundle, as on AWS.
const { createRequire, registerHooks } = require('node:module');
const { pathToFileURL } = require('node:url');

const provided = /^@(aws-sdk|smithy)\//;
const notFound = new Set(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND']);
const packages = pathToFileURL(`${process.env.NLJ_LOCAL_NODE_PATH}/index.js`).href;
const { resolve: resolveRequired } = createRequire(packages);

registerHooks({
  resolve(specifier, context, next) {
    try {
      return next(specifier, context);
    } catch (error) {
      if (!provided.test(specifier) || !notFound.has(error.code)) throw error;
      if (context.conditions.includes('require')) {
        return { url: pathToFileURL(resolveRequired(specifier)).href, shortCircuit: true };
      }
      return next(specifier, { ...context, parentURL: packages });
    }
  },
});
