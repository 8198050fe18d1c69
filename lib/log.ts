import pino from "pino";

/**
 * One line of JSON a request on stdout: id, route, caller, outcome. Never a prompt, a key, a cookie or a header.
 */
export const log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime });
