// Loaded into every JavaScript function process before the runtime client.
require('./rapid-client.cjs');
require('./runtime-sdk.cjs');
require('./cfn-response.cjs');
