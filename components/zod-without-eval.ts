import { config } from "zod/v4/core";

// Zod would try whether it may build code from text; the page's policy forbids that, and the browser would
// report the try. To be imported before anything that makes a schema.
config({ jitless: true });
