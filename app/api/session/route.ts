import { signIn, signOut } from "../../../lib/sign-in.ts";
import { refuseMethod } from "../../../lib/respond.ts";

export const POST = signIn;
export const DELETE = signOut;
const refuse = refuseMethod("POST, DELETE");
export { refuse as GET, refuse as PATCH, refuse as PUT };
