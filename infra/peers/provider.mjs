// An identity provider that we did not write: whoever types a mail address into its form is that person.
// usage: node provider.mjs PORT REDIRECT_URI; client `vuoro`, secret `a secret`; says "ready" when it listens.
import { generateKeyPairSync } from "node:crypto";
import Provider from "oidc-provider";

const [port, redirectUri] = process.argv.slice(2);
const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: "vuoro",
      client_secret: "a secret",
      redirect_uris: [redirectUri],
      grant_types: ["authorization_code"],
    },
  ],
  jwks: { keys: [{ ...key, alg: "RS256", use: "sig", kid: "one" }] },
  claims: { email: ["email", "email_verified"] },
  cookies: { keys: ["not a secret"] },
  pkce: { required: () => true },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: id, email_verified: !id.startsWith("unverified.") }),
  }),
  // Whoever signs in has said yes to sharing their address.
  async loadExistingGrant(context) {
    const { client, session } = context.oidc;
    const grant = new context.oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope("openid email");
    await grant.save();
    return grant;
  },
});

provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
