// An OpenID provider to try signing in with: the certified `oidc-provider`, as it comes, with PKCE required.
// node openid-provider.mjs PORT REDIRECT_URI; it prints a line when it listens. Whoever signs in is an
// assessed unit's person, whatever the password; `office` is of the performance office.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { Provider } from "oidc-provider";

const [port, redirect] = process.argv.slice(2);
const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const key = { ...privateKey.export({ format: "jwk" }), use: "sig", alg: "ES256", kid: "one" };
const claims = (subject) => ({
  person: `P-${subject}`,
  ...(subject === "office" ? { roles: ["performance_office"] } : { roles: ["assessed_unit"], unit: "U1" }),
});

const client = (id, more) => ({
  client_id: id,
  client_secret: "a secret: with / and +",
  redirect_uris: [redirect],
  grant_types: ["authorization_code", "refresh_token"],
  response_types: ["code"],
  id_token_signed_response_alg: "ES256",
  ...more,
});

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [client("kaoping"), client("another")],
  jwks: { keys: [key] },
  cookies: { keys: [randomBytes(16).toString("hex")] },
  pkce: { required: () => true },
  enabledJWA: { idTokenSigningAlgValues: ["ES256"] },
  findAccount: (_, subject) => ({ accountId: subject, claims: () => ({ sub: subject }) }),
  issueRefreshToken: async () => true,
  rotateRefreshToken: true,
  extraTokenClaims: (_, token) => claims(token.accountId),
  ttl: { AccessToken: 600, Session: 600, Interaction: 600, Grant: 600, IdToken: 600, RefreshToken: 600 },
  features: {
    devInteractions: { enabled: true },
    revocation: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => "urn:kaoping",
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: "openid",
        audience: "kaoping",
        accessTokenFormat: "jwt",
        accessTokenTTL: 600,
        jwt: { sign: { alg: "ES256" } },
      }),
    },
  },
});
provider.listen(Number(port), "127.0.0.1", () => console.log("listening"));
