import { relayChat } from "../../../lib/relay.ts";
import { refuseMethod } from "../../../lib/respond.ts";

export const POST = relayChat;
const refuse = refuseMethod("POST");
export { refuse as DELETE, refuse as GET, refuse as PATCH, refuse as PUT };
