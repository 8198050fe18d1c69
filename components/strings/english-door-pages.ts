import type { DoorPageStrings } from "./strings-shape.ts";

export const englishDoorPages: DoorPageStrings = {
  language: "en",
  name: "Latchkey",
  tagline: "Your own models, behind your own door.",
  signIn: "Sign in",
  retry: "Retry",
  requestId: (id) => `Request ${id}`,
  signInTitle: "Use your key",
  signInText: "This chat runs on somebody’s own computer. An access key opens it.",
  accessKey: "Access key",
  signingIn: "Opening",
  signInHelp: "No key? The person who runs this place can make one for you.",
  notFoundTitle: "There is no door here",
  notFoundText: "This address leads nowhere. The chat is next door.",
  toChat: "To the chat",
  brokenTitle: "Something broke in this page",
  brokenText: "Your models are fine. Try again, or load the page anew.",
};
