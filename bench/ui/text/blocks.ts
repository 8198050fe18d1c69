/**
 * The blocks that a rich answer is made of, in every kind of Markdown a chat page has to show. Each is
 * told its number, so that no two of an answer are alike and nothing can be kept from the one before.
 */
type Block = (number: number) => string;

const WORDS =
  "door key relay stream token answer model page frame browser queue slot prompt reply cache border signal letter garden window river market paper engine".split(
    " ",
  );

/** So many words, others for each number; the same in every run. */
export function words(number: number, count: number): string {
  return Array.from({ length: count }, (_, index) => {
    const place = (number * 7919 + index * (number + 31) * 17 + index * index) % WORDS.length;
    return WORDS[place] ?? "";
  }).join(" ");
}

const fence = (language: string, code: string): string => `\`\`\`${language}\n${code}\n\`\`\``;

const prose: Block = (n) =>
  `The **${words(n, 2)}** of part ${n} has *${words(n + 1, 3)}*, and \`${words(n + 2, 1)}_${n}\` is where ${words(n + 3, 9)}. See [part ${n}](https://example.org/part/${n}), where ~~${words(n + 4, 2)}~~ became ${words(n + 5, 12)}.`;

const typescript: Block = (n) =>
  fence(
    "ts",
    `/** ${words(n, 5)} */
export async function read${n}(path: string): Promise<number> {
  const response = await fetch(\`/api/\${path}?part=${n}\`);
  if (!response.ok) throw new Error("no ${words(n, 2)}");
  return (await response.text()).length * ${n};
}`,
  );

const maths: Block = (n) =>
  `A reply of $n_{${n}}$ tokens takes $t = n_{${n}} / r$ seconds, so in all

$$
T_{${n}} = \\sum_{i=1}^{${n + 3}} \\frac{n_i}{r_i} + \\sqrt{\\alpha^2 + \\beta_{${n}}^2}
$$`;

const list: Block = (n) =>
  `1. ${words(n, 6)}
   - ${words(n + 1, 5)}
   - **${words(n + 2, 2)}** and ${words(n + 3, 4)}
2. ${words(n + 4, 7)}
   - [x] ${words(n + 5, 3)}
   - [ ] ${words(n + 6, 4)}`;

const table: Block = (n) =>
  `| ${words(n, 1)} | ${words(n + 1, 1)} | figure |
|---|:-:|--:|
${[0, 1, 2, 3].map((row) => `| ${words(n + row, 2)} | \`${words(n + row + 5, 1)}\` | ${n * 10 + row}.5 |`).join("\n")}`;

const korean: Block = (n) =>
  `**열쇠**는 문에서 확인하고, **모델 ${n}**은 집에 있습니다. \`${words(n, 1)}\`에서 시작한 대답은 한 조각씩 오고, *중지*를 누르면 엔진도 바로 멈춥니다. 这里的**钥匙**不会离开服务器，第${n}段到此为止。日本語の**文章**も途切れずに表示されます。`;

const python: Block = (n) =>
  fence(
    "python",
    `from dataclasses import dataclass

@dataclass
class Part${n}:
    name: str = "${words(n, 2)}"
    rate: float = ${n}.5

    def seconds(self, tokens: int) -> float:
        return tokens / self.rate  # ${words(n, 4)}`,
  );

const quote: Block = (n) =>
  `> ${words(n, 11)},
> and **${words(n + 1, 3)}** of ${n}.
>
> - ${words(n + 2, 6)}`;

const shell: Block = (n) =>
  fence(
    "sh",
    `for part in $(seq 1 ${n}); do
  curl --fail "https://example.org/part/$part" | wc -c   # ${words(n, 3)}
done`,
  );

const rust: Block = (n) =>
  fence(
    "rust",
    `fn part_${n}(tokens: &[u32]) -> Option<u32> {
    tokens.iter().filter(|&&t| t > ${n}).max().copied() // ${words(n, 4)}
}`,
  );

const sql: Block = (n) =>
  fence(
    "sql",
    `SELECT name, count(*) AS replies FROM part_${n}
WHERE state = 'done' AND tokens > ${n * 10}
GROUP BY name ORDER BY replies DESC;`,
  );

const json: Block = (n) =>
  fence("json", `{ "part": ${n}, "words": "${words(n, 4)}", "done": true, "rates": [1.5, ${n}] }`);

/** In turns; what is dearest to show comes early, so that a short answer has it too. */
export const BLOCKS: readonly Block[] = [
  prose,
  typescript,
  maths,
  list,
  table,
  korean,
  python,
  prose,
  quote,
  shell,
  maths,
  prose,
  rust,
  list,
  korean,
  sql,
  json,
];
