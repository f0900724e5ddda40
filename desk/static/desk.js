// Everything works without this. It enhances: GOV.UK's components, and shortcuts, which an officer can switch off (/help).
import { initAll } from "/static/vendor/govuk-frontend/govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

const OFF = "moot-shortcuts-off";
const off = () => localStorage.getItem(OFF) === "1";
const typing = (element) => element.matches("input, textarea, select, [contenteditable]");
let before = "";

function follow(keys) {
  const target = document.querySelector(`[data-shortcut="${CSS.escape(keys)}"]`);
  if (!target) return false;
  if (target.matches("input")) target.focus();
  else target.click();
  return true;
}

function move(step) {
  const rows = [...document.querySelectorAll(".desk-table tbody tr")].filter((row) => row.querySelector("a"));
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
  if (next) next.querySelector("a").focus();
}

document.addEventListener("keydown", (event) => {
  if (off() || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const keys = before ? `${before} ${event.key}` : event.key;
  before = event.key === "g" && !before ? "g" : "";
  if (before) return;
  if (event.key === "?") window.location.assign("/help");
  else if (event.key === "j" || event.key === "k") move(event.key === "j" ? 1 : -1);
  else if (!follow(keys)) return;
  event.preventDefault();
});

const toggle = document.querySelector("#shortcuts-off");
if (toggle) {
  toggle.checked = off();
  toggle.closest("[hidden]")?.removeAttribute("hidden");
  toggle.addEventListener("change", () => localStorage.setItem(OFF, toggle.checked ? "1" : "0"));
}

// Pictures laid side by side grow and shrink together; without this a link leads to them at full size.
const zoom = document.querySelector("[data-zoom]");
if (zoom) {
  const sheets = document.querySelectorAll(".desk-signature__sheet img");
  let step = 0;
  zoom.removeAttribute("hidden");
  zoom.addEventListener("click", (event) => {
    const by = Number(event.target.dataset.zoomBy ?? 0);
    step = Math.min(Math.max(step + by, 0), 3);
    for (const sheet of sheets) sheet.className = `desk-signature__zoomed-${step}`;
  });
}
