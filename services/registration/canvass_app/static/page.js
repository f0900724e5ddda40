// Small ways to build the page. Text is only ever set as text: a name is never markup.

export const $ = (id) => document.getElementById(id);

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== false) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

export function show(id) {
  for (const section of document.querySelectorAll("main > section")) section.hidden = section.id !== id;
  $("problem").hidden = true;
  $("main").focus();
}

export function say(sentence) {
  $("said").textContent = sentence;
}

export function problem(sentence) {
  $("problem").textContent = sentence;
  $("problem").hidden = false;
  $("problem").focus();
}
