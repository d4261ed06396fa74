// A page of another port of this host, which gets the session's cookie sent like our own, can do nothing with it.

import { check, logIn, words } from "../browser.mjs";

const FOREIGN = "http://127.0.0.1:59998";

export default async function foreign({ page, context, facts }) {
  await logIn(page, facts);
  await context.route(`${FOREIGN}/**`, (route) =>
    route.fulfill({ contentType: "text/html", body: "<!doctype html><title>Elsewhere</title>" }),
  );
  const other = await context.newPage();
  await other.goto(`${FOREIGN}/`);
  const tried = await other.evaluate(attempt, facts.site);
  check(tried.withHeader === "refused", `a foreign page may send our header: ${tried.withHeader}`);
  check(tried.without === "refused", `a foreign page may read an answer: ${tried.without}`);
  const form = await submitted(other, facts.site);
  check(form === 403, `a foreign form is answered ${form}`);
  check(!(await framed(other, facts.site)), "the console can be framed");
  await page.reload();
  await page.getByRole("navigation", { name: words("en")("menu.places") }).waitFor();
}

async function attempt(site) {
  const ask = (headers) =>
    fetch(`${site}/diglot/v1/session/token`, { method: "POST", credentials: "include", headers }).then(
      async (answer) => `${answer.status} ${await answer.text()}`,
      () => "refused",
    );
  return { withHeader: await ask({ "X-Diglot-Session": "1" }), without: await ask({}) };
}

async function submitted(page, site) {
  const answered = page.waitForResponse((one) => one.url().startsWith(site));
  const where = `${site}/diglot/v1/session/token`;
  await page.evaluate((action) => {
    const form = Object.assign(document.createElement("form"), { method: "post", action });
    document.body.append(form);
    form.submit();
  }, where);
  await page.waitForURL(where);
  return (await answered).status();
}

async function framed(page, site) {
  await page.goto(`${FOREIGN}/`);
  await page.evaluate((src) => document.body.append(Object.assign(document.createElement("iframe"), { src })), `${site}/console/`);
  await page.waitForTimeout(1000);
  const inside = page.frames().find((frame) => frame !== page.mainFrame());
  return (await inside?.locator("#root").count()) > 0;
}
