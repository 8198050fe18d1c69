/**
 * The floor: a page that appends the words of the same stream as plain text, and does nothing else. What
 * it reaches is what the machine and the browser cost by themselves. A line is an element of its own, as
 * the layout of one text of 16,000 characters would be the dearest part. It keeps the names that CONTRACT
 * fixes for the chat page, so that both are driven and looked at by the same code.
 */
import { ROUTE_OF_CHAT, ROUTE_OF_STREAM } from "./routes.ts";

const STYLE = `
html, body { height: 100%; margin: 0; font: 16px/1.5 system-ui, sans-serif; }
main { height: 100%; display: flex; flex-direction: column; }
[role="log"] { flex: 1; overflow: auto; contain: strict; }
article { white-space: pre-wrap; max-width: 45rem; margin: 1rem auto; }
`;

const SCRIPT = `
"use strict";
const log = document.querySelector('[role="log"]');
const field = document.querySelector("textarea");
let due = false;
function follow() {
  if (due) return;
  due = true;
  requestAnimationFrame(() => { due = false; log.scrollTop = log.scrollHeight; });
}
function add(role, state, text) {
  const article = document.createElement("article");
  article.dataset.role = role;
  article.dataset.state = state;
  if (text !== "") article.append(text);
  log.append(article);
  return article;
}
function grow(article, text) {
  const [first, ...others] = text.split("\\n");
  const line = article.lastElementChild ?? article.appendChild(document.createElement("div"));
  line.append(first);
  for (const other of others) {
    const next = document.createElement("div");
    next.append(other);
    article.append(next);
  }
}
async function send() {
  const question = field.value;
  field.value = "";
  add("user", "done", question);
  const article = add("assistant", "waiting", "");
  const response = await fetch("${ROUTE_OF_STREAM}?" + new URLSearchParams({ question }));
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    article.dataset.state = "streaming";
    grow(article, piece.value);
    follow();
  }
  article.dataset.state = "done";
}
document.querySelector("button").addEventListener("click", () => { void send(); field.focus(); });
async function show() {
  if (location.pathname !== "${ROUTE_OF_CHAT}") return;
  for (const { role, text } of await (await fetch("${ROUTE_OF_CHAT}.json")).json()) add(role, "done", text);
  log.scrollTop = log.scrollHeight;
}
field.focus();
document.documentElement.dataset.ready = "";
void show();
`;

/** Served at every address of the floor. */
export const FLOOR_PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<link rel="icon" href="data:,">
<title>Floor</title>
<style>${STYLE}</style>
<main>
<div role="log"></div>
<textarea aria-label="Message"></textarea>
<button type="button">Send</button>
</main>
<script>${SCRIPT}</script>
</html>
`;
