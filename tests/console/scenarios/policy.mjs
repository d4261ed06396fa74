// What the policy of the pages forbids does not happen, were it in the page: so a page without violations says something.

import { check, open } from "../browser.mjs";

const ELSEWHERE = "http://localhost:59999";

export default async function policy({ browser, facts }) {
  await refused(browser, facts, "/console/login", { fetches: false });
  await refused(browser, facts, "/docs/dify", { fetches: true });
}

async function refused(browser, facts, path, { fetches }) {
  const { context, page, watched } = await open(browser, facts.site);
  await context.route(`${ELSEWHERE}/**`, (route) =>
    route.fulfill({ body: "globalThis.reached = true", headers: { "access-control-allow-origin": "*" } }),
  );
  await page.goto(path);
  await watched.settled();
  const seen = await page.evaluate(attack, ELSEWHERE);
  check(!seen.ran, `${path}: a script ran that is not ours`);
  check(!seen.styled, `${path}: a style sheet counted that has no nonce`);
  check(seen.fetched === fetches, `${path}: a request to elsewhere ${seen.fetched ? "went out" : "was stopped"}`);
  const expected = ["base-uri", "img-src", "script-src-attr", "script-src-elem", "script-src-elem", "style-src-elem"];
  const all = fetches ? expected : [...expected, "connect-src"].sort();
  check(seen.violations.join() === all.join(), `${path}: violations: ${seen.violations.join()}`);
  await context.close();
}

async function attack(elsewhere) {
  const violations = [];
  document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => violations.push(effectiveDirective));
  const add = (name, attributes) => document.body.append(Object.assign(document.createElement(name), attributes));
  add("script", { textContent: "globalThis.ran = true" });
  add("script", { src: `${elsewhere}/script.js` });
  add("img", { src: `${elsewhere}/picture.png` });
  add("style", { textContent: "body { outline-width: 7px !important }" });
  add("base", { href: elsewhere });
  const holder = document.createElement("div");
  holder.innerHTML = '<i onclick="globalThis.ran = true"></i>';
  document.body.append(holder);
  holder.firstElementChild.click();
  const fetched = await fetch(`${elsewhere}/data`).then(
    () => true,
    () => false,
  );
  await new Promise((resolve) => setTimeout(resolve, 300));
  return {
    ran: Boolean(globalThis.ran ?? globalThis.reached),
    styled: getComputedStyle(document.body).outlineWidth === "7px",
    fetched,
    violations: violations.sort(),
  };
}
