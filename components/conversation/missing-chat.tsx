import type { ReactNode } from "react";
import { Keyhole } from "../common/icons.tsx";
import { strings } from "../strings/strings.ts";

/** For an address whose chat this browser does not have. */
export function MissingChat(): ReactNode {
  return (
    <div className="welcome">
      <Keyhole />
      <h2>{strings.conversationRoom.missingTitle}</h2>
      <p>{strings.conversationRoom.missingText}</p>
    </div>
  );
}
