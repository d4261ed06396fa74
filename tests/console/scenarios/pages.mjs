// Every page of the router, in both schemes: no fault, one heading of the first level, nothing inaccessible.

import { check, inaccessible, logIn, screenshot } from "../browser.mjs";

const HEADING_MS = 10_000;

export default async function pages({ page, facts, watched }) {
  await logIn(page, facts);
  const wrong = [];
  for (const scheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    for (const path of facts.paths) {
      const faults = await faultsOf(page, watched, path);
      await screenshot(page, facts, `${path.replaceAll("/", "-").slice(1)}-${scheme}`);
      wrong.push(...[...faults, ...watched.faults.splice(0)].map((fault) => `${path} (${scheme}): ${fault}`));
    }
  }
  check(wrong.length === 0, `Pages are wrong:\n${wrong.join("\n")}`);
}

async function faultsOf(page, watched, path) {
  await page.goto(path);
  const headings = page.getByRole("heading", { level: 1 });
  await headings.first().waitFor({ timeout: HEADING_MS }).catch(() => undefined);
  await watched.settled();
  const faults = await inaccessible(page);
  if ((await headings.count()) !== 1) faults.push(`${await headings.count()} headings of the first level`);
  if (new URL(page.url()).pathname !== path) faults.push(`it leads to ${page.url()}`);
  return faults;
}
