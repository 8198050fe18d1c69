import { useEffect, useRef } from "react";
import type { ChatState } from "../chats/chat-state.ts";
import type { ModelChoice } from "../models/use-models.ts";
import { rememberRates } from "../status/rates.ts";
import { useLatest } from "../common/use-latest.ts";

/** After each answer: what it taught of the model's speed is kept, and the list tells anew what is in memory. */
export function useAfterAnswers({ branch, status }: ChatState, models: ModelChoice): void {
  const last = branch.at(-1);
  const sawLoading = useRef(false);
  const latest = useLatest({ last, models });
  useEffect(() => {
    if (status?.phase === "loading") sawLoading.current = true;
  }, [status]);
  const state = last?.role === "assistant" ? last.state : undefined;
  const before = useRef(state);
  useEffect(() => {
    const wasBusy = before.current === "waiting" || before.current === "streaming";
    before.current = state;
    if (!wasBusy || state === "waiting" || state === "streaming") return;
    const { inUse, reload } = latest.current.models;
    const metadata = latest.current.last?.metadata;
    if (metadata !== undefined && state === "done") {
      rememberRates({ metadata, modelBytes: inUse?.size, sawLoading: sawLoading.current });
    }
    sawLoading.current = false;
    void reload();
  }, [state, latest]);
}
