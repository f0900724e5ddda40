// Opening a sealed round, and sealing what is recorded on it: AES-256-GCM under a key of PBKDF2-HMAC-SHA-256.
// The same as exchange/sealed_round.py; only WebCrypto is used.

const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(Array.from(new Uint8Array(buffer), (b) => String.fromCharCode(b)).join(""));
const encode = (string) => new TextEncoder().encode(string);
const bound = (round) => encode(`moothall-round-v1|${round.round_id}|${round.expires_at}`);
const boundRecords = (round) => encode(`moothall-records-v1|${round.round_id}`);

export class Expired extends Error {}
export class WrongPassphrase extends Error {}

async function keyOf(round, passphrase) {
  const secret = await crypto.subtle.importKey("raw", encode(passphrase), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: bytes(round.salt), iterations: round.iterations };
  return crypto.subtle.deriveKey(how, secret, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

async function decrypt(key, nonce, sealed, additionalData) {
  try {
    const clear = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(nonce), additionalData }, key, bytes(sealed));
    return JSON.parse(new TextDecoder().decode(clear));
  } catch {
    throw new WrongPassphrase();
  }
}

/** The key and content of a round. Throws WrongPassphrase. An expired round opens no more, but its key is still needed:
 *  `content` is null then, and what was recorded can be uploaded. */
export async function open(round, passphrase, now = new Date()) {
  const key = await keyOf(round, passphrase);
  const content = await decrypt(key, round.nonce, round.sealed, bound(round));
  return { key, content: now < new Date(round.expires_at) ? content : null };
}

/** Records of a round as they lie on the device. */
export async function sealRecords(key, round, records) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const how = { name: "AES-GCM", iv, additionalData: boundRecords(round) };
  return { nonce: text(iv), sealed: text(await crypto.subtle.encrypt(how, key, encode(JSON.stringify(records)))) };
}

export async function openRecords(key, round, kept) {
  return kept ? decrypt(key, kept.nonce, kept.sealed, boundRecords(round)) : [];
}
