import { client } from "#/api/client";

const bytes = (text: string) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const text = (buffer: ArrayBuffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

interface Described {
  id: string;
  type: "public-key";
}
const described = (known: unknown) =>
  ((known ?? []) as Described[]).map(({ id, type }) => ({ id: bytes(id), type }));

export const canPasskeys = () => typeof PublicKeyCredential !== "undefined";

/** Whether the browser offers passkeys in the mail field's own list. */
export async function canSuggest(): Promise<boolean> {
  return canPasskeys() && ((await PublicKeyCredential.isConditionalMediationAvailable?.()) ?? false);
}

/** Why the device gave nothing: somebody closed its window, or it has what was asked for already. */
export class DeviceSaidNo extends Error {
  readonly known: boolean;
  constructor(cause: unknown) {
    super("The device gave no passkey.", { cause });
    this.known = cause instanceof DOMException && cause.name === "InvalidStateError";
  }
}

/** Makes a passkey on this device and signs in with it. */
export async function addPasskey(name: string): Promise<void> {
  const { data } = await client.POST("/v1/me/passkeys/options");
  const options = data?.public_key as Record<string, unknown> & {
    challenge: string;
    user: { id: string; name: string; displayName: string };
  };
  const made = (await navigator.credentials
    .create({
      publicKey: {
        ...(options as unknown as PublicKeyCredentialCreationOptions),
        challenge: bytes(options.challenge),
        user: { ...options.user, id: bytes(options.user.id) },
        excludeCredentials: described(options.excludeCredentials),
      },
    })
    .catch((cause) => {
      throw new DeviceSaidNo(cause);
    })) as PublicKeyCredential | null;
  if (!made) throw new DeviceSaidNo(null);
  const response = made.response as AuthenticatorAttestationResponse;
  await client.POST("/v1/me/passkeys", {
    body: {
      name,
      id: text(made.rawId),
      client_data_json: text(response.clientDataJSON),
      attestation_object: text(response.attestationObject),
    },
  });
}

/** Signs in with a passkey of this device; `suggested`: when somebody picks it from the mail field's list. */
export async function signInByPasskey(signal?: AbortSignal, suggested = false): Promise<void> {
  const { data } = await client.POST("/v1/logins/passkey/options");
  const options = data?.public_key as Record<string, unknown> & { challenge: string };
  const found = (await navigator.credentials
    .get({
      ...(signal && { signal }),
      ...(suggested && { mediation: "conditional" as const }),
      publicKey: {
        ...(options as unknown as PublicKeyCredentialRequestOptions),
        challenge: bytes(options.challenge),
        allowCredentials: described(options.allowCredentials),
      },
    })
    .catch((cause) => {
      throw new DeviceSaidNo(cause);
    })) as PublicKeyCredential | null;
  if (!found) throw new DeviceSaidNo(null);
  const response = found.response as AuthenticatorAssertionResponse;
  await client.POST("/v1/logins/passkey", {
    body: {
      id: text(found.rawId),
      client_data_json: text(response.clientDataJSON),
      authenticator_data: text(response.authenticatorData),
      signature: text(response.signature),
      user_handle: response.userHandle ? text(response.userHandle) : null,
    },
  });
}

/** A first name for a passkey: what people call the thing in their hand. */
export function deviceName(agent = navigator.userAgent): string {
  const names: [RegExp, string][] = [
    [/iPhone/u, "iPhone"],
    [/iPad/u, "iPad"],
    [/Android/u, "Android"],
    [/CrOS/u, "Chromebook"],
    [/Windows/u, "Windows"],
    [/Mac OS X|Macintosh/u, "Mac"],
    [/Linux/u, "Linux"],
  ];
  return names.find(([mark]) => mark.test(agent))?.[1] ?? "Passkey";
}
