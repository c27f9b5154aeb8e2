// A certified OpenID provider on a free port of loopback: `node provider.mjs NODE_MODULES`. Its clients, accounts and options
// are JSON on standard input; its issuer is the first line on standard output. It ends with its standard input.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';

const { Provider } = await import(pathToFileURL(`${process.argv[2]}/oidc-provider/lib/index.js`));
const [text] = await once(process.stdin, 'data');
const { clients, accounts, conformIdTokenClaims } = JSON.parse(text.toString());
const server = createServer();
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const issuer = `http://127.0.0.1:${server.address().port}`;
const provider = new Provider(issuer, {
  clients,
  conformIdTokenClaims,
  scopes: ['openid', 'profile', 'crosslook'],
  claims: { openid: ['sub'], profile: ['name'], crosslook: ['tenant', 'groups'] },
  pkce: { required: () => true },
  cookies: { keys: ['loopback only'] },
  findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId, ...accounts[accountId] }) }),
});
server.on('request', provider.callback());
process.stdin.on('end', () => process.exit(0)).resume();
process.stdout.write(`${JSON.stringify({ issuer })}\n`);
