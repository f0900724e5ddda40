// The registration service, asked in the name of who signed in. Throws Refused with what to do, or NoNetwork.

export class NoNetwork extends Error {}
export class Refused extends Error {}

export function signIn(token, authority) {
  sessionStorage.setItem("moothall-token", token);
  sessionStorage.setItem("moothall-authority", authority);
}

async function ask(method, path, body) {
  const headers = { authorization: `Bearer ${sessionStorage.getItem("moothall-token") ?? ""}` };
  const authority = sessionStorage.getItem("moothall-authority");
  if (authority) headers["x-authority"] = authority;
  if (method === "POST") headers["idempotency-key"] = crypto.randomUUID();
  if (body !== undefined) headers["content-type"] = "application/json";
  let answer;
  try {
    answer = await fetch(`..${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new NoNetwork("There is no network. Nothing is lost: upload when there is one.");
  }
  const said = await answer.json().catch(() => ({}));
  if (answer.status === 401) throw new Refused("Sign in again, then repeat this.");
  if (!answer.ok) throw new Refused([said.detail ?? said.title ?? `It was refused (${answer.status}).`, said.next].filter(Boolean).join(" "));
  return said;
}

export const myRounds = () => ask("GET", "/rounds");
export const download = (id, device, passphrase) => ask("POST", `/rounds/${id}/download`, { device, passphrase });
export const upload = (id, device, records) => ask("POST", `/rounds/${id}/records`, { device, records });
export const conflicts = (id) => ask("GET", `/rounds/${id}/conflicts`);
export const resolve = (card, year, kept) =>
  ask("POST", `/canvasses/${year}/properties/${card.property_id}/conflicts/${card.record_id}/resolution`, { kept });
