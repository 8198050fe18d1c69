import type { ComponentProps } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { ChatRow } from "../../../components/sidebar/chat-row.tsx";
import { summary } from "./chats.ts";

const actions: ComponentProps<typeof ChatRow>["actions"] = {
  open: () => undefined,
  press: () => false,
  endEdit: () => undefined,
  toggleMenu: () => undefined,
  reach: () => undefined,
};

function show(given: Partial<ComponentProps<typeof ChatRow>>): string {
  const state = { open: false, busy: false, tabbable: false, editing: false, menuOpen: false };
  return renderToStaticMarkup(
    <ul>
      <ChatRow chat={summary("a")} actions={actions} {...state} {...given} />
    </ul>,
  );
}

describe("a row of the list", () => {
  it("is a link to its chat, whatever its id holds", () => {
    expect(show({ chat: summary("a/b?") })).toContain('href="/c/a%2Fb%3F"');
  });

  it("tells that its chat is open, that an answer is being written, that its menu is open", () => {
    expect(show({})).not.toMatch(/aria-current|answering|aria-expanded="true"/u);
    expect(show({ open: true })).toContain('aria-current="page"');
    expect(show({ busy: true })).toContain("(answering)");
    expect(show({ menuOpen: true })).toContain('aria-expanded="true"');
  });

  it("names its menu after its chat, one without a title too", () => {
    expect(show({})).toContain('aria-label="More for Title of a"');
    expect(show({ chat: summary("a", { title: "" }) })).toContain('aria-label="More for New chat"');
  });

  it("is reached by Tab only where it is the one", () => {
    expect(show({}).match(/tabindex="-1"/gu)).toHaveLength(2);
    expect(show({ tabbable: true }).match(/tabindex="0"/gu)).toHaveLength(2);
  });

  it("marks what was found, and shows markup as it was typed", () => {
    const chat = { ...summary("a", { title: "A <b>door</b>" }), excerpt: "the DOOR & its lock" };
    const html = show({ chat, words: "door" });
    expect(html).toContain("A &lt;b&gt;<mark>door</mark>&lt;/b&gt;");
    expect(html).toContain("the <mark>DOOR</mark> &amp; its lock");
  });

  it("is a field with the title while it is renamed", () => {
    const html = show({ editing: true });
    expect(html).toContain('aria-label="Title of the chat"');
    expect(html).toContain('value="Title of a"');
    expect(html).not.toContain("<a ");
  });
});
