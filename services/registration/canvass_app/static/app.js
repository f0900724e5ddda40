// A visiting officer's round: download it, walk it without a network, upload what was recorded, see what conflicts.

import * as api from "./api.js";
import { countries } from "./countries.js";
import { $, element, problem, say, show } from "./page.js";
import * as sealed from "./sealed.js";
import * as store from "./store.js";

/** The round that is open: its sealed form, key, content (null once expired) and records. Only in memory. */
let current = null;
let visit = null;
let unlocking = null;
/** Of a round that was enrolled for and not opened yet. */
let pass = "";

const attempt = (work) => async (event) => {
  event?.preventDefault?.();
  try {
    await work(event);
  } catch (fault) {
    if (fault instanceof sealed.WrongPassphrase) problem("This passphrase does not open the round.");
    else problem(fault.message || "Something went wrong. Nothing is lost: try again.");
  }
};

// ----------------------------------------------------------------------------- rounds

async function showKept() {
  const kept = await store.rounds();
  const line = (round) =>
    element("li", {}, element("button", { class: "link", onclick: () => ask({ round }) }, round.name),
      ` until ${new Date(round.expires_at).toLocaleString("en-GB")}`);
  $("kept").replaceChildren(...(kept.length ? kept.map(line) : [element("li", {}, "None yet.")]));
}

/** A code is used up for a pass to its round: download that now. With records of the round still here, the new pass sends them. */
async function enrol() {
  const { token } = await api.enrol($("code").value.trim(), store.device());
  api.actWith(token);
  pass = token;
  $("code").value = "";
  history.replaceState(null, "", location.pathname);
  await showOffered();
}

async function showOffered() {
  const line = (round) =>
    element("li", {}, `${round.name}: ${round.visits} visits `,
      element("button", { onclick: () => ask({ offered: round }) }, `Download ${round.name}`));
  $("offered").replaceChildren(...(await api.myRounds()).map(line));
}

function ask(what) {
  unlocking = what;
  $("passphrase").value = "";
  show("unlock");
  $("passphrase").focus();
}

async function unlock() {
  const passphrase = $("passphrase").value;
  let { round } = unlocking;
  if (!round) {
    const { round_id: id, name } = unlocking.offered;
    await sendAway(id);
    round = { ...(await api.download(id, store.device(), passphrase)), name };
    await store.keepRound(round);
  }
  const opened = await sealed.open(round, passphrase);
  if (pass) {
    round.pass = await sealed.sealRecords(opened.key, round, pass);
    await store.keepRound(round);
    pass = "";
  }
  api.actWith(await sealed.openRecords(opened.key, round, round.pass));
  current = { round, ...opened, records: await sealed.openRecords(opened.key, round, await store.records(round.round_id)) };
  await showRound();
  await showConflicts().catch((fault) => {
    if (!(fault instanceof api.NoNetwork)) throw fault; // they are shown when there is a network
  });
}

/** A new download has another key: records under the old one must have left first. */
async function sendAway(id) {
  if (await store.records(id)) throw new Error("Upload what is recorded on this round before you download it again.");
}

// ------------------------------------------------------------------------------ round

async function showRound() {
  const { round, content, records } = current;
  $("round-name").textContent = round.name;
  const waiting = `${records.length} recorded and not uploaded.`;
  $("round-state").textContent = content
    ? `${content.visits.length} visits. ${waiting}`
    : `This round has expired and can no longer be read. ${waiting}`;
  $("upload").disabled = records.length === 0;
  const line = (door) => {
    const done = records.filter((record) => record.visit_id === door.visit_id).length;
    return element("li", {}, element("button", { class: "link", onclick: () => showVisit(door) }, door.address), " ",
      ...(done ? [element("span", { class: "tag" }, "recorded")] : []));
  };
  $("visits").replaceChildren(...(content?.visits ?? []).map(line));
  show("round");
}

async function keep() {
  const { key, round, records } = current;
  await store.keepRecords(round.round_id, await sealed.sealRecords(key, round, records));
}

async function upload() {
  const { round, records } = current;
  const answers = await api.upload(round.round_id, store.device(), records);
  const refused = answers.filter((answer) => answer.status === "refused");
  // What was refused stays, to be put right; all the rest has been taken, once.
  current.records = records.filter((_, n) => answers[n].status === "refused");
  if (current.records.length || current.content) await keep();
  else await store.forget(round.round_id);
  await showRound();
  const conflicts = await showConflicts();
  say(`${answers.length - refused.length} uploaded, ${conflicts} to be settled by an officer.`);
  if (refused.length) problem(refused.map((answer) => `${answer.title} ${answer.next}`).join(" "));
}

async function showConflicts() {
  const cards = await api.conflicts(current.round.round_id);
  $("conflicts").replaceChildren(...cards.map(card));
  return cards.length;
}

function card(found) {
  const words = (side) => [side.answers.join(", "), side.added.length ? `New: ${side.added.join(", ")}` : "",
    side.gone.length ? `${side.gone.length} said to have gone` : "", side.changes, side.note].filter(Boolean);
  const side = (title, said) =>
    element("div", {}, element("h4", {}, title), ...words(said).map((line) => element("p", {}, line)));
  const settle = (kept, label) =>
    element("button", { onclick: attempt(async () => {
      await api.resolve(found, new Date(found.visited_at).getFullYear(), kept);
      await showConflicts();
    }) }, label);
  return element("article", { class: "card" },
    element("h3", {}, "Two replies differ"),
    side("Mine, at the door", found.mine), side(`Theirs, by ${found.theirs.channel}`, found.theirs),
    found.may_resolve
      ? element("div", { class: "wide" }, settle("mine", "Keep mine"), settle("theirs", "Keep theirs"), settle("both", "Keep both"))
      : element("p", { class: "wide" }, "An officer decides which counts."));
}

// ------------------------------------------------------------------------------ visit

function showVisit(door) {
  visit = door;
  $("visit-form").reset();
  $("added").replaceChildren();
  $("visit-address").textContent = door.address;
  $("visit-purpose").textContent = door.invited ? `Invited to register: ${door.invited}` : "Canvass";
  $("electors").replaceChildren(...door.electors.map((elector) =>
    element("label", { class: "choice" }, element("input", { type: "checkbox", name: "gone", value: elector.elector_id }), elector.name)));
  follow();
  show("visit");
}

/** Ask only what the answers so far lead to. */
function follow() {
  const said = new FormData($("visit-form"));
  $("reply").hidden = said.get("outcome") !== "answered" || visit?.purpose === "invitation";
  $("changes").hidden = said.get("said") !== "changes";
}

function addPerson() {
  const n = $("added").children.length + 1;
  const field = (label, name) => [element("label", { for: `${name}-${n}` }, `${label} ${n}`), element("input", { id: `${name}-${n}`, name, maxlength: 100 })];
  const option = ([code, name]) => element("option", { value: code }, name);
  $("added").append(element("div", {}, ...field("First names of person", "first"), ...field("Last name of person", "last"),
    element("label", { for: `nationality-${n}` }, `Nationality of person ${n}`),
    element("select", { id: `nationality-${n}`, name: "nationality" }, ...[["", "Not said"], ...countries()].map(option)),
    element("label", { class: "choice" }, element("input", { type: "checkbox", name: "over-75", value: n - 1 }), `Person ${n} is 76 or over`)));
}

function replyOf(form) {
  const said = form.get("said");
  if (!said) throw new Error("Choose what they said.");
  if (said !== "changes") return { answers: [said], note: $("note").value };
  const [firsts, lasts] = [form.getAll("first"), form.getAll("last")];
  const [nationalities, old] = [form.getAll("nationality"), form.getAll("over-75").map(Number)];
  const added = lasts
    .map((last, n) => ({
      first: firsts[n].trim(), last: last.trim(), nationalities: [nationalities[n]].filter(Boolean), over_75: old.includes(n),
    }))
    .filter((person) => person.last);
  const gone = form.getAll("gone");
  const changes = $("other-changes").value.trim();
  const answers = [added.length && "added", gone.length && "left", changes && "changed"].filter(Boolean);
  if (!answers.length) throw new Error("Say who came, who left or what changed.");
  return { answers, added, gone, changes, note: $("note").value };
}

async function record() {
  const form = new FormData($("visit-form"));
  const made = { visit_id: visit.visit_id, visited_at: new Date().toISOString(), outcome: form.get("outcome"), note: $("note").value };
  if (!$("reply").hidden) made.reply = replyOf(form);
  current.records.push(made);
  await keep();
  say(`Recorded: ${visit.address}`);
  await showRound();
}

// ------------------------------------------------------------------------------ start

function network() {
  $("network").textContent = navigator.onLine ? "" : "No network: go on, upload later";
}

for (const button of document.querySelectorAll("[data-go]")) {
  button.addEventListener("click", attempt(async () => (button.dataset.go === "round" ? showRound() : (await showKept(), show("rounds")))));
}
$("enrol").addEventListener("submit", attempt(enrol));
$("code").value = location.hash.slice(1); // a link from the office: what follows # is sent to no server
$("passphrase-form").addEventListener("submit", attempt(unlock));
$("upload").addEventListener("click", attempt(upload));
$("add").addEventListener("click", addPerson);
$("visit-form").addEventListener("change", follow);
$("visit-form").addEventListener("submit", attempt(record));
addEventListener("online", network);
addEventListener("offline", network);
network();
await showKept();
await navigator.serviceWorker?.register("sw.js");
