import { signIn, signOut } from "../../../lib/sign-in.ts";
import { preflight, refuseMethod } from "../../../lib/respond.ts";

export const POST = signIn;
export const DELETE = signOut;
export const OPTIONS = preflight("POST, DELETE");
const refuse = refuseMethod("POST, DELETE");
export { refuse as GET, refuse as PATCH, refuse as PUT };
