// Tells of whatever a text did that was to be text alone.

/** What happened that no text may bring about, as lines of a list that grows. */
export async function tripwire(context, site) {
  const found = [];
  await context.exposeBinding("diglotTold", (_, what) => found.push(`ran: ${what}`));
  await context.addInitScript(() => {
    for (const name of ["alert", "confirm", "prompt", "print", "open"])
      globalThis[name] = (what) => globalThis.diglotTold(`${name} ${what}`);
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective, sample }) =>
      globalThis.diglotTold(`against the policy: ${effectiveDirective} ${sample}`),
    );
  });
  const attach = (page) => {
    page.on("dialog", (dialog) => {
      found.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("framenavigated", (frame) => {
      const url = frame.url();
      if (!url.startsWith(`${site}/`) && url !== "about:blank") found.push(`gone to ${url}`);
    });
  };
  context.pages().forEach(attach);
  context.on("page", (page) => {
    attach(page);
    if (context.pages().length > 1) found.push("another window");
  });
  return found;
}

/** Faults of a page as it stands: elements that nobody of ours makes, code in attributes, links that are code. */
export async function isHarmed(page) {
  const faults = await page.evaluate(() => {
    const found = [];
    const foreign = "iframe, object, embed, base, math, marquee, portal, xss, xmp, plaintext, frameset, applet, link[rel=import]";
    for (const { outerHTML } of document.querySelectorAll(foreign)) found.push(`an element: ${outerHTML.slice(0, 200)}`);
    for (const script of document.scripts)
      if (!script.src.startsWith(`${location.origin}/console/assets/`)) found.push(`a script: ${script.outerHTML.slice(0, 200)}`);
    for (const element of document.querySelectorAll("*")) {
      for (const { name, value } of element.attributes) {
        if (name.startsWith("on") || name === "srcdoc") found.push(`an attribute: ${name}=${value}`);
        const isAddress = ["href", "src", "action", "formaction", "xlink:href", "ping", "poster"].includes(name);
        if (isAddress && /^[\s\0-\x20]*(javascript|vbscript|data):/i.test(value)) found.push(`a link: ${name}=${value}`);
      }
    }
    if (Object.prototype.innerHTML !== undefined) found.push("the prototype of all was changed");
    return found;
  });
  if (page.frames().length > 1) faults.push(`frames: ${page.frames().map((frame) => frame.url()).join()}`);
  return faults;
}

/** Without what a page makes of white space. */
export const plain = (text) => text.replaceAll(/\s+/g, " ").trim();
