#!/usr/bin/env node
/** The executable `d90`. */
import { main } from "./program.js";

await main(process.argv.slice(2));
