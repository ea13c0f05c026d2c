import { defineConfig } from "@playwright/test";
import common from "../playwright.config";

/** `make screens`: takes pictures, tests nothing. */
export default defineConfig(common, { testDir: "." });
