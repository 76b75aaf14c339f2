// What npm's @valueflows/vf-graphql, the reference schema, finds changed in a schema: its own `validate`.
// Reads the schema from standard input (a plan with the text), prints the list of what it found.
import { createRequire } from 'node:module';

const require = createRequire(process.env.REFLOW_BROWSER + '/');
const { validate } = require('@valueflows/vf-graphql');
const { buildSchema } = require('graphql');
let plan = '';
process.stdin.setEncoding('utf8');
for await (const part of process.stdin) plan += part;
const found = validate(buildSchema(JSON.parse(plan).schema));
console.log(JSON.stringify(found.map(({ type, description }) => `${type} ${description}`)));
