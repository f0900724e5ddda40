// The registration service, asked with the pass of one round. Throws Refused with what to do, or NoNetwork.

export class NoNetwork extends Error {}
export class Refused extends Error {}

/** The pass is held in memory alone; on the device it lies sealed with the round it belongs to. */
let token = "";
export const actWith = (pass) => { token = pass; };

async function ask(method, path, body) {
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  if (method === "POST") headers["idempotency-key"] = crypto.randomUUID();
  if (body !== undefined) headers["content-type"] = "application/json";
  let answer;
  try {
    answer = await fetch(`..${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new NoNetwork("There is no network. Nothing is lost: upload when there is one.");
  }
  const said = await answer.json().catch(() => ({}));
  if (answer.status === 401) throw new Refused("This device may not act on the round any more. Ask the office for a new code, enrol, then repeat this.");
  if (!answer.ok) throw new Refused([said.detail ?? said.title ?? `It was refused (${answer.status}).`, said.next].filter(Boolean).join(" "));
  return said;
}

export const enrol = (code, device) => ask("POST", "/canvass-app/enrolments", { code, device });
export const myRounds = () => ask("GET", "/rounds");
export const download = (id, device, passphrase) => ask("POST", `/rounds/${id}/download`, { device, passphrase });
export const upload = (id, device, records) => ask("POST", `/rounds/${id}/records`, { device, records });
export const conflicts = (id) => ask("GET", `/rounds/${id}/conflicts`);
export const resolve = (card, year, kept) =>
  ask("POST", `/canvasses/${year}/properties/${card.property_id}/conflicts/${card.record_id}/resolution`, { kept });
