// Chunks and their children: each button has a name of its own.

import { check, logIn, screenshot, words } from "../browser.mjs";

const OPENED = 3;

export default async function parts({ page, facts }) {
  const found = {};
  for (const language of ["en", "zh"]) {
    const t = words(language);
    if (language === "en") await logIn(page, facts);
    await page.goto(`/console/datasets/${facts.place}?lang=${language}`);
    const cards = page.getByRole("list", { name: t("viewer:chunks.title") }).getByRole("listitem");
    for (let number = 1; number <= OPENED; number++) {
      const counted = t("viewer:children.countOf_other", { number: 2, position: number });
      await cards.nth(number - 1).getByRole("button", { name: counted, exact: true }).click();
      await page.getByRole("button", { name: t("viewer:children.edit", { place: `${number}.2` }), exact: true }).waitFor();
    }
    await screenshot(page, facts, `children-${language}`);
    found[language] = await page.evaluate(() =>
      [...document.querySelectorAll("main button, main input")].map((one) => one.getAttribute("aria-label") ?? one.textContent),
    );
    check(found[language].length > 60, "there are no buttons");
  }
  return found;
}
