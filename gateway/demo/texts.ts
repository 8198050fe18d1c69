/**
 * What the demo models say: useful words about Latchkey, in the Markdown that a chat page has to
 * show well. Each text says that no model is behind it, and how to get one.
 */

const TOUR = `# Hello from the demo engine 👋

I am **not a language model**. I am a small program that speaks Ollama's wire, so that the whole chain can be tried before a model is there. The words are canned; the way they reached you is real.

## The way your message took

1. **This page** asked the app, and only the app.
2. **The app** checked your access key and asked the door.
3. **The door** is locked: it checked the app's key, then asked the engine at home.
4. **The engine** answered token by token, and nothing on the way held a token back.

| link | what it holds | what a stranger gets |
|---|---|---|
| page | no key at all | the sign-in page |
| app | the door's key | \`401\` |
| door | the one key it takes: the app's | \`401\` |
| engine | your models | nothing: it listens at home only |

## Get a real model

Install Ollama from its own site, then:

\`\`\`sh
ollama pull qwen3:0.6b   # small, runs on a CPU
npm run up               # finds it and uses it
\`\`\`

How long an answer takes is no secret either: $t = t_{load} + n_{prompt} / r_{read} + n_{reply} / r_{write}$, or in full

$$
t = t_{load} + \\frac{n_{prompt}}{r_{read}} + \\frac{n_{reply}}{r_{write}}
$$

- [x] Streaming works, or you would not read this bit by bit.
- [ ] *Try it:* press **Stop** in the middle; the engine falls silent within milliseconds. 🛑

한국어도 됩니다: **열쇠**는 문에서 확인하고, **모델**은 집에 있습니다. 🔑🏠
`;

const DOOR = `# Keys, doors and going online 🔐

A word first: this is Latchkey's **demo engine**, *not a model*. It answers from a short list of texts. For the real thing install Ollama, run \`ollama pull qwen3:0.6b\`, and then \`npm run up\` again.

## Two keys, and they never meet

| key | who holds it | what it opens |
|---|---|---|
| access key | you, and each client you trust | the app |
| door key | the app's server, never a browser | the door at home |

- Ollama itself has **no lock**: whoever reaches its port uses your GPU.
- The door listens instead of it, compares the key exactly, and answers everything else with \`401\`.
- The door passes on a *short list* of paths; pulling, deleting and copying models are not among them.

## Putting the web half on Vercel

1. Import the repository.
2. Set the variables that the README names.
3. Deploy, and open \`/sign-in\`.

\`\`\`ts
const reply = await fetch("/api/chat", {
  method: "POST",
  headers: { authorization: \`Bearer \${accessKey}\` },
  body: JSON.stringify({ messages: [{ role: "user", content: "Hello" }] }),
});
\`\`\`

> A key of $n$ random characters out of 64 has $6n$ bits; at 43 characters that is $6 \\cdot 43 = 258$. Nobody guesses it.

한국어로 한 줄: **문 열쇠**는 서버만 알고, **접속 열쇠**를 가진 사람만 들어옵니다. 🚪
`;

const KOREAN = `# 안녕하세요, 데모 엔진입니다 👋

저는 **언어 모델이 아닙니다**. 모델 없이도 전체 연결을 시험해 볼 수 있도록 Ollama와 똑같은 방식으로 대답하는 작은 프로그램입니다. 글은 미리 써 둔 것이지만, 여기까지 온 길은 진짜입니다.

## 메시지가 지나온 길

1. **브라우저**는 앱에만 묻습니다.
2. **앱**은 접속 열쇠를 확인하고 문에 묻습니다.
3. **문**은 앱의 열쇠를 확인하고 집에 있는 엔진에 묻습니다.
4. **엔진**이 한 조각씩 대답합니다.

| 연결 | 가진 것 | 낯선 사람이 받는 것 |
|---|---|---|
| 브라우저 | 열쇠 없음 | 로그인 화면 |
| 앱 | 문 열쇠 | \`401\` |
| 문 | 받아들이는 열쇠 하나: 앱의 것 | \`401\` |

## 진짜 모델을 쓰려면

Ollama를 설치한 다음:

\`\`\`sh
ollama pull qwen3:0.6b
npm run up
\`\`\`

- **중지**를 누르면 엔진도 바로 멈춥니다. 🛑
- 걸리는 시간은 $t = n / r$: 글자 조각의 수 $n$을 속도 $r$로 나눈 값입니다.

English works too: ask anything, and **the same honest canned text** comes back. 🔑
`;

/** What the thinking model thinks before it answers. */
export const THOUGHT = `The person wrote to the demo engine. I say first what I am, then show the way of a message, with a table and **한국어**로 한 줄.
`;

/** The text that answers a message best. The match is loose: nobody is understood here. */
export function answerTo(message: string): string {
  if (/\p{Script=Hangul}/u.test(message)) return KOREAN;
  return /\b(?:keys?|doors?|lock|safe|secur|vercel|deploy|caddy|nginx|online)/iu.test(message)
    ? DOOR
    : TOUR;
}

/** What the tools model says once a tool has answered. */
export function answerAfterTool(result: string): string {
  return `The tool answered: ${result}. This is Latchkey's demo engine, so no model read that; it only shows that tool calls go out and their results come back.`;
}
