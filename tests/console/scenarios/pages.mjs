// Every page of the router, in both schemes: no fault, one heading of the first level, nothing inaccessible.

import { check, inaccessible, logIn, screenshot } from "../browser.mjs";

export default async function pages({ page, facts }) {
  await logIn(page, facts);
  const wrong = [];
  for (const scheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    for (const path of facts.paths) {
      await page.goto(path);
      await page.getByRole("heading", { level: 1 }).first().waitFor();
      await page.waitForLoadState("networkidle");
      check(new URL(page.url()).pathname === path, `${path} leads to ${page.url()}`);
      await screenshot(page, facts, `${path.replaceAll("/", "-").slice(1)}-${scheme}`);
      const headings = await page.getByRole("heading", { level: 1 }).count();
      if (headings !== 1) wrong.push(`${path}: ${headings} headings of the first level`);
      for (const fault of await inaccessible(page)) wrong.push(`${path} (${scheme}): ${fault}`);
    }
  }
  check(wrong.length === 0, `Pages are wrong:\n${wrong.join("\n")}`);
}
