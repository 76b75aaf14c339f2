// An OpenID provider on this machine, as other people run one: npm's oidc-provider, with its own pages to sign in on.
// Reads its port and its one client from standard input, says "up", and runs until its input ends.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(process.env.REFLOW_BROWSER + '/');
const { default: Provider } = await import(pathToFileURL(require.resolve('oidc-provider')).href);
let plan = '';
process.stdin.setEncoding('utf8');
for await (const line of process.stdin) {
  plan += line;
  if (plan.includes('\n')) break;
}
const { port, back } = JSON.parse(plan);
const provider = new Provider(`http://localhost:${port}`, {
  clients: [{ client_id: 'reflow', client_secret: 'a secret of the client', redirect_uris: [back] }],
  cookies: { keys: ['for tests'] },
  pkce: { required: () => true },
});
// What it advises is for those who run one; nobody listens after the first line.
for (const aside of ['info', 'warn', 'error']) console[aside] = () => {};
provider.listen(port, 'localhost', () => console.log('up'));
