// A new server asks for its first account.

import { screenshot, words } from "../browser.mjs";

export default async function firstPage({ page, facts }) {
  await page.goto("/console");
  await page.waitForURL("**/console/setup");
  await page.getByRole("heading", { level: 1, name: words("en")("start:setup.title") }).waitFor();
  await screenshot(page, facts, "setup");
}
