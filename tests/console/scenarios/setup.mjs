// The first visit: an account is made, and its owner is in.

import { check, field, screenshot, words } from "../browser.mjs";

export default async function setup({ page, facts, watched }) {
  const t = words("en");
  await page.goto("/");
  await page.waitForURL("**/console/setup");
  await page.getByRole("heading", { level: 1, name: t("start:setup.title") }).waitFor();
  await watched.settled();
  const bytes = watched.transferred();
  await screenshot(page, facts, "setup");
  await field(page, t("start:setup.name")).fill(facts.name);
  await field(page, t("start:setup.login")).fill(facts.login);
  await field(page, t("start:password.new")).fill(facts.password);
  await field(page, t("start:password.again")).fill(facts.password);
  await page.getByRole("button", { name: t("start:setup.make") }).click();
  await page.getByRole("heading", { level: 1, name: t("start:welcome.title") }).waitFor();
  await screenshot(page, facts, "welcome");
  await page.goto("/console/setup");
  await page.waitForURL("**/console/datasets");
  check(!(await page.context().cookies()).some(({ httpOnly }) => !httpOnly), "a cookie is open to scripts");
  return { bytes };
}
