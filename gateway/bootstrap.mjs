#!/usr/bin/env node
/**
 * The first thing that runs, before anything is installed: plain JavaScript with nothing but Node's
 * own modules. This file stays readable for old Nodes, so that they get a sentence instead of
 * a syntax error.
 */
const OLDEST_MAJOR = 20;
const version = process.versions.node;

if (Number(version.split(".")[0]) < OLDEST_MAJOR) {
  console.error(`Latchkey starts with Node ${OLDEST_MAJOR} or newer; this is Node ${version}.`);
  console.error("Install Node 24 from https://nodejs.org and run the command again.");
  process.exitCode = 1;
} else {
  const { main } = await import("./bootstrap/main.mjs");
  process.exitCode = await main(process.argv.slice(2));
}
