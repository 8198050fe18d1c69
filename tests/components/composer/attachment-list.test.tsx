import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { AttachmentList } from "../../../components/composer/attachment-list.tsx";

const PICTURE = "data:image/jpeg;base64,AAAA";

it("shows pictures that open larger by name, and texts that unfold as they were", () => {
  const html = renderToStaticMarkup(
    <AttachmentList
      attachments={[
        { id: "1", kind: "image", name: "key.jpg", mediaType: "image/jpeg", data: PICTURE },
        { id: "2", kind: "text", name: "a.html", mediaType: "text/html", data: "<b>\n x" },
      ]}
    />,
  );
  expect(html).toContain('aria-label="Show key.jpg larger"');
  expect(html.split(PICTURE)).toHaveLength(3);
  expect(html).toContain('alt="key.jpg"');
  expect(html).toContain("<span>a.html</span></summary>");
  expect(html).toContain("&lt;b&gt;\n x</pre>");
});
