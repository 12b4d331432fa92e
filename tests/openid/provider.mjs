// A certified OpenID provider for the tests: `node provider.mjs MODULES PORT`, where MODULES is the
// folder in which `npm ci` put what package-lock.json names. Nobody has to type anything in:
// whoever is named in `login_hint` is signed in, apart from `nobody`, who refuses.

import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [modules, port] = process.argv.slice(2);
const library = resolve(modules, 'oidc-provider/lib/index.js');
const { default: Provider } = await import(pathToFileURL(library));

const issuer = `http://127.0.0.1:${port}`;
const client = {
  client_id: 'cthainguyen',
  client_secret: 'only for tests, never for a real provider',
  redirect_uris: ['https://c.thainguyen.gov.vn/v1/auth/oidc/callback'],
};

let keys = 0;

function newKey() {
  keys += 1;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: `key-${keys}`, use: 'sig', alg: 'RS256' };
}

// A provider with a key of its own. What was granted before stays so: all keep it in one memory.
function newProvider() {
  return new Provider(issuer, {
    clients: [client],
    jwks: { keys: [newKey()] },
    cookies: { keys: ['only for tests'] },
    claims: { openid: ['sub', 'SoDinhDanh'], profile: ['HoVaTen'] },
    // Claims of other scopes than `openid` are told by the userinfo endpoint alone.
    conformIdTokenClaims: true,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    pkce: { required: () => true },
    ttl: { AuthorizationCode: 60, IdToken: 120, Session: 600, Grant: 600, Interaction: 600 },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, SoDinhDanh: '019087654321', HoVaTen: `${family} Văn ${id}` }),
    }),
  });
}

async function interact(request, response) {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  if (params.login_hint === 'nobody') {
    return provider.interactionFinished(request, response, { error: 'access_denied' });
  }
  if (prompt.name === 'login') {
    const login = { accountId: params.login_hint };
    return provider.interactionFinished(request, response, { login });
  }
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  const consent = { grantId: await grant.save() };
  return provider.interactionFinished(request, response, { consent }, {
    mergeWithLastSubmission: true,
  });
}

let family = 'Nguyễn';
let provider = newProvider();

createServer(async (request, response) => {
  if (request.url === '/rotate') {
    provider = newProvider();
    response.end();
  } else if (request.url === '/rename') {
    family = 'Trần';
    response.end();
  } else if (request.url.startsWith('/interaction/')) {
    await interact(request, response);
  } else {
    provider.callback()(request, response);
  }
}).listen(Number(port), '127.0.0.1');
